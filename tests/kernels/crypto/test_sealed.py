"""Sealed values: the holder of a private key opens each alone, nobody else any."""

import hmac
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from anonymize.core.errors import SecretError
from anonymize.kernels.crypto.sealed import public_key, read_pem, read_private_key, seal, unseal
from anonymize.kernels.crypto.spellings import decode

RSA_KEY = rsa.generate_private_key(65_537, 2048)
X25519_KEY = X25519PrivateKey.generate()
KEYS = [X25519_KEY, RSA_KEY]
VALUES = pa.array(["1001", "1001", "", "王芳", None, "x" * 1000])


@pytest.mark.parametrize("key", KEYS, ids=["X25519", "RSA"])
def test_each_recipient_opens_every_value(key: Any) -> None:
    """Each value alone, in any order; and nothing of it is the same twice."""
    sealed = seal(VALUES, [other.public_key() for other in KEYS], "column:a")

    assert VALUES.to_pylist() == unseal(sealed, key, "column:a").cast(pa.string()).to_pylist()
    for place, value in enumerate(sealed.to_pylist()):
        opened = unseal(pa.array([value], pa.string()), key, "column:a")
        assert [VALUES[place].as_py()] == opened.cast(pa.string()).to_pylist()
    assert sealed[0].as_py() != sealed[1].as_py()


def test_no_values() -> None:
    """An empty column, and one of nulls."""
    for values in (VALUES[:0], pa.nulls(2, pa.string())):
        sealed = seal(values, [X25519_KEY.public_key()], "column:a")
        assert values.to_pylist() == unseal(sealed, X25519_KEY, "column:a").to_pylist()


def test_pages_of_one_column() -> None:
    """Values of several pages, mixed."""
    pages = [seal(VALUES, [X25519_KEY.public_key()], "column:a") for _ in range(3)]
    mixed = pa.concat_arrays(pages).take(pa.array([17, 0, 6, 12, 3, 10]))

    assert ["x" * 1000, "1001", "1001", "1001", "王芳", None] == unseal(mixed, X25519_KEY, "column:a").cast(
        pa.string()
    ).to_pylist()


def test_nobody_else_opens_it() -> None:
    """Another key, another column, parts of a value, parts of two."""
    sealed, other = (seal(pa.array(["1001"]), [X25519_KEY.public_key()], "column:a")[0].as_py() for _ in range(2))
    front, _, rest = sealed.partition(".")
    bad = [
        sealed[:-4],
        front,
        f"{front}.",
        f".{rest}",
        rest,
        "",
        "x",
        f"{other.partition('.')[0]}.{rest}",
        sealed * 2,
    ]

    assert [None] == unseal(pa.array([sealed]), X25519PrivateKey.generate(), "column:a").to_pylist()
    assert [None] == unseal(pa.array([sealed]), RSA_KEY, "column:a").to_pylist()
    assert [None] == unseal(pa.array([sealed]), X25519_KEY, "column:b").to_pylist()
    assert [None] * len(bad) == unseal(pa.array(bad), X25519_KEY, "column:a").to_pylist()


def test_a_changed_character_is_noticed() -> None:
    """Wherever it stands, the envelope included."""
    sealed = seal(pa.array(["1001"]), [X25519_KEY.public_key()], "column:a")[0].as_py()
    changed = [sealed[:i] + ("A" if sealed[i] != "A" else "B") + sealed[i + 1 :] for i in range(len(sealed))]

    assert [None] * len(changed) == unseal(pa.array(changed), X25519_KEY, "column:a").to_pylist()


def test_the_key_is_wrapped_as_rfc_9180_says() -> None:
    """Opened by the base mode of HPKE, written from the standard."""
    sealed = seal(pa.array(["1001"]), [X25519_KEY.public_key()], "column:a")
    envelope = decode(pa.array([sealed[0].as_py().partition(".")[0]]), "base64url")[0][0].as_py()
    wrapped = envelope[3 + 8 :]

    assert 32 == len(opened_by_definition(wrapped, X25519_KEY, b"anonymize/1 sealed"))
    assert 90 == int.from_bytes(envelope[1:3]) + 2


def opened_by_definition(wrapped: bytes, key: X25519PrivateKey, info: bytes) -> bytes:
    """RFC 9180, sections 4 to 6: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode, no aad."""

    def mac(secret: bytes, text: bytes) -> bytes:
        return hmac.new(secret, text, sha256).digest()

    def extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
        return mac(salt or bytes(32), b"HPKE-v1" + suite + label + secret)

    def expand(suite: bytes, secret: bytes, label: bytes, text: bytes, size: int) -> bytes:
        return mac(secret, size.to_bytes(2) + b"HPKE-v1" + suite + label + text + b"\x01")[:size]

    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    sent, own = wrapped[:32], key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    exchanged = key.exchange(X25519PublicKey.from_public_bytes(sent))
    shared = expand(kem, extract(kem, b"", b"eae_prk", exchanged), b"shared_secret", sent + own, 32)
    context = b"\x00" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    secret = extract(suite, shared, b"secret", b"")
    data_key, nonce = (
        expand(suite, secret, label, context, n) for label, n in ((b"key", 32), (b"base_nonce", 12))
    )
    return AESGCM(data_key).decrypt(nonce, wrapped[32:], b"")


def pem(key: Any, *, private: bool = False, phrase: bytes | None = None) -> bytes:
    if not private:
        found: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return found
    locked = BestAvailableEncryption(phrase) if phrase else NoEncryption()
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda: pem(X25519_KEY, private=True), "private key"),
        (lambda: pem(rsa.generate_private_key(65_537, 1024)), "at least 2048 bits"),  # noqa: S505
        (lambda: pem(ec.generate_private_key(ec.SECP256R1())), "neither RSA nor X25519"),
        (lambda: b"nothing", "no public key in PEM"),
        (lambda: b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "no public key in PEM"),
    ],
    ids=["private", "short", "curve", "text", "broken"],
)
def test_unfit_public_keys(content: Callable[[], bytes], message: str) -> None:
    """Each is refused with its reason."""
    with pytest.raises(ValueError, match=message):
        public_key(content())


def test_files_of_keys(tmp_path: Path) -> None:
    """Public ones may be open to all, private ones not; pass phrases are not asked for."""
    for name, content in (
        ("public", pem(RSA_KEY)),
        ("good", pem(RSA_KEY, private=True)),
        ("locked", pem(RSA_KEY, private=True, phrase=b"x" * 8)),
        ("curve", pem(ec.generate_private_key(ec.SECP256R1()), private=True)),
    ):
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)

    assert RSA_KEY.public_key() == public_key(read_pem(tmp_path / "public"))
    assert (
        VALUES.to_pylist()
        == unseal(seal(VALUES, [RSA_KEY.public_key()], ""), read_private_key(str(tmp_path / "good")), "")
        .cast(pa.string())
        .to_pylist()
    )
    for name, message in (
        ("locked", "pass phrase"),
        ("curve", "neither"),
        ("public", "PEM"),
        ("none", "cannot be read"),
    ):
        with pytest.raises(SecretError, match=message):
            read_private_key(str(tmp_path / name))
    (tmp_path / "good").chmod(0o644)
    with pytest.raises(SecretError, match="open to its group or to others"):
        read_private_key(str(tmp_path / "good"))
    with pytest.raises(ValueError, match="cannot be read"):
        read_pem(tmp_path / "none")
