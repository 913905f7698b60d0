"""Cuts a stream of batches into row groups whose borders depend on the rows alone."""

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.codecs.tables.nested import as_list, is_list
from anonymize.codecs.tables.page import compacted

STEP = 1024  # a border can only stand at a multiple of this, so that rows are weighed in a few large steps
GROUP_ROWS = 128 * STEP
GROUP_BYTES = 64 << 20


class RowGroups:
    """Collects batches, and hands on a table whenever a row group is full.

    Batches are cut and joined again, so it makes no difference where they end.
    """

    def __init__(self, schema: pa.Schema, write: Callable[[pa.Table], None]) -> None:
        self._schema = schema
        self._write = write
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0
        self._group: list[pa.Table] = []
        self._rows = 0
        self._weight = 0

    def add(self, batch: pa.RecordBatch) -> None:
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        if self._waiting_rows < STEP:
            return
        table = pa.Table.from_batches(self._waiting, self._schema)
        whole = self._waiting_rows - self._waiting_rows % STEP
        for start in range(0, whole, STEP):
            self._step(table.slice(start, STEP))
        self._waiting = table.slice(whole).to_batches()
        self._waiting_rows -= whole

    def finish(self) -> None:
        """Hand on what is left."""
        if self._waiting_rows:
            self._step(pa.Table.from_batches(self._waiting, self._schema))
        self._flush()

    def _step(self, table: pa.Table) -> None:
        self._group.append(table)
        self._rows += table.num_rows
        self._weight += sum(weight(chunk) for column in table.columns for chunk in column.chunks)
        if self._rows >= GROUP_ROWS or self._weight >= GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._group:
            self._write(joined(self._group))
        self._group, self._rows, self._weight = [], 0, 0


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """One table in one piece per column, because a Parquet writer's pages end where pieces end; dictionaries
    hold what occurs."""
    table = pa.concat_tables(tables)
    columns = [_joined(column, field) for column, field in zip(table.columns, table.schema, strict=True)]
    return pa.Table.from_arrays(columns, schema=table.schema)


def _joined(column: pa.ChunkedArray, field: pa.Field) -> pa.Array | pa.ChunkedArray:
    try:
        return compacted(pa.concat_arrays(column.unify_dictionaries().chunks), field)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # more than 2 GB of text, or types that do not join
        return column


def weight(values: pa.Array) -> int:
    """About the bytes that the values take, the same however they are cut: 8 for each, and the text."""
    given = values.type
    own = 8 * len(values)
    if pa.types.is_struct(given):
        return own + sum(weight(pc.struct_field(values, [i])) for i in range(given.num_fields))
    if pa.types.is_map(given):
        return own + weight(as_list(values))
    if is_list(given):
        return own + weight(values.flatten())
    if pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_binary(given):
        return own + (pc.sum(pc.binary_length(values)).as_py() or 0)
    return own
