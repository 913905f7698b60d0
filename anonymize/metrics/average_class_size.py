"""Average class size: how much larger the classes are than they must be."""

from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.risk.larger_table import counts_of
from anonymize.statistics.class_sizes import ClassSizes


class AverageClassSize(Metric):
    """Rows per class, divided by k: 1 is the best that k-anonymity can have.

    K. LeFevre, D. DeWitt and R. Ramakrishnan, "Mondrian multidimensional k-anonymity", 2006. A table without rows
    measures 0.
    """

    use: Literal["average_class_size"] = "average_class_size"
    positional: ClassVar[str | None] = "k"

    k: int = Field(default=1, ge=1)
    """The size that a class must have."""

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        sizes = counts_of(summary)
        if not len(sizes):
            return Measurement(0, "there are no rows")
        rows = int(sizes.sum())
        return Measurement(rows / len(sizes) / self.k, f"{rows:,} rows in {len(sizes):,} classes")


EXAMPLES = [
    Example(AverageClassSize(), {"zip": ["1", "2", "2", None, None, None]}, 2, Roles(quasi=("zip",))),
    Example(AverageClassSize(k=2), {"年龄": [1, 1, 1, 2, 2, 2]}, 1.5, Roles(quasi=("年龄",))),
    Example(AverageClassSize(), {"zip": []}, 0, Roles(quasi=("zip",))),
]
