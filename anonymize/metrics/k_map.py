"""k-map: the smallest class of the release, as it is in the population."""

from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.paths import RulePath
from anonymize.core.roles import Roles
from anonymize.kernels.risk.larger_table import counts_of, sizes_beside
from anonymize.statistics.class_sizes import ClassSizes


class KMap(Metric):
    """How many people of the population at least agree with a row in all quasi-identifiers.

    L. Sweeney, "Computational disclosure control", 2001: weaker than k_anonymity, for it counts on the attacker
    not knowing who is in the table. The population is a CSV file with the quasi-identifiers, coarsened like the
    table; with a sampling fraction it is guessed as so many more rows, which is too much for most small classes.
    A class that the population lacks counts 0. A table without rows measures 0.
    """

    use: Literal["k_map"] = "k_map"
    positional: ClassVar[str | None] = "population"

    population: RulePath | None = None
    """A CSV file of the population with the quasi-identifiers."""
    fraction: float | None = Field(default=None, gt=0, le=1)
    """The share of the population that is in the table, instead of the file."""

    @model_validator(mode="after")
    def _one_population(self) -> "KMap":
        if (self.population is None) == (self.fraction is None):
            raise ValueError("give one of `population` and `fraction`")
        return self

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        if not summary.num_rows:
            return Measurement(0, "there are no rows")
        if self.population is None:
            there = counts_of(summary) / (self.fraction or 1.0)
        else:
            here, every = sizes_beside(summary, self.population)
            there = every[here > 0].astype(float)
        least = float(there.min())
        smallest = int((there == least).sum())
        return Measurement(
            least,
            f"{smallest:,} of {len(there):,} classes {'is' if smallest == 1 else 'are'} of {least:,.4g} people",
        )


_PEOPLE = {"zip": ["12", "12", "34", None, None, None], "年龄": [30, 30, 40, None, None, None]}

EXAMPLES = [
    Example(KMap(fraction=0.1), _PEOPLE, 10, Roles(quasi=("zip", "年龄"))),
    Example(KMap(fraction=1), {"zip": ["12", "12", "", "", None, None, None]}, 2, Roles(quasi=("zip",))),
    Example(KMap(fraction=0.5), {"zip": []}, 0, Roles(quasi=("zip",))),
]
