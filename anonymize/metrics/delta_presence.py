"""δ-presence: how surely somebody is in the table."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.paths import RulePath
from anonymize.core.roles import Roles
from anonymize.kernels.risk.larger_table import counts_of, sizes_beside
from anonymize.statistics.class_sizes import ClassSizes


class DeltaPresence(Metric):
    """The share of the people of the population with the same quasi-identifiers who are in the table.

    M. Nergiz, M. Atzori, C. Clifton, "Hiding the presence of individuals from shared databases", 2007: at a share
    of 1, everybody knows that a person is in the table; at 0, that the person is not. The population is a CSV file
    with the quasi-identifiers, coarsened like the table. A class that the population lacks counts 1. A table
    without rows measures 0.
    """

    use: Literal["delta_presence"] = "delta_presence"
    positional: ClassVar[str | None] = "figure"
    variants: ClassVar[tuple[Mapping[str, Any], ...]] = ({}, {"figure": "least"})

    figure: Literal["greatest", "least"] = "greatest"
    """The class where it is most, or least, sure that a person is in the table."""
    population: RulePath | None = None
    """A CSV file of the population with the quasi-identifiers."""
    fraction: float | None = Field(default=None, gt=0, le=1)
    """The share of the population that is in the table, instead of the file: then of every class."""

    @model_validator(mode="after")
    def _one_population(self) -> "DeltaPresence":
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
            shares = np.full(len(counts_of(summary)), self.fraction or 1.0)
        else:
            here, there = sizes_beside(summary, self.population)
            shares = here / np.maximum(there, np.maximum(here, 1))
        found = float(shares.max() if self.figure == "greatest" else shares.min())
        classes = int(np.isclose(shares, found).sum())
        verb = "has" if classes == 1 else "have"
        return Measurement(
            found, f"{classes:,} of {len(shares):,} classes {verb} this share of their people in it"
        )


_PEOPLE = {"zip": ["12", "12", "34", None], "年龄": [30, 30, 40, None]}
_ROLES = Roles(quasi=("zip", "年龄"))

EXAMPLES = [
    Example(DeltaPresence(fraction=0.25), _PEOPLE, 0.25, _ROLES),
    Example(DeltaPresence(figure="least", fraction=0.5), {"zip": ["1", "", None]}, 0.5, Roles(quasi=("zip",))),
    Example(DeltaPresence(fraction=0.5), {"zip": []}, 0, Roles(quasi=("zip",))),
]
