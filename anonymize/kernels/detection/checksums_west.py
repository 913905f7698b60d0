"""Check digits and dates that several numbers of Europe and the Americas share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.detection.checksums import Matrix, Passed, luhn, number, real_date, weighted

Numbers = NDArray[np.int64]


def date_of_either_century(years: Numbers, months: Numbers, days: Numbers) -> Passed:
    """Whether a date with two digits for the year is one of the 20th or of the 21st century."""
    passed: Passed = real_date(1900 + years, months, days) | real_date(2000 + years, months, days)
    return passed


def day_month_year(digits: Matrix) -> Passed:
    """Whether the first six digits are a date as DDMMYY."""
    return date_of_either_century(number(digits[:, 4:6]), number(digits[:, 2:4]), number(digits[:, :2]))


def varied(digits: Matrix) -> Passed:
    """Whether not all characters are the same: `00000000000` passes many checks and is never issued."""
    passed: Passed = (digits != digits[:, :1]).any(axis=1)
    return passed


def mod_11_rest(digits: Matrix, weights: Sequence[int], ten: int = 0) -> Numbers:
    """The digit that brings the weighted sum to a multiple of 11; `ten` where that would be 10."""
    rest = -weighted(digits, weights) % 11
    found: Numbers = np.where(rest == 10, ten, rest)
    return found


def spanish_letter(values: Numbers) -> Numbers:
    """The control letter of Spanish identity numbers (Real Decreto 1553/2005), A being 10."""
    return np.array([ord(letter) - 55 for letter in "TRWAGMYFPDXBNJZSQVHLCKE"])[values % 23]


def spanish_person(characters: Matrix) -> Passed:
    """NIF of Spaniards (eight digits), of foreigners (X, Y, Z) and of those without either (K, L, M)."""
    first = characters[:, 0]
    leading = np.select([first < 10, first == letter_value("Y"), first == letter_value("Z")], [first, 1, 2], 0)
    known = (first < 10) | np.isin(first, [letter_value(each) for each in "XYZKLM"])
    passed: Passed = characters[:, 8] == spanish_letter(leading * 10**7 + number(characters[:, 1:8]))
    return passed & known & all_digits(characters[:, 1:8])


def spanish_company(characters: Matrix) -> Passed:
    """NIF of Spanish companies (Orden EHA/451/2008): Luhn's sum as a digit, or as a letter from A to J."""
    first, last = characters[:, 0], characters[:, 8]
    doubled = characters[:, 1:8:2] * 2
    total = characters[:, 2:8:2].sum(axis=1) + (doubled // 10 + doubled % 10).sum(axis=1)
    digit = -total % 10
    lettered = np.isin(first, [letter_value(each) for each in "NPQRSW"])
    numbered = np.isin(first, [letter_value(each) for each in "ABEH"])
    as_letter = last == np.array([letter_value(each) for each in "JABCDEFGHI"])[digit]
    either = np.isin(first, [letter_value(each) for each in "CDFGJUV"])
    passed: Passed = (lettered & as_letter) | (numbered & (last == digit))
    passed |= either & (as_letter | (last == digit))
    return passed & all_digits(characters[:, 1:8])


def italian_vat(digits: Matrix) -> Passed:
    """Partita IVA: seven digits, a province or office, and Luhn's check digit."""
    office = number(digits[:, 7:10])
    known = ((office > 0) & (office <= 100)) | np.isin(office, (120, 121, 888, 999))
    return luhn(digits) & known & (number(digits[:, :7]) > 0)


def french_siren(digits: Matrix) -> Passed:
    """Nine digits with Luhn's check."""
    return luhn(digits) & varied(digits)


def dutch_eleven(digits: Matrix) -> Passed:
    """The eleven-proof of Dutch citizen service numbers; eight digits stand for nine with a leading zero."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    passed: Passed = weighted(digits, weights[-digits.shape[1] :]) % 11 == 0
    return passed & varied(digits) & all_digits(digits)


def polish_tax(digits: Matrix) -> Passed:
    """NIP: weighted sum modulo 11, which is never 10; no zero among the first three, which name the office."""
    passed: Passed = weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == digits[:, 9]
    return passed & (digits[:, 0] > 0) & (number(digits[:, 1:3]) > 0) & all_digits(digits)


def portuguese_tax(digits: Matrix) -> Passed:
    """NIF: weights 9 to 2, modulo 11; 4 only begins those of non-residents (45)."""
    nonresident = number(digits[:, :2]) == 45
    passed: Passed = mod_11_rest(digits, range(9, 1, -1)) == digits[:, 8]
    passed &= (digits[:, 0] > 0) & ((digits[:, 0] != 4) | nonresident)
    return passed & all_digits(digits)


def greek_tax(digits: Matrix) -> Passed:
    """AFM: powers of two, modulo 11, modulo 10."""
    total = weighted(digits, (256, 128, 64, 32, 16, 8, 4, 2))
    passed: Passed = total % 11 % 10 == digits[:, 8]
    return passed & varied(digits) & all_digits(digits)


def czech_birth(digits: Matrix) -> Passed:
    """Rodné číslo: date, women's months 50 later, from 2004 also 20; ten digits are divisible by 11.

    Until 1953 there were nine digits and no check. Some of those issued until 1985 leave 10, with a last digit 0.
    """
    month = number(digits[:, 2:4])
    month = month - np.where(month > 50, 50, 0)
    month = month - np.where(month > 20, 20, 0)
    dated = date_of_either_century(number(digits[:, :2]), month, number(digits[:, 4:6]))
    if digits.shape[1] == 9:
        return dated & (number(digits[:, :2]) < 54) & (number(digits[:, 6:]) > 0)
    divisible = number(digits) % 11 == 0
    exception = (number(digits[:, :9]) % 11 == 10) & (digits[:, 9] == 0)
    passed: Passed = dated & (divisible | exception)
    return passed


def icao_check(characters: Matrix) -> Numbers:
    """The check digit of machine-readable travel documents (ICAO 9303-3): weights 7, 3, 1, letters from 10."""
    weights = np.resize([7, 3, 1], characters.shape[1])
    found: Numbers = characters @ weights % 10
    return found


def all_digits(characters: Matrix) -> Passed:
    """Whether there are no letters."""
    digit: Passed = (characters >= 0) & (characters < 10)
    return np.asarray(digit.all(axis=1))


def letter_value(letter: str) -> int:
    """10 for A, as in a `Matrix`."""
    return ord(letter) - 55
