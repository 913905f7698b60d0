"""Check digits over whole columns: candidates become a matrix of digits, one row each.

Candidates of unequal length are handled length by length.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, text_buffers, to_numpy

Matrix: TypeAlias = NDArray[np.int64]
"""A row for each candidate, a column for each character: digits as themselves, A to Z as 10 to 35, others -1."""

Passed: TypeAlias = NDArray[np.bool_]

_VALUES = np.full(256, -1, np.int64)
_VALUES[48:58] = np.arange(10)
_VALUES[65:91] = np.arange(10, 36)
_VALUES[97:123] = np.arange(10, 36)

_DIHEDRAL = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ]
)
_PERMUTATION = np.array([1, 5, 7, 6, 2, 8, 3, 0, 9, 4])


def by_length(candidates: pa.StringArray, judge: Callable[[Matrix], NDArray[Any]]) -> Passed:
    """Judge candidates of each length together. Those that hold anything but ASCII letters and digits fail."""
    lengths = to_numpy(pc.binary_length(candidates))
    passed = np.zeros(len(candidates), np.bool_)
    for length in np.unique(lengths).tolist():
        mine = lengths == length
        found = matrix(candidates.filter(from_numpy(mine)), length)
        passed[mine] = judge(found) & (found >= 0).all(axis=1)
    return passed


def matrix(candidates: pa.StringArray, length: int) -> Matrix:
    """The characters of candidates that all have this length."""
    offsets, data = text_buffers(candidates)
    found: Matrix = _VALUES[data[offsets[0] : offsets[-1]]].reshape(len(candidates), length)
    return found


def number(digits: Matrix) -> NDArray[np.int64]:
    """The number that up to 18 decimal digits spell."""
    found: NDArray[np.int64] = digits @ (10 ** np.arange(digits.shape[1] - 1, -1, -1, dtype=np.int64))
    return found


def luhn(digits: Matrix) -> Passed:
    """ISO/IEC 7812-1 annex B: double every second digit from the right, sum the digits, mod 10."""
    doubled = digits[:, -2::-2] * 2
    total = digits[:, -1::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    passed: Passed = (total % 10 == 0) & (digits < 10).all(axis=1)
    return passed


def weighted(digits: Matrix, weights: Sequence[int]) -> NDArray[np.int64]:
    """The sum of the first digits, each times its weight."""
    found: NDArray[np.int64] = digits[:, : len(weights)] @ np.array(weights, np.int64)
    return found


def mod_11_2(digits: Matrix) -> Passed:
    """ISO 7064 MOD 11-2; the last character may be X, which stands for 10."""
    width = digits.shape[1]
    weights = [pow(2, width - 1 - place, 11) for place in range(width)]
    last = np.where(digits[:, -1] == 33, 10, digits[:, -1])
    total = weighted(digits, weights[:-1]) + last
    passed: Passed = (total % 11 == 1) & (last <= 10) & (digits[:, :-1] < 10).all(axis=1)
    return passed


def mod_11_10(digits: Matrix) -> Passed:
    """ISO 7064 MOD 11-10: German tax numbers, Croatian OIB."""
    product = np.full(len(digits), 10)
    for column in digits[:, :-1].T:
        total = (product + column) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    passed: Passed = ((product + digits[:, -1]) % 10 == 1) & (digits < 10).all(axis=1)
    return passed


def mod_97_10(characters: Matrix) -> Passed:
    """ISO 7064 MOD 97-10: the number, letters as two digits, leaves 1."""
    remainder = np.zeros(len(characters), np.int64)
    for column in characters.T:
        remainder = (remainder * np.where(column > 9, 100, 10) + column) % 97
    passed: Passed = remainder == 1
    return passed


def iban(characters: Matrix) -> Passed:
    """ISO 13616: the first four characters go to the end, then MOD 97-10."""
    return mod_97_10(np.roll(characters, -4, axis=1))


def verhoeff(digits: Matrix) -> Passed:
    """Verhoeff's dihedral check: Aadhaar."""
    interim = np.zeros(len(digits), np.int64)
    safe = np.clip(digits, 0, 9)
    for place in range(digits.shape[1]):
        column = safe[:, -1 - place]
        for _ in range(place % 8):
            column = _PERMUTATION[column]
        interim = _DIHEDRAL[interim, column]
    passed: Passed = (interim == 0) & (digits < 10).all(axis=1)
    return passed


def real_date(years: NDArray[Any], months: NDArray[Any], days: NDArray[Any]) -> Passed:
    """Whether the three are a date of the Gregorian calendar."""
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    known = (months >= 1) & (months <= 12)
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    last = lengths[np.where(known, months, 0)] + (leap & (months == 2))
    passed: Passed = known & (days >= 1) & (days <= last)
    return passed
