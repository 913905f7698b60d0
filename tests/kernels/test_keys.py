"""The keys of data sets, purposes and scopes are independent."""

from itertools import combinations

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anonymize.kernels.crypto.keys import derive

VECTORS = [  # RFC 5869, appendix A.1 to A.3: input key, salt, info, length, output
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        42,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes(range(0x50)).hex(),
        bytes(range(0x60, 0xB0)).hex(),
        bytes(range(0xB0, 0x100)).hex(),
        82,
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    (
        "0b" * 22,
        "",
        "",
        42,
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("material", "salt", "info", "length", "expected"), VECTORS)
def test_hkdf_vectors(material: str, salt: str, info: str, length: int, expected: str) -> None:
    """The library's HKDF is that of RFC 5869."""
    hkdf = HKDF(algorithm=SHA256(), length=length, salt=bytes.fromhex(salt), info=bytes.fromhex(info))

    assert expected == hkdf.derive(bytes.fromhex(material)).hex()


def test_derivation_is_stable() -> None:
    """A release of this package derives what every other release derives: old pseudonyms stay reproducible."""
    info = b"".join(
        len(label).to_bytes(8, "big") + label
        for label in (b"anonymize/1", b"clinic", b"pseudonymize", b"column:id")
    )
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)

    assert hkdf.derive(bytes(range(32))) == derive(bytes(range(32)), "clinic", "pseudonymize", "column:id")


def test_labels_never_meet() -> None:
    """Labels that read the same when joined still derive different keys, and so do different master keys."""
    labels = ["", "a", "ab", "b", "bc", "c", "abc", "é", "\0", "a\0"]
    triples = [(one, two, three) for one in labels for two in labels for three in labels]
    derived = {derive(bytes(range(32)), *triple) for triple in triples}

    assert len(triples) == len(derived)
    for one, two in combinations((bytes(32), bytes(31) + b"\1", b"\1" + bytes(31)), 2):
        assert derive(one, "d", "p", "s") != derive(two, "d", "p", "s")
