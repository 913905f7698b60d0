"""Publish a table about groups instead of the records."""

import re
from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from anonymize.core.component import Example
from anonymize.core.errors import DataError, quoted
from anonymize.core.roles import Roles
from anonymize.core.transform import Aggregation, Context, Properties
from anonymize.kernels import figures
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.counting import COUNT
from anonymize.kernels.lookup import RowLookup
from anonymize.kernels.measures import Measure, parse_measure
from anonymize.kernels.numbers import parse, plain_type
from anonymize.statistics.grouped_values import GroupedValues, Groups


class Aggregate(Aggregation):
    """Group the rows and release counts, sums, means and quantiles of each group, sorted by the groups.

    Groups of fewer than `min_group` rows are left out, and a figure about fewer than `min_group` values is null.
    That alone does not make the table safe: complementary suppression is not done, so a missing group can be
    computed if its total is known from elsewhere; `min`, `max`, `median` and `quantile` may release the value
    of one row; a sum dominated by one row reveals it; and two releases may differ by one row. It gives no
    differential privacy. Nulls are a group of their own, and no figure but `count` counts them. The figures
    are exact, for which each distinct value of each group is held in memory.
    """

    use: Literal["aggregate"] = "aggregate"
    positional: ClassVar[str | None] = "by"

    by: tuple[str, ...] = Field(min_length=1)
    """The columns that make the groups."""
    measures: dict[str, str] = Field(default={"count": "count"}, min_length=1)
    """New columns and what they say: count, sum(x), mean(x), min(x), max(x), median(x), quantile(x, 0.9) or
    distinct(x), the number of different values as they are spelled."""
    min_group: int = Field(default=5, ge=1)
    """Rows that a group must have to be released, and values that a figure must be about."""

    @field_validator("measures")
    @classmethod
    def _readable(cls, measures: dict[str, str]) -> dict[str, str]:
        for text in measures.values():
            parse_measure(text)
        return measures
