"""Minimal sample uniques: the fewest values by which a row stands alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.combining import DENSE, SMALL, number_codes

MOST_SUBSETS = 5_000


@dataclass(frozen=True)
class SpecialUniques:
    """What makes each combination of a census stand alone."""

    scores: NDArray[np.float64]
    """The SUDA score of each combination; 0 if it has no minimal sample unique."""
    minimal: NDArray[np.int64]
    """How many minimal sample uniques each has."""


def subsets(columns: int, largest: int) -> int:
    """How many sets of columns are looked at."""
    return sum(comb(columns, size) for size in range(1, min(largest, columns) + 1))


def special_uniques(
    codes: Sequence[tuple[NDArray[np.int64], int]], weights: NDArray[np.int64], largest: int
) -> SpecialUniques:
    """The minimal sample uniques of up to this many columns, and the scores they give.

    A. Manning, D. Haglin and J. Keane, "A recursive search algorithm for statistical disclosure assessment", Data
    Mining and Knowledge Discovery 16 (2008): a unique of k columns is minimal if no part of it is unique, and adds
    (A - k)(A - k - 1) … (A - M) to the score, for A columns and uniques of up to M.
    """
    rows, columns = len(weights), len(codes)
    scores, minimal = np.zeros(rows), np.zeros(rows, np.int64)
    nothing = np.packbits(np.zeros(rows, np.bool_))
    unique_by: dict[tuple[int, ...], NDArray[np.uint8]] = {(): nothing}  # packed: there are many sets of columns
    for size in range(1, min(largest, columns) + 1):
        score = prod(columns - i for i in range(size, min(largest, columns - 1) + 1))
        found = {}
        for chosen in combinations(range(columns), size):
            inherited = nothing.copy()
            for left in combinations(chosen, size - 1):
                inherited |= unique_by[left]
            alone = _alone([codes[i] for i in chosen], weights)
            fresh = alone[~np.unpackbits(inherited, count=rows).view(np.bool_)[alone]]
            scores[fresh] += score
            minimal[fresh] += 1
            found[chosen] = _packed(alone, rows)
        unique_by = found
    return SpecialUniques(scores, minimal)


def _alone(codes: Sequence[tuple[NDArray[np.int64], int]], weights: NDArray[np.int64]) -> NDArray[np.intp]:
    """The combinations of one row that no other shares these columns with."""
    size = prod(wide for _, wide in codes)
    if size > max(DENSE * len(weights), SMALL):
        keys, size = number_codes(codes, len(weights))
    else:  # few enough to be counted as they are
        keys = np.zeros(len(weights), np.int64)
        for column, wide in codes:
            keys *= wide
            keys += column
    cells = np.flatnonzero(np.bincount(keys, weights=weights, minlength=size) == 1)
    if not len(cells):
        return cells
    is_alone = np.zeros(size, np.bool_)
    is_alone[cells] = True
    return np.flatnonzero(is_alone[keys])


def _packed(places: NDArray[np.intp], rows: int) -> NDArray[np.uint8]:
    flags = np.zeros(rows, np.bool_)
    flags[places] = True
    return np.packbits(flags)


def intrusion_risk(sizes: NDArray[np.int64], fraction: float) -> float:
    """How likely a unique match in a sample is correct: C. Skinner and M. Elliot, "A measure of disclosure risk
    for microdata", JRSS B 64 (2002), also known as data intrusion simulation (DIS)."""
    ones, pairs = int((sizes == 1).sum()), int((sizes == 2).sum())
    correct = fraction * ones
    return correct / (correct + 2 * (1 - fraction) * pairs) if ones else 0.0


def intrusion_scores(found: SpecialUniques, weights: NDArray[np.int64], fraction: float) -> NDArray[np.float64]:
    """DIS-SUDA: the risk of the file, shared among its unique rows by their scores, at most 1 each."""
    alone = weights == 1
    total = found.scores[alone].sum()
    if not total:
        return np.zeros(len(weights))
    spread = intrusion_risk(weights, fraction) * alone.sum() / total
    return np.where(alone, np.minimum(found.scores * spread, 1.0), 0.0)
