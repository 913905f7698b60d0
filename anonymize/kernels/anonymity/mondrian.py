"""Multidimensional partitioning: boxes that are halved for as long as both halves hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.errors import DataError
from anonymize.kernels.anonymity.classes import Census, classes_of
from anonymize.kernels.anonymity.releasing import numeric, ordered_codes
from anonymize.kernels.anonymity.requirements import Demands, Flags, shares
from anonymize.kernels.arrays import from_numpy, text, to_numpy
from anonymize.kernels.numbers.parsing import spell

Numbers: TypeAlias = NDArray[np.int64]
Spelling: TypeAlias = Literal["range", "set", "mean"]


@dataclass(frozen=True)
class Axis:
    """A quasi-identifier as an ordered scale, null last."""

    ranks: NDArray[np.int32] = field(repr=False)
    """The place of each combination's value among all values in order."""
    values: pa.Array = field(repr=False)
    """The distinct values in order."""
    positions: NDArray[np.float64] = field(repr=False)
    """Where each distinct value lies, from 0 to 1: by its number, or by its rank."""


def make_axis(values: pa.Array) -> Axis:
    """The scale of a column's values."""
    ranks, distinct = ordered_codes(values)
    numbers = numeric(distinct)
    if numbers is None or len(distinct) - distinct.null_count < 1:
        positions = np.arange(len(distinct), dtype=float)
    else:
        positions = to_numpy(numbers).copy()
        positions[len(distinct) - distinct.null_count :] = positions[: len(distinct) - distinct.null_count].max()
    spread = positions.max(initial=0) - positions.min(initial=0)
    return Axis(ranks, distinct, (positions - positions.min(initial=0)) / (spread or 1.0))


def partition(census: Census, axes: Sequence[Axis], demands: Demands) -> Numbers:
    """The number of the box of each combination. Raises DataError if not even all rows together hold.

    Strict Mondrian (K. LeFevre, D. DeWitt, R. Ramakrishnan, "Mondrian multidimensional k-anonymity", ICDE 2006):
    each box is cut at the median of the attribute in which it is widest, or else the next, if both parts hold.
    """
    whole = shares(census)
    rows = np.arange(len(census.weights))
    of = np.zeros(len(rows), np.int64)
    if demands.violating(classes_of(census, [(of, 1)], rows)).any():
        others = " and the other models" if demands.requirements else ""
        raise DataError(
            f"not even all {census.rows:,} rows together hold k={demands.k}{others}", hint="ask for less"
        )
    open_, count = np.ones(1, np.bool_), 1
    while open_.any():
        right = np.zeros(len(rows), np.bool_)
        cut = np.zeros(count, np.bool_)
        order = _widest_first(axes, of, count)
        for attempt in range(len(axes)):
            trying = open_ & ~cut
            mine = np.flatnonzero(trying[of])
            if not len(mine):
                break
            beyond = _beyond_median(axes, order[:, attempt], of, mine, census.weights)
            holding = _both_hold(census, demands, whole, of, mine, beyond, count)
            right[mine] |= beyond & holding[of[mine]]
            cut |= holding
        of, count, open_ = _renumbered(of, right, cut, count)
    return of


def _widest_first(axes: Sequence[Axis], of: Numbers, count: int) -> NDArray[np.intp]:
    """For each box, the attributes in falling order of its width."""
    widths = np.zeros((count, len(axes)))
    for place, axis in enumerate(axes):
        positions = axis.positions[axis.ranks]
        low, high = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(low, of, positions)
        np.maximum.at(high, of, positions)
        widths[:, place] = high - low
    return np.argsort(-widths, axis=1, kind="stable")


