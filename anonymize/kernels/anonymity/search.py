"""The best global recoding: one level for each quasi-identifier, as little lost as possible."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Census, Classes, Grouping, Node
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.quality import Measure, loss

LARGEST_LATTICE = 4_000_000
TOLERANCE = 1e-12


@dataclass(frozen=True)
class Recoding:
    """Levels, and what they cost."""

    levels: Node
    loss: float
    """What the measure says; of `loss`, 0 for nothing and 1 for everything."""
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
    where too many rows violate the criterion, they do on all finer levels.
    """

    census: Census
    domains: Sequence[Domain]
    criterion: Criterion
    limit: int
    """Rows that may be suppressed."""
    measure: Measure | None = None
    """What to make small: by default the loss."""
    fixed: Sequence[int | None] = ()
    """For each attribute, the only level to consider; None for all."""
    deadline: float | None = None
    """When to give up, as `time.monotonic` counts; the best found so far is the answer."""

    def __post_init__(self) -> None:
        self._measure = self.measure or loss(self.census, self.domains)
        self._grouping = Grouping(self.census, self.domains)
        self._nodes = lattice(self.domains, self.fixed)
        self._bounds = self._measure.floors(self._nodes)
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
            self._close_above(index, node, classes)
            return False
        cost = self._measure.cost(node, classes, violating)
        if self._best is None or cost < self._best.loss - TOLERANCE:
            self._best = Recoding(node, cost, suppressed, cost)
            self._open &= self._bounds < cost - TOLERANCE
        self._close_above(index, node, classes, not suppressed)
        return True

    def _close_above(self, index: int, node: Node, classes: Classes, holds: bool = False) -> None:
        """Coarser nodes cost as much as a node without suppression, and more than the best once this one does."""
        if not holds:
            holds = self._best is not None and (
                self._measure.floor_above(node, classes) >= self._best.loss - TOLERANCE
            )
        if holds:
            self._open &= ~(self._nodes >= self._nodes[index]).all(axis=1)


def lattice(domains: Sequence[Domain], fixed: Sequence[int | None] = ()) -> NDArray[np.int8]:
    """All nodes, the coarsest last. Raises ValueError if they are too many to search."""
    ranges = [
        np.arange(domain.height + 1, dtype=np.int8) if level is None else np.array([level], np.int8)
        for domain, level in zip(domains, fixed or [None] * len(domains), strict=True)
    ]
    size = int(np.prod([len(levels) for levels in ranges], dtype=object))
    if size > LARGEST_LATTICE:
        raise ValueError(f"{size:,} combinations of levels are too many to search")
    grid = np.meshgrid(*ranges, indexing="ij")
    return np.stack([levels.reshape(-1) for levels in grid], axis=1)


def at_least(k: int) -> Criterion:
    """k-anonymity: every class has k rows or more (L. Sweeney, 2002)."""
    return Criterion(lambda classes: classes.sizes < k)
