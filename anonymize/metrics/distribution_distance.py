"""Distribution distance: how different the columns look as a whole."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.risk.changes import Changes
from anonymize.kernels.risk.resemblance import columns_to_compare
from anonymize.statistics.value_pairs import ValuePairs


class DistributionDistance(Metric):
    """Greatest distance of a column's distribution in the release from that in the original.

    `total_variation` is half the sum of the differences of all shares: 0 for equal distributions, 1 where no value
    is in both (A. Gibbs and F. Su, "On choosing and bounding probability metrics", 2002). `wasserstein` is how far
    numbers were moved on average, as a share of their original range (the same); columns whose released values are
    no numbers do not count. Rows need not belong together. Tables without rows measure 0.

    By hand: of the shares ½ and ½ became ¾ and ¼, a total variation of ¼; 0, 0, 10, 10 became 0, 5, 10, 10, moved
    by 5/4 of 10 on average: 0.125.
    """

    use: Literal["distribution_distance"] = "distribution_distance"
    positional: ClassVar[str | None] = "distance"
    beside_original: ClassVar[bool] = True
    variants: ClassVar[tuple[Mapping[str, Any], ...]] = ({}, {"distance": "wasserstein"})

    columns: tuple[str, ...] = ()
    """The columns to measure, the worst of which counts; by default quasi-identifiers and sensitive columns."""
    distance: Literal["total_variation", "wasserstein"] = "total_variation"
    """What is measured."""

    def needs(self, roles: Roles) -> ValuePairs:
        return ValuePairs.of(columns_to_compare(self.columns, (*roles.quasi, *roles.sensitive)))

    def measure(self, summary: dict[str, Changes]) -> Measurement:
        found = {name: self._distance(changes) for name, changes in summary.items()}
        known = {name: distance for name, distance in found.items() if distance is not None}
        if not known:
            return Measurement(0, "no column of numbers")
        worst = max(known, key=lambda name: known[name])
        what = "of the rows have another value" if self.distance == "total_variation" else "of the range moved"
        return Measurement(known[worst], f"as if {known[worst]:.1%} {what}, in {worst}")

    def _distance(self, changes: Changes) -> float | None:
        if self.distance == "total_variation":
            return changes.variation()
        return changes.moved() if changes.is_numeric and changes.stays_numeric else None


_COINS = {"original": {"币": ["a", "a", "b", None]}, "release": {"币": ["a", "a", "a", None]}}
_MOVED = {"original": {"x": [0, 0, 10, 10], "t": ["a"] * 4}, "release": {"x": [0, 5, 10, 10], "t": ["b"] * 4}}

EXAMPLES = [
    Example(DistributionDistance(), _COINS, 0.25, Roles(quasi=("币",))),
    Example(DistributionDistance(distance="wasserstein"), _MOVED, 0.125, Roles(quasi=("x",), sensitive=("t",))),
    Example(DistributionDistance(columns=("t", "x")), _MOVED, 1),
    Example(DistributionDistance(columns=("a",)), {"original": {"a": []}, "release": {"a": []}}, 0),
]
