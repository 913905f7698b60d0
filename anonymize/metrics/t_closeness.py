"""t-closeness: how far the sensitive values of a class are from those of all rows."""

from typing import ClassVar, Literal

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.metering import greatest, sensitive_columns, worst
from anonymize.kernels.anonymity.models import equal_distance, ordered_distance
from anonymize.statistics.grouped_values import GroupedValues, Groups


class TCloseness(Metric):
    """Greatest distance between the sensitive values of a class and those of the whole table, from 0 to 1.

    N. Li, T. Li, S. Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and l-diversity", ICDE 2007: the
    earth mover's distance, all values being equally far from each other, or as far as they are apart in their
    order (of numbers if all are, else of text). Null is a value like any other and the last in order. A table
    without rows measures 0.
    """

    use: Literal["t_closeness"] = "t_closeness"
    positional: ClassVar[str | None] = "column"

    column: str | None = None
    """The sensitive column to measure; by default all with this role, the worst of which counts."""
    distance: Literal["equal", "ordered"] = "equal"
    """How far values are from each other."""

    def needs(self, roles: Roles) -> GroupedValues:
        return GroupedValues(roles.quasi, sensitive_columns(roles, self.column))

    def measure(self, summary: Groups) -> Measurement:
        return worst(summary.spreads, equal_distance if self.distance == "equal" else ordered_distance, greatest)


# Tables 3 and 5 of the paper: salaries and diseases in three classes of three.
_PAPER = {
    "zip": ["476**"] * 3 + ["4790*"] * 3 + ["476**"] * 3,
    "age": ["2*"] * 3 + [">= 40"] * 3 + ["3*"] * 3,
    "salary": [3, 4, 5, 6, 11, 8, 7, 9, 10],
}
_ROLES = Roles(quasi=("zip", "age"), sensitive=("salary",))
_NULLS = {"zip": ["12", "12", None, None], "疾病": ["flu", "flu", "", None]}
_NULL_ROLES = Roles(quasi=("zip",), sensitive=("疾病",))

EXAMPLES = [
    Example(TCloseness(distance="ordered"), _PAPER, 0.375, _ROLES),
    Example(TCloseness(), _PAPER, 2 / 3, _ROLES),
    Example(TCloseness(column="疾病"), _NULLS, 0.5, _NULL_ROLES),
    Example(TCloseness(), {"zip": [], "疾病": []}, 0, _NULL_ROLES),
]
