"""The equivalence classes that are large enough."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.statistic import State
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.counting import COUNT, add_counts, count_rows
from anonymize.kernels.lookup import RowLookup
from anonymize.kernels.numbers.parsing import plain


@dataclass(frozen=True)
class Classes:
    """The classes of at least k rows; every other row, also one never seen before, is in a small class."""

    large: RowLookup
    blanks: int
    """Rows that are or become null in all columns if the rows of the small classes are blanked."""

    @property
    def is_empty(self) -> bool:
        """Whether no class is large enough."""
        return not self.large.table.num_rows

    def small(self, batch: pa.RecordBatch) -> NDArray[np.bool_]:
        """Which rows of the batch are in small classes."""
        return ~self.large.contains(batch)


@dataclass(frozen=True)
class LargeClasses:
    """Which combinations of the columns occur in at least k rows. Nulls are values."""

    columns: tuple[str, ...]
    k: int

    def fit(self, batch: pa.RecordBatch) -> State:
        return count_rows(pa.table({name: plain(batch.column(name)) for name in self.columns}), self.columns)

    def merge(self, states: Sequence[State]) -> State:
        return add_counts(states, self.columns)

    def finish(self, state: State) -> Classes:
        counts = to_numpy(state[COUNT].combine_chunks())
        blank = np.ones(state.num_rows, np.bool_)
        for name in self.columns:
            blank &= to_numpy(pc.is_null(state[name]).combine_chunks())
        blanks = int(counts[blank | (counts < self.k)].sum())
        return Classes(RowLookup(state.filter(pc.greater_equal(state[COUNT], self.k)), self.columns), blanks)
