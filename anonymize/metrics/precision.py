"""Precision: how high the released values stand in their hierarchies."""

from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.ladders import Ladder, make_ladder
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.hierarchy_choice import HierarchyChoice, load_hierarchy
from anonymize.kernels.risk.changes import STARS, Changes, Floats
from anonymize.statistics.value_pairs import ValuePairs


class Precision(Metric):
    """One less the mean height of the released values in their hierarchies: 1 is untouched, 0 all suppressed.

    Prec of L. Sweeney, "Achieving k-anonymity privacy protection using generalization and suppression", 2002: a
    value on level 2 of 4 has lost a half, whatever the levels hide; information_loss weighs that. The top level,
    on which all is hidden, counts as one. Null, `*`, a row that went and a label that is on no level stand on top.
    A table without rows measures 1.

    By hand: of three ages with the levels 5 years, 10 years and `*`, one stayed, one is on level 1 and one on
    level 2 of 3: 1 - (0 + 1/3 + 2/3) / 3 = 2/3.
    """

    use: Literal["precision"] = "precision"
    positional: ClassVar[str | None] = "hierarchies"
    beside_original: ClassVar[bool] = True
    pairs_rows: ClassVar[bool] = True

    hierarchies: dict[str, HierarchyChoice] = Field(default_factory=dict)
    """For each column to measure its hierarchy, as `k_anonymize` takes it; with its rules at hand, `assess` takes
    those."""

    def needs(self, roles: Roles) -> ValuePairs:
        if not self.hierarchies:
            raise ValueError("`hierarchies` says for no column what its levels are")
        return ValuePairs.of(tuple(self.hierarchies))

    def measure(self, summary: dict[str, Changes]) -> Measurement:
        lost = {name: self._lost(name, changes) for name, changes in summary.items()}
        worst = max(lost, key=lambda name: lost[name])
        mean = sum(lost.values()) / len(lost)
        return Measurement(1 - mean, f"values stand {mean:.1%} of the way up on average, highest in {worst}")

    def _lost(self, name: str, changes: Changes) -> float:
        """The mean height of a column's values, as a share of the highest."""
        rows = int(changes.counts.sum())
        if not rows:
            return 0.0
        ladder = make_ladder(changes.before, load_hierarchy(self.hierarchies[name]), STARS)
        heights = np.where(changes.lost, ladder.domain.height, _heights(ladder, changes))
        return float(np.dot(heights, changes.counts)) / rows / max(ladder.domain.height, 1)


def _heights(ladder: Ladder, changes: Changes) -> Floats:
    """The lowest level on which each value has the label that was released; the highest where none has it."""
    heights = np.full(len(changes.after), float(ladder.domain.height))
    for height in range(ladder.domain.height, -1, -1):
        label = ladder.levels[height].take(from_numpy(ladder.places))
        heights[_same(label, changes.after)] = height
    heights[_same(changes.before, changes.after)] = 0  # also where the hierarchy lacks the value
    return heights


def _same(one: pa.Array, other: pa.Array) -> NDArray[np.bool_]:
    nulls = pc.and_(one.is_null(), other.is_null())
    return np.asarray(to_numpy(pc.or_(nulls, pc.fill_null(pc.equal(one, other), False))))


_AGES = {"original": {"年龄": [21, 34, 47]}, "release": {"年龄": ["21", "[30, 35)", "[40, 50)"]}}
_TOWNS = {
    "original": {"town": ["Ulm", "Bonn", "", None], "zip": ["10115", "10117", "10119", "10119"]},
    "release": {"town": ["south", "*", "", None], "zip": ["1011*", "1011*", "1011*", "1011*"]},
}
_TREE: dict[Any, Any] = {"south": ["Ulm"], "north": ["Bonn"]}

EXAMPLES = [
    Example(Precision(hierarchies={"年龄": "intervals(widths=[5, 10])"}), _AGES, 2 / 3),
    Example(
        Precision(hierarchies={"town": _TREE, "zip": "prefix(cut=[1, 3])"}), _TOWNS, 1 - (1.5 / 4 + 1 / 3) / 2
    ),
    Example(Precision(hierarchies={"a": "prefix"}), {"original": {"a": []}, "release": {"a": []}}, 1),
]
