"""Key texts wrapped with a passphrase: scrypt (RFC 7914) makes a key of it, AES-256-GCM wraps each generation.

    anonymize-passphrase scrypt n=131072 r=8 p=1 salt=…
    anonymize-wrapped-key NUMBER NONCE-AND-CIPHERTEXT DATE

The number and the date are authenticated: they cannot be exchanged between generations.
"""

import os
import re
from binascii import a2b_hex
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from anonymize.core.errors import SecretError
from anonymize.kernels.crypto.generations import (
    WRAPPED,
    Generation,
    content_lines,
    day_of,
    number_of,
    ordered,
)
from anonymize.kernels.crypto.hidden import Master, Secret
from anonymize.kernels.crypto.secrets import SIZE

HEAD = "anonymize-passphrase"
SHORTEST = 12  # characters; what people choose has far less than 6.6 bits in each
NONCE, TAG = 12, 16

_HEAD = re.compile(rf"{HEAD} scrypt n=(\d{{1,8}}) r=(\d{{1,3}}) p=(\d{{1,3}}) salt=([0-9a-f]{{32,128}})")
_LEAST, _MOST = 1 << 24, 1 << 30  # bytes of work memory: less is weak, more would be an attack on us
_BODY = re.compile(rf"[0-9a-f]{{{2 * (NONCE + SIZE + TAG)}}}")


@dataclass(frozen=True)
class Cost:
    """How a passphrase becomes a key: scrypt's parameters and salt. 128 MiB and half a second by default."""

    n: int = 1 << 17
    r: int = 8
    p: int = 1
    salt: bytes = field(default_factory=lambda: os.urandom(16))

    def key(self, passphrase: Secret) -> Secret:
        """The key of a passphrase."""
        return Secret(Scrypt(salt=self.salt, length=SIZE, n=self.n, r=self.r, p=self.p).derive(passphrase))

    def __str__(self) -> str:
        return f"{HEAD} scrypt n={self.n} r={self.r} p={self.p} salt={self.salt.hex()}"


def is_wrapped(text: bytes | bytearray) -> bool:
    """Whether a key text needs a passphrase."""
    return any(line.startswith(HEAD.encode()) for line in content_lines(text))


def wrap(generations: Sequence[Generation], passphrase: Secret, cost: Cost | None = None) -> str:
    """The key text of generations, oldest first, wrapped. Raises SecretError for a passphrase that is short."""
    cost = cost or Cost()
    cipher = AESGCM(cost.key(checked(passphrase)))
    lines = [str(cost)]
    for generation in sorted(generations, key=lambda g: g.number):
        nonce = os.urandom(NONCE)
        sealed = nonce + cipher.encrypt(nonce, generation.key, _label(generation.number, generation.made))
        lines.append(f"{WRAPPED.decode()} {generation.number} {sealed.hex()} {generation.made}")
    return "".join(f"{line}\n" for line in lines)


def unwrap(text: bytes | bytearray, passphrase: Secret) -> tuple[Generation, ...]:
    """The generations in a wrapped key text, newest first. Raises SecretError."""
    head, *lines = content_lines(text) or [b""]
    cipher = AESGCM(_cost(head).key(Secret(passphrase.strip())))
    return ordered([_generation(line, cipher) for line in lines])


def checked(passphrase: Secret) -> Secret:
    """The passphrase without the white space around it. Raises SecretError for one that is too short."""
    stripped = Secret(passphrase.strip())
    if len(stripped.decode("utf-8", "replace")) < SHORTEST:
        hint = "take five words drawn at random, or more"
        raise SecretError(f"the passphrase has fewer than {SHORTEST} characters", hint=hint)
    return stripped


def _cost(head: bytes) -> Cost:
    match = _HEAD.fullmatch(head.decode("ascii", "replace"))
    if match is None:
        raise SecretError("the key file does not say how its passphrase is used")
    n, r, p = (int(number) for number in match.groups()[:3])
    is_power = n & (n - 1) == 0
    if not (is_power and 8 <= r <= 32 and 1 <= p <= 16 and _LEAST <= 128 * n * r <= _MOST):
        raise SecretError("the key file asks for scrypt parameters that are too weak, too costly or impossible")
    return Cost(n, r, p, a2b_hex(match[4]))


def _generation(line: bytes, cipher: AESGCM) -> Generation:
    words = line.decode("ascii", "replace").split()
    if len(words) != 4 or words[0] != WRAPPED.decode() or not _BODY.fullmatch(words[2]):
        raise SecretError("the key file holds a line that is no wrapped key")
    number, day = number_of(words[1].encode()), day_of([words[3].encode()])
    sealed = a2b_hex(words[2])
    try:
        return Generation(number, Master(cipher.decrypt(sealed[:NONCE], sealed[NONCE:], _label(number, day))), day)
    except InvalidTag:
        message = "the passphrase does not open the key file"
        raise SecretError(message, hint="it is another one, or the file was changed") from None


def _label(number: int, made: str) -> bytes:
    return f"{HEAD} {number} {made}".encode()
