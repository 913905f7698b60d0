"""Values that only the holder of a private key can read: a fresh data key, wrapped for each recipient.

The key is wrapped by HPKE in base mode (RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM) or by
RSA-OAEP with SHA-256 (RFC 8017), and the values are encrypted under it by XAES-256-GCM. Whoever encrypts forgets
the data key. A sealed value is two texts in base64url with a dot between them: the envelope with the wrapped keys,
and the value.

Cells are filtered, sorted and copied to other files, so each carries the whole envelope: 122 characters for one
recipient with X25519, 357 for one with RSA-2048. All cells of a page have the same, so a compressed file (gzip,
zstd, Parquet) hardly grows by it.
"""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from anonymize.core.errors import SecretError
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.crypto.gcm import Xaes
from anonymize.kernels.crypto.private_files import read_private
from anonymize.kernels.crypto.spellings import decode, encode

PublicKey: TypeAlias = RSAPublicKey | X25519PublicKey
PrivateKey: TypeAlias = RSAPrivateKey | X25519PrivateKey

VERSION = b"\x03"
SHORTEST_RSA = 2048  # bits (NIST SP 800-131A)
MOST_RECIPIENTS = 16
LARGEST = 1 << 16  # bytes of a PEM file

_KEY_SIZE = 32
_ID_SIZE = 8
_INFO = b"anonymize/1 sealed"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def read_pem(path: Path) -> bytes:
    """The file of a public key. Raises ValueError."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("the file is too large for a key")
        return path.read_bytes()
    except OSError:
        raise ValueError("the file of a public key cannot be read") from None


def public_key(pem: bytes) -> PublicKey:
    """The public key in a PEM file. Raises ValueError."""
    if b"PRIVATE KEY" in pem:
        raise ValueError("the file holds a private key; give the public one, and keep this one away from here")
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("the file holds no public key in PEM") from None
    if isinstance(key, RSAPublicKey) and key.key_size < SHORTEST_RSA:
        raise ValueError(f"an RSA key needs at least {SHORTEST_RSA} bits")
    if not isinstance(key, RSAPublicKey | X25519PublicKey):
        raise ValueError("the public key is neither RSA nor X25519")
    return key


def read_private_key(path: str) -> PrivateKey:
    """The private key in a PEM file without a pass phrase. Raises SecretError."""
    try:
        key = load_pem_private_key(read_private(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        message = "the file of the private key cannot be read as PEM without a pass phrase"
        raise SecretError(message, hint="`openssl pkey -in KEY -out PLAIN` takes the pass phrase off") from None
    if not isinstance(key, RSAPrivateKey | X25519PrivateKey):
        raise SecretError("the private key is neither RSA nor X25519")
    return key


def seal(values: pa.Array, recipients: Sequence[PublicKey], label: str) -> pa.Array:
    """Each value of a string array as a sealed text, bound to a label; null stays null."""
    key = os.urandom(_KEY_SIZE)
    envelope = _wrapped(key, recipients)
    tokens = encode(Xaes(key).seal(values, _associated(envelope, label), VERSION), "base64url")
    front = encode(pa.array([envelope], pa.binary()), "base64url")[0].as_py()
    return pc.binary_join_element_wise(pa.scalar(f"{front}."), tokens, "")


def unseal(sealed: pa.Array, key: PrivateKey, label: str) -> pa.Array:
    """The values (binary) of a string array; null where nothing stands that this key opens."""
    texts = [(value or "").partition(".") for value in sealed.to_pylist()]
    fronts = pa.array([front for front, _, _ in texts], pa.string()).dictionary_encode()
    tokens, _ = decode(pa.array([rest for _, _, rest in texts], pa.string()), "base64url")
    envelopes, _ = decode(fronts.dictionary, "base64url")
    places = to_numpy(fronts.indices)
    found: list[bytes | None] = [None] * len(sealed)
    for number, envelope in enumerate(envelopes.to_pylist()):
        data_key = _unwrapped(envelope, key) if envelope is not None else None
        if data_key is not None:
            rows = np.flatnonzero(places == number).tolist()
            opened = Xaes(data_key).open(tokens.take(pa.array(rows)), _associated(envelope, label), VERSION)
            for row, value in zip(rows, opened.to_pylist(), strict=True):
                found[row] = value
    return pa.array(found, pa.binary())


def _wrapped(key: bytes, recipients: Sequence[PublicKey]) -> bytes:
    """The version, and for each recipient the id of the public key and the data key wrapped for it, each part
    behind its length in 2 bytes."""
    parts = [_id(recipient) + _wrap(key, recipient) for recipient in recipients]
    return VERSION + b"".join(len(part).to_bytes(2) + part for part in parts)


def _unwrapped(envelope: bytes, key: PrivateKey) -> bytes | None:
    """The data key, if it is wrapped for this private key."""
    wanted, rest = _id(key.public_key()), envelope[1:]
    if envelope[:1] != VERSION:
        return None
    while len(rest) > 2:
        size = int.from_bytes(rest[:2])
        part, rest = rest[2 : 2 + size], rest[2 + size :]
        if len(part) == size and part[:_ID_SIZE] == wanted:
            return _unwrap(part[_ID_SIZE:], key)
    return None


def _wrap(key: bytes, recipient: PublicKey) -> bytes:
    if isinstance(recipient, RSAPublicKey):
        return recipient.encrypt(key, _oaep())
    return _SUITE.encrypt(key, recipient, info=_INFO)


def _unwrap(wrapped: bytes, key: PrivateKey) -> bytes | None:
    try:
        if isinstance(key, RSAPrivateKey):
            found = key.decrypt(wrapped, _oaep())
        else:
            found = _SUITE.decrypt(wrapped, key, info=_INFO)
    except (ValueError, InvalidTag):
        return None
    return found if len(found) == _KEY_SIZE else None


def _oaep() -> OAEP:
    return OAEP(MGF1(SHA256()), SHA256(), _INFO)


def _id(key: PublicKey) -> bytes:
    """What tells public keys apart."""
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()[:_ID_SIZE]


def _associated(envelope: bytes, label: str) -> bytes:
    """What is authenticated with each value."""
    return len(envelope).to_bytes(8) + envelope + label.encode()
