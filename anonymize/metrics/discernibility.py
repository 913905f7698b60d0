"""Discernibility: how many rows each row cannot be told from."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.risk.larger_table import counts_of, names_of
from anonymize.statistics.class_sizes import ClassSizes


class Discernibility(Metric):
    """The discernibility penalty of the table: each row costs the size of its class, a suppressed row the size of
    the table. The less, the more is left.

    R. Bayardo and R. Agrawal, "Data privacy through optimal k-anonymization", 2005. A row counts as suppressed
    if it is null in all quasi-identifiers.
    """

    use: Literal["discernibility"] = "discernibility"

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        sizes = counts_of(summary)
        rows = int(sizes.sum())
        blank = np.ones(len(sizes), np.bool_)
        for name in names_of(summary):
            blank &= to_numpy(pc.is_null(summary[name]).combine_chunks())
        cost = int((sizes[~blank] ** 2).sum()) + rows * int(sizes[blank].sum())
        if not rows:
            return Measurement(0, "there are no rows")
        return Measurement(cost, f"a row cannot be told from {cost / rows:,.4g} rows on average, itself included")


EXAMPLES = [
    Example(Discernibility(), {"zip": ["1", "2", "2", "", ""]}, 9, Roles(quasi=("zip",))),
    Example(
        Discernibility(), {"zip": ["1", "2", "2", None], "年龄": [1, 1, 1, None]}, 9, Roles(quasi=("zip", "年龄"))
    ),
    Example(Discernibility(), {"zip": []}, 0, Roles(quasi=("zip",))),
]
