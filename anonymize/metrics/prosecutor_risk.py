"""Prosecutor risk: somebody looks for a person whom he knows to be in the table."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.risk.larger_table import counts_of
from anonymize.statistics.class_sizes import ClassSizes


class ProsecutorRisk(Metric):
    """How likely a row of the table is matched to the right person, by somebody who knows that the person is in
    it.

    Within a class of f rows a guess is right in 1 of f cases. The highest risk is that of the smallest class, the
    average is classes / rows, and the share is of the rows whose risk is over the threshold. K. El Emam, "Guide to
    the De-Identification of Personal Health Information", 2013; F. Dankar and K. El Emam, "A method for evaluating
    marketer re-identification risk", 2010. Null is a value like any other. A table without rows measures 0.
    """

    use: Literal["prosecutor_risk"] = "prosecutor_risk"
    positional: ClassVar[str | None] = "figure"
    variants: ClassVar[tuple[Mapping[str, Any], ...]] = ({}, {"figure": "average"}, {"figure": "share"})

    figure: Literal["highest", "average", "share"] = "highest"
    """The risk of the row at most risk, the mean over all rows, or the share of rows over the threshold."""
    threshold: float = Field(default=0.2, gt=0, le=1)
    """A row is at high risk if its risk is greater, for `share`."""

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        sizes = counts_of(summary)
        rows = int(sizes.sum())
        if not rows:
            return Measurement(0, "there are no rows")
        if self.figure == "highest":
            least = int(sizes.min())
            said = (
                f"at worst one of {least:,} rows is the person" if least > 1 else "at worst the only row that fits"
            )
            return Measurement(1 / least, said)
        if self.figure == "average":
            return Measurement(len(sizes) / rows, f"{len(sizes):,} classes of {rows:,} rows")
        over = int(sizes[1 / sizes > self.threshold].sum())
        return Measurement(over / rows, f"{over:,} of {rows:,} rows have a risk over {self.threshold:g}")


_PEOPLE = {"zip": ["1", "2", "2", None, None, None], "年龄": [30, 30, 30, 40, 40, 40]}
_ROLES = Roles(quasi=("zip", "年龄"))

EXAMPLES = [
    Example(ProsecutorRisk(), _PEOPLE, 1, _ROLES),
    Example(ProsecutorRisk(figure="average"), _PEOPLE, 0.5, _ROLES),
    Example(ProsecutorRisk(figure="share", threshold=0.4), _PEOPLE, 0.5, _ROLES),
    Example(ProsecutorRisk(), {"zip": ["", "", None, None]}, 0.5, Roles(quasi=("zip",))),
    Example(ProsecutorRisk(), {"zip": []}, 0, Roles(quasi=("zip",))),
]
