"""(alpha,k)-anonymity: the share of the most frequent sensitive value."""

from typing import ClassVar, Literal

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.metering import greatest, sensitive_columns, worst
from anonymize.kernels.anonymity.models import greatest_share
from anonymize.statistics.grouped_values import GroupedValues, Groups


class AlphaK(Metric):
    """Greatest share that one sensitive value has in a class: the least alpha of (alpha,k)-anonymity.

    R. Wong, J. Li, A. Fu, K. Wang, "(alpha,k)-anonymity", KDD 2006. The k is measured by k_anonymity. Null is a
    value like any other. A table without rows measures 0.
    """

    use: Literal["alpha_k"] = "alpha_k"
    positional: ClassVar[str | None] = "column"

    column: str | None = None
    """The sensitive column to measure; by default all with this role, the worst of which counts."""

    def needs(self, roles: Roles) -> GroupedValues:
        return GroupedValues(roles.quasi, sensitive_columns(roles, self.column))

    def measure(self, summary: Groups) -> Measurement:
        return worst(summary.spreads, greatest_share, greatest)


_PEOPLE = {"zip": ["12", "12", "12", "12", None, None], "疾病": ["flu", "flu", "cold", "", "flu", None]}
_ROLES = Roles(quasi=("zip",), sensitive=("疾病",))
_EMPTY: dict[str, list[str]] = {"zip": [], "疾病": []}

EXAMPLES = [
    Example(AlphaK(), _PEOPLE, 0.5, _ROLES),
    Example(AlphaK(column="疾病"), {"zip": ["1"] * 4, "疾病": ["a", "b", "b", "b"]}, 0.75, _ROLES),
    Example(AlphaK(), _EMPTY, 0, _ROLES),
]
