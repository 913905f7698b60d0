"""How often each value of a column became each other value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from anonymize.core.beside import AFTER, BEFORE, KEPT, beside, compared
from anonymize.core.errors import DataError
from anonymize.core.statistic import State
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.combining import MOST, count_combinations
from anonymize.kernels.counting import COUNT, add_counts
from anonymize.kernels.risk.changes import BOTH, GONE, NEW, Changes
from anonymize.kernels.risk.columns import spelling

_OF, _BEFORE, _AFTER, _PLACE = "__of", "__before", "__after", "__place"
_COUNTED = (_OF, _BEFORE, _AFTER, _PLACE)
_SCHEMA = pa.schema(
    [(_OF, pa.int32()), (_BEFORE, pa.string()), (_AFTER, pa.string()), (_PLACE, pa.int8()), (COUNT, pa.int64())]
)


@dataclass(frozen=True)
class ValuePairs:
    """For each column every pair of an original and a released value, as text, with the rows that have it.

    The state has a row for each distinct pair, so it can become as large as the columns. Raises DataError for
    more than fit into memory.
    """

    columns: tuple[str, ...]

    @classmethod
    def of(cls, columns: Sequence[str]) -> "ValuePairs":
        """About these columns of the data."""
        return cls(beside(columns))

    def fit(self, batch: pa.RecordBatch) -> State:
        places = _places(batch.column(KEPT))
        counted = [
            self._count(i, batch.column(BEFORE + name), batch.column(AFTER + name), places)
            for i, name in enumerate(compared(self.columns))
        ]
        return pa.concat_tables([*counted, _SCHEMA.empty_table()])

    def _count(self, of: int, before: pa.Array, after: pa.Array, places: pa.Array) -> pa.Table:
        counted = count_combinations({_BEFORE: spelling(before), _AFTER: spelling(after), _PLACE: places})
        own = pa.repeat(pa.scalar(of, pa.int32()), counted.num_rows)
        return counted.append_column(_OF, own).select(_SCHEMA.names).cast(_SCHEMA)

    def merge(self, states: Sequence[State]) -> State:
        merged = add_counts(states, _COUNTED) if len(states) > 1 else states[0]
        if merged.num_rows > MOST:
            raise DataError(
                f"there are more than {MOST:,} different pairs of an original and a released value",
                hint="name fewer columns in the check, as in `information_loss(columns=[age])`",
            )
        return merged

    def finish(self, state: State) -> Mapping[str, Changes]:
        of = to_numpy(state[_OF].combine_chunks())
        found = {}
        for i, name in enumerate(compared(self.columns)):
            part = state.filter(from_numpy(of == i))
            before, after, places, counts = (part[c].combine_chunks() for c in (_BEFORE, _AFTER, _PLACE, COUNT))
            found[name] = Changes(before, after, to_numpy(places), to_numpy(counts).astype(np.int64))
        return found


def _places(kept: pa.BooleanArray) -> pa.Array:
    """Where each row is: in both tables, in the original only, or in the release only."""
    there = np.where(to_numpy(kept), BOTH, GONE).astype(np.int8)
    there[~to_numpy(kept.is_valid())] = NEW
    return from_numpy(there)
