"""Entropy l-diversity: how evenly sensitive values are spread in a class."""

from typing import ClassVar, Literal

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.metering import least, sensitive_columns, worst
from anonymize.kernels.anonymity.models import entropy_diversity
from anonymize.statistics.grouped_values import GroupedValues, Groups


class EntropyLDiversity(Metric):
    """e to the power of the entropy of the sensitive values in the class where it is least.

    A. Machanavajjhala et al., "l-diversity: privacy beyond k-anonymity", 2007. It is l where l values are equally
    frequent in every class, and less where some are more frequent than others. Null is a value like any other. A
    table without rows measures 0.
    """

    use: Literal["entropy_l_diversity"] = "entropy_l_diversity"
    positional: ClassVar[str | None] = "column"

    column: str | None = None
    """The sensitive column to measure; by default all with this role, the worst of which counts."""

    def needs(self, roles: Roles) -> GroupedValues:
        return GroupedValues(roles.quasi, sensitive_columns(roles, self.column))

    def measure(self, summary: Groups) -> Measurement:
        return worst(summary.spreads, entropy_diversity, least)


_PEOPLE = {"zip": ["12", "12", "12", "12", None, None], "疾病": ["flu", "flu", "cold", "", "flu", None]}
_ROLES = Roles(quasi=("zip",), sensitive=("疾病",))
_EMPTY: dict[str, list[str]] = {"zip": [], "疾病": []}

EXAMPLES = [
    Example(EntropyLDiversity(), _PEOPLE, 2.0, _ROLES),
    Example(EntropyLDiversity(column="疾病"), {"zip": ["1"] * 4, "疾病": ["a", "b", "b", "b"]}, 1.7547654, _ROLES),
    Example(EntropyLDiversity(), _EMPTY, 0, _ROLES),
]
