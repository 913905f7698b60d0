"""Puts row groups that were encoded elsewhere into one file."""

from typing import IO, Any

import pyarrow as pa

from anonymize.codecs.parquet.chunks import Chunk, Group, empty_footer
from anonymize.codecs.parquet.footer import (
    MAGIC,
    ColumnChunk,
    FileMetaData,
    RowGroup,
    footer_bytes,
    moved_metadata,
    moved_offset_index,
    number,
)
from anonymize.codecs.parquet.options import Options
from anonymize.codecs.parquet.thrift import I32, LIST, STRUCT, Field, Items, Struct, write_struct


class Writer:
    """A file that grows by row groups. It never goes back, and without `close` it gets no footer.

    Of a whole file, only the metadata stay in memory.
    """

    def __init__(self, file: IO[bytes], schema: pa.Schema, options: Options) -> None:
        self._file = file
        self._position = 0
        self._rows = 0
        self._footer = empty_footer(schema, options)
        self._groups: list[Struct] = []
        self._indexes: list[tuple[Struct, bytes, bytes]] = []
        """Columns that have a page index, with its two parts."""
        self._write(MAGIC)

    def append(self, group: Group) -> None:
        """Write the chunks of a row group."""
        start = self._position
        columns = [self._append(chunk) for chunk in group.chunks]
        described: Struct = {
            RowGroup.COLUMNS: Field(LIST, Items(STRUCT, columns)),
            RowGroup.TOTAL_BYTE_SIZE: number(sum(chunk.expanded for chunk in group.chunks)),
            RowGroup.NUM_ROWS: number(group.rows),
            RowGroup.FILE_OFFSET: number(start),
            RowGroup.TOTAL_COMPRESSED_SIZE: number(self._position - start),
        }
        self._groups.append(described)
        self._rows += group.rows

    def close(self) -> None:
        """Write the page index and the footer."""
        for column, column_index, _ in self._indexes:
            self._index(column, ColumnChunk.COLUMN_INDEX_OFFSET, column_index)
        for column, _, offset_index in self._indexes:
            self._index(column, ColumnChunk.OFFSET_INDEX_OFFSET, offset_index)
            _sort(column)
        counted = {FileMetaData.NUM_ROWS: number(self._rows)}
        groups = {FileMetaData.ROW_GROUPS: Field(LIST, Items(STRUCT, self._groups))}
        self._write(footer_bytes(self._footer | counted | groups))

    def _append(self, chunk: Chunk) -> Struct:
        start = self._position
        for piece in chunk.pieces:
            self._write(piece)
        if self._position - start != chunk.size:
            raise ValueError("a column chunk is not as large as it says")
        metadata = moved_metadata(chunk.metadata, start - chunk.origin)
        column: Struct = {ColumnChunk.FILE_OFFSET: number(0), ColumnChunk.META_DATA: Field(STRUCT, metadata)}
        if chunk.offset_index is not None:
            offset_index = write_struct(moved_offset_index(chunk.offset_index, start - chunk.origin))
            self._indexes.append((column, chunk.column_index, offset_index))
        return column

    def _index(self, column: Struct, place: int, data: bytes) -> None:
        """Write a part of the page index; its length is the field behind its place."""
        if data:
            column[place], column[place + 1] = number(self._position), Field(I32, len(data))
            self._write(data)

    def _write(self, data: Any) -> None:
        self._file.write(data)
        self._position += memoryview(data).nbytes


def _sort(column: Struct) -> None:
    """Fields in the order of their numbers, as the protocol has them."""
    fields = sorted(column.items())
    column.clear()
    column.update(fields)
