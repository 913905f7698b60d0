"""Bytes as text: what RFC 4648 says, and one spelling for each sequence of bytes."""

import base64
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.core.errors import DataError
from anonymize.kernels.crypto.spellings import Encoding, decode, encode

STANDARD: dict[Encoding, Callable[[bytes], str]] = {
    "base64url": lambda value: base64.urlsafe_b64encode(value).rstrip(b"=").decode(),
    "base32": lambda value: base64.b32encode(value).rstrip(b"=").decode(),
    "hex": bytes.hex,
}
encodings = pytest.mark.parametrize("encoding", list(STANDARD))


@encodings
@settings(max_examples=100, deadline=None)
@given(values=st.lists(st.none() | st.binary(max_size=40), max_size=12), data=st.data())
def test_equals_the_library(encoding: Encoding, values: list[bytes | None], data: Any) -> None:
    """For all lengths, slices and nulls; and back, from text and from bytes."""
    start = data.draw(st.integers(0, len(values)))
    texts = encode(pa.array(values, pa.binary())[start:], encoding)

    assert [None if v is None else STANDARD[encoding](v) for v in values[start:]] == texts.to_pylist()
    for given_texts in (texts, texts.cast(pa.binary())):
        found, good = decode(given_texts, encoding)
        assert values[start:] == found.to_pylist()
        assert [v is not None for v in values[start:]] == good.to_pylist()


@encodings
@settings(max_examples=150, deadline=None)
@given(texts=st.lists(st.text("AQZabz2701-_+/= \n王", max_size=12) | st.text(max_size=6), max_size=6))
def test_nothing_else_is_taken(encoding: Encoding, texts: list[str]) -> None:
    """A text is read only if it is the one spelling of some bytes, whatever stands beside it."""
    found, good = decode(pa.array(texts, pa.string()), encoding)

    for text, value, is_good in zip(texts, found.to_pylist(), good.to_pylist(), strict=True):
        assert is_good == (value is not None)
        assert value is None or STANDARD[encoding](value) == text
    assert [_is_spelling(text, encoding) for text in texts] == good.to_pylist()


def _is_spelling(text: str, encoding: Encoding) -> bool:
    readers = {
        "base64url": lambda: base64.b64decode(text + "=" * (-len(text) % 4), "-_", validate=True),
        "base32": lambda: base64.b32decode(text + "=" * (-len(text) % 8)),
        "hex": lambda: bytes.fromhex(text),
    }
    try:
        return STANDARD[encoding](readers[encoding]()) == text
    except ValueError:
        return False


@encodings
def test_more_than_an_array_holds(encoding: Encoding, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offsets are not let to overflow."""
    monkeypatch.setattr("anonymize.kernels.crypto.spellings.LARGEST", 99)

    assert 1 == len(encode(pa.array([bytes(40)]), encoding))
    with pytest.raises(DataError, match="longer than 2 GiB"):
        encode(pa.array([bytes(40)] * 3), encoding)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("base64url", "AB"),
        ("base64url", "A"),
        ("base64url", "AA=="),
        ("base32", "AB"),
        ("base32", "A"),
        ("hex", "AB"),
    ],
)
def test_loose_ends_are_refused(encoding: Encoding, text: str) -> None:
    """Bits that belong to no byte, half bytes, padding and capital hex digits."""
    assert [False] == decode(pa.array([text]), encoding)[1].to_pylist()
