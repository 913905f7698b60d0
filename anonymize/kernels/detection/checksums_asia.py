"""Check digits and dates that several numbers of Asian countries share."""

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.detection.checksums import Matrix, Passed, mod_11_2, number, real_date, weighted

_PROVINCES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"
)
CHINESE_PROVINCES: NDArray[np.int64] = np.array(_PROVINCES.split(), np.int64)
"""The first two digits of GB/T 2260; 81 to 83 are residence permits, 91 is for Taiwan's."""

_KOREAN_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def chinese_resident_number(digits: Matrix) -> Passed:
    """GB 11643-1999: province, date of birth and MOD 11-2; with 15 digits, as until 1999, no check digit."""
    is_long = digits.shape[1] == 18
    year = number(digits[:, 6:10]) if is_long else 1900 + number(digits[:, 6:8])
    rest = digits[:, 10:14] if is_long else digits[:, 8:12]
    passed: Passed = np.isin(number(digits[:, :2]), CHINESE_PROVINCES)
    passed &= real_date(year, number(rest[:, :2]), number(rest[:, 2:]))
    return passed & mod_11_2(digits) if is_long else passed


def korean_check_digit(digits: Matrix) -> NDArray[np.int64]:
    """What MOD 11 makes of the first twelve digits of a resident number; foreigners' numbers add 2."""
    found: NDArray[np.int64] = (11 - weighted(digits, _KOREAN_WEIGHTS) % 11) % 10
    return found


def short_date(digits: Matrix) -> Passed:
    """Whether six digits are year, month and day; a 29 February needs a leap year of either century."""
    year, month, day = number(digits[:, :2]), number(digits[:, 2:4]), number(digits[:, 4:6])
    return real_date(1900 + year, month, day) | real_date(2000 + year, month, day)


def luhn_mod_36(characters: Matrix) -> Passed:
    """Luhn's check over digits and letters: every second value from the right doubled, its digits summed."""
    doubled = characters[:, -2::-2] * 2
    total = characters[:, -1::-2].sum(axis=1) + (doubled // 36 + doubled % 36).sum(axis=1)
    passed: Passed = total % 36 == 0
    return passed
