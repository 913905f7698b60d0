"""Population uniqueness: the share of the population that the quasi-identifiers single out."""

from typing import Literal

import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.risk.larger_table import counts_of, sampling_fraction
from anonymize.kernels.risk.superpopulation import Histogram, estimate
from anonymize.statistics.class_sizes import ClassSizes


class PopulationUniqueness(Metric):
    """Share of the population that is unique in it by the quasi-identifiers, estimated from the sizes of the
    table's classes.

    The table must be a random sample of the population. Models: Pitman (N. Hoshino, 2001), Zayatz (L. Zayatz,
    1991) and SNB (G. Chen and S. Keller-McNulty, 1998). `auto` chooses as F. Dankar et al. ("Estimating the
    re-identification risk of clinical data sets", 2012): Pitman for a sampling fraction of up to 0.1, above it
    the smaller of SNB and Zayatz. For small fractions the models may be wrong by a factor of two.
    """

    use: Literal["population_uniqueness"] = "population_uniqueness"

    size: int | None = Field(default=None, gt=0)
    """The people of the population."""
    fraction: float | None = Field(default=None, gt=0, le=1)
    """The share of the population that is in the table, instead of `size`."""
    model: Literal["auto", "pitman", "zayatz", "snb"] = "auto"
    """How the sizes of the population's classes are thought to be distributed."""

    @model_validator(mode="after")
    def _one_population(self) -> "PopulationUniqueness":
        if (self.size is None) == (self.fraction is None):
            raise ValueError("give `size` or `fraction`")
        return self

    def needs(self, roles: Roles) -> ClassSizes:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        found = Histogram.of(counts_of(summary))
        if not found.rows:
            return Measurement(0, "there are no rows")
        fraction = sampling_fraction(found.rows, self.size, self.fraction)
        people = found.rows / fraction
        uniques, model = estimate(found, fraction, self.model)
        said = f"about {uniques:,.0f} of {people:,.0f} people are unique, by the model {model}"
        return Measurement(uniques / people, said)


_PEOPLE = {"zip": ["1", "2", "2", None, None, None]}

EXAMPLES = [
    Example(PopulationUniqueness(fraction=1), _PEOPLE, 1 / 6, Roles(quasi=("zip",))),
    Example(PopulationUniqueness(size=12, model="zayatz"), _PEOPLE, 11 / 192, Roles(quasi=("zip",))),
    Example(PopulationUniqueness(size=100), {"zip": ["1", "1"]}, 0, Roles(quasi=("zip",))),
    Example(PopulationUniqueness(size=100), {"zip": []}, 0, Roles(quasi=("zip",))),
]
