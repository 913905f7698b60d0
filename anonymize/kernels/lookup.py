"""Finds which rows of a batch occur in a table, column by column and without a loop over rows."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import one_array, to_numpy
from anonymize.kernels.combining import distinct_values, number_keys, places_of
from anonymize.kernels.numbers.parsing import plain

_ROOM = 2**62
_FAR = 1 << 15  # codes of a larger table are not all near the processor


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
        self._values, self._ranks = [], []
        codes, room = np.zeros(self.table.num_rows, np.int64), 1
        for name in self.columns:
            found, values = distinct_values(one_array(self.table[name]))
            ranks = np.unique(codes) if room * max(len(values), 1) > _ROOM else None
            room = (room if ranks is None else len(ranks)) * max(len(values), 1)
            codes = _combined(codes, ranks, found, len(values))
            self._ranks.append(ranks)
            self._values.append(plain(values))
        self._codes, self._rows = _first_places(codes, room)

    def contains(self, rows: pa.RecordBatch | pa.Table) -> NDArray[np.bool_]:
        """Which rows occur in the table, comparing its columns."""
        return self.places(rows) >= 0

    def places(self, rows: pa.RecordBatch | pa.Table) -> NDArray[np.int64]:
        """Where in the table each row occurs first; -1 for rows that do not occur."""
        codes = np.zeros(rows.num_rows, np.int64)
        for name, values, ranks in zip(self.columns, self._values, self._ranks, strict=True):
            codes = _combined(codes, ranks, _encoded(_column(rows, name), values), len(values))
        return self._placed(codes)

    def _placed(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each code; those of a large table are looked up in order, so that neighbours are near."""
        if len(self._codes) < _FAR or len(codes) < 2:
            ranks = _ranked(codes, self._codes)
            return np.where(ranks < 0, -1, np.append(self._rows, -1)[ranks])
        order = np.argsort(codes)
        places = np.empty(len(codes), np.int64)
        ranks = _ranked(codes[order], self._codes)
        places[order] = np.where(ranks < 0, -1, np.append(self._rows, -1)[ranks])
        return places


def _column(rows: pa.RecordBatch | pa.Table, name: str) -> pa.Array:
    return plain(one_array(rows[name]))


def _encoded(column: pa.Array, values: pa.Array) -> NDArray[np.int32]:
    """Position of each value among the values; -1 if it is none of them."""
    found = pc.index_in(column, value_set=values, skip_nulls=False)
    places: NDArray[np.int32] = to_numpy(pc.fill_null(found, -1) if found.null_count else found)
    return places


def _first_places(codes: NDArray[np.int64], room: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct codes in their order, and where each stands first."""
    numbers, count = number_keys(codes, room)
    places = places_of(numbers[::-1], count)
    rows = len(codes) - 1 - places
    return codes[rows], rows


def _combined(
    codes: NDArray[np.int64], ranks: NDArray[np.int64] | None, found: NDArray[Any], size: int
) -> NDArray[np.int64]:
    if ranks is not None:
        codes = _ranked(codes, ranks)
    combined: NDArray[np.int64] = codes * size + found
    unknown = (codes < 0) | (found < 0)
    if unknown.any():
        combined[unknown] = -1
    return combined


def _ranked(codes: NDArray[np.int64], ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of each code among the sorted ones; -1 if it is none of them."""
    if not len(ranks):
        return np.full(len(codes), -1, np.int64)
    places = np.minimum(np.searchsorted(ranks, codes), len(ranks) - 1)
    return np.where(ranks[places] == codes, places, -1)
