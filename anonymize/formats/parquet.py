"""Apache Parquet."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import IO, ClassVar, Literal

import pyarrow as pa

from anonymize.codecs.parquet.backlog import Backlog
from anonymize.codecs.parquet.chunks import Group, encoded, tasks
from anonymize.codecs.parquet.copier import Copier, merged
from anonymize.codecs.parquet.encrypted import EncryptedSink
from anonymize.codecs.parquet.file import ParquetInput, open_parquet
from anonymize.codecs.parquet.options import writer_options
from anonymize.codecs.parquet.row_groups import RowGroups
from anonymize.codecs.parquet.writer import Writer
from anonymize.codecs.streams.files import PathFile
from anonymize.codecs.tables.nested import containers, leaves
from anonymize.codecs.tables.page import TablePage, conformed, output_schema
from anonymize.codecs.tables.partitions import inner_source
from anonymize.core.component import Example
from anonymize.core.errors import DataError, Where
from anonymize.core.format import Chunk, Edit, File, Format, Layout, Page, Sink, Source
from anonymize.core.protection import Encryption


class Parquet(Format):
    """Typed columns in row groups.

    Types, nullability, metadata, compression and row groups of what no rule touches stay; statistics are
    computed anew, bloom filters and sort orders are not carried over. Where no row is dropped, the pages of
    untouched texts are copied if it can be proven that they hold nothing but the values of their rows; all else
    is encoded anew. From other formats come zstd-compressed row groups of up to 131,072 rows.

    Encrypted files (Parquet Modular Encryption) are read if the rules name their keys, and written if the rules
    say so under `output:`.
    """

    use: Literal["parquet"] = "parquet"
    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")

    def source(self, file: File, *, tolerant: bool = False) -> "ParquetSource":
        if not isinstance(file, PathFile):
            hint = "save it to a file first; Parquet is read from its end"
            raise DataError("Parquet cannot be read from a pipe", hint=hint, where=Where(file.name))
        return ParquetSource(open_parquet(file))

    def sink(self, file: IO[bytes], layout: Layout, source: Source) -> Sink:
        origin, schema = inner_source(source), layout.marked(source.output_schema(layout))
        if isinstance(origin, ParquetSource):
            return RowGroupSink(file, schema, origin.input)
        return StreamSink(file, schema)

    def encrypted_sink(self, file: IO[bytes], layout: Layout, source: Source, encryption: Encryption) -> Sink:
        origin, schema = inner_source(source), layout.marked(source.output_schema(layout))
        given = origin.input if isinstance(origin, ParquetSource) else None
        return EncryptedSink(file, schema, given, encryption)


class ParquetSource(Source):
    """A page is a row group; its columns are decoded when they are asked for."""

    def __init__(self, given: ParquetInput) -> None:
        self.input = given
        self.schema = pa.schema([pa.field(n.path, n.field.type) for n in leaves(given.nodes)])
        self.containers = containers(given.nodes)
        self.metadata = given.schema.metadata or {}
        self.row_count = given.metadata.num_rows

    def chunks(self) -> Iterator[Chunk]:
        groups = range(self.input.metadata.num_row_groups)
        if not groups:
            return iter([partial(TablePage.empty, self.input.nodes, self.input.schema, self.input.name)])
        return (partial(self.input.page, group) for group in groups)

    def output_schema(self, layout: Layout) -> pa.Schema:
        return output_schema(self.input.schema, self.input.nodes, layout)


class RowGroupSink(Sink):
    """Row groups as the source has them, encoded where they are changed."""

    def __init__(self, file: IO[bytes], schema: pa.Schema, given: ParquetInput) -> None:
        self._schema = schema
        self._options = writer_options(schema, given)
        self._copier = Copier(schema, self._options)
        self._writer = Writer(file, schema, self._options)

    def encode(self, page: Page, edit: Edit, layout: Layout) -> Group | None:
        """The row group, or None if no row is left."""
        copies = self._copier.copies(page, edit, layout)
        others = pa.schema([field for field in self._schema if field.name not in copies])
        rest = replace(layout, columns=tuple(c for c in layout.columns if c.name not in copies))
        batch = conformed(page.table(edit, rest), others)
        if not (batch.num_rows or copies):
            return None
        chunks = encoded([[column] for column in batch.columns], others, self._options) if len(others) else []
        return Group(page.rows if copies else batch.num_rows, merged(self._schema, copies, chunks))

    def write(self, encoded: Group | None) -> None:
        if encoded is not None:
            self._writer.append(encoded)

    def close(self) -> None:
        self._writer.close()


class StreamSink(Sink):
    """Row groups of a fixed size, from formats that have none; the next pages' threads encode them."""

    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._schema = schema
        self._options = writer_options(schema, None)
        self._writer = Writer(file, schema, self._options)
        self._groups = RowGroups()
        self._backlog = Backlog()

    def encode(self, page: Page, edit: Edit, layout: Layout) -> pa.RecordBatch:
        batch = conformed(page.table(edit, layout), self._schema)
        self._backlog.help()
        return batch

    def write(self, encoded: pa.RecordBatch) -> None:
        for batches in self._groups.add(encoded):
            self._put(batches)
        for group in self._backlog.finished():
            self._writer.append(group)

    def close(self) -> None:
        for batches in self._groups.finish():
            self._put(batches)
        for group in self._backlog.drain():
            self._writer.append(group)
        self._writer.close()

    def _put(self, batches: list[pa.RecordBatch]) -> None:
        rows = sum(batch.num_rows for batch in batches)
        self._backlog.put(rows, tasks(batches, self._schema, self._options))


EXAMPLES = [
    Example(Parquet(), {"name": ["Ada", None, ""], "born": [1815, None, 0]}, "unchanged"),
]
