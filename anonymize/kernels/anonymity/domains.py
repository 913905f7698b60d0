"""The levels of a quasi-identifier as numbers: which group each value falls into, and how much that hides."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import to_numpy

Codes = NDArray[np.int32]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Level:
    """One level of a hierarchy, for each value of the domain."""

    groups: Codes
    """The number of the group that the value falls into."""
    shares: Shares
    """The share of the domain's values that the group covers."""

    @cached_property
    def size(self) -> int:
        """The number of groups."""
        return int(self.groups.max(initial=-1)) + 1


@dataclass(frozen=True)
class Domain:
    """All values that a quasi-identifier may take, on each level of its hierarchy from the finest on."""

    levels: Sequence[Level]

    @classmethod
    def of(cls, labels: Sequence[pa.Array]) -> "Domain":
        """From the labels of every value on each level."""
        return cls([_level(column) for column in labels])

    @property
    def size(self) -> int:
        """The number of values."""
        return len(self.levels[0].groups)

    @property
    def height(self) -> int:
        """The coarsest level."""
        return len(self.levels) - 1

    def losses(self, level: int) -> Shares:
        """What the level hides of each value: 0 for nothing, 1 for all.

        The share of the domain that the value's group covers, scaled so that no generalization loses nothing
        (V. Iyengar, "Transforming data to satisfy privacy constraints", KDD 2002).
        """
        if self.size < 2:
            return np.full(self.size, float(level > 0))
        return (self.levels[level].shares - 1 / self.size) * (self.size / (self.size - 1))


def _level(labels: pa.Array) -> Level:
    encoded = pc.dictionary_encode(labels, null_encoding="encode")
    groups: Any = to_numpy(encoded.indices).astype(np.int32)
    return Level(groups, np.bincount(groups)[groups] / max(len(groups), 1))
