"""Attack: tries to undo a release, and counts how often it succeeds."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pyarrow as pa

from anonymize.core.component import Component
from anonymize.core.roles import Roles
from anonymize.core.transform import Transform

SEED = 20_001
"""Attacks draw their targets from it, so that a second run says the same."""


@dataclass(frozen=True)
class Evidence:
    """Two tables with the same rows in the same order, and what the rules say about the columns."""

    original: pa.Table = field(repr=False)
    release: pa.Table = field(repr=False)
    roles: Roles = field(default_factory=Roles)
    steps: Mapping[str, Sequence[Transform]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(self.original)

    @property
    def shared(self) -> list[str]:
        """The columns that both tables have."""
        return [name for name in self.release.column_names if name in self.original.column_names]

    @property
    def known(self) -> list[str]:
        """Those whose released values an attacker without a key can tell from the original ones."""
        return [name for name in self.shared if not any(map(_needs_key, self.steps.get(name, ())))]


@dataclass(frozen=True)
class Trial:
    """How often an attack on one target was right: counts, never values."""

    target: str
    """The column or columns."""
    tried: int
    succeeded: int
    control: float
    """The share that would succeed without the release, or without the row in it."""
    detail: str = ""


def _needs_key(step: Transform) -> bool:
    """Noise is drawn by a key too, but hides no more for that."""
    return bool(step.key_names()) and ".perturbation." not in type(step).__module__


class Attack(Component, ABC):
    """Knows some of the original, sees the release, claims something; the pair of tables tells whether it is
    true."""

    kind: ClassVar[str] = "attack"
    of_all_columns: ClassVar[bool] = True
    beside_original: ClassVar[bool] = True
    pairs_rows: ClassVar[bool] = True
    """As a metric says them: an attack may be a check."""

    @abstractmethod
    def run(self, evidence: Evidence) -> Sequence[Trial]:
        """A trial for each target that the attack applies to; none if there is no target."""
