"""Check digits equal those of an independent library and of published examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.crypto.check_digits import luhn, mod_11_2, mod_97

digits = st.lists(st.integers(0, 9), min_size=1, max_size=30)


@given(digits)
def test_luhn(numerals: list[int]) -> None:
    """With its check digit, a number's weighted sum is a multiple of 10."""
    check = int(luhn(np.array([numerals], np.int32))[0])
    weighted = [n if i % 2 == 0 else n * 2 // 10 + n * 2 % 10 for i, n in enumerate(reversed([*numerals, check]))]

    assert 0 == sum(weighted) % 10


@given(digits)
def test_mod_11_2(numerals: list[int]) -> None:
    """With its check character, a number read by the recursive method of the standard is 1 modulo 11."""
    check = int(mod_11_2(np.array([numerals], np.int32))[0])
    state = 0
    for numeral in numerals:
        state = (state + numeral) * 2 % 11

    assert 1 == (state + check) % 11


@given(st.lists(st.integers(0, 35), min_size=1, max_size=34))
def test_mod_97(numerals: list[int]) -> None:
    """The number that the digits and the letters' two digits spell, modulo 97."""
    assert int("".join(map(str, numerals))) % 97 == int(mod_97(np.array([numerals], np.int32))[0])


@pytest.mark.parametrize(
    ("compute", "number", "check"),
    [
        (luhn, "7992739871", 3),
        (luhn, "411111111111111", 1),
        (mod_11_2, "11010519491231002", 10),
        (mod_11_2, "44052418800101001", 4),
        (mod_11_2, "000000021825009", 7),
    ],
)
def test_published(compute: object, number: str, check: int) -> None:
    """A textbook's, a test card, the examples of GB 11643-1999, and an ORCID."""
    assert [check] == list(compute(np.array([list(map(int, number))], np.int32)))  # type: ignore[operator]


def test_many_rows() -> None:
    """Rows do not touch each other."""
    rows = np.array([[7, 9, 9, 2], [4, 1, 1, 1]], np.int32)

    assert [int(luhn(rows[i : i + 1])[0]) for i in (0, 1)] == luhn(rows).tolist()
