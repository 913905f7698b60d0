"""Journalist risk: somebody wants to show that anybody can be found."""

from collections.abc import Mapping
from math import fsum
from typing import Any, ClassVar, Literal

import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.paths import RulePath
from anonymize.core.roles import Roles
from anonymize.kernels.risk.larger_table import class_sizes, counts_of, sampling_fraction
from anonymize.statistics.class_sizes import ClassSizes


class JournalistRisk(Metric):
    """How likely a row is matched to the right person of the population, by somebody who does not know who is in
    the table.

    Each of the F people of the population who agree with a row may be the one, so the risk is 1/F; the average
    is over the rows. F comes from a file of the population, coarsened like the table; from a sampling fraction it
    is estimated as f divided by the fraction, which is too much for most small classes, so the risk of uniques is
    rather higher than it says. K. El Emam, "Guide to the De-Identification of Personal Health Information", 2013.
    """

    use: Literal["journalist_risk"] = "journalist_risk"
    positional: ClassVar[str | None] = "figure"
    variants: ClassVar[tuple[Mapping[str, Any], ...]] = ({}, {"figure": "average"})

    figure: Literal["highest", "average", "share"] = "highest"
    """The risk of the row at most risk, the mean over all rows, or the share of rows over the threshold."""
    threshold: float = Field(default=0.2, gt=0, le=1)
    """A row is at high risk if its risk is greater, for `share`."""
    size: int | None = Field(default=None, gt=0)
    """The people of the population."""
    fraction: float | None = Field(default=None, gt=0, le=1)
    """The share of the population that is in the table, instead of `size`."""
    population: RulePath | None = None
    """A CSV file of the population with the quasi-identifiers, instead of both."""

    @model_validator(mode="after")
    def _one_population(self) -> "JournalistRisk":
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
        fraction = sampling_fraction(rows, self.size, self.fraction)
        here, there = class_sizes(summary, fraction, self.population)
        least = float(there.min())
        if self.figure == "highest":
            return Measurement(1 / least, f"at worst one of {least:,.4g} people of the population is the one")
        if self.figure == "average":
            return Measurement(fsum(here / there) / rows, f"of {rows:,} guesses, one for each row")
        over = int(here[1 / there > self.threshold].sum())
        return Measurement(over / rows, f"{over:,} of {rows:,} rows have a risk over {self.threshold:g}")


_PEOPLE = {"zip": ["1", "2", "2", None, None, None]}
_ROLES = Roles(quasi=("zip",))

EXAMPLES = [
    Example(JournalistRisk(fraction=0.5), _PEOPLE, 0.5, _ROLES),
    Example(JournalistRisk(figure="average", size=24), _PEOPLE, 0.125, _ROLES),
    Example(JournalistRisk(figure="share", fraction=0.5, threshold=0.2), _PEOPLE, 0.5, _ROLES),
    Example(JournalistRisk(fraction=1), {"zip": []}, 0, _ROLES),
]
