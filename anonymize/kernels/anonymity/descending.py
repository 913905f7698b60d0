"""Local recoding of large lattices: from one class of all rows downwards, one attribute at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Census, classes_of
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.models import Figures
from anonymize.kernels.anonymity.requirements import Demands, Flags, shares
from anonymize.kernels.combining import number

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Split:
    """A class told apart by the next finer level of one attribute."""

    attribute: int
    groups: NDArray[np.int64]
    """The group of each of its combinations."""
    pooled: Flags
    """Which groups do not hold alone; together they do, on the level of the class."""
    score: float


@dataclass(frozen=True)
class Descent:
    """Top-down specialization with pooling: in each class the attribute is refined that wins most for its entropy,
    and groups that do not hold alone stay together."""

    census: Census
    domains: Sequence[Domain]
    demands: Demands
    floors: Sequence[int]
    """The finest level of each attribute."""

    def run(self, tops: Sequence[int]) -> tuple[NDArray[np.int8], Flags]:
        """The level of each combination in each attribute; all are suppressed if they do not hold together."""
        everything = np.arange(len(self.census.weights))
        levels = np.repeat(np.array(tops, np.int8)[:, None], len(everything), axis=1)
        whole = shares(self.census)
        if self._bad(np.zeros(len(everything), np.int64), 1, everything, whole).any():
            return levels, np.ones(len(everything), np.bool_)
        stack: list[tuple[Rows, tuple[int, ...], frozenset[int]]] = [(everything, tuple(tops), frozenset())]
        while stack:
            rows, node, frozen = stack.pop()
            node = self._tightened(rows, node)
            split = self._best(rows, node, frozen, whole)
            if split is None:
                levels[:, rows] = np.array(node, np.int8)[:, None]
                continue
            finer = tuple(level - (place == split.attribute) for place, level in enumerate(node))
            order = np.argsort(split.groups, kind="stable")
            ends = np.cumsum(np.bincount(split.groups))
            for group in np.flatnonzero(~split.pooled):
                start = int(ends[group - 1]) if group else 0
                stack.append((rows[order[start : ends[group]]], finer, frozen))
            if split.pooled.any():
                stack.append((rows[split.pooled[split.groups]], node, frozen | {split.attribute}))
        return levels, np.zeros(len(everything), np.bool_)

    def _tightened(self, rows: Rows, node: tuple[int, ...]) -> tuple[int, ...]:
        """The finest levels on which all these rows have one label."""
        levels = list(node)
        for place, (domain, values) in enumerate(zip(self.domains, self.census.values, strict=True)):
            own = values[rows]
            while levels[place] > self.floors[place]:
                groups = domain.levels[levels[place] - 1].groups[own]
                if (groups != groups[0]).any():
                    break
                levels[place] -= 1
        return tuple(levels)

    def _best(
        self, rows: Rows, node: tuple[int, ...], frozen: frozenset[int], whole: Sequence[Figures]
    ) -> Split | None:
        splits = (
            self._split(rows, place, level, whole)
            for place, level in enumerate(node)
            if level > self.floors[place] and place not in frozen
        )
        return max((s for s in splits if s is not None), key=lambda s: s.score, default=None)

    def _split(self, rows: Rows, place: int, level: int, whole: Sequence[Figures]) -> Split | None:
        domain, own = self.domains[place], self.census.values[place][rows]
        groups, count = number(domain.levels[level - 1].groups[own])
        weights = self.census.weights[rows]
        sizes = np.bincount(groups, weights=weights, minlength=count)
        pooled = self._bad(groups, count, rows, whole)
        if pooled.any() and self._bad((~pooled[groups]).astype(np.int64), 2, rows, whole)[0]:
            good = np.flatnonzero(~pooled)
            if not len(good):
                return None
            pooled[good[np.argmin(sizes[good])]] = True
            if self._bad((~pooled[groups]).astype(np.int64), 2, rows, whole)[0]:
                return None
        if np.count_nonzero(~pooled) + bool(pooled.any()) < 2:
            return None
        gains = np.where(pooled[groups], 0.0, domain.losses(level)[own] - domain.losses(level - 1)[own])
        parts = sizes[sizes > 0] / sizes.sum()
        entropy = -float((parts * np.log(parts)).sum())
        return Split(place, groups, pooled, float((weights * gains).sum()) / max(entropy, 1e-12))

    def _bad(self, groups: NDArray[np.int64], count: int, rows: Rows, whole: Sequence[Figures]) -> Flags:
        """Which groups do not hold."""
        demands, census = self.demands, self.census
        if demands.is_plain:
            sizes = np.bincount(groups, weights=census.weights[rows], minlength=count)
            return np.asarray((sizes < demands.k) & (sizes > 0))
        classes = classes_of(census, [(groups, count)], rows)
        bad = np.zeros(count, np.bool_)
        of = np.empty(len(classes.sizes), np.int64)
        of[classes.of] = groups
        bad[of] = demands.violating(classes, whole)
        return bad
