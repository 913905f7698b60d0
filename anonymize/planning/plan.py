"""A plan: which steps each column goes through, in which pass. Plain data."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from anonymize.core.format import Layout, OutputColumn
from anonymize.core.roles import Role, Roles
from anonymize.core.statistic import Statistic
from anonymize.core.transform import ColumnTransform, Transform
from anonymize.kernels.conditions.condition import Condition
from anonymize.rulefile.loading import Rules
from anonymize.rulefile.rules import Check, OnError

REDACTED = "[REDACTED]"


@dataclass(frozen=True)
class Step:
    """One transform bound to the columns it works on."""

    transform: Transform
    columns: tuple[str, ...]
    when: Condition | None = None
    on_error: OnError = "fail"

    @property
    def statistic(self) -> Statistic[Any] | None:
        return self.transform.needs(self.columns)


@dataclass(frozen=True)
class Stage:
    """Steps that can run once their statistics have been answered, in one pass, on the stage before."""

    steps: tuple[Step, ...]

    @property
    def statistics(self) -> tuple[Statistic[Any], ...]:
        """Equal statistics are asked once, however many steps need them."""
        return tuple(dict.fromkeys(s.statistic for s in self.steps if s.statistic is not None))


@dataclass(frozen=True)
class ColumnPlan:
    """What happens to one column."""

    name: str
    rule: str | None
    """The pattern that decides about it; None for an unlisted column."""
    role: Role
    steps: tuple[Step, ...]
    given: pa.DataType
    type: pa.DataType
    bare: bool = False
    dropped: bool = False
    unquoted: bool = False
    rewritten: bool = False
    """A step on rows changes its cells."""

    @property
    def is_whole(self) -> bool:
        """An object or list may stand here: it goes, stays or is replaced as a whole."""
        return all(isinstance(s.transform, ColumnTransform) and s.transform.whole for s in self.steps)

    @property
    def changed(self) -> bool:
        return self.rewritten or any(step.transform.use != "keep" for step in self.steps)


@dataclass(frozen=True)
class Plan:
    """Everything that will happen, in order."""

    rules: Rules
    columns: tuple[ColumnPlan, ...]
    stages: tuple[Stage, ...]
    roles: Roles
    aggregation: Step | None = None
    released: pa.Schema | None = None
    """The schema of the aggregated table."""
    warnings: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    """Exact names not yet seen in an open schema; they must turn up before the data ends."""

    @property
    def passes(self) -> int:
        """How often the data is read."""
        asked = sum(bool(stage.statistics) for stage in self.stages)
        return asked + 1

    @property
    def layout(self) -> Layout:
        """The columns of the edited pages."""
        kept = [c for c in self.columns if not c.dropped]
        return Layout(
            tuple(OutputColumn(c.name, c.type, c.changed, c.bare, c.unquoted) for c in kept),
            frozenset(c.name for c in self.columns if c.dropped),
        )

    @property
    def schema(self) -> pa.Schema:
        """The columns of the output."""
        return self.released if self.released is not None else self.layout.schema

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.rules.file.checks

    def key_names(self) -> tuple[str, ...]:
        """Names of the keys that its steps use."""
        steps = [s for stage in self.stages for s in stage.steps]
        return tuple(dict.fromkeys(key for s in steps for key in s.transform.key_names()))
