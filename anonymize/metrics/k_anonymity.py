"""k-anonymity: the size of the smallest class."""

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.counting import COUNT
from anonymize.statistics.class_sizes import ClassSizes


class KAnonymity(Metric):
    """Rows in the smallest class of rows that agree in all quasi-identifiers.

    P. Samarati and L. Sweeney, "Protecting privacy when disclosing information", 1998; L. Sweeney,
    "k-anonymity: a model for protecting privacy", 2002. Null is a value like any other. A table without rows
    measures 0. The figure says nothing about what all rows of a class share: see l_diversity.
    """

    use: Literal["k_anonymity"] = "k_anonymity"

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        sizes = summary[COUNT]
        k = pc.min(sizes).as_py() or 0
        smallest = pc.sum(pc.equal(sizes, k)).as_py() or 0
        if not k:
            return Measurement(0, "there are no rows")
        return Measurement(k, f"the smallest of {len(sizes):,} classes has {k:,} rows ({smallest:,} of that size)")


_PEOPLE = {"zip": ["12", "12", "34", None, None, None], "年龄": [30, 30, 40, None, None, None]}

EXAMPLES = [
    Example(KAnonymity(), _PEOPLE, 1, Roles(quasi=("zip", "年龄"))),
    Example(KAnonymity(), {"zip": ["12", "12", "", "", None, None, None]}, 2, Roles(quasi=("zip",))),
    Example(KAnonymity(), {"zip": []}, 0, Roles(quasi=("zip",))),
]
