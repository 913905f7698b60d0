"""Recursive (c,l)-diversity: how much the most frequent value outweighs the rarer ones."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.metering import greatest, sensitive_columns, worst
from anonymize.kernels.anonymity.models import Figures, Spread, recursive_ratio
from anonymize.statistics.grouped_values import GroupedValues, Groups


class RecursiveLDiversity(Metric):
    """The table is recursively (c,l)-diverse for every c above this figure, which the worst class decides.

    A. Machanavajjhala et al., "l-diversity: privacy beyond k-anonymity", 2007: the count of the most frequent
    sensitive value, divided by those of the l-th and all rarer ones together. Infinite if a class has fewer than l
    values. Null is a value like any other. A table without rows measures 0.
    """

    use: Literal["recursive_l_diversity"] = "recursive_l_diversity"
    positional: ClassVar[str | None] = "column"

    column: str | None = None
    """The sensitive column to measure; by default all with this role, the worst of which counts."""
    l: Annotated[int, Field(ge=2)] = 2  # noqa: E741  (the literature's name)
    """From which value on, in falling order of frequency, the rarer ones are counted."""

    def needs(self, roles: Roles) -> GroupedValues:
        return GroupedValues(roles.quasi, sensitive_columns(roles, self.column))

    def measure(self, summary: Groups) -> Measurement:
        return worst(summary.spreads, self._ratio, greatest)

    def _ratio(self, spread: Spread) -> Figures:
        return recursive_ratio(spread, self.l)


_PEOPLE = {"zip": ["12", "12", "12", "12", None, None], "疾病": ["flu", "flu", "cold", "", "flu", None]}
_ROLES = Roles(quasi=("zip",), sensitive=("疾病",))
_EMPTY: dict[str, list[str]] = {"zip": [], "疾病": []}

EXAMPLES = [
    Example(RecursiveLDiversity(), _PEOPLE, 1.0, _ROLES),
    Example(RecursiveLDiversity(l=3), _PEOPLE, float("inf"), _ROLES),
    Example(
        RecursiveLDiversity(column="疾病"), {"zip": ["1"] * 5, "疾病": ["a", "a", "a", "b", "c"]}, 1.5, _ROLES
    ),
    Example(RecursiveLDiversity(), _EMPTY, 0, _ROLES),
]
