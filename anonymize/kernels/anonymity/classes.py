"""Equivalence classes of a census: which distinct combinations of values become alike on coarser levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.anonymity.domains import Codes, Domain
from anonymize.kernels.arrays import from_numpy, to_numpy

Node: TypeAlias = tuple[int, ...]
"""A level for each quasi-identifier."""
Weights: TypeAlias = NDArray[np.int64]

Places: TypeAlias = NDArray[np.intp]
"""Positions in a census."""

LARGEST_KEY = 1 << 62
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


class Grouping:
    """Groups a census on any levels. What finer levels have joined is not told apart again for coarser ones."""

    def __init__(self, census: Census, domains: Sequence[Domain]) -> None:
        self.census, self.domains = census, domains
        everything = np.arange(len(census.weights))
        self._stages = [((0,) * len(domains), everything, census.weights)]
        self._room = ROOM * max(len(everything), 1)

    def classes(self, node: Node) -> Classes:
        """The classes on these levels."""
        parts, weights = self._nearest(node)
        of, count = self._told_apart(node, parts)
        one = np.empty(count, np.intp)
        one[of] = parts
        sizes = _sums(of, weights, count)
        if self._room >= count and 2 * count <= len(parts):
            self._keep(node, parts, of, weights)
        return Classes(sizes, one, of, parts, weights)

    def _keep(self, node: Node, parts: Places, of: Codes, weights: Weights) -> None:
        """Remember the classes, told apart by sensitive values, as the parts of coarser ones."""
        key, size = of.astype(np.int64), int(of.max(initial=0)) + 1
        for values in self.census.sensitive:
            own = values.take(parts)
            wide = int(own.max(initial=0)) + 1
            if size * wide > LARGEST_KEY:
                key, size = _numbered(key)
            key, size = key * wide + own, size * wide
        numbers, count = _numbered(key)
        one = np.empty(count, np.intp)
        one[numbers] = parts
        self._room -= count
        self._stages.append((node, one, _sums(numbers, weights, count)))

    def _told_apart(self, node: Node, parts: Places) -> tuple[Codes, int]:
        """The number of each part's class, and how many there are."""
        key, size = np.zeros(len(parts), np.int64), 1
        for domain, level, values in zip(self.domains, node, self.census.values, strict=True):
            groups = domain.levels[level]
            if groups.size == 1:
                continue
            if size * groups.size > LARGEST_KEY:
                key, size = _numbered(key)
            key *= groups.size
            key += groups.groups.take(values.take(parts))
            size *= groups.size
        numbered, count = _numbered(key)
        return numbered.astype(np.int32), count

    def _nearest(self, node: Node) -> tuple[Places, Weights]:
        """The smallest grouping made so far on levels that are not coarser."""
        fitting = (stage for stage in self._stages if all(a <= b for a, b in zip(stage[0], node, strict=True)))
        _, parts, weights = min(fitting, key=lambda stage: len(stage[1]))
        return parts, weights


def _sums(of: NDArray[Any], weights: Weights, count: int) -> Weights:
    return np.bincount(of, weights=weights, minlength=count).astype(np.int64)


def _numbered(keys: NDArray[Any]) -> tuple[NDArray[Any], int]:
    """Keys as numbers from 0 on; hashing is several times faster than sorting."""
    encoded = pc.dictionary_encode(from_numpy(keys))
    return to_numpy(encoded.indices).astype(np.int64), len(encoded.dictionary)
