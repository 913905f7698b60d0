"""Publish a table about groups instead of the records."""

from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator, model_validator

from anonymize.core.component import Example
from anonymize.core.errors import DataError, quoted
from anonymize.core.roles import Roles
from anonymize.core.transform import Aggregation, Context
from anonymize.kernels.anonymity.metering import VALUE
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.counting import COUNT
from anonymize.kernels.lookup import RowLookup
from anonymize.kernels.numbers.figures import counted
from anonymize.kernels.numbers.measures import Measure, parse_measure
from anonymize.kernels.numbers.parsing import parse, plain_type
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

    @model_validator(mode="after")
    def _distinct_names(self) -> Self:
        if len(set(self.by)) < len(self.by):
            raise ValueError("a column stands twice in `by`")
        clash = next((name for name in self.measures if name in self.by), None)
        if clash is not None:
            raise ValueError(f"{clash!r} is both a column of `by` and the name of a measure")
        return self

    def columns(self, roles: Roles) -> tuple[str, ...]:
        return self.needs(()).columns

    def needs(self, columns: tuple[str, ...]) -> GroupedValues:
        measured = dict.fromkeys(measure.column for measure in self._parsed().values() if measure.column)
        return GroupedValues(self.by, tuple(measured))

    def output_schema(self, given: pa.Schema) -> pa.Schema:
        groups = [(name, plain_type(given.field(name).type)) for name in self.by]
        if any(pa.types.is_nested(found) for _, found in groups):
            raise TypeError("groups by single values, not by lists or structures")
        figures = [(name, measure.output_type(_type(given, measure))) for name, measure in self._parsed().items()]
        return pa.schema(groups + figures)

    def release(self, context: Context[Groups]) -> pa.Table:
        groups = context.fitted
        large = groups.rows.filter(pc.greater_equal(groups.rows[COUNT], self.min_group))
        large = large.sort_by([(name, "ascending") for name in self.by]).combine_chunks()
        released = large.select(self.by)
        lookup = RowLookup(large, self.by)
        tables = dict(zip(self.needs(()).values, groups.counts, strict=True))
        for name, measure in self._parsed().items():
            if measure.column:
                figure = self._figure(measure, tables[measure.column], lookup, context)
            else:
                figure = large[COUNT]
            released = released.append_column(name, figure)
        return released

    def _parsed(self) -> dict[str, Measure]:
        return {name: parse_measure(text) for name, text in self.measures.items()}

    def _figure(self, measure: Measure, table: pa.Table, lookup: RowLookup, context: Context[Any]) -> pa.Array:
        values = table[VALUE].combine_chunks()
        output = measure.output_type(values.type)
        if measure.compares_numbers and (pa.types.is_string(values.type) or pa.types.is_floating(values.type)):
            values = _numbers(measure.column, values, table[COUNT], context)
        counts = to_numpy(table[COUNT].combine_chunks())
        try:
            given = counted(values, counts, lookup.places(table), lookup.table.num_rows)
            return measure.figure(given, output, self.min_group)
        except OverflowError:
            raise DataError(f"column {quoted(measure.column)}: a figure is too large for its type") from None


def _type(given: pa.Schema, measure: Measure) -> pa.DataType:
    return given.field(measure.column).type if measure.column else pa.null()


def _numbers(column: str, values: pa.Array, counts: pa.ChunkedArray, context: Context[Any]) -> pa.Array:
    """The values as numbers. Raises DataError with the number of cells that are none."""
    asked = replace(context, rejections=[])
    numbers = parse(values, asked)
    bad = sum(pc.sum(pc.filter(counts, rejection.bad)).as_py() for rejection in asked.rejections)
    if bad:
        problem = f"column {quoted(column)}: cells that are no numbers, or too large to be exact: {bad:,}"
        raise DataError(problem, hint="drop these rows first, or leave the column out of the measures")
    return numbers


_PAY = {
    "部门": ["IT", "IT", "IT", "", "", "", None, None, None, "board"],
    "salary": ["10", "20.5", "10", "1", None, "3", "7", "7", "9", "999"],
    "age": [30, 40, 50, 20, 21, 22, 60, 61, 62, 70],
}

EXAMPLES = [
    Example(Aggregate(by=("部门",), min_group=3), _PAY, {"部门": ["", "IT", None], "count": [3, 3, 3]}),
    Example(
        Aggregate(
            by=("部门",),
            measures={"total": "sum(salary)", "mean": "mean(salary)", "kinds": "distinct(salary)"},
            min_group=2,
        ),
        _PAY,
        {"部门": ["", "IT", None], "total": [4.0, 40.5, 23.0], "mean": [2.0, 13.5, 23 / 3], "kinds": [2, 2, 2]},
    ),
    Example(
        Aggregate(
            by=("部门",),
            measures={"from": "min(age)", "to": "max(age)", "p90": "quantile(age, 0.9)", "middle": "median(age)"},
            min_group=3,
        ),
        _PAY,
        {
            "部门": ["", "IT", None],
            "from": [20, 30, 60],
            "to": [22, 50, 62],
            "p90": [21.8, 48.0, 61.8],
            "middle": [21.0, 40.0, 61.0],
        },
    ),
]
