"""Exact quantiles of a column of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pyarrow as pa

from anonymize.core.statistic import State
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.counting import COUNT, add_counts, count_rows
from anonymize.kernels.numbers.parsing import Quiet, parse

NUMBER = "number"


@dataclass(frozen=True)
class Quantiles:
    """For each fraction the smallest value that at least this share of the values does not exceed.

    With `strict`, it is the smallest that more than this share does not exceed, so that values below it are at
    most this share: what lower bounds of intervals need.

    The state holds each distinct number with its count, so the answer is exact and each quantile is a value of
    the data. Nulls and what is not a number do not count. Without numbers there is no answer: an empty tuple.
    """

    columns: tuple[str]
    fractions: tuple[float, ...]
    strict: bool = False

    def fit(self, batch: pa.RecordBatch) -> State:
        numbers = to_numpy(parse(batch.column(self.columns[0]), Quiet()).drop_null())
        positive_zeros = from_numpy(numbers + 0.0)
        return count_rows(pa.table({NUMBER: positive_zeros}), (NUMBER,))

    def merge(self, states: Sequence[State]) -> State:
        return add_counts(states, (NUMBER,))

    def finish(self, state: State) -> tuple[float, ...]:
        ordered = state.sort_by(NUMBER).combine_chunks()
        if not len(ordered):
            return ()
        numbers, counts = (ordered[name].to_numpy() for name in (NUMBER, COUNT))
        reached = np.cumsum(counts)
        ranks = [self._rank(fraction, int(reached[-1])) for fraction in self.fractions]
        return tuple(float(numbers[place]) for place in np.searchsorted(reached, ranks))

    def _rank(self, fraction: float, count: int) -> int:
        """The place of the answer among all values in order, from 1."""
        place = _exact(fraction) * count
        return min(floor(place) + 1, count) if self.strict else max(1, ceil(place))


def _exact(fraction: float) -> Fraction:
    """The simple fraction that is meant: 5/7 as a float64 is a little more, and would round up to another rank."""
    return Fraction(fraction).limit_denominator(1_000_000)
