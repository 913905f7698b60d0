"""How often each value of some columns occurs in each group of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.statistic import State
from anonymize.kernels.anonymity.metering import VALUE, spread_of
from anonymize.kernels.anonymity.models import Spread
from anonymize.kernels.counting import COUNT, add_counts, count_rows
from anonymize.kernels.numbers.parsing import plain

_OF = "__of"  # i counts the values of the i-th column; 0 the rows of a group, where there is no column


@dataclass(frozen=True)
class Groups:
    """The groups, each with its number of rows, and the counted values of each column."""

    rows: pa.Table
    """One row per group: the columns that make the group, and `__count`."""
    counts: tuple[pa.Table, ...]
    """For each column, one row per group and distinct value: the group's columns, `__value` and `__count`."""

    @cached_property
    def spreads(self) -> tuple[Spread, ...]:
        """The same for each column as numbers."""
        return tuple(spread_of(counts) for counts in self.counts)


@dataclass(frozen=True)
class GroupedValues:
    """The exact distribution of each of the values within the groups that `by` makes. Nulls are values.

    The state has a row for each distinct pair of group and value, so it can become as large as the columns.
    """

    by: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.by, *self.values)))

    def fit(self, batch: pa.RecordBatch) -> State:
        table = pa.table({name: plain(batch.column(name)) for name in self.columns})
        types = [table.schema.field(name).type for name in self.values]
        counted = [] if self.values else [_padded(count_rows(table, self.by), 0, types)]
        for place, name in enumerate(self.values, 1):
            paired = table.select(self.by).append_column(VALUE, table[name])
            counts = count_rows(paired, (*self.by, VALUE))
            counted.append(_padded(counts.drop_columns([VALUE]), place, types, counts[VALUE]))
        return pa.concat_tables(counted)

    def merge(self, states: Sequence[State]) -> State:
        names = [f"{VALUE}_{place}" for place in range(1, len(self.values) + 1)]
        return add_counts(states, (*self.by, _OF, *names))

    def finish(self, state: State) -> Groups:
        counts = tuple(self._part(state, i + 1) for i in range(len(self.values)))
        rows = add_counts([counts[0].drop_columns([VALUE])], self.by) if counts else self._part(state, 0)
        return Groups(rows, counts)

    def _part(self, state: State, place: int) -> pa.Table:
        part = state.filter(pc.equal(state[_OF], pa.scalar(place, pa.int32())))
        found = part.select(self.by)
        if place:
            found = found.append_column(VALUE, part[f"{VALUE}_{place}"])
        return found.append_column(COUNT, part[COUNT])


def _padded(counts: pa.Table, place: int, types: list[pa.DataType], values: pa.Array | None = None) -> pa.Table:
    """The counts of one column in the schema that all columns share: null in the other columns' places."""
    rows = counts.num_rows
    padded = counts.append_column(_OF, pa.repeat(pa.scalar(place, pa.int32()), rows))
    for i, given in enumerate(types, 1):
        padded = padded.append_column(f"{VALUE}_{i}", values if i == place else pa.nulls(rows, given))
    return padded.select([name for name in padded.column_names if name != COUNT] + [COUNT])
