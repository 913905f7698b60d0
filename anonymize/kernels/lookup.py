"""Finds which rows of a batch occur in a table, column by column and without a loop over rows."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.numbers.parsing import plain

_ROOM = 2**62


@dataclass
class RowLookup:
    """The rows of a table, prepared for many look-ups. Nulls are values: null equals null.

    Each column's values get codes, the codes of a row one number; before that number could overflow, it is
    replaced by its rank among those that occur.
    """

    table: pa.Table
    columns: tuple[str, ...]
    _values: list[pa.Array] = field(init=False)
    _ranks: list[NDArray[np.int64] | None] = field(init=False)
    _codes: NDArray[np.int64] = field(init=False)
    _rows: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        columns = [_column(self.table, name) for name in self.columns]
        self._values = [column.unique() for column in columns]
        self._ranks = []
        codes, room = np.zeros(self.table.num_rows, np.int64), 1
        for column, values in zip(columns, self._values, strict=True):
            ranks = np.unique(codes) if room * max(len(values), 1) > _ROOM else None
            self._ranks.append(ranks)
            room = (room if ranks is None else len(ranks)) * max(len(values), 1)
            codes = _combined(codes, ranks, _encoded(column, values), len(values))
        self._codes, self._rows = np.unique(codes, return_index=True)

    def contains(self, rows: pa.RecordBatch | pa.Table) -> NDArray[np.bool_]:
        """Which rows occur in the table, comparing its columns."""
        return self.places(rows) >= 0

    def places(self, rows: pa.RecordBatch | pa.Table) -> NDArray[np.int64]:
        """Where in the table each row occurs first; -1 for rows that do not occur."""
        codes = np.zeros(rows.num_rows, np.int64)
        for name, values, ranks in zip(self.columns, self._values, self._ranks, strict=True):
            codes = _combined(codes, ranks, _encoded(_column(rows, name), values), len(values))
        ranks = _ranked(codes, self._codes)
        return np.where(ranks < 0, -1, np.append(self._rows, -1)[ranks])


def _column(rows: pa.RecordBatch | pa.Table, name: str) -> pa.Array:
    column = rows[name]
    return plain(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column)


def _encoded(column: pa.Array, values: pa.Array) -> NDArray[np.int64]:
    """Position of each value among the values; -1 if it is none of them."""
    found = pc.index_in(column, value_set=values, skip_nulls=False)
    return to_numpy(pc.fill_null(found, -1)).astype(np.int64)


def _combined(
    codes: NDArray[np.int64], ranks: NDArray[np.int64] | None, found: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    if ranks is not None:
        codes = _ranked(codes, ranks)
    return np.where((codes < 0) | (found < 0), -1, codes * size + found)


def _ranked(codes: NDArray[np.int64], ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of each code among the sorted ones; -1 if it is none of them."""
    if not len(ranks):
        return np.full(len(codes), -1, np.int64)
    places = np.minimum(np.searchsorted(ranks, codes), len(ranks) - 1)
    return np.where(ranks[places] == codes, places, -1)
