"""JSON lines."""

from collections.abc import Collection, Iterator
from typing import IO, ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

from anonymize.codecs.json.arrow import Shapes
from anonymize.codecs.json.page import BOM, Block, JsonlPage
from anonymize.codecs.json.regular import Memory
from anonymize.codecs.json.sink import JsonlSink
from anonymize.codecs.json.tokens import NEWLINE
from anonymize.core.component import Example
from anonymize.core.errors import DataError, Where
from anonymize.core.format import Chunk, File, Format, Layout, Source


class Jsonl(Format):
    """One JSON object (RFC 8259) on each line, UTF-8.

    Untouched values keep their bytes: white space, spelling of numbers, escapes, order of keys, a missing key
    beside null. Nested values have paths such as `contact.phones[*].number`. A blank line, a key that stands
    twice in one object, NaN, or nesting deeper than 64 levels is an error.
    """

    use: Literal["jsonl"] = "jsonl"
    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")
    is_text: ClassVar[bool] = True
    max_cell: int = Field(default=64 << 20, ge=1, le=1 << 30)
    """The longest line in bytes; a longer one is an error."""
    block_bytes: int = Field(default=2 << 20, ge=1, le=1 << 28)
    """How much is read at a time. The result does not depend on it."""

    def source(self, file: File, *, tolerant: bool = False) -> "JsonlSource":
        return JsonlSource(file, self, tolerant)

    def sink(self, file: IO[bytes], layout: Layout, source: Source) -> JsonlSink:
        return JsonlSink(file)


class JsonlSource(Source):
    """A file of JSON lines. The schema holds the columns of the first block; later rows may bring more."""

    open_schema = True

    def __init__(self, file: File, options: Jsonl, tolerant: bool) -> None:
        self.file = file
        self.options = options
        self.tolerant = tolerant
        self._memory = Memory()
        self._shapes: Shapes | None = None
        self._schemas: dict[Layout, pa.Schema] = {}
        first = self._block(self._first_lines(), 1).page()
        self._describe(first.columns, first.present)

    def chunks(self) -> Iterator[Chunk]:
        line = 1
        with self.file.open() as stream:
            carried: list[bytes] = []
            while read := stream.read(self.options.block_bytes):
                end = read.rfind(b"\n") + 1
                if not end:
                    carried.append(read)
                    self._check_length(sum(map(len, carried)), line)
                    continue
                content = b"".join([*carried, memoryview(read)[:end]])
                carried = [read[end:]]
                yield self._block(content, line).page
                line += int(np.count_nonzero(np.frombuffer(content, np.uint8) == NEWLINE))
        if rest := b"".join(carried):
            yield self._block(rest, line).page

    def settle(self, typed: bool) -> None:
        shapes = Shapes()
        for chunk in self.chunks():
            page = chunk()
            assert isinstance(page, JsonlPage)  # noqa: S101
            shapes.add(page.scan)
        self._describe(shapes.columns(), shapes.names)
        self.open_schema = False
        if typed or any("[*]" in name for name in self.schema.names):
            self._shapes = shapes  # lists have no place in a flat table of text: they go as whole columns

    def output_schema(self, layout: Layout) -> pa.Schema:
        """Whole nested columns, typed, once the source is settled."""
        if self._shapes is None:
            return layout.schema
        if layout not in self._schemas:
            self._schemas[layout] = self._shapes.schema(layout)
        return self._schemas[layout]

    def _describe(self, columns: Collection[str], present: Collection[str]) -> None:
        self.schema = pa.schema([pa.field(name, pa.string()) for name in columns])
        leaves = set(columns)
        self.containers = {name: pa.string() for name in present if name not in leaves}

    def _first_lines(self) -> bytes:
        size = self.options.block_bytes
        head = self.file.head(size)
        while len(head) == size and b"\n" not in head:
            self._check_length(size, 1)
            size *= 2
            head = self.file.head(size)
        if not head.removeprefix(BOM):
            raise DataError("the file is empty", where=Where(self.file.name))
        return head if len(head) < size else head[: head.rindex(b"\n") + 1]

    def _block(self, content: bytes, line: int) -> Block:
        schema = self.output_schema if self._shapes is not None else None
        return Block(self.file.name, content, line, self.tolerant, self.options.max_cell, schema, self._memory)

    def _check_length(self, size: int, line: int) -> None:
        if size > self.options.max_cell:
            raise Block(self.file.name, b"", line, self.tolerant, self.options.max_cell).too_long(line)


EXAMPLES = [
    Example(Jsonl(), {"name": ["Ada", None], "born": [1815, None]}, "unchanged"),
]
