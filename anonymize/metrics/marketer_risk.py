"""Marketer risk: somebody matches as many people as he can."""

from math import fsum
from typing import Literal

import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.paths import RulePath
from anonymize.core.roles import Roles
from anonymize.kernels.risk.larger_table import class_sizes, counts_of, sampling_fraction
from anonymize.statistics.class_sizes import ClassSizes


class MarketerRisk(Metric):
    """The share of rows that are expected to be matched to the right person, when all are matched at random to the
    people of the population who agree with them: the sum of f/F over all classes, divided by the rows.

    F. Dankar and K. El Emam, "A method for evaluating marketer re-identification risk", 2010. F comes from a
    file of the population, or is estimated as f divided by the sampling fraction.
    """

    use: Literal["marketer_risk"] = "marketer_risk"

    size: int | None = Field(default=None, gt=0)
    """The people of the population."""
    fraction: float | None = Field(default=None, gt=0, le=1)
    """The share of the population that is in the table, instead of `size`."""
    population: RulePath | None = None
    """A CSV file of the population with the quasi-identifiers, instead of both."""

    @model_validator(mode="after")
    def _one_population(self) -> "MarketerRisk":
        if sum(given is not None for given in (self.size, self.fraction, self.population)) != 1:
            raise ValueError("give one of `size`, `fraction` and `population`")
        return self

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        rows = int(counts_of(summary).sum())
        if not rows:
            return Measurement(0, "there are no rows")
        here, there = class_sizes(summary, sampling_fraction(rows, self.size, self.fraction), self.population)
        matched = fsum(here / there)
        return Measurement(matched / rows, f"{matched:,.4g} of {rows:,} rows are expected to be matched rightly")


_PEOPLE = {"zip": ["1", "2", "2", None, None, None]}

EXAMPLES = [
    Example(MarketerRisk(fraction=1), _PEOPLE, 0.5, Roles(quasi=("zip",))),
    Example(MarketerRisk(fraction=0.1), _PEOPLE, 0.05, Roles(quasi=("zip",))),
    Example(MarketerRisk(size=60), _PEOPLE, 0.05, Roles(quasi=("zip",))),
    Example(MarketerRisk(size=9), {"zip": []}, 0, Roles(quasi=("zip",))),
]