def _beyond_median(
    axes: Sequence[Axis], chosen: NDArray[np.intp], of: Numbers, mine: NDArray[np.intp], weights: Numbers
) -> Flags:
    """Which combinations lie beyond the median of their box's attribute; some do wherever values differ."""
    own, attribute = of[mine], chosen[of[mine]]
    ranks = np.zeros(len(mine), np.int64)
    for place, axis in enumerate(axes):
        here = attribute == place
        ranks[here] = axis.ranks[mine[here]]
    order = np.lexsort((ranks, own))
    sums = np.cumsum(weights[mine][order])
    last = np.flatnonzero(np.append(np.diff(own[order]) != 0, True))
    starts = np.append(0, sums[last[:-1]])
    half = starts + (sums[last] - starts + 1) // 2
    medians = np.zeros(len(chosen), np.int64)
    greatest = np.zeros(len(chosen), np.int64)
    medians[own[order][last]] = ranks[order][np.searchsorted(sums, half)]
    greatest[own[order][last]] = ranks[order][last]
    above = ranks > medians[own]
    return np.where(medians[own] == greatest[own], ranks >= medians[own], above)


def _both_hold(
    census: Census,
    demands: Demands,
    whole: Sequence[NDArray[np.float64]],
    of: Numbers,
    mine: NDArray[np.intp],
    beyond: Flags,
    count: int,
) -> Flags:
    """For each box, whether both of its parts exist and hold."""
    halves = of[mine] * 2 + beyond
    classes = classes_of(census, [(halves, 2 * count)], mine)
    good = np.zeros(2 * count, np.bool_)
    good[halves[np.searchsorted(mine, classes.one)]] = ~demands.violating(classes, whole)
    return np.asarray(good.reshape(-1, 2).all(axis=1))


def _renumbered(of: Numbers, right: Flags, cut: Flags, count: int) -> tuple[Numbers, int, Flags]:
    """Boxes after the cuts; only those that were cut may be cut again."""
    numbers = np.cumsum(cut) - 1 + count
    moved = np.where(right, numbers[of], of)
    return moved, count + int(cut.sum()), np.append(cut, np.ones(int(cut.sum()), np.bool_))


def box_labels(axis: Axis, of: Numbers, weights: Numbers, spelling: Spelling) -> pa.Array:
    """The label of each combination's box in one attribute; null where a null is among other values."""
    count = int(of.max(initial=-1)) + 1
    low, high = np.full(count, len(axis.values), np.int64), np.full(count, -1, np.int64)
    np.minimum.at(low, of, axis.ranks)
    np.maximum.at(high, of, axis.ranks)
    spelled = text(axis.values)
    first, last = spelled.take(from_numpy(low)), spelled.take(from_numpy(high))
    if spelling == "set":
        labels = _sets(axis, of, count)
    elif spelling == "mean":
        labels = _means(axis, of, weights, count)
    else:
        labels = pc.binary_join_element_wise(pc.binary_join_element_wise("[", first, ""), last, ", ")
        labels = pc.binary_join_element_wise(labels, "]", "")
    single = from_numpy(low == high)
    mixed = pc.and_(pc.invert(single), last.is_null())
    labels = pc.if_else(single, first, labels)
    return pc.if_else(mixed, pa.scalar(None, pa.string()), labels).take(from_numpy(of))


def _sets(axis: Axis, of: Numbers, count: int) -> pa.Array:
    pairs = np.unique(of * len(axis.values) + axis.ranks)
    boxes, ranks = pairs // len(axis.values), pairs % len(axis.values)
    values = pc.fill_null(text(axis.values), "").take(from_numpy(ranks))
    offsets = np.searchsorted(boxes, np.arange(count + 1)).astype(np.int32)
    joined = pc.binary_join(pa.ListArray.from_arrays(from_numpy(offsets), values), ", ")
    return pc.binary_join_element_wise("{", joined, "}", "")


def _means(axis: Axis, of: Numbers, weights: Numbers, count: int) -> pa.Array:
    numbers = numeric(axis.values)
    if numbers is None:
        raise DataError("the mean of text cannot be taken", hint="say `labels: range` or `labels: set`")
    own = np.where(to_numpy(numbers.is_valid()), to_numpy(numbers), 0.0)[axis.ranks]
    sums, rows = np.bincount(of, own * weights, count), np.bincount(of, weights, count)
    return spell(from_numpy(np.round(sums / np.maximum(rows, 1), 6)))
