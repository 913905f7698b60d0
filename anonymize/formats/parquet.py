"""Apache Parquet."""

from collections.abc import Iterator
from functools import partial
from typing import IO, Any, ClassVar, Literal

import pyarrow as pa

from anonymize.codecs.streams import PathFile
from anonymize.codecs.tables.nested import containers, leaves
from anonymize.codecs.tables.page import TablePage, conformed, output_schema
from anonymize.codecs.tables.parquet_file import ParquetInput, open_parquet
from anonymize.codecs.tables.parquet_output import Writer
from anonymize.codecs.tables.partitions import inner_source
from anonymize.codecs.tables.row_groups import RowGroups
from anonymize.core.component import Example
from anonymize.core.errors import DataError, Where
from anonymize.core.format import Chunk, Edit, File, Format, Layout, Page, Sink, Source


class Parquet(Format):
    """Typed columns in row groups.

    Types, nullability, metadata, compression and row groups of what no rule touches stay; statistics are
    computed anew. Bloom filters, sort orders and the encodings of pages are not carried over. From other
    formats come zstd-compressed row groups of up to 131,072 rows.
    """

    use: Literal["parquet"] = "parquet"
    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")

    def source(self, file: File, *, tolerant: bool = False) -> "ParquetSource":
        if not isinstance(file, PathFile):
            hint = "save it to a file first; Parquet is read from its end"
            raise DataError("Parquet cannot be read from a pipe", hint=hint, where=Where(file.name))
        return ParquetSource(open_parquet(file))

    def sink(self, file: IO[bytes], layout: Layout, source: Source) -> "ParquetSink":
        origin = inner_source(source)
        given = origin.input if isinstance(origin, ParquetSource) else None
        return ParquetSink(file, source.output_schema(layout), given)


class ParquetSource(Source):
    """A page is a row group; its columns are decoded when they are asked for."""

    def __init__(self, given: ParquetInput) -> None:
        self.input = given
        self.schema = pa.schema([pa.field(n.path, n.field.type) for n in leaves(given.nodes)])
        self.containers = containers(given.nodes)

    def chunks(self) -> Iterator[Chunk]:
        groups = range(self.input.metadata.num_row_groups)
        empty = partial(TablePage.empty, self.input.nodes, self.input.schema, self.input.name)
        return iter([partial(self.input.page, group) for group in groups] or [empty])

    def output_schema(self, layout: Layout) -> pa.Schema:
        return output_schema(self.input.schema, self.input.nodes, layout)


class ParquetSink(Sink):
    """Row groups as the source has them, or, from other formats, of a fixed size."""

    def __init__(self, file: IO[bytes], schema: pa.Schema, given: ParquetInput | None) -> None:
        self._schema = schema
        self._writer = Writer(file, schema, given)
        self._groups = RowGroups(schema, self._writer.write_group) if given is None else None

    def encode(self, page: Page, edit: Edit, layout: Layout) -> pa.RecordBatch | None:
        """The rows, or None if there are none."""
        batch = conformed(page.table(edit, layout), self._schema)
        return batch if batch.num_rows else None

    def write(self, encoded: Any) -> None:
        if encoded is None:
            return
        if self._groups is None:
            self._writer.write_group(pa.Table.from_batches([encoded]))
        else:
            self._groups.add(encoded)

    def close(self) -> None:
        if self._groups is not None:
            self._groups.finish()
        self._writer.close()


EXAMPLES = [
    Example(Parquet(), {"name": ["Ada", None, ""], "born": [1815, None, 0]}, "unchanged"),
]
