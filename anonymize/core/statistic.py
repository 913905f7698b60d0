"""Statistic: a question about a whole data set, answered from its pieces."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

import pyarrow as pa

State: TypeAlias = pa.Table
"""A statistic's partial answer. It is an Arrow table, so it can be printed, stored, shipped and reviewed."""

R_co = TypeVar("R_co", covariant=True)

MERGE_EVERY = 16  # two at a time is ten times slower, all at once keeps every state in memory


class Statistic(Protocol[R_co]):
    """Learn from batches in any order, on any machine.

    Laws: however the data is cut, `merge` of the pieces' states equals the state of the whole; the state of an
    empty batch changes nothing. Statistics are frozen dataclasses and compare by value, so components that ask
    the same question share one pass.
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that `fit` reads; a batch holds exactly these."""
        ...

    def fit(self, batch: pa.RecordBatch) -> State: ...

    def merge(self, states: Sequence[State]) -> State: ...

    def finish(self, state: State) -> R_co: ...


class Merger:
    """Merges the states of many batches while holding only a few of them: so many at a time, then so many of the
    merged ones, that no state is merged again and again."""

    def __init__(self, statistics: Sequence[Statistic[Any]]) -> None:
        self.statistics = statistics
        self.levels: list[list[Sequence[State]]] = [[]]

    def add(self, states: Sequence[State], level: int = 0) -> None:
        if level == len(self.levels):
            self.levels.append([])
        waiting = self.levels[level]
        waiting.append(states)
        if len(waiting) == MERGE_EVERY:
            self.levels[level] = []
            self.add(self._merge(waiting), level + 1)

    def merged(self) -> list[State]:
        return self._merge([states for level in reversed(self.levels) for states in level])

    def _merge(self, waiting: Sequence[Sequence[State]]) -> list[State]:
        pieces = zip(*waiting, strict=True)
        return [s.merge(states) for s, states in zip(self.statistics, pieces, strict=True)]
