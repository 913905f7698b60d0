"""All values of one column, in sorted order. Its state may become as large as the column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.statistic import State
from anonymize.kernels.arrays import one_array, to_numpy
from anonymize.kernels.counting import COUNT, add_counts, count_rows


@dataclass(frozen=True, eq=False)
class Multiset:
    """The distinct values in ascending order, null last, and how often each occurs."""

    values: pa.Array = field(repr=False)
    counts: NDArray[np.int64] = field(repr=False)
    _made: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return int(self.counts.sum())

    def item(self, ranks: NDArray[np.int64]) -> pa.Array:
        """The values at these positions of the sorted column."""
        places = np.searchsorted(np.cumsum(self.counts), ranks, side="right").astype(np.int64)
        return self.values.take(pa.Array.from_buffers(pa.int64(), len(ranks), [None, pa.py_buffer(places)]))

    def once(self, name: Any, make: Callable[[], Any]) -> Any:
        """What `make` returns, made once for all batches."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


@dataclass(frozen=True)
class SortedValues:
    """The multiset of the values of one column."""

    columns: tuple[str, ...]

    def fit(self, batch: pa.RecordBatch) -> State:
        table = pa.table({name: _decoded(batch.column(name)) for name in self.columns})
        return count_rows(table, self.columns)

    def merge(self, states: Sequence[State]) -> State:
        return add_counts(states, self.columns)

    def finish(self, state: State) -> Multiset:
        (name,) = self.columns
        ordered = state.take(_order(state.column(name)))
        values, counts = (ordered.column(place).combine_chunks() for place in (name, COUNT))
        return Multiset(one_array(values), to_numpy(one_array(counts)).astype(np.int64))


def sorted_type(given: pa.DataType, name: str) -> pa.DataType:
    """The type of the values of a column of this type. Raises TypeError if they cannot be counted or sorted."""
    plain = given.value_type if pa.types.is_dictionary(given) else given
    question = SortedValues(("value",))
    try:
        if pa.types.is_float16(plain):
            raise pa.ArrowNotImplementedError
        question.finish(question.fit(pa.record_batch({"value": pa.nulls(0, plain)})))
    except (pa.ArrowNotImplementedError, pa.ArrowTypeError, pa.ArrowInvalid):
        raise TypeError(f"{name} needs single values such as text, numbers or dates, not {given}") from None
    return plain


def _order(values: pa.ChunkedArray) -> pa.Array:
    """The sorting order, which never depends on the order of the state: 0 and -0 are equal but not the same."""
    if not pa.types.is_floating(values.type):
        return pc.sort_indices(values)
    keys = pa.table({"value": values, "spelling": pc.cast(values, pa.string())})
    return pc.sort_indices(keys, sort_keys=[("value", "ascending"), ("spelling", "ascending")])


def _decoded(values: pa.Array) -> pa.Array:
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
