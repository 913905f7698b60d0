"""A page on its way through a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.json.paths import in_list
from anonymize.core.beside import AFTER, BEFORE, KEPT, OWN, ROW
from anonymize.core.format import Edit, Layout, OutputColumn, Page
from anonymize.core.profile import OFF, Profile
from anonymize.core.transform import Sibling
from anonymize.kernels.arrays import constant, from_numpy, is_text, text, to_numpy
from anonymize.planning.plan import REDACTED, ColumnPlan, Plan


@dataclass
class Frame:
    """The columns of a page as they are now. Arrays always keep the page's length; rows that go are masked,
    so that every value still knows its row."""

    page: Page
    first_row: int
    plan: Plan
    late: Mapping[str, ColumnPlan] = field(default_factory=dict)
    """Columns that turned up after the plan was made (open schemas)."""
    kept: NDArray[np.bool_] | None = None
    columns: dict[str, pa.Array] = field(default_factory=dict)
    originals: dict[str, pa.Array] = field(default_factory=dict)
    """Columns whose values were restored: as other steps see them."""
    failed: dict[str, pa.BooleanArray] = field(default_factory=dict)
    """Values that a step could not handle, and that are to be redacted."""
    beside: dict[int, Sequence[Sibling]] = field(default_factory=dict)
    """What steps saw beside their column, by how many columns were restored then; forgotten with the page."""
    profile: Profile = OFF

    def values(self, column: str) -> pa.Array:
        """The values as they are now."""
        return self.columns[column] if column in self.columns else self._read(column)

    def source(self, column: str) -> pa.Array:
        """The values as they were read, or restored; all null where the page lacks the column."""
        if column in self.originals:
            return self.originals[column]
        if column in self.present:
            return self._read(column)
        return pa.nulls(self.page.rows, pa.string())

    def _read(self, column: str) -> pa.Array:
        with self.profile("cells"):
            return self.page.values(column)

    @cached_property
    def present(self) -> frozenset[str]:
        return frozenset(self.page.columns) | frozenset(self.page.present)

    def rows(self, column: str) -> NDArray[np.int64]:
        """The row on the page of each value of a column."""
        parents = self.page.parents(column) if column in self.present else None
        return np.arange(self.page.rows, dtype=np.int64) if parents is None else parents

    def slots(self, column: str) -> NDArray[np.int64]:
        """The position of each value inside its row."""
        parents = self.page.parents(column) if column in self.present else None
        if parents is None:
            return np.zeros(self.page.rows, np.int64)
        starts = np.searchsorted(parents, parents, side="left")
        return np.arange(len(parents), dtype=np.int64) - starts

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Let the other rows go."""
        self.kept = kept if self.kept is None else self.kept & kept

    @property
    def row_count(self) -> int:
        """The rows that are still there."""
        return self.page.rows if self.kept is None else int(np.count_nonzero(self.kept))

    def batch(self, columns: tuple[str, ...]) -> pa.RecordBatch:
        """The rows that are still there, as a batch of these columns; all rows, of those that `core.beside`
        names."""
        if columns and columns[0].startswith(OWN):
            return pa.RecordBatch.from_arrays([self._beside(name) for name in columns], names=list(columns))
        arrays = [self._present_values(column) for column in columns]
        if not columns:
            return pa.RecordBatch.from_struct_array(pa.array([{}] * self.row_count, pa.struct([])))
        return pa.RecordBatch.from_arrays(arrays, names=list(columns))

    def _present_values(self, column: str) -> pa.Array:
        is_there = column in self.present or column in self.columns
        if not is_there and in_list(column):
            return pa.nulls(0, pa.string())  # a list that is not there has no items, not even null
        values = self.values(column) if is_there else self.source(column)
        if self.kept is None:
            return values
        parents = self.page.parents(column) if column in self.present else None
        return values.filter(from_numpy(self.kept if parents is None else self.kept[parents]))

    def _beside(self, name: str) -> pa.Array:
        if name == ROW:
            return from_numpy(np.arange(self.first_row, self.first_row + self.page.rows, dtype=np.int64))
        if name == KEPT:
            return from_numpy(np.ones(self.page.rows, np.bool_) if self.kept is None else self.kept)
        if name.startswith(BEFORE):
            return self.source(name.removeprefix(BEFORE))
        column = name.removeprefix(AFTER)
        if column in self.layout().dropped:
            return pa.nulls(self.page.rows, pa.string())
        values = self.values(column) if column in self.present or column in self.columns else self.source(column)
        return values if self.kept is None else blank(values, from_numpy(~self.kept))

    def put_back(self, column: str, values: pa.Array) -> None:
        """Store values of the rows that are still there."""
        if self.kept is not None:
            places = from_numpy((np.cumsum(self.kept) - 1).astype(np.int32))
            values = values.take(pc.if_else(from_numpy(self.kept), places, pa.scalar(None, pa.int32())))
        self.columns[column] = values

    def edit(self) -> Edit:
        """The changes to write."""
        for column, failed in self.failed.items():
            values = self.columns[column]
            self.columns[column] = pc.if_else(failed, constant(REDACTED, failed).cast(values.type), values)
        self.failed = {}
        changed = {name: values for name, values in self.columns.items() if name in self.present}
        return Edit(changed, self.kept)

    def layout(self) -> Layout:
        """The columns to write, those that turned up late included."""
        layout = self.plan.layout
        if not self.late:
            return layout
        late = [c for c in self.late.values() if not c.dropped]
        columns = tuple(OutputColumn(c.name, c.type, c.changed, c.bare) for c in late)
        dropped = frozenset(c.name for c in self.late.values() if c.dropped)
        return Layout((*layout.columns, *columns), layout.dropped | dropped)


def mask_of(values: pa.BooleanArray, unknown: bool) -> NDArray[np.bool_]:
    """A three-valued answer as a mask; `unknown` stands for null."""
    return to_numpy(pc.fill_null(values, unknown) if values.null_count else values)


def blank(values: pa.Array, bad: pa.BooleanArray) -> pa.Array:
    """The values with null where `bad` is true."""
    return pc.if_else(bad, pa.scalar(None, values.type), values)


def scatter(values: pa.Array, mask: NDArray[np.bool_], others: pa.Array) -> pa.Array:
    """`values`, one for each true of the mask, among `others`."""
    if values.type != others.type:
        others = text(others) if is_text(values.type) else blank(others, from_numpy(mask)).cast(values.type)
    return pc.replace_with_mask(others, from_numpy(mask), values)
