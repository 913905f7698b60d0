"""SUDA2: rows that few of their values single out."""

from collections.abc import Mapping
from math import fsum
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.arrays import one_array
from anonymize.kernels.combining import encode
from anonymize.kernels.risk.larger_table import counts_of, names_of
from anonymize.kernels.risk.remembering import once
from anonymize.kernels.risk.special_uniques import (
    MOST_SUBSETS,
    SpecialUniques,
    intrusion_scores,
    special_uniques,
    subsets,
)
from anonymize.statistics.class_sizes import ClassSizes


class Suda2(Metric):
    """How much rows stand out by few of their quasi-identifiers: minimal sample uniques and their scores.

    A row that two columns single out is at more risk than one that needs six. Minimal sample uniques are found
    as A. Manning, D. Haglin and J. Keane describe them ("A recursive search algorithm for statistical disclosure
    assessment", 2008), up to `max_size` columns. The DIS-SUDA score of a row is its share of the file's risk of
    a correct unique match (C. Skinner and M. Elliot, "A measure of disclosure risk for microdata", 2002), at
    most 1.
    """

    use: Literal["suda2"] = "suda2"
    positional: ClassVar[str | None] = "figure"
    variants: ClassVar[tuple[Mapping[str, Any], ...]] = ({}, {"figure": "share"})

    figure: Literal["highest", "average", "share"] = "highest"
    """The highest DIS-SUDA score, the mean over all rows, or the share of rows with a minimal sample unique."""
    max_size: int = Field(default=3, ge=1, le=10)
    """The most columns that a minimal sample unique may have."""
    fraction: float = Field(default=0.1, gt=0, le=1)
    """The share of the population that is in the table."""

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        if subsets(len(roles.quasi), self.max_size) > MOST_SUBSETS:
            raise ValueError("there are too many combinations of quasi-identifiers; lower `max_size`")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        weights = counts_of(summary)
        rows = int(weights.sum())
        if not rows:
            return Measurement(0, "there are no rows")
        found = once(summary, (self.use, self.max_size), lambda: self._uniques(summary, weights))
        special = int((found.minimal > 0).sum())
        said = f"{special:,} of {rows:,} rows are unique by {self.max_size:,} columns or fewer"
        if self.figure == "share":
            return Measurement(special / rows, said)
        scores = intrusion_scores(found, weights, self.fraction)
        return Measurement(float(np.max(scores)) if self.figure == "highest" else fsum(scores) / rows, said)

    def _uniques(self, summary: pa.Table, weights: NDArray[np.int64]) -> SpecialUniques:
        codes = [encode(one_array(summary[name])) for name in names_of(summary)]
        return special_uniques(codes, weights, self.max_size)


_PEOPLE = {
    "sex": ["m", "m", "f", "f", "f"],
    "地区": ["A", "A", "A", "B", None],
    "age": [30, 30, 30, 30, 30],
}
_ROLES = Roles(quasi=("sex", "地区", "age"))

EXAMPLES = [
    Example(Suda2(figure="share"), _PEOPLE, 0.6, _ROLES),
    Example(Suda2(figure="share", max_size=1), _PEOPLE, 0.4, _ROLES),
    Example(Suda2(), _PEOPLE, 6 / 35, _ROLES),
    Example(Suda2(figure="average", fraction=1), _PEOPLE, 0.52, _ROLES),
    Example(Suda2(), {"zip": []}, 0, Roles(quasi=("zip",))),
]
