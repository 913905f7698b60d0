"""Figures about groups of counted values: sums, means, quantiles. Exact, so the order of the values is nothing."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, to_numpy


@dataclass(frozen=True)
class Counted:
    """Values with their counts, sorted by group and within it by value; no nulls."""

    values: pa.Array
    counts: NDArray[np.int64]
    bounds: NDArray[np.int64]
    """Where each group starts, and the end of the last."""

    def sizes(self) -> NDArray[np.int64]:
        """How many values each group has."""
        return np.diff(np.concatenate([[0], np.cumsum(self.counts)])[self.bounds])


def counted(values: pa.Array, counts: NDArray[np.int64], groups: NDArray[np.int64], number: int) -> Counted:
    """The values of the groups 0 to number - 1, without those of other groups and without nulls."""
    used = from_numpy((groups >= 0) & to_numpy(values.is_valid()))
    table = pa.table({"group": from_numpy(groups), "value": values, "count": from_numpy(counts)}).filter(used)
    table = table.sort_by([("group", "ascending"), ("value", "ascending")]).combine_chunks()
    group, value, count = (column.combine_chunks() for column in table.columns)
    return Counted(value, to_numpy(count), np.searchsorted(to_numpy(group), np.arange(number + 1)))


def minimum(given: Counted) -> pa.Array:
    """The least value of each group; null for an empty one."""
    return _picked(given, given.bounds[:-1])


def maximum(given: Counted) -> pa.Array:
    """The greatest value of each group; null for an empty one."""
    return _picked(given, given.bounds[1:] - 1)


def distinct(given: Counted) -> pa.Array:
    """How many different values each group has."""
    return from_numpy(np.diff(given.bounds).astype(np.int64))


def total(given: Counted) -> list[Any]:
    """The sum of each group: exact for integers, else rounded once."""
    return _each(given, _sum)


def mean(given: Counted) -> list[Any]:
    """The mean of each group."""
    return _each(given, lambda values, counts: float(_sum(values, counts) / sum(counts)))


def quantile(given: Counted, at: float) -> list[Any]:
    """The quantile of each group: linear between neighbours (type 7 of Hyndman and Fan 1996)."""
    return _each(given, lambda values, counts: _quantile(values, counts, at))


def _picked(given: Counted, places: NDArray[np.int64]) -> pa.Array:
    full = from_numpy(np.diff(given.bounds) > 0)
    return given.values.take(pc.if_else(full, from_numpy(places.astype(np.int64)), pa.scalar(None, pa.int64())))


def _each(given: Counted, figure: Callable[[list[Any], list[int]], Any]) -> list[Any]:
    values, counts, bounds = given.values.to_pylist(), given.counts.tolist(), given.bounds.tolist()
    return [figure(values[a:b], counts[a:b]) if a < b else None for a, b in pairwise(bounds)]


def _sum(values: list[Any], counts: list[int]) -> Any:
    products = [value * count for value, count in zip(values, counts, strict=True)]
    if isinstance(products[0], int):
        return sum(products)
    return float(sum(products)) if isinstance(products[0], Decimal) else math.fsum(products)


def _quantile(values: list[Any], counts: list[int], at: float) -> float:
    ends = np.cumsum(counts)
    place = at * (int(ends[-1]) - 1)
    low, high = (
        float(values[int(np.searchsorted(ends, p, side="right"))]) for p in (int(place), math.ceil(place))
    )
    return low + (high - low) * (place - int(place))
