"""Shuffling."""

from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.component import Example
from anonymize.core.statistic import Statistic
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, where
from anonymize.kernels.crypto.randomness import words
from anonymize.statistics.sorted_values import Multiset, SortedValues, sorted_type


class Shuffle(ColumnTransform):
    """Give the column's values, nulls among them, to other rows: a keyed random permutation.

    Every original value is still in the result, so the column must not identify anyone by itself; totals,
    quantiles and frequencies are unchanged, relations to other columns are gone. A value may stay where it is, by
    chance.
    Needs the whole column in memory, and reads the data once more. Under `when` the values of all rows are dealt
    out, but only to the chosen ones. A row numbered beyond the count of values (because an earlier step dropped
    others) is rejected, as are all but the first values of a list.
    """

    use: Literal["shuffle"] = "shuffle"
    positional: ClassVar[str | None] = "key"

    key: str = "default"
    """Name of the key, as under `keys:`."""

    def needs(self, columns: tuple[str, ...]) -> Statistic[Multiset]:
        return SortedValues(columns)

    def properties(self) -> Properties:
        return Properties(
            deterministic=False, keeps=frozenset({"type", "format"}), survives="every value, but not whose it is"
        )

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return sorted_type(given, self.name())

    def apply(self, values: pa.Array, context: Context[Multiset]) -> pa.Array:
        known = context.fitted
        secret = context.secret(self.key, "shuffle")
        order = known.once(("shuffle", secret), lambda: _permutation(secret, len(known)))
        fit = (context.rows < len(order)) & (context.slots == 0)
        context.reject(from_numpy(~fit), "not among the rows that were counted for shuffling")
        if not len(order):
            return pa.nulls(len(values), self.output_type(values.type))
        found = known.item(order[np.where(fit, context.rows, 0)])
        return where(from_numpy(fit), found, pa.scalar(None, found.type))


def _permutation(secret: bytes, count: int) -> NDArray[np.int64]:
    """The numbers below `count` in the order of their random words: all orders are equally likely."""
    rows = np.arange(count, dtype=np.int64)
    return np.argsort(words(secret, rows, np.zeros_like(rows)), kind="stable")


EXAMPLES = [
    Example(Shuffle(), ["a", "b", None, "王", "e", ""], ["王", "b", "", "a", "e", None]),
    Example(Shuffle(key="second"), [1, 2, 3, 4, 5], [5, 3, 1, 2, 4]),
]
