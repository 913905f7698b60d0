"""Apache Arrow IPC, also known as Feather version 2."""

from collections.abc import Iterator
from functools import partial
from typing import IO, Any, ClassVar, Literal

import pyarrow as pa

from anonymize.codecs.tables.ipc_file import IpcInput
from anonymize.codecs.tables.ipc_output import IpcWriter, scrubbed
from anonymize.codecs.tables.nested import containers, leaves
from anonymize.codecs.tables.page import TablePage, conformed, output_schema
from anonymize.codecs.tables.partitions import inner_source
from anonymize.core.component import Example
from anonymize.core.format import Chunk, Edit, File, Format, Layout, Page, Sink, Source


class Arrow(Format):
    """Typed columns in record batches, as a file or as a stream.

    Types, metadata, batches and compression of what no rule touches stay, except the metadata of single
    batches. Nothing is left in the buffers that no row holds, be it under a null or in a dictionary.
    """

    use: Literal["arrow"] = "arrow"
    variant: Literal["file", "stream"] | None = None
    """What to write: a file, which can be read at random, or a stream; by default as the input is."""
    suffixes: ClassVar[tuple[str, ...]] = (".arrow", ".feather", ".ipc")

    def source(self, file: File, *, tolerant: bool = False) -> "ArrowSource":
        return ArrowSource(IpcInput(file))

    def sink(self, file: IO[bytes], layout: Layout, source: Source) -> "ArrowSink":
        origin = inner_source(source)
        given = origin.input if isinstance(origin, ArrowSource) else None
        as_file = self.variant == "file" or (self.variant is None and (given is None or given.is_file))
        return ArrowSink(file, layout.marked(source.output_schema(layout)), as_file, given)


class ArrowSource(Source):
    """A page is a record batch."""

    def __init__(self, given: IpcInput) -> None:
        self.input = given
        self.schema = pa.schema([pa.field(n.path, n.field.type) for n in leaves(given.nodes)])
        self.containers = containers(given.nodes)
        self.metadata = given.schema.metadata or {}

    def chunks(self) -> Iterator[Chunk]:
        chunks = self.input.chunks()
        yield next(chunks, partial(TablePage.empty, self.input.nodes, self.input.schema, self.input.name))
        yield from chunks

    def output_schema(self, layout: Layout) -> pa.Schema:
        return output_schema(self.input.schema, self.input.nodes, layout)


class ArrowSink(Sink):
    """Record batches as the pages are."""

    def __init__(self, file: IO[bytes], schema: pa.Schema, as_file: bool, given: IpcInput | None) -> None:
        self._schema = schema
        self._writer = IpcWriter(file, schema, as_file, given)

    def encode(self, page: Page, edit: Edit, layout: Layout) -> pa.RecordBatch | None:
        """The rows, or None if there are none."""
        batch = scrubbed(conformed(page.table(edit, layout), self._schema))
        return batch if batch.num_rows else None

    def write(self, encoded: Any) -> None:
        if encoded is not None:
            self._writer.write(encoded)

    def close(self) -> None:
        self._writer.close()


EXAMPLES = [
    Example(Arrow(), {"name": ["Ada", None, ""], "born": [1815, None, 0]}, "unchanged"),
]
