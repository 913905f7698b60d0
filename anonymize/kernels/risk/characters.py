"""Which characters of a column tell the value of another."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.combining import Numbers, number_codes
from anonymize.kernels.risk.pairs import Joint

LONGEST = 32
"""Characters of a value that are looked at."""
WIDEST = 8
"""Characters that are looked at together."""
FEWEST = 50
"""Rows that say something."""


@dataclass(frozen=True)
class Telling:
    """A range of characters, and how often guesses from it are right."""

    first: int
    """From 1 on."""
    last: int
    length: int
    """The characters of the whole value."""
    share: float
    baseline: float


def telling(values: NDArray[np.str_], target: Numbers, clear: float) -> Telling | None:
    """The shortest range of characters, of those the one that tells most, from which the target is guessed so much
    of the way from the baseline to certainty. None for values of different lengths, and where no range tells it.

    Every row is guessed from the other rows that have the same characters there.
    """
    lengths = np.char.str_len(values)
    length = int(lengths.max(initial=0))
    if len(values) < FEWEST or not 2 <= length <= LONGEST or (lengths != length).any():
        return None
    codes = [_codes(column) for column in _columns(values, length)]
    blind = Joint.of(target, target).baseline() / len(values)
    for width in range(1, min(WIDEST, length) + 1):
        shares = [_share(codes[start : start + width], target) for start in range(length - width + 1)]
        best = int(np.argmax(shares))
        if shares[best] > blind and shares[best] >= blind + clear * (1 - blind):
            return Telling(best + 1, best + width, length, shares[best], blind)
    return None


def _columns(values: NDArray[np.str_], length: int) -> NDArray[np.uint32]:
    """The characters as numbers: a row for each place."""
    return np.ascontiguousarray(values).view(np.uint32).reshape(len(values), -1)[:, :length].T


def _codes(characters: NDArray[np.uint32]) -> tuple[NDArray[Any], int]:
    distinct, codes = np.unique(characters, return_inverse=True)
    return codes.astype(np.int64), len(distinct)


def _share(codes: list[tuple[NDArray[Any], int]], target: Numbers) -> float:
    """How often a guess from these characters is right."""
    given, count = number_codes(codes, len(target))
    if count < 2 or count > len(target) // 2:
        return 0.0
    return Joint.of(given, target).guessed() / len(target)
