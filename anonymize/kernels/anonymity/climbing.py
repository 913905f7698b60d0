"""A good global recoding of a lattice that is too large to search: downhill first, then the cheapest first."""

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Node
from anonymize.kernels.anonymity.search import TOLERANCE, Look, Recoding

FEWEST, MOST, WORK = 300, 20_000, 400_000_000


def worth_looking(combinations: int) -> int:
    """How many nodes to look at: fewer in a larger census, so that the answer does not depend on the machine."""
    return min(max(WORK // max(combinations, 1), FEWEST), MOST)


@dataclass
class Climb:
    """Best-effort recoding, in the manner of Lightning (F. Prasser et al., "Lightning: utility-driven
    anonymization of high-dimensional data", 2016): from the coarsest levels down, each time to the neighbour that
    costs least, then by exchanging a level of one attribute for one of another, then from the finest levels up in
    the order of what they cost at least. The last tells how good the result is: no node that was not looked at can
    cost less than the next in that order."""

    bottoms: Node
    """The finest level of each attribute."""
    tops: Node
    look: Callable[[Node], Look]
    floors: Callable[[NDArray[np.int8]], NDArray[np.float64]]
    """What nodes cost at least."""
    limit: int
    """Rows that may be suppressed."""
    looks: int
    """How many nodes to look at."""
    deadline: float | None = None
    start: Recoding | None = None
    """One that holds within the limit, if it is known."""
    _seen: dict[Node, Look] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._best = self.start

    def run(self) -> Recoding | None:
        """The best recoding found, with what none can cost less than; None if none was found."""
        self._descend()
        while not self._is_over and self._exchange():
            pass
        bound = self._ascend()
        if self._best is None:
            return None
        best = self._best
        return Recoding(best.levels, best.loss, best.suppressed, min(bound, best.loss))

    @property
    def _is_over(self) -> bool:
        late = self.deadline is not None and time.monotonic() > self.deadline
        return len(self._seen) >= self.looks or late

    def _visit(self, node: Node) -> Look:
        if node not in self._seen:
            found = self._seen[node] = self.look(node)
            if found.suppressed <= self.limit and (self._best is None or found.cost < self._best.loss - TOLERANCE):
                self._best = Recoding(node, found.cost, found.suppressed, found.cost)
        return self._seen[node]

    def _descend(self) -> None:
        """From the top to the neighbour that costs least, for as long as one holds."""
        node: Node | None = self.tops
        while node is not None and not (self._is_over and self._best is not None):
            self._visit(node)
            below = [(self._visit(finer), finer) for finer in _moved(node, self.bottoms, -1)]
            holding = [(found.cost, finer) for found, finer in below if found.suppressed <= self.limit]
            node = min(holding)[1] if holding else None

    def _exchange(self) -> bool:
        """Whether making one attribute finer, and another coarser if need be, costs less than the best."""
        before = self._best
        if before is None:
            return False
        for finer in _moved(before.levels, self.bottoms, -1):
            for node in (finer, *_moved(finer, self.tops, 1)):
                if self._is_over:
                    return False
                if float(self.floors(np.array([node], np.int8))[0]) < before.loss - TOLERANCE:
                    self._visit(node)
        return self._best is not before

    def _ascend(self) -> float:
        """Look at nodes in the order of what they cost at least; what those left cost at least."""
        waiting = [(self._floor(self.bottoms), self.bottoms, 0)]
        while waiting:
            floor, node, first = heapq.heappop(waiting)
            if self._best is not None and floor >= self._best.loss - TOLERANCE:
                return floor
            if self._is_over:
                return floor
            found = self._visit(node)
            if not found.suppressed:
                continue  # nothing coarser costs less
            for place in range(first, len(node)):  # each node has one way up to it
                if node[place] < self.tops[place]:
                    above = (*node[:place], node[place] + 1, *node[place + 1 :])
                    heapq.heappush(waiting, (max(self._floor(above), found.floor), above, place))
        return np.inf

    def _floor(self, node: Node) -> float:
        return float(self.floors(np.array([node], np.int8))[0])


def _moved(node: Sequence[int], ends: Sequence[int], by: int) -> Iterator[Node]:
    """The nodes one level away in one attribute."""
    for place, end in enumerate(ends):
        if node[place] != end:
            yield (*node[:place], node[place] + by, *node[place + 1 :])
