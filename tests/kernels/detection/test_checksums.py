"""Check digits, against published vectors and slow arithmetic of their own."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.detection import checksums
from anonymize.kernels.detection.checksums import by_length

DIGITS = st.text("0123456789", min_size=2, max_size=20)


def passed(judge, *texts: str) -> list[bool]:
    return by_length(pa.array(texts, pa.string()), judge).tolist()


def slow_luhn(text: str) -> bool:
    total = 0
    for place, digit in enumerate(map(int, reversed(text))):
        total += digit if place % 2 == 0 else sum(divmod(2 * digit, 10))
    return total % 10 == 0


@given(st.lists(DIGITS, max_size=20))
def test_luhn(texts: list[str]) -> None:
    """The same as digit by digit, whatever lengths are mixed."""
    assert [slow_luhn(text) for text in texts] == passed(checksums.luhn, *texts)


def test_published_luhn() -> None:
    """ISO/IEC 7812-1's example and its neighbours."""
    assert [True, False, True] == passed(checksums.luhn, "79927398713", "79927398710", "4111111111111111")


@given(st.text("0123456789", min_size=1, max_size=17))
def test_mod_11_2(body: str) -> None:
    """Exactly one check character fits, and it is the one of ISO 7064's pure system."""
    interim = 0
    for digit in map(int, body):
        interim = (interim + digit) * 2 % 11
    expected = "0123456789X"[(12 - interim) % 11]

    assert [c for c in "0123456789X" if passed(checksums.mod_11_2, body + c) == [True]] == [expected]


def test_published_mod_11_2() -> None:
    """GB 11643-1999, annex A, and the ISNI example of ISO 27729."""
    assert [True, True, False] == passed(
        checksums.mod_11_2, "440524188001010014", "11010519491231002X", "110105194912310021"
    )
    assert [True] == passed(checksums.mod_11_2, "000000012146438X")


def test_published_mod_97() -> None:
    """Examples of the IBAN registry; a swap of two characters is noticed."""
    good = ["GB29NWBK60161331926819", "FR1420041010050500013M02606", "MT84MALT011000012345MTLCAST001S"]

    assert [True] * 3 == passed(checksums.iban, *good)
    assert [False] * 3 == passed(checksums.iban, *[text[:-2] + text[-1] + text[-2] for text in good])


@given(st.text("0123456789ABCXYZ", min_size=4, max_size=34))
def test_mod_97_by_big_numbers(text: str) -> None:
    """The same as with Python's integers."""
    expected = int("".join(str(int(c, 36)) for c in text)) % 97 == 1

    assert [expected] == passed(checksums.mod_97_10, text)


def test_published_verhoeff() -> None:
    """236 has the check digit 3; swapped and mistyped digits are noticed."""
    assert [True, False, False] == passed(checksums.verhoeff, "2363", "2633", "2364")
    assert [True] == passed(checksums.verhoeff, "84736430954837284567892")


@given(st.text("0123456789", min_size=1, max_size=15))
def test_one_check_digit(body: str) -> None:
    """Each body has exactly one check digit."""
    for judge in (checksums.verhoeff, checksums.mod_11_10, checksums.luhn):
        assert 1 == sum(passed(judge, *[f"{body}{digit}" for digit in range(10)]))


def test_published_mod_11_10() -> None:
    """ISO 7064's example 0794 has the check digit 5."""
    assert [True, False] == passed(checksums.mod_11_10, "07945", "07946")


def test_other_characters_fail() -> None:
    """What is neither letter nor digit fails; so does nothing at all."""
    assert [False, False, False] == passed(checksums.luhn, "4-2", "４２", "A0")


@given(st.dates())
def test_real_dates(date) -> None:
    """Every date is one."""
    parts = [np.array([part]) for part in (date.year, date.month, date.day)]

    assert [True] == checksums.real_date(*parts).tolist()


def test_dates_that_are_none() -> None:
    """Months of 1 to 12, days of the month, leap years."""
    years, months, days = np.array(
        [[2023, 2, 29], [1900, 2, 29], [2000, 2, 29], [2024, 13, 1], [2024, 4, 31], [2024, 1, 0]]
    ).T

    assert [False, False, True, False, False, False] == checksums.real_date(years, months, days).tolist()
