"""Engine: carries pages past statistics and transforms. Two verbs are all it needs to offer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import pyarrow as pa

from anonymize.core.format import Edit, Layout, Page, Sink, Source
from anonymize.core.profile import Profile
from anonymize.core.statistic import State, Statistic


class Edited(Protocol):
    """A page that went through a plan: its edit, and batches of its rows as they are now."""

    page: Page

    def edit(self) -> Edit: ...

    def layout(self) -> Layout: ...

    def batch(self, columns: tuple[str, ...]) -> pa.RecordBatch: ...


PageFunction: TypeAlias = Callable[[Page, int], Edited]
"""A page and the number of its first row, to the page with its changes."""


@dataclass(frozen=True)
class Progress:
    """How far a pass has come."""

    stage: str
    rows: int


class Engine(Protocol):
    """Where the work happens: threads of this machine, or a cluster."""

    @property
    def profile(self) -> Profile:
        """What takes the times of the work."""
        ...

    def learn(
        self, sources: Sequence[Source], prepare: PageFunction, statistics: Sequence[Statistic[Any]]
    ) -> list[State]:
        """Fit and merge all statistics in one pass over the prepared pages."""
        ...

    def write(
        self,
        sources: Sequence[Source],
        change: PageFunction,
        sinks: Sequence[Sink],
        statistics: Sequence[Statistic[Any]],
    ) -> list[State]:
        """Write every changed page of each source to its sink (or all to the only sink), and fit the
        statistics on what is written."""
        ...
