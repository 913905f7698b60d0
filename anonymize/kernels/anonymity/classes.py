"""Equivalence classes of a census: which distinct combinations of values become alike on coarser levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.domains import Codes, Domain
from anonymize.kernels.anonymity.packing import packed
from anonymize.kernels.combining import combine_codes, number_codes, number_keys, places_of

Node: TypeAlias = tuple[int, ...]
"""A level for each quasi-identifier."""
Weights: TypeAlias = NDArray[np.int64]

Places: TypeAlias = NDArray[np.intp]
"""Positions in a census."""

ROOM = 16  # how many times the census may be remembered in coarser forms
SPARSE = 2  # keys stand for classes as they are, if there are so many for each part or fewer
MIXING = 0x9E3779B97F4A7C15  # 2 to the 64 by the golden ratio, as Fibonacci hashing multiplies with


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
    """The classes that the combinations fall into on some levels. A class of no rows is none."""

    sizes: Weights
    """The rows of each class."""
    of: Codes
    """The class of each of the parts that the classes were put together from."""
    parts: Places
    """A combination of each part; all rows of a part have its sensitive values."""
    weights: Weights
    """The rows of each part."""
    population: Weights | None = None
    """The rows of each class in the larger table."""

    @cached_property
    def one(self) -> Places:
        """A combination of each class: its labels are the whole class's, on these levels and coarser ones."""
        one = np.zeros(len(self.sizes), np.intp)
        one[self.of] = self.parts
        return one


class Grouping:
    """Groups a census on any levels.

    Levels that begin alike are asked for again and again, so a beginning that is asked for a second time is kept
    with what it has joined: others are grouped from there.
    """

    def __init__(self, census: Census, domains: Sequence[Domain]) -> None:
        self.census, self._packs = census, packed(domains, census.values)
        everything, start = np.arange(len(census.weights)), (0,) * len(domains)
        numbers = [pack.numbers for pack in self._packs]
        self._stages = {start: Stage(everything, numbers, census.weights, census.population)}
        self._asked: set[Node] = set()
        self._room = ROOM * max(len(everything), 1)
        self._order = sorted(range(len(domains)), key=lambda place: -_entropy(census.values[place]))

    def classes(self, node: Node) -> Classes:
        """The classes on these levels."""
        return self.gathered(node).classes()

    def gathered(self, node: Node) -> "Gathered":
        """The census on these levels, its classes not yet told apart."""
        stage = self._beginning(node)
        return Gathered(stage, *self._keys(node, stage))

    def _keys(self, node: Node, stage: "Stage") -> tuple[NDArray[np.int64], int]:
        """A key for the class of each part, and what all keys are below."""
        groups = [pack.groups(node) for pack in self._packs]
        taken = [(own.take(numbers), size) for (own, size), numbers in zip(groups, stage.numbers, strict=True)]
        return combine_codes(taken, len(stage.parts))

    def _beginning(self, node: Node) -> "Stage":
        """The stage of the longest beginning of these levels that was asked for before."""
        levels, missing = list(node), list[Node]()
        for place in reversed(self._order):
            if not levels[place]:
                continue
            levels[place] = 0
            if (beginning := tuple(levels)) in self._stages:
                break
            if beginning in self._asked:
                missing.append(beginning)
            self._asked.add(beginning)
        stage = self._stages[tuple(levels)]
        for beginning in reversed(missing):
            stage = self._stages[beginning] = self._joined(beginning, stage)
        return stage

    def _joined(self, node: Node, stage: "Stage") -> "Stage":
        """A stage on coarser levels, told apart by sensitive values and persons; the same if that joins little."""
        apart = [*self.census.sensitive, *([] if self.census.people is None else [self.census.people])]
        taken: list[tuple[NDArray[Any], int]] = [self._keys(node, stage)]
        taken += [(own := values.take(stage.parts), int(own.max(initial=0)) + 1) for values in apart]
        of, count = number_codes(taken, len(stage.parts))
        if self._room < count or 4 * count > 3 * len(stage.parts):
            return stage
        self._room -= count
        one = places_of(of, count)
        known = None if stage.population is None else _sums(of, stage.population, count)
        numbers = [own[one] for own in stage.numbers]
        return Stage(stage.parts[one], numbers, _sums(of, stage.weights, count), known)


@dataclass(frozen=True)
class Stage:
    """A census in coarser form."""

    parts: Places
    """A combination of each part."""
    numbers: Sequence[NDArray[np.uint32]]
    """The number of each part in each pack of quasi-identifiers."""
    weights: Weights
    population: Weights | None


@dataclass(frozen=True)
class Gathered:
    """The parts of a stage on some levels: those of one key are a class."""

    stage: Stage
    keys: NDArray[np.int64]
    size: int
    """All keys are below."""

    def least_below(self, k: int) -> int:
        """At least so many rows are in classes of fewer than k. Different classes may be taken for one: that is
        several times faster than to tell them apart, and seldom makes a difference."""
        bits, keys = max(len(self.keys) // 2, 1 << 12).bit_length(), self.keys
        if self.size >> bits:
            keys = (keys.view(np.uint64) * np.uint64(MIXING) >> np.uint64(64 - bits)).view(np.int64)
        sizes = np.bincount(keys, weights=self.stage.weights)
        return int(sizes[sizes < k].sum())

    def classes(self) -> Classes:
        """The classes."""
        of, count = self.keys, self.size
        if count > SPARSE * len(of):
            of, count = number_keys(of, count)
        stage, known = self.stage, self.stage.population
        population = None if known is None else _sums(of, known, count)
        sizes = _sums(of, stage.weights, count)
        return Classes(sizes, of.astype(np.int32), stage.parts, stage.weights, population)


def classes_of(census: Census, labels: Sequence[tuple[NDArray[Any], int]], rows: Places) -> Classes:
    """The classes of some combinations, from their labels as numbers (and how many there are)."""
    of, count = number_codes(labels, len(rows))
    weights, known = census.weights[rows], census.population
    population = None if known is None else _sums(of, known[rows], count)
    return Classes(_sums(of, weights, count), of.astype(np.int32), rows, weights, population)


def _sums(of: NDArray[Any], weights: Weights, count: int) -> Weights:
    return np.bincount(of, weights=weights, minlength=count).astype(np.int64)


def _entropy(values: Codes) -> float:
    """How evenly combinations are spread over the values of an attribute: what is to be won by joining them."""
    counts = np.bincount(values)
    shares = counts[counts > 0] / max(len(values), 1)
    return -float((shares * np.log(shares)).sum())
