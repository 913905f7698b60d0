"""AES-SIV of whole columns equals the standard, value by value, and takes nothing else for authentic."""

from typing import Any

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.crypto.aes import cmac
from anonymize.kernels.crypto.siv import Siv
from tests.vectors import ids, vectors

KEY = bytes(range(64))
RFC_5297 = [  # appendix A: key, associated strings, plaintext, result
    (
        "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        ["101112131415161718191a1b1c1d1e1f2021222324252627"],
        "112233445566778899aabbccddee",
        "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
    ),
    (
        "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
        [
            "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
            "102030405060708090a0",
            "09f911029d74e35bd84156c5635688c0",
        ],
        "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553",
        "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
    ),
]


def column(*values: bytes | None) -> pa.Array:
    return pa.array(values, pa.binary())


def hexed(*values: str) -> tuple[pa.Array, ...]:
    return tuple(column(bytes.fromhex(value)) for value in values)


@pytest.mark.parametrize(("key", "associated", "plain", "sealed"), RFC_5297, ids=["A.1", "A.2"])
def test_rfc_5297(key: str, associated: list[str], plain: str, sealed: str) -> None:
    """Appendix A, one string of associated data and three."""
    cipher = Siv(bytes.fromhex(key))

    assert sealed == cipher.seal(*hexed(plain), hexed(*associated))[0].as_py().hex()
    assert plain == cipher.open(*hexed(sealed), hexed(*associated))[0][0].as_py().hex()


@pytest.mark.parametrize("test", vectors("aes_siv_wycheproof"), ids=ids)
def test_wycheproof(test: dict[str, Any]) -> None:
    """Good ones are made and opened, manipulated ones are not."""
    cipher, associated = Siv(bytes.fromhex(test["key"])), hexed(test["aad"])
    opened, authentic = cipher.open(*hexed(test["ct"]), associated)

    if test["result"] == "valid":
        assert test["ct"] == cipher.seal(*hexed(test["msg"]), associated)[0].as_py().hex()
        assert test["msg"] == opened[0].as_py().hex()
    assert [test["result"] == "valid"] == authentic.to_pylist()
    assert [test["result"] != "valid"] == opened.is_null().to_pylist()


@pytest.mark.parametrize("test", vectors("aes_cmac_wycheproof"), ids=ids)
def test_wycheproof_cmac(test: dict[str, Any]) -> None:
    """The authentication underneath."""
    found = cmac(bytes.fromhex(test["key"]), *hexed(test["msg"]))[0].tobytes().hex()

    assert (test["result"] == "valid") == (test["tag"] == found)


VALUES = st.lists(st.none() | st.binary(max_size=70), max_size=12)


@settings(max_examples=150, deadline=None)
@given(values=VALUES, first=st.binary(max_size=40), second=st.none() | st.binary(max_size=40), data=st.data())
def test_equals_the_library(values: list[bytes | None], first: bytes, second: bytes | None, data: Any) -> None:
    """For all lengths, slices, nulls and numbers of associated strings; a null string is left out."""
    start = data.draw(st.integers(0, len(values)))
    part = column(*values)[start:]
    associated = (column(*[first] * len(part)), column(*[second] * len(part)))
    strings = [first] if second is None else [first, second]

    sealed = Siv(KEY).seal(part, associated, b"head")
    opened, authentic = Siv(KEY).open(sealed, associated, b"head")

    assert [v if v is None else b"head" + by_library(v, strings) for v in values[start:]] == sealed.to_pylist()
    assert values[start:] == opened.to_pylist()
    assert [v is not None for v in values[start:]] == authentic.to_pylist()


def by_library(value: bytes, strings: list[bytes]) -> bytes:
    if value:
        return AESSIV(KEY).encrypt(value, strings)
    sealed: bytes = Siv(KEY).seal(column(b""), tuple(column(s) for s in strings))[0].as_py()
    AESSIV(KEY).decrypt(sealed, strings)  # the library refuses to make it, and raises if it is wrong
    return sealed


@pytest.mark.matrix("S10")
@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.binary(max_size=40), min_size=1, max_size=6), data=st.data())
def test_any_change_is_noticed(values: list[bytes], data: Any) -> None:
    """One bit, one byte more or less: that value alone is rejected."""
    sealed = Siv(KEY).seal(column(*values), (), b"\x01").to_pylist()
    place = data.draw(st.integers(0, len(values) - 1))
    changed = bytearray(sealed[place])
    bit = data.draw(st.integers(0, 8 * len(changed) - 1))
    changed[bit // 8] ^= 1 << bit % 8
    for bad in (bytes(changed), sealed[place][:-1], sealed[place] + b"\0", sealed[place][:16], b""):
        opened, authentic = Siv(KEY).open(column(*sealed[:place], bad, *sealed[place + 1 :]), (), b"\x01")

        assert [i != place for i in range(len(values))] == authentic.to_pylist()
        assert [None if i == place else v for i, v in enumerate(values)] == opened.to_pylist()


def test_many_values_and_long_ones() -> None:
    """More than a slice of values, and a value of a megabyte among them."""
    values = [b"x" * (i % 50) for i in range(40_000)]
    values[20_000] = b"y" * 1_000_001
    sealed = Siv(KEY).seal(column(*values))
    opened, _ = Siv(KEY).open(sealed)

    assert values == opened.to_pylist()
    assert AESSIV(KEY).encrypt(values[20_000], []) == sealed[20_000].as_py()


def test_the_size_of_the_key() -> None:
    """A key of 32 random bytes is not taken for one of 64."""
    with pytest.raises(ValueError, match="32, 48 or 64 bytes"):
        Siv(bytes(31))
