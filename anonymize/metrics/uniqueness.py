"""Uniqueness: the share of rows that stand alone."""

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.counting import COUNT
from anonymize.statistics.class_sizes import ClassSizes


class Uniqueness(Metric):
    """Share of rows whose combination of quasi-identifiers no other row has, from 0 to 1.

    These are sample uniques: whether they are unique in the population is not known from the table. Null is a
    value like any other. A table without rows measures 0.
    """

    use: Literal["uniqueness"] = "uniqueness"

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        sizes = summary[COUNT]
        rows = pc.sum(sizes).as_py() or 0
        alone = pc.sum(pc.equal(sizes, 1)).as_py() or 0
        return Measurement(alone / rows if rows else 0, f"{alone:,} of {rows:,} rows are alone in their class")


EXAMPLES = [
    Example(
        Uniqueness(),
        {"zip": ["12", "12", "34", None], "年龄": [30, 30, 30, None]},
        0.5,
        Roles(quasi=("zip", "年龄")),
    ),
    Example(Uniqueness(), {"zip": ["12", "12", "", "", None, None]}, 0, Roles(quasi=("zip",))),
    Example(Uniqueness(), {"zip": []}, 0, Roles(quasi=("zip",))),
]
