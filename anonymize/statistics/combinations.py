"""The distinct combinations of some columns: all that class-based privacy models need to know."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from anonymize.core.statistic import State
from anonymize.kernels.combining import add_combinations, count_combinations
from anonymize.kernels.numbers.parsing import plain


@dataclass(frozen=True, eq=False)
class Combined:
    """The combinations, as dictionaries, with their rows in `__count`, and what was made of them."""

    table: pa.Table = field(repr=False)
    _made: dict[str, Any] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` returns, made once for all batches and threads."""
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]


@dataclass(frozen=True)
class Combinations:
    """One row per distinct combination of the columns, with its count. Nulls are values.

    The columns that classes are made of are equal to those of other questions, or the data is read twice.
    """

    columns: tuple[str, ...]

    def fit(self, batch: pa.RecordBatch) -> State:
        return count_combinations({name: plain(batch.column(name)) for name in self.columns})

    def merge(self, states: Sequence[State]) -> State:
        return add_combinations(states, self.columns)

    def finish(self, state: State) -> Combined:
        return Combined(state)
