"""A sample of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.statistic import State
from anonymize.kernels.arrays import from_numpy, is_text, to_numpy
from anonymize.kernels.text.spelling import spell

MARK = "__mark"
SIZE = 20_000


@dataclass(frozen=True)
class RowSample:
    """The values, spelled as text, of the rows whose numbers hash lowest: each row is as likely as any other to be
    among them, and which they are does not depend on how the data is cut.

    The first column holds the numbers of the rows in the whole data. The answer holds raw values.
    """

    columns: tuple[str, ...]
    size: int = SIZE

    def fit(self, batch: pa.RecordBatch) -> State:
        rows = to_numpy(batch.column(0)).astype(np.uint64)
        marks = _mixed(rows)
        places = np.flatnonzero(marks < self._bounds(rows))
        taken = [_spelled(batch.column(name).take(from_numpy(places))) for name in self.columns[1:]]
        return pa.table([from_numpy(marks[places]), *taken], names=[MARK, *self.columns[1:]])

    def _bounds(self, rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """No row above this is among the lowest of all rows up to it, but by a chance of less than e^(-size/4):
        twice as many as are wanted lie below. It keeps the pieces' states small."""
        share = np.minimum(2.0 * self.size / (rows.astype(np.float64) + 1.0), 0.999999)
        bounds = (share * 2.0**64).astype(np.uint64)
        bounds[rows < 2 * self.size] = np.iinfo(np.uint64).max
        return bounds

    def merge(self, states: Sequence[State]) -> State:
        every = pa.concat_tables(states).combine_chunks()
        if len(every) <= self.size:
            return every
        marks = to_numpy(every[MARK].chunk(0))
        lowest = np.sort(np.argpartition(marks, self.size)[: self.size])
        return every.take(from_numpy(lowest))

    def finish(self, state: State) -> pa.Table:
        return state.sort_by(MARK).drop_columns([MARK])


def _spelled(values: pa.Array) -> pa.Array:
    """Text, or truth values as they are."""
    if pa.types.is_boolean(values.type) or pa.types.is_string(values.type):
        return values
    spelled = spell(values)
    return spelled.cast(pa.string()) if is_text(spelled.type) else spelled


def _mixed(rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers spread evenly over 64 bits: the finalizer of SplitMix64 (G. Steele, D. Lea and C. Flood, "Fast
    splittable pseudorandom number generators", OOPSLA 2014)."""
    mixed = rows + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
