"""l-diversity: how many sensitive values a class has at least."""

from typing import ClassVar, Literal

import numpy as np

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.models import distinct_values
from anonymize.statistics.grouped_values import GroupedValues, Groups


class LDiversity(Metric):
    """Distinct values of the sensitive column in the class that has the fewest (distinct l-diversity).

    A. Machanavajjhala et al., "l-diversity: privacy beyond k-anonymity", 2007. Of several sensitive columns the
    least diverse counts. Null is a value like any other, among the quasi-identifiers and among the sensitive
    values. A table without rows measures 0. Distinct values may be alike in meaning, or one of them
    nearly certain: this figure does not see it.
    """

    use: Literal["l_diversity"] = "l_diversity"
    positional: ClassVar[str | None] = "column"

    column: str | None = None
    """The sensitive column to measure; by default every column with the role sensitive."""

    def needs(self, roles: Roles) -> GroupedValues:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        sensitive = roles.sensitive if self.column is None else (self.column,)
        if not sensitive:
            raise ValueError("no column has the role sensitive")
        if self.column in roles.quasi:
            raise ValueError("the sensitive column has the role quasi_identifier")
        return GroupedValues(roles.quasi, sensitive)

    def measure(self, summary: Groups) -> Measurement:
        diversities = [distinct_values(spread) for spread in summary.spreads]
        least = int(min(diversity.min(initial=0 if not len(diversity) else np.inf) for diversity in diversities))
        poorest = max(int((diversity == least).sum()) for diversity in diversities)
        if not least:
            return Measurement(0, "there are no rows")
        counted = f"{poorest:,} of {len(diversities[0]):,} classes have"
        values = "sensitive value" if least == 1 else "different sensitive values"
        return Measurement(least, f"{counted} only {least:,} {values}")


_PEOPLE = {
    "zip": ["12", "12", "12", None, None],
    "疾病": ["flu", "cold", "flu", "flu", None],
    "income": [1, 1, 1, 2, 3],
}

EXAMPLES = [
    Example(LDiversity(), _PEOPLE, 2, Roles(quasi=("zip",), sensitive=("疾病",))),
    Example(LDiversity(), _PEOPLE, 1, Roles(quasi=("zip",), sensitive=("疾病", "income"))),
    Example(LDiversity(column="疾病"), _PEOPLE, 2, Roles(quasi=("zip",), sensitive=("疾病", "income"))),
    Example(LDiversity(), {"zip": [], "疾病": []}, 0, Roles(quasi=("zip",), sensitive=("疾病",))),
]
