"""Value added tax numbers of the European Union: shape and check of each country, without the two letters."""

from collections.abc import Callable

import numpy as np

from anonymize.kernels.detection.checksums import Matrix, Passed, luhn, mod_11_10, mod_97_10, number, weighted
from anonymize.kernels.detection.checksums_west import (
    all_digits,
    czech_birth,
    dutch_eleven,
    french_siren,
    greek_tax,
    italian_vat,
    letter_value,
    mod_11_rest,
    polish_tax,
    portuguese_tax,
    spanish_company,
    spanish_person,
)

SHAPES = {
    "AT": "U[0-9]{8}",
    "BE": "[01][0-9]{9}",
    "BG": "[0-9]{9,10}",
    "CY": "[0-9]{8}[A-Z]",
    "CZ": "[0-9]{8,10}",
    "DE": "[1-9][0-9]{8}",
    "DK": "[1-9][0-9]{7}",
    "EE": "[0-9]{9}",
    "EL": "[0-9]{9}",
    "ES": "[A-Z0-9][0-9]{7}[A-Z0-9]",
    "FI": "[0-9]{8}",
    "FR": "[0-9A-Z]{2} ?[0-9]{9}",
    "GB": "[0-9]{9}",
    "HR": "[0-9]{11}",
    "HU": "[0-9]{8}",
    "IE": "[0-9]{7}[A-Z]{1,2}|[0-9][A-Z][0-9]{5}[A-Z]",
    "IT": "[0-9]{11}",
    "LT": "[0-9]{9}|[0-9]{12}",
    "LU": "[0-9]{8}",
    "LV": "[0-9]{11}",
    "MT": "[0-9]{8}",
    "NL": "[0-9]{9}B[0-9]{2}",
    "PL": "[0-9]{10}",
    "PT": "[1-9][0-9]{8}",
    "RO": "[1-9][0-9]{1,9}",
    "SE": "[0-9]{10}01",
    "SI": "[1-9][0-9]{7}",
    "SK": "[1-9][0-9]{9}",
    "XI": "[0-9]{9}",
}
"""As RE2 patterns; GB and XI (Northern Ireland) are kept beside the members."""


def vat_number(characters: Matrix) -> Passed:
    """Whether a number with its country, as `DE136695976`, passes the country's check."""
    passed = np.zeros(len(characters), np.bool_)
    country = characters[:, 0] * 36 + characters[:, 1]
    for code, check in _CHECKS.items():
        mine = country == letter_value(code[0]) * 36 + letter_value(code[1])
        if mine.any():
            passed[mine] = check(characters[mine, 2:])
    return passed


