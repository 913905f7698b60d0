"""Comma-separated values."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import IO, Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field, PositiveInt, field_validator

from anonymize.codecs.csv.blocks import Block, blocks, line_count, too_long
from anonymize.codecs.csv.page import CsvPage, CsvStyle
from anonymize.codecs.csv.scan import Dialect, Fault, Spans, scan
from anonymize.codecs.csv.sink import CsvSink
from anonymize.codecs.csv.sniff import QUOTE_HINT, find_delimiter, find_head, whole_rows
from anonymize.codecs.encodings import find_encoding
from anonymize.codecs.tables.partitions import inner_source
from anonymize.core.component import Example
from anonymize.core.errors import DataError, Where
from anonymize.core.format import Chunk, File, Format, Layout, Sink, Source

BLOCK = 7 << 18  # fits the caches; half and four times are both slower
SAMPLE = 1 << 20
ROW_HINT = "is --delimiter right? --rejects FILE sets such rows aside"
HEAD_HINT = "if lines come before the header, say --skip-rows; if not, is --delimiter right?"


class CsvSource(Source):
    """A CSV file: its style, found or said, and its blocks."""

    def __init__(self, file: File, format_: "Csv", tolerant: bool) -> None:
        self.file, self.format, self.tolerant = file, format_, tolerant
        head = file.head(SAMPLE)
        if not head:
            raise DataError("the file is empty", hint="a header line is the least", where=Where(file.name))
        encoding = find_encoding(head, format_.encoding, file.name)
        text = sample = self._sample(head, encoding)
        quote = ord(format_.quote) if format_.quote else None
        skipped = _after_lines(sample, format_.skip_rows)
        rows = sample[skipped:]
        sample = whole_rows(rows, quote, is_all=len(head) < SAMPLE)
        if not sample.strip():
            raise DataError("there is no line to read", hint="is --skip-rows too large?", where=Where(file.name))
        delimiter = find_delimiter(sample, format_.delimiter, quote, file.name)
        self.style = CsvStyle(Dialect(delimiter, quote), encoding)
        try:
            found = find_head(sample, self.style.dialect, format_.header, file.name)
            self.head = replace(found, raw=found.raw[: len(rows)])  # without a line end that is not in the file
            self.before = text[: skipped + len(self.head.raw)]
            """What stands before the first row of data, in UTF-8."""
            is_whole = head.startswith(encoding.mark + encoding.encode(self.before))
        except UnicodeError:
            is_whole = False
        if not is_whole:
            problem = f"the lines up to the header cannot be decoded: they are not {encoding.name}"
            raise DataError(problem, hint="say the right --encoding", where=Where(file.name, 1))
        self.schema = pa.schema([pa.field(name, pa.string()) for name in self.head.names])

    def _sample(self, head: bytes, encoding: Any) -> bytes:
        """The start of the text in UTF-8; the last character may be cut."""
        raw = head[len(encoding.mark) :]
        return raw if encoding.is_utf8 else raw.decode(encoding.name, "ignore").encode()

    def chunks(self) -> Iterator[Chunk]:
        style = self.style
        with self.file.open() as stream:
            _skip(stream, len(style.encoding.mark) + len(style.encoding.encode(self.before)))
            cut = blocks(
                stream,
                style.encoding,
                style.dialect.quote,
                size=self.format.block_bytes,
                limit=self.format.max_cell,
                name=self.file.name,
                line=1 + line_count(self.before),
            )
            found = False
            for block in cut:
                found = True
                yield partial(self._parse, block)
            if not found:
                yield self._empty

    def _empty(self) -> CsvPage:
        return CsvPage.of(b"", self.head.names, self.style)

    def _parse(self, block: Block) -> CsvPage:
        encoding = self.style.encoding
        try:
            text = block.raw if encoding.width > 1 else encoding.decode(block.raw)
        except ValueError as error:
            reason = str(error) if not isinstance(error, UnicodeError) else f"it is not {encoding.name}"
            raise DataError(
                f"the text between line {block.line:,} and line {block.line + block.raw.count(10):,} cannot be "
                f"decoded: {reason}",
                hint="say the right --encoding",
                where=Where(self.file.name),
            ) from None
        data = np.frombuffer(text, np.uint8)
        spans, faults = scan(data, self.style.dialect, len(self.head.names))
        if spans is None or (faults and not self.tolerant):
            raise self._error(text, faults[0], block)
        if len(text) > self.format.max_cell:
            self._require_short(text, spans, block)
        page = CsvPage(data, spans, self.head.names, self.style, block.is_unterminated)
        page.rejects = [f.reject(text, block.line) for f in faults]
        return page

    def _require_short(self, text: bytes, spans: Spans, block: Block) -> None:
        """Rows may be too long and still end inside one block: what is refused must not depend on its size."""
        starts = np.asarray(spans.starts[0])
        long = np.flatnonzero(np.asarray(spans.ends[-1]) - starts > self.format.max_cell)
        if len(long):
            line = block.line + line_count(text[: int(starts[long[0]])])
            raise too_long(self.format.max_cell, self.file.name, line)

    def _error(self, text: bytes, fault: Fault, block: Block) -> DataError:
        line = block.line + text.count(b"\n", 0, fault.position)
        row_hint = ROW_HINT if len(self.head.names) > 1 else HEAD_HINT
        hint = row_hint if fault.stop else QUOTE_HINT
        return DataError(fault.problem, hint=hint, where=Where(self.file.name, line))


def _skip(stream: IO[bytes], count: int) -> None:
    """Read exactly so many bytes."""
    while count:
        count -= len(stream.read(count)) or count


def _after_lines(text: bytes, count: int) -> int:
    """The position after so many physical lines."""
    position = 0
    for _ in range(count):
        position = text.find(b"\n", position) + 1
        if not position:
            return len(text)
    return position


class Csv(Format):
    """Text tables of any delimiter, quote and encoding (RFC 4180). Cells that no rule touches, the header, line
    ends and the byte-order mark come out byte for byte. All columns are text; an empty cell without quotes is
    null, `""` is an empty text."""

    use: Literal["csv"] = "csv"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """The character between cells; found if it is certain."""
    quote: Annotated[str, Field(max_length=1)] = '"'
    """The character around cells; empty if quotes are ordinary characters."""
    encoding: str | None = None
    """The encoding; found if a mark or valid UTF-8 makes it certain. `auto` takes the likeliest."""
    header: bool | None = None
    """Whether the first line holds the column names; found unless it looks like data."""
    skip_rows: Annotated[int, Field(ge=0)] = 0
    """Lines before the header. They do not come out again."""
    max_cell: PositiveInt = 64 << 20
    """The longest row in bytes; a longer one is refused."""
    block_bytes: PositiveInt = BLOCK
    """Bytes that are worked on at a time."""
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".txt")
    is_text: ClassVar[bool] = True

    @field_validator("delimiter", "quote")
    @classmethod
    def _single_byte(cls, value: str | None) -> str | None:
        value = "\t" if value in ("\\t", "tab") else value
        if value and (ord(value) > 126 or value in "\r\n"):
            raise ValueError("it must be one ASCII character")
        return value

    def source(self, file: File, *, tolerant: bool = False) -> CsvSource:
        return CsvSource(file, self, tolerant)

    def sink(self, file: IO[bytes], layout: Layout, source: Source) -> Sink:
        origin = inner_source(source)
        if isinstance(origin, CsvSource):
            return CsvSink(file, layout, origin.style, origin.head)
        style = CsvStyle(Dialect(ord(self.delimiter or ","), ord('"')))
        return CsvSink(file, layout, style, None, source.output_schema(layout).names)


EXAMPLES: Sequence[Example] = [
    Example(Csv(), {"name": ["Ada", None, ""], "note": ['a "q", b', "two\nlines", "é"]}, "unchanged"),
]
