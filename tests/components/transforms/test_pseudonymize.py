"""Pseudonyms are AES-CMAC codes in the spelling that was asked for, and link only where a scope says so."""

import base64
from typing import Any
from uuid import UUID

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.core.transform import ColumnTransform
from anonymize.kernels.crypto.keys import derive
from anonymize.transforms.substitution.pseudonymize import Pseudonymize
from tests.components.transforms.substitution import IDS, results
from tests.harness import MASTER, context


def code(value: bytes, column: str = "value") -> bytes:
    found = CMAC(algorithms.AES(derive(MASTER, "tests", "pseudonymize", f"column:{column}")))
    found.update(value)
    return found.finalize()


@given(st.lists(st.text(max_size=40) | st.none(), max_size=20))
@settings(deadline=None, max_examples=50)
def test_pseudonyms_are_the_spelled_codes(values: list[str | None]) -> None:
    """Each spelling is that of the AES-CMAC of the value's bytes."""
    column = pa.array(values, pa.string())
    codes = [code(value.encode()) if value is not None else None for value in values]
    numbers = [int.from_bytes(c, "big") if c else 0 for c in codes]

    def expected(spell: Any) -> list[Any]:
        return [None if c is None else spell(c, n) for c, n in zip(codes, numbers, strict=True)]

    def token(encoding: str, **more: Any) -> list[Any]:
        return results(Pseudonymize(encoding=encoding, **more), column)

    assert expected(lambda c, n: c.hex()) == token("hex")
    assert expected(lambda c, n: c.hex()[:17]) == token("hex", length=17)
    assert expected(lambda c, n: base64.b32encode(c).decode().rstrip("=")) == token("base32")
    assert expected(lambda c, n: base64.b32encode(c).decode()[:13]) == token("base32", length=13)
    shifted = expected(lambda c, n: base64.urlsafe_b64encode((n << 15).to_bytes(18, "big")).decode()[:22])
    assert shifted == token("base64url")
    assert expected(lambda c, n: str(n >> 65)) == token("integer")
    assert expected(lambda c, n: "é-" + c.hex()) == token("hex", prefix="é-")


def test_uuids_are_of_version_8() -> None:
    """All bits but those of version and variant are the code's."""
    for value, found in zip(["a", "", "王"], results(Pseudonymize(encoding="uuid"), ["a", "", "王"]), strict=True):
        parsed = UUID(found)
        free = ~(0xF << 76 | 0x3 << 62)
        assert (parsed.version, parsed.variant) == (8, "specified in RFC 4122")
        assert parsed.int & free == int.from_bytes(code(value.encode()), "big") & free
        assert str(parsed) == found


@pytest.mark.matrix("S9")
def test_scopes_separate_and_join() -> None:
    """Columns do not link unless they share a scope; the key and the steps are part of it too."""

    def tokens(transform: ColumnTransform, column: str) -> pa.Array:
        return transform.apply(IDS, context(transform, None, len(IDS), column=column)).to_pylist()

    own, shared = Pseudonymize(), Pseudonymize(scope="patients")
    assert set(tokens(own, "a")).isdisjoint(tokens(own, "b"))
    assert tokens(shared, "a") == tokens(shared, "b")
    assert set(tokens(shared, "a")).isdisjoint(tokens(own, "patients"))
    assert len(set(tokens(own, "a"))) == len(IDS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"length": 15},
        {"length": 33},
        {"encoding": "base32", "length": 12},
        {"encoding": "base64url", "length": 10},
        {"encoding": "uuid", "length": 36},
        {"encoding": "integer", "length": 18},
        {"encoding": "md5"},
        {"prefix": "=1+"},
        {"prefix": "@"},
        {"prefix": "a\n"},
        {"scope": ""},
    ],
)
def test_wrong_pseudonyms(wrong: dict[str, Any]) -> None:
    """Too few bits, unknown spellings and formulas are refused."""
    with pytest.raises(ValidationError):
        Pseudonymize(**wrong)


def test_injective_only_when_wide() -> None:
    """64 bits may collide, and the claims say so."""
    wide = [
        Pseudonymize(),
        Pseudonymize(length=30),
        Pseudonymize(encoding="base32"),
        Pseudonymize(encoding="base64url", length=21),
    ]
    narrow = [
        Pseudonymize(length=16),
        Pseudonymize(encoding="base32", length=23),
        Pseudonymize(encoding="integer"),
        Pseudonymize(length=29),
    ]

    assert all(t.properties().injective for t in [*wide, Pseudonymize(encoding="uuid")])
    assert not any(t.properties().injective for t in narrow)
    assert all(t.properties().joins for t in [*wide, *narrow])
    assert [t.bits() for t in wide + narrow] == [128, 120, 128, 125, 64, 115, 63, 116]


@pytest.mark.parametrize(("encoding", "length"), [("hex", 16), ("hex", 32), ("base32", 13), ("base64url", 11)])
def test_the_least_and_the_most_are_allowed(encoding: Any, length: int) -> None:
    """64 bits to 128."""
    (found,) = results(Pseudonymize(encoding=encoding, length=length), pa.array(["x"]))

    assert length == len(found)
