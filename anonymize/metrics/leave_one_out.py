"""Leave-one-out: how much of the risk one column makes."""

from typing import ClassVar, Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.risk.larger_table import counts_of
from anonymize.kernels.risk.leaving_out import leave_one_out
from anonymize.statistics.class_sizes import ClassSizes


class LeaveOneOut(Metric):
    """Share of the average prosecutor risk that would be gone without the quasi-identifier that makes most of it.

    The classes without a column are exact: they follow from the classes with it. The average risk is classes /
    rows, so a share of 0.9 says that the table would fall into a tenth of the classes. What each column makes is
    in the table that `assess` prints below its figures. A table without rows measures 0.

    By hand: four rows of four different birth years and one sex are four classes; without the year they are one,
    so it makes 3/4 of the risk.
    """

    use: Literal["leave_one_out"] = "leave_one_out"
    positional: ClassVar[str | None] = "column"

    column: str | None = None
    """The quasi-identifier to measure; by default the one that makes most of the risk."""

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        if self.column is not None and self.column not in roles.quasi:
            raise ValueError("the column has not the role quasi_identifier")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        rows = int(counts_of(summary).sum())
        if not rows:
            return Measurement(0, "there are no rows")
        found = leave_one_out(summary, summary.column_names[:-1])
        most = min((i for i in found if self.column in (None, i.column)), key=lambda influence: influence.classes)
        left = f"is {most.classes:,} class" if most.classes == 1 else f"are {most.classes:,} classes"
        said = f"without {most.column} there {left} instead of {summary.num_rows:,}"
        return Measurement(1 - most.classes / summary.num_rows, said)


_PEOPLE = {"出生": [1950, 1960, 1970, None], "sex": ["f", "f", "f", "f"]}
_ROLES = Roles(quasi=("出生", "sex"))

EXAMPLES = [
    Example(LeaveOneOut(), _PEOPLE, 0.75, _ROLES),
    Example(LeaveOneOut(column="sex"), _PEOPLE, 0, _ROLES),
    Example(LeaveOneOut(), {"zip": ["1", "2", "", None]}, 0.75, Roles(quasi=("zip",))),
    Example(LeaveOneOut(), {"zip": []}, 0, Roles(quasi=("zip",))),
]
