"""How often each value of some columns occurs in each group of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.statistic import State
from anonymize.kernels.anonymity.metering import VALUE, spread_of
from anonymize.kernels.anonymity.models import Spread
from anonymize.kernels.combining import add_combinations, count_combinations, decoded
from anonymize.kernels.counting import COUNT
from anonymize.kernels.numbers.parsing import plain

_OF = "__of"  # i counts the values of the i-th column; 0 the rows of a group, where there is no column


@dataclass(frozen=True)
class Groups:
    """The groups, each with its number of rows, and the counted values of each column."""

    coded_rows: pa.Table
    """One row per group: the columns that make the group, as dictionaries, and `__count`."""
    coded_counts: tuple[pa.Table, ...]
    """For each column, one row per group and distinct value: the group's columns, `__value` and `__count`."""

    @cached_property
    def rows(self) -> pa.Table:
        """The groups with values instead of dictionaries."""
        return decoded(self.coded_rows)

    @cached_property
    def counts(self) -> tuple[pa.Table, ...]:
        """The counted values of each column, with values instead of dictionaries."""
        return tuple(decoded(counts) for counts in self.coded_counts)

    @cached_property
    def spreads(self) -> tuple[Spread, ...]:
        """The same for each column as numbers."""
        return tuple(spread_of(counts) for counts in self.coded_counts)


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
        columns = {name: plain(batch.column(name)) for name in self.columns}
        by = {name: columns[name] for name in self.by}
        if not self.values:
            return _padded(count_combinations(by, most=None), 0, [])
        types = [columns[name].type for name in self.values]
        counted = [count_combinations({**by, VALUE: columns[name]}, most=None) for name in self.values]
        return pa.concat_tables([_padded(counts, place, types) for place, counts in enumerate(counted, 1)])

    def merge(self, states: Sequence[State]) -> State:
        names = [f"{VALUE}_{place}" for place in range(1, len(self.values) + 1)]
        return add_combinations(states, (*self.by, _OF, *names), most=None)

    def finish(self, state: State) -> Groups:
        counts = tuple(self._part(state, i + 1) for i in range(len(self.values)))
        rows = add_combinations(counts[:1], self.by, most=None) if counts else self._part(state, 0)
        return Groups(rows, counts)

    def _part(self, state: State, place: int) -> pa.Table:
        part = state.filter(pc.equal(decoded(state.select([_OF]))[_OF], pa.scalar(place, pa.int32())))
        found = part.select(self.by)
        if place:
            found = found.append_column(VALUE, part[f"{VALUE}_{place}"])
        return found.append_column(COUNT, part[COUNT])


def _padded(counts: pa.Table, place: int, types: Sequence[pa.DataType]) -> pa.Table:
    """The counts of one column in the schema that all columns share: null in the other columns' places."""
    rows = counts.num_rows
    padded = counts.select([name for name in counts.column_names if name not in (VALUE, COUNT)])
    padded = padded.append_column(_OF, pc.dictionary_encode(pa.repeat(pa.scalar(place, pa.int32()), rows)))
    for i, given in enumerate(types, 1):
        values = counts[VALUE] if i == place else pc.dictionary_encode(pa.nulls(rows, given))
        padded = padded.append_column(f"{VALUE}_{i}", values)
    return padded.append_column(COUNT, counts[COUNT])
