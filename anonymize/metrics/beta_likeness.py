"""Beta-likeness: how much more likely a sensitive value is in a class than in the table."""

from typing import ClassVar, Literal

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.metering import greatest, sensitive_columns, worst
from anonymize.kernels.anonymity.models import enhanced_likeness, likeness
from anonymize.statistics.grouped_values import GroupedValues, Groups


class BetaLikeness(Metric):
    """Greatest relative gain of a sensitive value's share in a class over its share in the table.

    J. Cao, P. Karras, "Publishing microdata with a robust privacy guarantee", PVLDB 2012. The enhanced model also
    bounds the gain by -ln of the value's share in the table: the figure is infinite where it is exceeded. Null is
    a value like any other. A table without rows measures 0.
    """

    use: Literal["beta_likeness"] = "beta_likeness"
    positional: ClassVar[str | None] = "column"

    column: str | None = None
    """The sensitive column to measure; by default all with this role, the worst of which counts."""
    enhanced: bool = False
    """Measure the enhanced model."""

    def needs(self, roles: Roles) -> GroupedValues:
        return GroupedValues(roles.quasi, sensitive_columns(roles, self.column))

    def measure(self, summary: Groups) -> Measurement:
        return worst(summary.spreads, enhanced_likeness if self.enhanced else likeness, greatest)


_PEOPLE = {"zip": ["12", "12", "12", "12", None, None], "疾病": ["flu", "flu", "cold", "", "flu", None]}
_ROLES = Roles(quasi=("zip",), sensitive=("疾病",))
_EMPTY: dict[str, list[str]] = {"zip": [], "疾病": []}

EXAMPLES = [
    Example(BetaLikeness(), _PEOPLE, 2.0, _ROLES),
    Example(BetaLikeness(enhanced=True), _PEOPLE, float("inf"), _ROLES),
    Example(BetaLikeness(column="疾病"), {"zip": ["1", "1", "2", "2"], "疾病": ["a", "b"] * 2}, 0.0, _ROLES),
    Example(BetaLikeness(), _EMPTY, 0, _ROLES),
]
