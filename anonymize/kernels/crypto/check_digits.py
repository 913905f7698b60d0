"""Check digits over columns: each row of a matrix holds the numerals of a value."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.integer]
Checks = NDArray[np.int32]

_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], np.int32)  # the sum of the digits of twice a digit


def luhn(numerals: Matrix) -> Checks:
    """The digit that goes behind each row (ISO/IEC 7812-1, annex B)."""
    total = np.zeros(len(numerals), np.int32)
    for place, column in enumerate(reversed(numerals.T)):
        total += column if place % 2 else _DOUBLED[column]
    return -total % np.int32(10)


def mod_11_2(numerals: Matrix) -> Checks:
    """The digit that goes behind each row, 10 for X (ISO/IEC 7064, MOD 11-2; GB 11643)."""
    total = np.full(len(numerals), -1, np.int32)
    for place, column in enumerate(reversed(numerals.T), 1):
        total += np.int32(pow(2, place, 11)) * column
    return -total % np.int32(11)


def mod_97(numerals: Matrix) -> Checks:
    """Each row modulo 97, a letter being two digits, A 10 and Z 35 (ISO 13616-1; ISO/IEC 7064, MOD 97-10)."""
    found = np.zeros(len(numerals), np.int32)
    for column in numerals.T:
        found = (found * np.where(column < 10, 10, 100) + column) % 97
    return found
