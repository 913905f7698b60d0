"""Equivalence classes of a census: which distinct combinations of values become alike on coarser levels."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from operator import le
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.domains import Codes, Domain
from anonymize.kernels.combining import number_codes

Node: TypeAlias = tuple[int, ...]
"""A level for each quasi-identifier."""
Weights: TypeAlias = NDArray[np.int64]

Places: TypeAlias = NDArray[np.intp]
"""Positions in a census."""

ROOM = 16  # how many times the census may be remembered in coarser forms


@dataclass(frozen=True)
class Census:
    """The distinct combinations of the quasi-identifiers' finest values and the sensitive values, with their rows
    (or persons)."""

    values: Sequence[Codes]
    """For each quasi-identifier, the value's place in its domain, one per combination."""
    weights: Weights
    """How many rows have the combination."""
    sensitive: Sequence[Codes] = ()
    """For each sensitive column, the number of the value, one per combination."""
    people: Codes | None = None
    """The number of the person, if several rows may be of one."""
    population: Weights | None = None
    """How many rows of a larger table have the combination; some may have none here."""

    @property
    def rows(self) -> int:
        return int(self.weights.sum())


@dataclass(frozen=True)
class Classes:
    """The classes that the combinations fall into on some levels."""

    sizes: Weights
    """The rows of each class."""
    one: Places
    """A combination of each class: its labels are those of the whole class, on these levels and coarser ones."""
    of: Codes
    """The class of each of the parts that the classes were put together from."""
    parts: Places
    """A combination of each part; all rows of a part have its sensitive values."""
    weights: Weights
    """The rows of each part."""
    population: Weights | None = None
    """The rows of each class in the larger table."""


class Grouping:
    """Groups a census on any levels. What finer levels have joined is not told apart again for coarser ones."""

    def __init__(self, census: Census, domains: Sequence[Domain]) -> None:
        self.census, self.domains = census, domains
        everything = np.arange(len(census.weights))
        self._stages = [Stage((0,) * len(domains), everything, census.weights, census.population)]
        self._room = ROOM * max(len(everything), 1)

    def classes(self, node: Node) -> Classes:
        """The classes on these levels."""
        stage = self._nearest(node)
        of, count = self._told_apart(node, stage.parts)
        one = np.empty(count, np.intp)
        one[of] = stage.parts
        known = None if stage.population is None else _sums(of, stage.population, count)
        if self._room >= count and 2 * count <= len(stage.parts):
            self._keep(node, stage, of)
        return Classes(_sums(of, stage.weights, count), one, of, stage.parts, stage.weights, known)

    def _keep(self, node: Node, stage: "Stage", of: Codes) -> None:
        """Remember the classes, told apart by sensitive values and persons, as the parts of coarser ones."""
        apart = [*self.census.sensitive, *([] if self.census.people is None else [self.census.people])]
        taken = [(of, int(of.max(initial=0)) + 1)]
        taken += [(own := values.take(stage.parts), int(own.max(initial=0)) + 1) for values in apart]
        numbers, count = number_codes(taken, len(of))
        one = np.empty(count, np.intp)
        one[numbers] = stage.parts
        self._room -= count
        known = None if stage.population is None else _sums(numbers, stage.population, count)
        made = Stage(node, one, _sums(numbers, stage.weights, count), known)
        insort(self._stages, made, key=lambda stage: len(stage.parts))  # smallest first

    def _told_apart(self, node: Node, parts: Places) -> tuple[Codes, int]:
        """The number of each part's class, and how many there are."""
        levels = [domain.levels[level] for domain, level in zip(self.domains, node, strict=True)]
        taken = [
            (level.groups.take(values.take(parts)), level.size)
            for level, values in zip(levels, self.census.values, strict=True)
            if level.size > 1
        ]
        numbered, count = number_codes(taken, len(parts))
        return numbered.astype(np.int32), count

    def _nearest(self, node: Node) -> "Stage":
        """The smallest grouping made so far on levels that are not coarser."""
        for stage in self._stages:
            if all(map(le, stage.node, node)):
                return stage
        raise ValueError("a level below the finest")


@dataclass(frozen=True)
class Stage:
    """A census in coarser form."""

    node: Node
    parts: Places
    weights: Weights
    population: Weights | None


def classes_of(census: Census, labels: Sequence[tuple[NDArray[Any], int]], rows: Places) -> Classes:
    """The classes of some combinations, from their labels as numbers (and how many there are)."""
    of, count = number_codes(labels, len(rows))
    weights, known = census.weights[rows], census.population
    population = None if known is None else _sums(of, known[rows], count)
    one = np.empty(count, np.intp)
    one[of] = rows
    return Classes(_sums(of, weights, count), one, of.astype(np.int32), rows, weights, population)


def _sums(of: NDArray[Any], weights: Weights, count: int) -> Weights:
    return np.bincount(of, weights=weights, minlength=count).astype(np.int64)
