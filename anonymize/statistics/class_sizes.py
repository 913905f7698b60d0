"""Sizes of the equivalence classes that some columns induce."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from anonymize.core.statistic import State
from anonymize.kernels.combining import add_combinations, count_combinations
from anonymize.kernels.numbers.parsing import plain


@dataclass(frozen=True)
class ClassSizes:
    """One row per distinct combination of the columns, as dictionaries, with its count in `__count`. Nulls are
    values."""

    columns: tuple[str, ...]

    def fit(self, batch: pa.RecordBatch) -> State:
        return count_combinations({name: plain(batch.column(name)) for name in self.columns}, most=None)

    def merge(self, states: Sequence[State]) -> State:
        return add_combinations(states, self.columns, most=None)

    def finish(self, state: State) -> pa.Table:
        return state
