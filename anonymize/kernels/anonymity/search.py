"""The best global recoding: one level for each quasi-identifier, as little lost as possible."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Census, Classes, Grouping, Node
from anonymize.kernels.anonymity.domains import Domain

LARGEST_LATTICE = 4_000_000
TOLERANCE = 1e-12


@dataclass(frozen=True)
class Recoding:
    """Levels, and what they cost."""

    levels: Node
    loss: float
    """0 for nothing, 1 for everything."""
    suppressed: int
    """Rows in classes that do not hold."""
    bound: float
    """No recoding can lose less. Equal to `loss` when the search is complete."""

    @property
    def is_optimal(self) -> bool:
        return self.loss - self.bound <= TOLERANCE


@dataclass(frozen=True)
class Criterion:
    """What every class must satisfy."""

    violating: Callable[[Classes], NDArray[np.bool_]]
    """Which classes do not hold."""
    is_monotone: bool = True
    """A class that holds still holds when any other is joined to it. Without it, only complete absence of
    violations carries over to coarser levels."""


@dataclass
class Search:
    """Full-domain recoding with suppression, as OLA (K. El Emam et al., 2009) and Flash (F. Kohlmayer et al.,
    2012) search for it: binary search along paths through the lattice, with two rules that exclude nodes unseen.

    What a node loses without suppression is known before its classes are, and bounds its loss from below; and
    where too many rows violate the criterion, they do on all finer levels. The loss is the mean over the
    attributes of `Domain.losses`, a suppressed row counting as lost in all of them.
    """

    census: Census
    domains: Sequence[Domain]
    criterion: Criterion
    limit: int
    """Rows that may be suppressed."""
    weights: Sequence[float] = ()
    """How much each attribute counts; by default all the same."""
    fixed: Sequence[int | None] = ()
    """For each attribute, the only level to consider; None for all."""
    deadline: float | None = None
    """When to give up, as `time.monotonic` counts; the best found so far is the answer."""

    def __post_init__(self) -> None:
        shares = np.asarray(self.weights or [1.0] * len(self.domains))
        self._shares = shares / shares.sum()
        self._grouping = Grouping(self.census, self.domains)
        self._nodes = self._lattice()
        self._bounds = self._floor()
        self._open = np.ones(len(self._nodes), bool)
        self._best: Recoding | None = None

    def run(self) -> Recoding | None:
        """The best recoding; None if no levels satisfy the criterion within the limit."""
        order = np.argsort(self._bounds, kind="stable")
        position = 0
        while position < len(order):
            start = int(order[position])
            if not self._open[start]:
                position += 1
            elif self._best is not None and self._bounds[start] >= self._best.loss - TOLERANCE:
                break
            elif self.deadline is not None and time.monotonic() > self.deadline:
                return self._with_bound(float(self._bounds[start]))
            else:
                self._search_path(start)
        return self._with_bound(None)

    def _with_bound(self, bound: float | None) -> Recoding | None:
        best = self._best
        if best is None or bound is None:
            return best
        return Recoding(best.levels, best.loss, best.suppressed, min(bound, best.loss))

    def _lattice(self) -> NDArray[np.int8]:
        fixed = self.fixed or [None] * len(self.domains)
        ranges = [
            np.arange(domain.height + 1) if level is None else np.array([level])
            for domain, level in zip(self.domains, fixed, strict=True)
        ]
        size = int(np.prod([len(levels) for levels in ranges], dtype=object))
        if size > LARGEST_LATTICE:
            raise ValueError(f"{size:,} combinations of levels are too many to search; fix some levels")
        grid = np.meshgrid(*[levels.astype(np.int8) for levels in ranges], indexing="ij")
        return np.stack([levels.reshape(-1) for levels in grid], axis=1)

    def _floor(self) -> NDArray[np.float64]:
        """What each node loses if nothing is suppressed."""
        bounds = np.zeros(len(self._nodes))
        rows = max(self.census.rows, 1)
        for place, (domain, values) in enumerate(zip(self.domains, self.census.values, strict=True)):
            counted = np.bincount(values, weights=self.census.weights, minlength=domain.size)
            lost = np.array([(counted * domain.losses(level)).sum() / rows for level in range(domain.height + 1)])
            bounds += self._shares[place] * lost[self._nodes[:, place]]
        return bounds

    def _search_path(self, start: int) -> None:
        """Binary search for the first node that holds on a path from a node to the top."""
        path = self._path(start)
        low, high = 0, len(path) - 1
        while low <= high:
            middle = (low + high) // 2
            holds = self._visit(path[middle])
            low, high = (low, middle - 1) if holds else (middle + 1, high)

    def _path(self, start: int) -> list[int]:
        """From a node upwards over open nodes, each time to the neighbour that loses least."""
        path, node = [start], self._nodes[start].copy()
        heights = self._nodes[-1]
        while True:
            above = [self._index(node, place) for place in range(len(node)) if node[place] < heights[place]]
            above = [index for index in above if self._open[index]]
            if not above:
                return path
            path.append(min(above, key=lambda index: float(self._bounds[index])))
            node = self._nodes[path[-1]].copy()

    def _index(self, node: NDArray[np.int8], place: int) -> int:
        """The position in the lattice of the node one level higher at one place."""
        lows, heights = self._nodes[0].astype(int), self._nodes[-1].astype(int)
        levels = node.astype(int) - lows
        levels[place] += 1
        return int(np.ravel_multi_index(tuple(levels), tuple(heights - lows + 1)))

    def _visit(self, index: int) -> bool:
        """Look at the classes of a node; whether few enough rows violate the criterion."""
        node: Node = tuple(int(level) for level in self._nodes[index])
        classes = self._grouping.classes(node)
        violating = self.criterion.violating(classes)
        suppressed = int(classes.sizes[violating].sum())
        self._open[index] = False
        if suppressed > self.limit:
            if self.criterion.is_monotone or not self.limit:
                self._open &= ~(self._nodes <= self._nodes[index]).all(axis=1)
            return False
        if suppressed == 0:  # coarser ones hold too, and lose more
            self._open &= ~(self._nodes >= self._nodes[index]).all(axis=1)
        loss = float(self._bounds[index]) + self._penalty(node, classes, violating)
        if self._best is None or loss < self._best.loss - TOLERANCE:
            self._best = Recoding(node, loss, suppressed, loss)
            self._open &= self._bounds < loss - TOLERANCE
        return True

    def _penalty(self, node: Node, classes: Classes, violating: NDArray[np.bool_]) -> float:
        """What suppression adds: all that the levels left of the rows that go."""
        ones, sizes = classes.one[violating], classes.sizes[violating]
        left = np.zeros(len(ones))
        for place, (domain, values) in enumerate(zip(self.domains, self.census.values, strict=True)):
            left += self._shares[place] * (1 - domain.losses(node[place])[values[ones]])
        return float((left * sizes).sum()) / max(self.census.rows, 1)


def at_least(k: int) -> Criterion:
    """k-anonymity: every class has k rows or more (L. Sweeney, 2002)."""
    return Criterion(lambda classes: classes.sizes < k)
