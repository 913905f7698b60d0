"""FF1 of whole columns equals the standard, value by value."""

import math
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.crypto.cycle_walking import Permutation
from anonymize.kernels.crypto.ff1 import LONGEST, Ff1, least_length
from tests.vectors import ids, vectors

KEY = bytes(range(32))
NO_TWEAK = np.zeros((1, 0), np.uint8)


def row(tweak: bytes) -> Any:
    return np.frombuffer(tweak, np.uint8).reshape(1, -1)


@pytest.mark.parametrize("test", vectors("ff1_samples") + vectors("ff1_acvp"), ids=ids)
def test_published_by_nist(test: dict[str, str]) -> None:
    """The nine samples of SP 800-38G, and vectors of the validation programme."""
    alphabet, tweak = test["alphabet"], row(bytes.fromhex(test["tweak"]))
    cipher = Ff1(bytes.fromhex(test["key"]), len(alphabet))
    plain, coded = (np.array([[alphabet.index(c) for c in test[name]]]) for name in ("pt", "ct"))

    assert test["ct"] == "".join(alphabet[i] for i in cipher.encrypt(plain, tweak)[0])
    assert test["pt"] == "".join(alphabet[i] for i in cipher.decrypt(coded, tweak)[0])


@pytest.mark.parametrize("test", vectors("ff1_wycheproof"), ids=ids)
def test_wycheproof(test: dict[str, Any]) -> None:
    """Edge cases of the arithmetic; inputs that are too short are refused."""
    cipher, tweak = Ff1(bytes.fromhex(test["key"]), test["radix"]), row(bytes.fromhex(test["tweak"]))
    if test["result"] == "valid":
        assert [test["ct"]] == cipher.encrypt(np.array([test["msg"]]), tweak).tolist()
        assert [test["msg"]] == cipher.decrypt(np.array([test["ct"]]), tweak).tolist()
        return
    with pytest.raises(ValueError, match="at least 1,000,000"):
        cipher.encrypt(np.array([test["msg"]], np.int64).reshape(1, -1), tweak)


def by_definition(key: bytes, radix: int, x: list[int], tweak: bytes) -> list[int]:
    """SP 800-38G, algorithm 7, with integers of any size."""

    def encipher(block: bytes) -> bytes:
        return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)  # noqa: S305

    def number(numerals: list[int]) -> int:
        return sum(digit * radix**place for place, digit in enumerate(reversed(numerals)))

    n, t = len(x), len(tweak)
    u, v = n // 2, n - n // 2
    a, b_half = x[:u], x[u:]
    b = math.ceil((radix**v - 1).bit_length() / 8)
    d = 4 * math.ceil(b / 4) + 4
    p = bytes([1, 2, 1]) + radix.to_bytes(3) + bytes([10, u % 256]) + n.to_bytes(4) + t.to_bytes(4)
    for i in range(10):
        text = p + tweak + bytes((-t - b - 1) % 16) + bytes([i]) + number(b_half).to_bytes(b)
        r = bytes(16)
        for start in range(0, len(text), 16):
            r = encipher(bytes(one ^ other for one, other in zip(r, text[start : start + 16], strict=True)))
        s = r
        for j in range(1, math.ceil(d / 16)):
            s += encipher(bytes(one ^ other for one, other in zip(r, j.to_bytes(16), strict=True)))
        m = v if i % 2 else u
        c = (number(a) + int.from_bytes(s[:d])) % radix**m
        a, b_half = b_half, [c // radix**place % radix for place in reversed(range(m))]
    return a + b_half


@settings(max_examples=200, deadline=None)
@given(
    radix=st.sampled_from([2, 3, 10, 16, 36, 62, 255, 256, 20_992, 65_535, 65_536]) | st.integers(2, 65_536),
    longer=st.integers(0, 40),
    tweak_size=st.sampled_from([0, 1, 5, 11, 12, 16, 20, 40]),
    same_tweak=st.booleans(),
    data=st.data(),
)
def test_equals_the_definition(radix: int, longer: int, tweak_size: int, same_tweak: bool, data: Any) -> None:
    """For every radix and length, a tweak for each row or one for all; and back."""
    length = least_length(radix) + longer
    numeral = st.sampled_from([0, radix - 1]) | st.integers(0, radix - 1)
    rows = data.draw(st.lists(st.lists(numeral, min_size=length, max_size=length), min_size=1, max_size=3))
    tweak = st.binary(min_size=tweak_size, max_size=tweak_size)
    tweaks = [data.draw(tweak)] * len(rows) if same_tweak else [data.draw(tweak) for _ in rows]
    given_tweaks = np.concatenate([row(t) for t in (tweaks[:1] if same_tweak else tweaks)])

    coded = Ff1(KEY, radix).encrypt(np.array(rows), given_tweaks)

    assert [by_definition(KEY, radix, x, t) for x, t in zip(rows, tweaks, strict=True)] == coded.tolist()
    assert rows == Ff1(KEY, radix).decrypt(coded, given_tweaks).tolist()


def test_limits() -> None:
    """Radix, domain and length are checked; the least domain is a million."""
    assert {10: 6, 16: 5, 26: 5, 62: 4, 2: 20, 20_992: 2, 65_536: 2, 1000: 2} == {
        radix: least_length(radix) for radix in (10, 16, 26, 62, 2, 20_992, 65_536, 1000)
    }
    for radix in (1, 65_537):
        with pytest.raises(ValueError, match="2 to 65536"):
            Ff1(KEY, radix)
    with pytest.raises(ValueError, match="1,000,000"):
        Ff1(KEY, 10).encrypt(np.zeros((1, 5), np.uint8), NO_TWEAK)
    with pytest.raises(ValueError, match="limited to 512"):
        Ff1(KEY, 10).encrypt(np.zeros((1, LONGEST + 1), np.uint8), NO_TWEAK)


def test_more_rows_than_a_slice() -> None:
    """Rows keep their tweaks and places."""
    numerals = np.arange(40_000)[:, None] // 10 ** np.arange(7) % 10
    tweaks = (np.arange(40_000) % 251).astype(np.uint8)[:, None]
    coded = Ff1(KEY, 10).encrypt(numerals, tweaks)

    assert by_definition(KEY, 10, numerals[39_999].tolist(), bytes([39_999 % 251])) == coded[39_999].tolist()
    assert (numerals == Ff1(KEY, 10).decrypt(coded, tweaks)).all()


@pytest.mark.parametrize("size", [1_000_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 73_049_000, 1 << 64])
def test_numbers_below_any_size(size: int) -> None:
    """Cycle walking stays below the size and is undone; no two numbers meet."""
    numbers = np.array([place * (size - 1) // 4999 for place in range(5000)], np.uint64)
    tweaks = np.zeros((len(numbers), 8), np.uint8)
    coded = Permutation(KEY, size).apply(numbers, tweaks, inverse=False)

    assert int(coded.max()) < size
    assert len(numbers) == len(np.unique(coded))
    assert (numbers == Permutation(KEY, size).apply(coded, tweaks, inverse=True)).all()


def test_a_whole_domain_is_permuted() -> None:
    """Every number below a million comes out once."""
    numbers = np.arange(1_000_000, dtype=np.uint64)
    coded = Permutation(KEY, 1_000_000).apply(numbers, np.zeros((1_000_000, 0), np.uint8), inverse=False)

    assert (numbers == np.sort(coded)).all()


@pytest.mark.matrix("S11")
def test_a_small_domain_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1,000,000"):
        Permutation(KEY, 999_999)