def _austria(characters: Matrix) -> Passed:
    digits = characters[:, 1:]
    doubled = digits[:, 1:7:2] * 2
    total = digits[:, 0:7:2].sum(axis=1) + (doubled // 10 + doubled % 10).sum(axis=1)
    passed: Passed = (6 - total) % 10 == digits[:, 7]
    return passed & all_digits(digits)


def _belgium(digits: Matrix) -> Passed:
    passed: Passed = 97 - number(digits[:, :8]) % 97 == number(digits[:, 8:])
    return passed & (number(digits) > 0)


def _bulgaria(digits: Matrix) -> Passed:
    if digits.shape[1] == 10:
        return _bulgarian_person(digits)
    first = weighted(digits, range(1, 9)) % 11
    second = weighted(digits, range(3, 11)) % 11 % 10
    passed: Passed = np.where(first == 10, second, first) == digits[:, 8]
    return passed


def _bulgarian_person(digits: Matrix) -> Passed:
    """Of citizens, of foreigners and of others."""
    citizen = weighted(digits, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10
    foreigner = weighted(digits, (21, 19, 17, 13, 11, 9, 7, 3, 1)) % 10
    other = -weighted(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    passed: Passed = (digits[:, [9]] == np.stack([citizen, foreigner, other], axis=1)).any(axis=1)
    return passed


def _cyprus(characters: Matrix) -> Passed:
    translated = np.array([1, 0, 5, 7, 9, 13, 15, 17, 19, 21])[np.clip(characters[:, 0:8:2], 0, 9)]
    total = translated.sum(axis=1) + characters[:, 1:8:2].sum(axis=1)
    passed: Passed = total % 26 + 10 == characters[:, 8]
    return passed & all_digits(characters[:, :8])


def _czechia(digits: Matrix) -> Passed:
    if digits.shape[1] > 8:
        return czech_birth(digits)
    rest = (11 - weighted(digits, range(8, 1, -1))) % 11
    passed: Passed = np.where(rest == 0, 1, rest) % 10 == digits[:, 7]
    return passed


def _france(characters: Matrix) -> Passed:
    """The key follows from the rest if it is a number; newer ones hold letters."""
    key, siren = characters[:, :2], characters[:, 2:]
    right = (12 + 3 * (number(siren) % 97)) % 97 == number(key)
    return french_siren(siren) & np.where(all_digits(key), right, True)


def _britain(digits: Matrix) -> Passed:
    passed: Passed = np.isin(weighted(digits, (8, 7, 6, 5, 4, 3, 2, 10, 1)) % 97, (0, 42, 55))
    return passed & (number(digits) > 0)


def _ireland(characters: Matrix) -> Passed:
    """Until 2013 the second character could be a letter: then the first digit stands last."""
    old = ~all_digits(characters[:, 1:2])
    turned = np.concatenate(
        [np.zeros((len(characters), 1), np.int64), characters[:, 2:7], characters[:, :1]], axis=1
    )
    characters = np.concatenate([np.where(old[:, None], turned, characters[:, :7]), characters[:, 7:]], axis=1)
    last = characters[:, 8] - 9 if characters.shape[1] > 8 else np.zeros(len(characters), np.int64)
    rest = (weighted(characters, range(8, 1, -1)) + 9 * np.where(last == letter_value("W") - 9, 0, last)) % 23
    passed: Passed = characters[:, 7] == np.where(rest == 0, letter_value("W"), rest + 9)
    return passed & all_digits(characters[:, :7])


def _lithuania(digits: Matrix) -> Passed:
    places = np.arange(digits.shape[1] - 1)
    first = weighted(digits, (1 + places % 9).tolist()) % 11
    second = weighted(digits, (1 + (places + 2) % 9).tolist()) % 11 % 10
    passed: Passed = (np.where(first == 10, second, first) == digits[:, -1]) & (digits[:, -2] == 1)
    return passed


def _latvia(digits: Matrix) -> Passed:
    company = weighted(digits, (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)) % 11 == 3
    person = (1 + weighted(digits, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10 == digits[:, 10]
    passed: Passed = np.where(digits[:, 0] > 3, company, person)
    return passed


def _netherlands(characters: Matrix) -> Passed:
    prefix = np.tile([letter_value("N"), letter_value("L")], (len(characters), 1))
    return dutch_eleven(characters[:, :9]) | mod_97_10(np.concatenate([prefix, characters], axis=1))


def _romania(digits: Matrix) -> Passed:
    weights = (7, 5, 3, 2, 1, 7, 5, 3, 2)[10 - digits.shape[1] :]
    passed: Passed = weighted(digits, weights) * 10 % 11 % 10 == digits[:, -1]
    return passed


def _slovenia(digits: Matrix) -> Passed:
    rest = 11 - weighted(digits, range(8, 1, -1)) % 11
    passed: Passed = np.where(rest == 10, 0, rest) == digits[:, 7]
    return passed


def _slovakia(digits: Matrix) -> Passed:
    passed: Passed = (number(digits) % 11 == 0) & np.isin(digits[:, 2], (2, 3, 4, 7, 8, 9))
    return passed


_CHECKS: dict[str, Callable[[Matrix], Passed]] = {
    "AT": _austria,
    "BE": _belgium,
    "BG": _bulgaria,
    "CY": _cyprus,
    "CZ": _czechia,
    "DE": mod_11_10,
    "DK": lambda digits: weighted(digits, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0,
    "EE": lambda digits: weighted(digits, (3, 7, 1, 3, 7, 1, 3, 7, 1)) % 10 == 0,
    "EL": greek_tax,
    "ES": lambda characters: spanish_person(characters) | spanish_company(characters),
    "FI": lambda digits: mod_11_rest(digits, (7, 9, 10, 5, 8, 4, 2), ten=-1) == digits[:, 7],
    "FR": _france,
    "GB": _britain,
    "HR": mod_11_10,
    "HU": lambda digits: weighted(digits, (9, 7, 3, 1, 9, 7, 3, 1)) % 10 == 0,
    "IE": _ireland,
    "IT": italian_vat,
    "LT": _lithuania,
    "LU": lambda digits: number(digits[:, :6]) % 89 == number(digits[:, 6:]),
    "LV": _latvia,
    "MT": lambda digits: weighted(digits, (3, 4, 6, 7, 8, 9, 10, 1)) % 37 == 0,
    "NL": _netherlands,
    "PL": polish_tax,
    "PT": portuguese_tax,
    "RO": _romania,
    "SE": lambda digits: luhn(digits[:, :10]),
    "SI": _slovenia,
    "SK": _slovakia,
    "XI": _britain,
}
