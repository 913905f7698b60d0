"""Sizes of the equivalence classes that some columns induce."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from anonymize.core.statistic import State
from anonymize.kernels.counting import add_counts, count_rows


@dataclass(frozen=True)
class ClassSizes:
    """One row per distinct combination of the columns, with its count in `__count`. Nulls are values."""

    columns: tuple[str, ...]

    def fit(self, batch: pa.RecordBatch) -> State:
        return count_rows(pa.table(batch), self.columns)

    def merge(self, states: Sequence[State]) -> State:
        return add_counts(states, self.columns)

    def finish(self, state: State) -> pa.Table:
        return state
