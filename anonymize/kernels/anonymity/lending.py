"""Local recoding, second pass: groups too small for finer levels borrow rows of classes that can spare them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Census
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.packing import Pack, packed
from anonymize.kernels.combining import combine_codes, number_codes, number_keys

Levels = NDArray[np.int8]
Places = NDArray[np.intp]
MOST = 400
"""Nodes to look at: most is won on the finest."""
FEWEST = 4  # a group that is to win has this part of k rows by itself, or more
TOLERANCE = 1e-9


@dataclass
class Lending:
    """Makes classes on finer levels than a local recoding has, where that loses less in all.

    The first pass gives each class all rows that are left and fit, however many they are. A few rows that stand
    out are left over then and go to coarse levels, where one or two rows more would have let them stay. So the
    finest nodes are visited once more: rows that lose more than they would there make a class, if need be with
    rows of classes that can spare them. Every class has k rows at each step.
    """

    census: Census
    domains: Sequence[Domain]
    k: int
    weights: Sequence[float] = ()
    """Of the attributes."""

    def run(self, levels: Levels, nodes: Levels) -> Levels:
        """Better levels for each combination; all classes hold already. Nodes stand in the order of their loss."""
        shares = np.asarray(list(self.weights) or [1.0] * len(self.domains))
        self._state = State.standing(self.census, self.domains, shares / max(shares.sum(), 1e-300), levels)
        for node in nodes[:MOST]:
            self._visit(node)
        return self._state.levels

    def _visit(self, node: NDArray[np.int8]) -> None:
        """Make the classes that are worth it on these levels."""
        state, rows = self._state, self.census.weights
        cost = state.costs(node)
        wins = state.lost > cost + TOLERANCE
        if not wins.any():
            return
        of, count = state.groups(node)
        won = np.bincount(of[wins], rows[wins], count)
        there = np.bincount(of, rows * state.stand_on(node), count)
        fit = (won > 0) & (np.bincount(of, rows, count) >= self.k) & ((there > 0) | (FEWEST * won >= self.k))
        members = np.flatnonzero(fit[of])
        members = members[np.argsort(of[members], kind="stable")]
        for part in np.split(members, np.flatnonzero(np.diff(of[members])) + 1) if len(members) else ():
            self._make(part, node, float(cost[part[0]]))

    def _make(self, part: Places, node: NDArray[np.int8], cost: float) -> None:
        """Let combinations of a group be a class on these levels, or join the one that is there, if it wins."""
        state, rows, lost = self._state, self.census.weights, self._state.lost
        here = part[state.stand_on(node, part)]
        others = np.setdiff1d(part, here)
        is_winning = lost[others] > cost + TOLERANCE
        moved = self._free(others[is_winning])
        need = self.k - int(rows[here].sum()) - int(rows[moved].sum())
        if need > 0 and moved:
            moved += self._lent(others[~is_winning], need, moved)
        if not moved or int(rows[here].sum()) + int(rows[moved].sum()) < self.k:
            return
        if float((rows[moved] * (lost[moved] - cost)).sum()) > TOLERANCE:
            state.move(np.array(moved), node, cost, here)

    def _free(self, winning: Places) -> list[int]:
        """The combinations that can leave their classes: all of a class, or as many as it can spare."""
        state, free = self._state, list[int]()
        for own in np.unique(state.of[winning]).tolist():
            mine = winning[state.of[winning] == own]
            if int(self.census.weights[mine].sum()) == state.sizes[own]:
                free += mine.tolist()
            else:
                free += self._spared(mine, {})
        return free

    def _lent(self, others: Places, need: int, gone: list[int]) -> list[int]:
        """Combinations of classes that can spare them, those first that lose least by it."""
        taken: dict[int, int] = {}
        for place in gone:
            own = int(self._state.of[place])
            taken[own] = taken.get(own, 0) + int(self.census.weights[place])
        lent, cheapest = list[int](), others[np.argsort(-self._state.lost[others], kind="stable")]
        for place in self._spared(cheapest, taken):
            if need <= 0:
                break
            lent.append(place)
            need -= int(self.census.weights[place])
        return lent

    def _spared(self, places: Places, taken: dict[int, int]) -> list[int]:
        """Those of the combinations, in this order, that leave k rows in their classes."""
        state, spared = self._state, list[int]()
        for place in places.tolist():
            own, rows = int(state.of[place]), int(self.census.weights[place])
            if state.sizes[own] - taken.get(own, 0) - rows >= self.k:
                taken[own] = taken.get(own, 0) + rows
                spared.append(place)
        return spared


@dataclass
class State:
    """A local recoding that changes."""

    census: Census
    packs: Sequence[Pack]
    tables: Sequence[NDArray[np.float64]]
    """For each attribute what each level costs each value."""
    levels: Levels
    lost: NDArray[np.float64]
    """What each combination loses."""
    of: NDArray[np.int64]
    """The class of each combination."""
    sizes: list[int]
    """The rows of each class."""

    @classmethod
    def standing(
        cls, census: Census, domains: Sequence[Domain], shares: NDArray[np.float64], levels: Levels
    ) -> "State":
        """As the levels are."""
        tables, taken, lost = [], list[tuple[NDArray[np.int64], int]](), np.zeros(levels.shape[1])
        for domain, share, on, values in zip(domains, shares, levels, census.values, strict=True):
            tables.append(np.stack([domain.losses(level) * share for level in range(domain.height + 1)]))
            groups = np.stack([level.groups for level in domain.levels]).astype(np.int64)
            taken += [(on.astype(np.int64), domain.height + 1), (groups[on, values], domain.size)]
            lost += tables[-1][on, values]
        of, count = number_codes(taken, levels.shape[1])
        sizes = np.bincount(of, census.weights, count).astype(np.int64).tolist()
        return cls(census, packed(domains, census.values), tables, levels.copy(), lost, of, sizes)

    def costs(self, node: NDArray[np.int8]) -> NDArray[np.float64]:
        """What each combination loses on these levels."""
        costs = np.zeros(len(self.lost))
        for pack in self.packs:
            each = [
                self.tables[place][node[place]][own] for place, own in zip(pack.places, pack.values, strict=True)
            ]
            costs += np.sum(each, axis=0).take(pack.numbers)
        return costs

    def groups(self, node: NDArray[np.int8]) -> tuple[NDArray[np.int64], int]:
        """The group of each combination on these levels, and how many there are."""
        found = [(pack.groups(node.tolist()), pack.numbers) for pack in self.packs]
        taken = [(groups.take(numbers), count) for (groups, count), numbers in found]
        return number_keys(*combine_codes(taken, len(self.lost)))

    def stand_on(self, node: NDArray[np.int8], places: Places | slice = slice(None)) -> NDArray[np.bool_]:
        """Which of the combinations are on these levels."""
        on: NDArray[np.bool_] = (self.levels[:, places] == node[:, None]).all(axis=0)
        return on

    def move(self, places: Places, node: NDArray[np.int8], cost: float, to: Places) -> None:
        """Let combinations be a class on these levels, with those that are there."""
        target = int(self.of[to[0]]) if len(to) else len(self.sizes)
        self.sizes += [] if len(to) else [0]
        for place in places.tolist():
            self.sizes[self.of[place]] -= int(self.census.weights[place])
            self.sizes[target] += int(self.census.weights[place])
        self.of[places], self.lost[places] = target, cost
        self.levels[:, places] = node[:, None]
