"""Local recoding: every combination on levels of its own, so that outliers do not coarsen the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Census, Classes, Node, classes_of
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.models import Figures
from anonymize.kernels.anonymity.packing import Pack, packed
from anonymize.kernels.anonymity.quality import loss
from anonymize.kernels.anonymity.requirements import Demands, Flags, shares
from anonymize.kernels.anonymity.search import lattice
from anonymize.kernels.combining import combine_codes, number_keys

Levels = NDArray[np.int8]
FEWER = 0.97
"""The share of the rows with which the order is reckoned anew."""
ORDERS = ((1.0, FEWER), (1.4, FEWER), (1.0, 0.0))
"""Orders to try, as the power of what an attribute loses and when they are reckoned anew: by what nodes lose; by a
sum in which an attribute counts the more, the more of it is lost, so that the loss spreads evenly; and as at the
start, all the time. None is the best for every table."""


def peel(
    census: Census,
    domains: Sequence[Domain],
    demands: Demands,
    fixed: Sequence[int | None],
    power: float = 1.0,
    fewer: float = FEWER,
) -> tuple[Levels, Flags]:
    """The level of each combination in each attribute, and which are to be suppressed.

    The nodes of the lattice are visited from the one that loses least on, as the rows that are left lose; every
    class that holds among them is released on its levels. What is left on top joins the class that was released
    last.
    """
    nodes = lattice(domains, fixed)
    order = Order(census, domains, nodes, power, fewer)
    levels = np.zeros((len(domains), len(census.weights)), np.int8)
    left, rows = Left.of(census, domains), census.rows
    whole = shares(census)
    released: list[NDArray[np.intp]] = []
    while (index := order.next(left.places, rows)) is not None and rows >= demands.k:
        node: Node = tuple(int(level) for level in nodes[index])
        classes = left.classes(node, demands.k)
        if classes is None:
            continue
        holds = ~demands.violating(classes, whole)[classes.of]
        if not holds.any():
            continue
        released.append(left.places[holds])
        levels[:, left.places[holds]] = np.array(node, np.int8)[:, None]
        rows -= int(left.weights[holds].sum())
        left = left.without(holds)
    return _joined(census, domains, demands, levels, left.places, released, nodes[-1], whole)


@dataclass(frozen=True)
class Left:
    """The combinations that are not released yet."""

    census: Census
    packs: Sequence[Pack]
    places: NDArray[np.intp]
    weights: NDArray[np.int64]
    numbers: Sequence[NDArray[np.uint32]]
    """The number of each in each pack of quasi-identifiers."""

    @classmethod
    def of(cls, census: Census, domains: Sequence[Domain]) -> "Left":
        """All combinations."""
        packs = packed(domains, census.values)
        numbers = [pack.numbers for pack in packs]
        return cls(census, packs, np.arange(len(census.weights)), census.weights, numbers)

    def without(self, gone: Flags) -> "Left":
        """Those that are left after some have gone."""
        kept = ~gone
        numbers = [own[kept] for own in self.numbers]
        return Left(self.census, self.packs, self.places[kept], self.weights[kept], numbers)

    def classes(self, node: Node, k: int) -> Classes | None:
        """The classes on these levels; None if none has k rows."""
        groups = [pack.groups(node) for pack in self.packs]
        taken = [(own.take(numbers), size) for (own, size), numbers in zip(groups, self.numbers, strict=True)]
        of, count = number_keys(*combine_codes(taken, len(self.places)))
        sizes = np.bincount(of, self.weights, count).astype(np.int64)
        if not (sizes >= k).any():
            return None
        known = self.census.population
        population = None if known is None else np.bincount(of, known[self.places], count).astype(np.int64)
        return Classes(sizes, of.astype(np.int32), self.places, self.weights, population)


class Order:
    """Nodes from the one that loses least on. What each loses is reckoned anew when a part of the rows has gone:
    those that stay are not like those that went."""

    def __init__(
        self, census: Census, domains: Sequence[Domain], nodes: Levels, power: float, fewer: float
    ) -> None:
        self._census, self._domains, self._nodes = census, domains, nodes
        self._power, self._fewer = power, fewer
        self._waiting = np.arange(len(nodes))
        self._next, self._rows = 0, 0

    def next(self, left: NDArray[np.intp], rows: int) -> int | None:
        """The place of the next node, given the combinations that are left and their rows; None after the last."""
        if not self._rows or rows < self._fewer * self._rows:
            self._reckon(left, rows)
        if self._next == len(self._waiting):
            return None
        self._next += 1
        return int(self._waiting[self._next - 1])

    def _reckon(self, left: NDArray[np.intp], rows: int) -> None:
        self._waiting, self._next, self._rows = self._waiting[self._next :], 0, rows
        values = [own[left] for own in self._census.values]
        figure = loss(Census(values, self._census.weights[left]), self._domains)
        floors = figure.floors(self._nodes[self._waiting], self._power)
        self._waiting = self._waiting[np.argsort(floors, kind="stable")]


def _joined(
    census: Census,
    domains: Sequence[Domain],
    demands: Demands,
    levels: Levels,
    left: NDArray[np.intp],
    released: Sequence[NDArray[np.intp]],
    top: NDArray[np.int8],
    whole: Sequence[Figures],
) -> tuple[Levels, Flags]:
    """What is left goes to the top with the combinations released last, as many as make it hold."""
    suppressed = np.zeros(len(census.weights), np.bool_)
    joined = left
    for rows in reversed(released):
        if not len(left):
            break
        joined = np.concatenate([joined, rows])
        classes = _classes(census, domains, tuple(top.tolist()), joined)
        if not demands.violating(classes, whole).any():
            levels[:, joined] = top[:, None]
            return levels, suppressed
    suppressed[left] = True
    return levels, suppressed


def _classes(census: Census, domains: Sequence[Domain], node: Node, rows: NDArray[np.intp]) -> Classes:
    """The classes of some of the combinations."""
    groups = [domain.levels[level] for domain, level in zip(domains, node, strict=True)]
    labels = [(own.groups[values[rows]], own.size) for own, values in zip(groups, census.values, strict=True)]
    return classes_of(census, labels, rows)
