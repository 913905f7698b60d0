"""Privacy models: what the classes of a release must satisfy, as a figure for every class."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Classes, Weights
from anonymize.kernels.anonymity.domains import Codes

Figures = NDArray[np.float64]

DENSE = 1 << 24  # cells of a table of classes and values that is made at a time


@dataclass(frozen=True)
class Spread:
    """How often each sensitive value occurs in each class: one entry per pair that occurs, by class."""

    of: NDArray[np.int64]
    """The class."""
    values: NDArray[np.int64]
    """The number of the value."""
    counts: NDArray[np.float64]
    classes: int
    overall: Figures
    """The share of each value in the whole table."""

    @classmethod
    def make(cls, of: NDArray[np.int64], values: NDArray[np.int64], weights: Weights, classes: int) -> "Spread":
        """From any number of weighted pairs."""
        wide = int(values.max(initial=-1)) + 1
        pairs, inverse = np.unique(of * np.int64(wide) + values, return_inverse=True)
        counts: Figures = np.bincount(inverse, weights=weights, minlength=len(pairs)).astype(float)
        overall: Figures = np.bincount(values, weights=weights, minlength=wide).astype(float)
        return cls(pairs // max(wide, 1), pairs % max(wide, 1), counts, classes, overall / max(overall.sum(), 1))

    @classmethod
    def of_classes(cls, classes: Classes, sensitive: Codes) -> "Spread":
        """The values of a sensitive column of a census in these classes."""
        own = sensitive.take(classes.parts).astype(np.int64)
        return cls.make(classes.of.astype(np.int64), own, classes.weights, len(classes.sizes))

    @property
    def sizes(self) -> Figures:
        """The rows of each class."""
        return self.sum(self.counts)

    @property
    def shares(self) -> Figures:
        """The share of each pair's value in its class."""
        return self.counts / self.sizes[self.of]

    def sum(self, figures: Figures) -> Figures:
        """A figure of each pair, added up in each class."""
        sums: Figures = np.bincount(self.of, weights=figures, minlength=self.classes).astype(float)
        return sums

    def greatest(self, figures: Figures, start: float) -> Figures:
        """The greatest figure of a class's pairs."""
        greatest = np.full(self.classes, float(start))
        np.maximum.at(greatest, self.of, figures)
        return greatest


def distinct_values(spread: Spread) -> Figures:
    """Distinct l-diversity: the number of values (A. Machanavajjhala et al., 2007)."""
    return np.bincount(spread.of, minlength=spread.classes).astype(float)


def entropy_diversity(spread: Spread) -> Figures:
    """Entropy l-diversity: e to the power of the entropy (the same)."""
    shares = spread.shares
    diversity: Figures = np.exp(-spread.sum(shares * np.log(shares)))
    return diversity


def recursive_ratio(spread: Spread, length: int) -> Figures:
    """Recursive (c,l)-diversity holds for every c above this: r1 / (rl + … + rm), counts in falling order
    (the same). Infinite where there are fewer than l values."""
    order = np.lexsort((-spread.counts, spread.of))
    of, counts = spread.of[order], spread.counts[order]
    firsts = np.flatnonzero(np.diff(of, prepend=-1))
    rank = np.arange(len(of)) - np.repeat(firsts, np.diff(np.append(firsts, len(of))))
    tail = np.bincount(of, weights=np.where(rank >= length - 1, counts, 0), minlength=spread.classes)
    most = np.bincount(of, weights=np.where(rank == 0, counts, 0), minlength=spread.classes)
    ratio: Figures = np.divide(most, tail, out=np.full(spread.classes, np.inf), where=tail > 0)
    return ratio


def equal_distance(spread: Spread) -> Figures:
    """t-closeness, equal distances: half the sum of the differences (N. Li et al., 2007)."""
    overall = spread.overall[spread.values]
    return (spread.sum(np.abs(spread.shares - overall)) + 1 - spread.sum(overall)) / 2


def ordered_distance(spread: Spread) -> Figures:
    """t-closeness, ordered distances: the values' numbers are their order (the same)."""
    present = np.flatnonzero(spread.overall)  # a value that is nowhere in the release is no step on the way
    if len(present) < 2:
        return np.zeros(spread.classes)
    expected = np.cumsum(spread.overall[present])

    def measure(shares: Figures) -> Figures:
        apart = np.abs(np.cumsum(shares[:, present], axis=1) - expected)
        return np.asarray(apart.sum(axis=1) / (len(present) - 1))

    return _dense(spread, measure)


def hierarchical_distance(spread: Spread, levels: Sequence[Codes]) -> Figures:
    """t-closeness, distances by a hierarchy: `levels` are the groups of each value, from the values themselves to
    one group of all (the same, section 5)."""
    levels = [level[: len(spread.overall)] for level in levels]  # the last values may not occur

    def measure(shares: Figures) -> Figures:
        extra = shares - spread.overall
        cost = np.zeros(len(shares))
        for height in range(1, len(levels)):
            below, above = levels[height - 1], levels[height]
            sums = _grouped(extra, below)
            parents = np.empty(sums.shape[1], np.int64)
            parents[below] = above
            gained, lost = _grouped(np.maximum(sums, 0), parents), _grouped(np.maximum(-sums, 0), parents)
            cost += height / (len(levels) - 1) * np.minimum(gained, lost).sum(axis=1)
        return cost

    return _dense(spread, measure)


def likeness(spread: Spread) -> Figures:
    """Basic beta-likeness: the greatest relative gain (J. Cao, P. Karras, 2012)."""
    overall = spread.overall[spread.values]
    return spread.greatest((spread.shares - overall) / overall, 0)


def enhanced_likeness(spread: Spread) -> Figures:
    """Enhanced beta-likeness holds where this is at most beta: infinite where a gain exceeds -ln p (the same)."""
    overall = spread.overall[spread.values]
    gains = (spread.shares - overall) / overall
    return spread.greatest(np.where(gains <= -np.log(overall) + 1e-12, gains, np.inf), 0)


def disclosure(spread: Spread) -> Figures:
    """Delta-disclosure: the greatest |ln| of a ratio, infinite where a value lacks (J. Brickell, V. Shmatikov,
    2008)."""
    ratios = np.abs(np.log(spread.shares / spread.overall[spread.values]))
    greatest = spread.greatest(ratios, 0)
    complete = distinct_values(spread) == np.count_nonzero(spread.overall)
    return np.where(complete, greatest, np.inf)


def greatest_share(spread: Spread) -> Figures:
    """(alpha,k)-anonymity: the share of the most frequent value (R. Wong et al., 2006)."""
    return spread.greatest(spread.shares, 0)


def _dense(spread: Spread, measure: Callable[[Figures], Figures]) -> Figures:
    """A figure that needs the shares of all values, absent ones too; a bounded table at a time."""
    wide = max(len(spread.overall), 1)
    step = max(DENSE // wide, 1)
    shares = spread.shares
    figures = np.zeros(spread.classes)
    for start in range(0, spread.classes, step):
        low, high = np.searchsorted(spread.of, [start, start + step])
        table = np.zeros((min(step, spread.classes - start), wide))
        table[spread.of[low:high] - start, spread.values[low:high]] = shares[low:high]
        figures[start : start + step] = measure(table)
    return figures


def _grouped(table: Figures, groups: NDArray[np.int64] | Codes) -> Figures:
    """The columns of a table added up by group."""
    out = np.zeros((len(table), int(groups.max()) + 1))
    for column, group in enumerate(groups):
        out[:, group] += table[:, column]
    return out
