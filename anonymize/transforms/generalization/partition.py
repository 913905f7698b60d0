"""k-anonymity by multidimensional partitioning."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.roles import Roles
from anonymize.core.transform import Context, Properties, RowTransform
from anonymize.kernels.anonymity.mondrian import Spelling, box_labels, make_axis, partition
from anonymize.kernels.anonymity.releasing import Release, census_of, column_of, make_release
from anonymize.kernels.anonymity.requirements import Demands, Requirement
from anonymize.kernels.counting import COUNT
from anonymize.kernels.numbers.parsing import plain_type
from anonymize.statistics.combinations import Combinations, Combined


class Partition(RowTransform):
    """Cut the rows into boxes of k or more by the order of their quasi-identifiers, and tell only the box.

    Strict Mondrian (K. LeFevre, D. DeWitt, R. Ramakrishnan, 2006): the widest box is halved at its median for as
    long as both halves hold. No hierarchies are needed and no rows are suppressed; numbers are ordered as such,
    everything else as text. The columns become text. Null is the last in order; a box of nulls and others shows
    null. The bounds of a box are values of the data. The result is k-anonymous over these columns, no more.
    """

    use: Literal["partition"] = "partition"
    positional: ClassVar[str | None] = "k"

    k: Annotated[int, Field(ge=1)]
    """The smallest box."""
    l: Annotated[float, Field(gt=1)] | None = None  # noqa: E741  (the literature's name)
    """Distinct l-diversity: so many sensitive values in each box."""
    t: Annotated[float, Field(gt=0, le=1)] | None = None
    """t-closeness with equal distances: how far a box's sensitive values may be from those of all rows."""
    sensitive: tuple[str, ...] = ()
    """The sensitive columns; by default those with this role."""
    labels: Spelling = "range"
    """How a box is told: the least and the greatest value, all values, or the mean of numbers."""

    def columns(self, roles: Roles) -> tuple[str, ...]:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        if self._asks_sensitive and not (self.sensitive or roles.sensitive):
            raise ValueError("l and t need a column with the role sensitive")
        if set(self.sensitive or roles.sensitive) & set(roles.quasi):
            raise ValueError("a sensitive column has the role quasi_identifier")
        return roles.quasi

    def bound(self, roles: Roles) -> RowTransform:
        return self.model_copy(update={"sensitive": self.sensitive or roles.sensitive})

    def reads(self) -> tuple[str, ...]:
        return self.sensitive

    def properties(self) -> Properties:
        return Properties(deterministic=False, survives="the bounds of a box of rows")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if pa.types.is_nested(plain_type(given)) or pa.types.is_binary(plain_type(given)):
            raise TypeError(f"needs single values such as text, numbers or dates, not {given}")
        return pa.string()

    def needs(self, columns: tuple[str, ...]) -> Combinations:
        return Combinations(tuple(dict.fromkeys((*columns, *(self.sensitive if self._asks_sensitive else ())))))

    def apply(
        self, batch: pa.RecordBatch, context: Context[Combined]
    ) -> tuple[pa.RecordBatch, pa.BooleanArray | None]:
        names = batch.schema.names
        table = context.fitted.table
        release: Release = context.fitted.once(self.call(), lambda: self._solve(table, names))
        columns, kept = release.apply(batch)
        return pa.record_batch(columns, names), kept

    def outcome(self, fitted: Combined) -> Mapping[str, Any]:
        names = [name for name in fitted.table.column_names if name not in (*self.sensitive, COUNT)]
        release: Release = fitted.once(self.call(), lambda: self._solve(fitted.table, names))
        return release.facts

    @property
    def _asks_sensitive(self) -> bool:
        return self.l is not None or self.t is not None

    def _solve(self, table: pa.Table, names: list[str]) -> Release:
        axes = [make_axis(column_of(table, name)) for name in names]
        census, _ = census_of(table, [axis.ranks for axis in axes], self.sensitive if self._asks_sensitive else ())
        if not census.rows:
            return make_release(table, names, [pa.nulls(0, pa.string())] * len(names), np.zeros(0, np.bool_), {})
        every = tuple(range(len(census.sensitive)))
        asked = [Requirement("l_diversity", self.l, every)] if self.l is not None else []
        asked += [Requirement("t_closeness", self.t, every)] if self.t is not None else []
        boxes = partition(census, axes, Demands(census, self.k, tuple(asked)))
        labels = [box_labels(axis, boxes, census.weights, self.labels) for axis in axes]
        facts: dict[str, Any] = {"boxes": int(boxes.max()) + 1}
        return make_release(table, names, labels, np.ones(len(boxes), np.bool_), facts)


_PEOPLE = {
    "年龄": [21, 23, 34, 38, None, 71],
    "zip": ["10115", "10117", "10119", "10115", "10117", "80331"],
    "diagnosis": ["flu", "cold", "flu", "asthma", "flu", ""],
}
_ROLES = Roles(quasi=("年龄", "zip"), sensitive=("diagnosis",))

_BOXES = {
    "年龄": ["[21, 23]", "[21, 23]", "[34, 71]", None, None, "[34, 71]"],
    "zip": ["[10115, 10117]", "[10115, 10117]", "[10119, 80331]"] + ["[10115, 10117]"] * 2 + ["[10119, 80331]"],
    "diagnosis": ["flu", "cold", "flu", "asthma", "flu", ""],
}
_HALVES = {
    "年龄": ["[21, 34]"] * 3 + [None] * 3,
    "zip": ["[10115, 10119]"] * 3 + ["[10115, 80331]"] * 3,
    "diagnosis": ["flu", "cold", "flu", "asthma", "flu", ""],
}

EXAMPLES = [
    Example(Partition(k=2), _PEOPLE, _BOXES, _ROLES),
    Example(Partition(k=3, l=2, sensitive=("diagnosis",)), _PEOPLE, _HALVES, _ROLES),
    Example(Partition(k=3, t=0.4, sensitive=("diagnosis",)), _PEOPLE, _HALVES, _ROLES),
    Example(
        Partition(k=2, labels="mean"),
        {"x": [1.0, 2, 10, 11, 13]},
        {"x": ["4.333333", "4.333333", "4.333333", "12", "12"]},
        Roles(quasi=("x",)),
    ),
    Example(
        Partition(k=2, labels="set"),
        {"x": ["b", "a", "", "z"]},
        {"x": ["{b, z}", "{, a}", "{, a}", "{b, z}"]},
        Roles(quasi=("x",)),
    ),
]
