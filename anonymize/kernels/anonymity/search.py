"""The best global recoding: one level for each quasi-identifier, as little lost as possible."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Census, Classes, Grouping, Node
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.quality import Additive, Measure, loss

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
class Look:
    """What a node comes to."""

    suppressed: int
    """Rows in classes that do not hold."""
    cost: float
    """What it costs; infinite if more rows go than may."""
    floor: float
    """What this node and every coarser one cost at least."""


@dataclass(frozen=True)
class Criterion:
    """What every class must satisfy."""

    violating: Callable[[Classes], NDArray[np.bool_]]
    """Which classes do not hold."""
    is_monotone: bool = True
    """A class that holds still holds when any other is joined to it. Without it, only complete absence of
    violations carries over to coarser levels."""
    k: int = 0
    """Classes of fewer rows never hold."""


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
    look: Callable[[Node], Look] | None = None
    """Says what a node comes to; by default from its classes."""
    start: Recoding | None = None
    """One that holds within the limit, if it is known."""

    def __post_init__(self) -> None:
        measure = self.measure or loss(self.census, self.domains)
        self._look = self.look or looking(self.census, self.domains, self.criterion, measure, self.limit)
        self._nodes = lattice(self.domains, self.fixed)
        self._bounds = measure.floors(self._nodes)
        self._open = np.ones(len(self._nodes), bool)
        self._lows = tuple(int(level) for level in self._nodes[0])
        self._shape = tuple(int(size) for size in self._nodes[-1] - self._nodes[0] + 1)
        self._steps = [int(np.prod(self._shape[place + 1 :])) for place in range(len(self._shape))]
        # what does not hold does not hold on finer levels either
        self._carries = self.criterion.is_monotone or not self.limit
        self._best = self.start
        if self.start is not None:
            self._open &= self._bounds < self.start.loss - TOLERANCE

    def run(self) -> Recoding | None:
        """The best recoding; None if no levels satisfy the criterion within the limit, or in the time."""
        order = np.argsort(self._bounds, kind="stable")
        position, is_first = 0, True
        while position < len(order):
            start = int(order[position])
            if not self._open[start]:
                position += 1
            elif self._best is not None and self._bounds[start] >= self._best.loss - TOLERANCE:
                break
            elif not is_first and self.deadline is not None and time.monotonic() > self.deadline:
                return self._with_bound(float(self._bounds[start]))
            else:
                self._search_path(start)
                is_first = False
        return self._with_bound(None)

    @property
    def is_open(self) -> bool:
        """Whether nodes are left that nothing excludes."""
        return bool(self._open.any())

    def _with_bound(self, bound: float | None) -> Recoding | None:
        best = self._best
        if best is None or bound is None:
            return best
        return Recoding(best.levels, best.loss, best.suppressed, min(bound, best.loss))

    def _search_path(self, start: int) -> None:
        """Binary search for the first node that holds on a path from a node to the top."""
        path = self._path(start)
        low, high = 0, len(path) - 1
        if self._best is not None and self._carries:
            if not self._visit(path[high]):
                return  # it takes all below with it
            high -= 1
        while low <= high:
            middle = (low + high) // 2
            holds = self._visit(path[middle])
            low, high = (low, middle - 1) if holds else (middle + 1, high)

    def _path(self, start: int) -> list[int]:
        """From a node upwards over open nodes, each time to the neighbour that loses least."""
        path, heights = [start], self._nodes[-1].tolist()
        while True:
            node = self._nodes[path[-1]].tolist()
            above = [path[-1] + self._steps[place] for place, level in enumerate(node) if level < heights[place]]
            above = [index for index in above if self._open[index]]
            if not above:
                return path
            path.append(min(above, key=lambda index: float(self._bounds[index])))

    def _visit(self, index: int) -> bool:
        """Look at a node; whether few enough of its rows violate the criterion."""
        node: Node = tuple(int(level) for level in self._nodes[index])
        found = self._look(node)
        self._open[index] = False
        if found.suppressed > self.limit:
            if self._carries:
                self._close(tuple(slice(level - low + 1) for level, low in zip(node, self._lows, strict=True)))
            self._close_above(node, found)
            return False
        if self._best is None or found.cost < self._best.loss - TOLERANCE:
            self._best = Recoding(node, found.cost, found.suppressed, found.cost)
            self._open &= self._bounds < found.cost - TOLERANCE
        self._close_above(node, found, not found.suppressed)
        return True

    def _close(self, part: tuple[slice, ...]) -> None:
        """Exclude a part of the lattice: its nodes stand in the order of their levels."""
        self._open.reshape(self._shape)[part] = False

    def _close_above(self, node: Node, found: Look, holds: bool = False) -> None:
        """Coarser nodes cost as much as a node without suppression, and more than the best once this one does."""
        if not holds:
            holds = self._best is not None and found.floor >= self._best.loss - TOLERANCE
        if holds:
            self._close(tuple(slice(level - low, None) for level, low in zip(node, self._lows, strict=True)))


def looking(
    census: Census, domains: Sequence[Domain], criterion: Criterion, measure: Measure, limit: int
) -> Callable[[Node], Look]:
    """Looks at nodes of a census, of which so many rows may be suppressed."""
    grouping = Grouping(census, domains)

    def look(node: Node) -> Look:
        found = grouping.gathered(node)
        if isinstance(measure, Additive) and (least := found.least_below(criterion.k)) > limit:
            return Look(least, np.inf, measure.floor(node))
        classes = found.classes()
        violating = criterion.violating(classes)
        suppressed = int(classes.sizes[violating].sum())
        cost = measure.cost(node, classes, violating) if suppressed <= limit else np.inf
        return Look(suppressed, cost, measure.floor_above(node, classes))

    return look


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
    return Criterion(lambda classes: classes.sizes < k, k=k)
