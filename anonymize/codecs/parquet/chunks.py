"""Column chunks apart from the file that they will stand in, as the library encodes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from anonymize.codecs.parquet.footer import (
    ColumnChunk,
    ColumnMetaData,
    FileMetaData,
    RowGroup,
    read_footer,
)
from anonymize.codecs.parquet.options import Options
from anonymize.codecs.parquet.row_groups import joined
from anonymize.codecs.parquet.thrift import Struct, read_struct


@dataclass(frozen=True)
class Chunk:
    """One column of one row group."""

    metadata: Struct
    """ColumnMetaData"""
    origin: int
    """Where the metadata and the offset index have its first byte."""
    pieces: tuple[Any, ...]
    """Its bytes, as buffers."""
    column_index: bytes = b""
    offset_index: Struct | None = None

    @property
    def size(self) -> int:
        """Its bytes in the file."""
        return int(self.metadata[ColumnMetaData.TOTAL_COMPRESSED_SIZE].value)

    @property
    def expanded(self) -> int:
        """Its bytes without compression."""
        return int(self.metadata[ColumnMetaData.TOTAL_UNCOMPRESSED_SIZE].value)


Task: TypeAlias = Callable[[], list[Chunk]]
TASKS = 32  # per row group at most: tables of a thousand columns are not a thousand small files


@dataclass(frozen=True)
class Group:
    """The chunks of all columns for some rows."""

    rows: int
    chunks: tuple[Chunk, ...]


def encoded(columns: Sequence[Sequence[pa.Array]], schema: pa.Schema, options: Options) -> list[Chunk]:
    """The leaves of columns, each given in pieces, as one row group of the schema.

    The library writes a file into memory, and it is taken apart.
    """
    arrays = [joined(pieces, field) for pieces, field in zip(columns, schema, strict=True)]
    file = memoryview(_file(pa.Table.from_arrays(arrays, schema=schema), options))
    (group,) = read_footer(file)[FileMetaData.ROW_GROUPS].value.values
    return [_chunk(column, file) for column in group[RowGroup.COLUMNS].value.values]


def tasks(batches: Sequence[pa.RecordBatch], schema: pa.Schema, options: Options) -> list[Task]:
    """Functions that encode a few columns each, and keep only these in memory."""
    width = -(-len(schema) // TASKS)
    columns = [[batch.column(i) for batch in batches] for i in range(len(schema))]
    parts = [slice(start, start + width) for start in range(0, len(schema), width)]
    return [partial(encoded, columns[part], pa.schema(list(schema)[part]), options) for part in parts]


def empty_footer(schema: pa.Schema, options: Options) -> Struct:
    """The footer of a file without row groups: schema, metadata, and who wrote it."""
    out = pa.BufferOutputStream()
    pq.ParquetWriter(out, schema, **options).close()
    return read_footer(memoryview(out.getvalue()))


def _file(table: pa.Table, options: Options) -> pa.Buffer:
    out = pa.BufferOutputStream()
    with pq.ParquetWriter(out, table.schema, store_schema=False, **options) as writer:
        writer.write_table(table, row_group_size=max(table.num_rows, 1))
    return out.getvalue()


def _chunk(column: Struct, file: memoryview) -> Chunk:
    metadata: Struct = column[ColumnChunk.META_DATA].value
    places = (ColumnMetaData.DICTIONARY_PAGE_OFFSET, ColumnMetaData.DATA_PAGE_OFFSET)
    start = min(metadata[place].value for place in places if place in metadata)
    end = start + metadata[ColumnMetaData.TOTAL_COMPRESSED_SIZE].value
    column_index = _part(column, ColumnChunk.COLUMN_INDEX_OFFSET, ColumnChunk.COLUMN_INDEX_LENGTH, file)
    offset_index = _part(column, ColumnChunk.OFFSET_INDEX_OFFSET, ColumnChunk.OFFSET_INDEX_LENGTH, file)
    index = read_struct(offset_index)[0] if offset_index else None
    return Chunk(metadata, start, (file[start:end],), column_index, index)


def _part(column: Struct, offset: int, length: int, file: memoryview) -> bytes:
    if offset not in column:
        return b""
    start = column[offset].value
    return bytes(file[start : start + column[length].value])
