"""AES-256-GCM with a random nonce for each value: XAES-256-GCM (C2SP), that is NIST SP 800-38D under derived keys.

Random 96-bit nonces limit a key of AES-GCM to 2**32 values (SP 800-38D, section 8.3). XAES-256-GCM takes 192 bits:
the first 96 derive a key of AES-256-GCM (SP 800-108, counter mode with CMAC), the last 96 are its nonce. Here the
first half is drawn once for a call, which is for a page of the data, and the second for each value, so that no
derived key sees more than a page.

Each value is one call of the library, 0.6 microseconds: nothing random can be done once per distinct value, and
GHASH over a column would be a multiplication of our own in place of one that is constant-time.
"""

import os

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode

HALF = 12  # bytes of each half of a nonce
TAG = 16


class Xaes:
    """XAES-256-GCM under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._derived: dict[bytes, AESGCM] = {}

    def seal(self, values: pa.Array, associated: bytes = b"", head: bytes = b"") -> pa.Array:
        """Each value of a string or binary array as head, nonce, ciphertext and tag; null where it is null."""
        first, second = os.urandom(HALF), os.urandom(HALF * len(values))
        encrypt, prefix = self._cipher(first).encrypt, head + first
        nonces = (second[start : start + HALF] for start in range(0, len(second), HALF))
        sealed = [
            None if value is None else prefix + nonce + encrypt(nonce, value, associated)
            for value, nonce in zip(values.cast(pa.binary()).to_pylist(), nonces, strict=True)
        ]
        return pa.array(sealed, pa.binary())

    def open(self, sealed: pa.Array, associated: bytes = b"", head: bytes = b"") -> pa.Array:
        """The values (binary); null where nothing authentic stands."""
        return pa.array([self._open(value, associated, head) for value in sealed.to_pylist()], pa.binary())

    def encrypt(self, nonce: bytes, value: bytes, associated: bytes) -> bytes:
        """Ciphertext and tag of one value."""
        return self._cipher(nonce[:HALF]).encrypt(nonce[HALF:], value, associated)

    def _open(self, value: bytes | None, associated: bytes, head: bytes) -> bytes | None:
        start = len(head)
        if value is None or len(value) < start + 2 * HALF + TAG or value[:start] != head:
            return None
        middle, end = start + HALF, start + 2 * HALF
        try:
            return self._cipher(value[start:middle]).decrypt(value[middle:end], value[end:], associated)
        except InvalidTag:
            return None

    def _cipher(self, first: bytes) -> AESGCM:
        """AES-256-GCM under the key that the first half of a nonce derives."""
        if first not in self._derived:
            derivation = KBKDFCMAC(
                AES256, Mode.CounterMode, 32, 2, None, CounterLocation.BeforeFixed, None, None, b"X\0" + first
            )
            self._derived[first] = AESGCM(derivation.derive(self._key))
        return self._derived[first]
