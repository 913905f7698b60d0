"""Delta-disclosure: how far a value's share in a class is from its share in the table."""

from typing import ClassVar, Literal

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.metering import greatest, sensitive_columns, worst
from anonymize.kernels.anonymity.models import disclosure
from anonymize.statistics.grouped_values import GroupedValues, Groups


class DeltaDisclosure(Metric):
    """Greatest absolute logarithm of a sensitive value's share in a class over its share in the table.

    J. Brickell, V. Shmatikov, "The cost of privacy: destruction of data-mining utility in anonymized data
    publishing", KDD 2008. Infinite if a class lacks one of the values. Null is a value like any other. A table
    without rows measures 0.
    """

    use: Literal["delta_disclosure"] = "delta_disclosure"
    positional: ClassVar[str | None] = "column"

    column: str | None = None
    """The sensitive column to measure; by default all with this role, the worst of which counts."""

    def needs(self, roles: Roles) -> GroupedValues:
        return GroupedValues(roles.quasi, sensitive_columns(roles, self.column))

    def measure(self, summary: Groups) -> Measurement:
        return worst(summary.spreads, disclosure, greatest)


_PEOPLE = {"zip": ["12", "12", "12", "12", None, None], "疾病": ["flu", "flu", "cold", "", "flu", None]}
_ROLES = Roles(quasi=("zip",), sensitive=("疾病",))
_EMPTY: dict[str, list[str]] = {"zip": [], "疾病": []}

_UNEVEN = {"zip": ["1"] * 4 + ["2"] * 4, "疾病": ["a", "a", "a", "b", "a", "b", "b", "b"]}
EXAMPLES = [
    Example(DeltaDisclosure(), _PEOPLE, float("inf"), _ROLES),
    Example(DeltaDisclosure(column="疾病"), _UNEVEN, 0.69314718, _ROLES),
    Example(DeltaDisclosure(), _EMPTY, 0, _ROLES),
]
