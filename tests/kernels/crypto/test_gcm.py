"""XAES-256-GCM is the published one, and takes nothing else for authentic."""

from hashlib import shake_128
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.crypto.gcm import Xaes

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("key", "associated", "expected"),
    [
        (1, b"", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
        (3, b"c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
    ],
)
def test_published_vectors(key: int, associated: bytes, expected: str) -> None:
    """Those of the specification (C2SP), for both values of the bit that the subkey depends on."""
    cipher, nonce = Xaes(bytes([key]) * 32), b"ABCDEFGHIJKLMNOPQRSTUVWX"

    assert expected == cipher.encrypt(nonce, b"XAES-256-GCM", associated).hex()


def test_published_accumulated_vectors() -> None:
    """10,000 cases drawn as the specification (C2SP) says, under one hash."""
    stream, place, digest = shake_128(b"").digest(10_000 * 568), 0, shake_128()

    def take(size: int) -> bytes:
        nonlocal place
        place += size
        return stream[place - size : place]

    for _ in range(10_000):
        key, nonce = take(32), take(24)
        plain, associated = take(take(1)[0]), take(take(1)[0])
        digest.update(Xaes(key).encrypt(nonce, plain, associated))

    assert "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939" == digest.digest(32).hex()


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.none() | st.binary(max_size=40), max_size=8), associated=st.binary(max_size=20))
def test_round_trip(values: list[bytes | None], associated: bytes) -> None:
    """Equal values have different ciphertexts, each of 24 + 16 bytes more."""
    column = pa.array(values, pa.binary())
    once, again = (Xaes(KEY).seal(column, associated, b"head") for _ in range(2))

    assert values == Xaes(KEY).open(once, associated, b"head").to_pylist()
    assert [v if v is None else 4 + 40 + len(v) for v in values] == [
        v if v is None else len(v) for v in once.to_pylist()
    ]
    assert not {v for v in once.to_pylist() if v is not None} & set(again.to_pylist())


@settings(max_examples=60, deadline=None)
@given(value=st.binary(max_size=40), data=st.data())
def test_any_change_is_noticed(value: bytes, data: Any) -> None:
    """One bit, one byte more or less, another key or other associated data."""
    sealed = Xaes(KEY).seal(pa.array([value]), b"a", b"\x02").to_pylist()[0]
    changed = bytearray(sealed)
    bit = data.draw(st.integers(0, 8 * len(changed) - 1))
    changed[bit // 8] ^= 1 << bit % 8
    bad = pa.array([bytes(changed), sealed[:-1], sealed + b"\0", sealed[:40], b"", None], pa.binary())

    assert [None] * 6 == Xaes(KEY).open(bad, b"a", b"\x02").to_pylist()
    assert [None] == Xaes(bytes(32)).open(pa.array([sealed]), b"a", b"\x02").to_pylist()
    assert [None] == Xaes(KEY).open(pa.array([sealed]), b"b", b"\x02").to_pylist()


def test_no_nonce_is_used_twice() -> None:
    """Each value has its own; each call derives a key of its own."""
    sealed = [Xaes(KEY).seal(pa.array(["x"] * 1000)).to_pylist() for _ in range(2)]

    assert 2000 == len({value[:24] for page in sealed for value in page})
    assert 2 == len({value[:12] for page in sealed for value in page})
