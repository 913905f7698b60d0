"""Master keys as text: reading, judging, naming and making them. No error quotes any of a key."""

import re
from binascii import a2b_base64
from hashlib import sha256
from itertools import pairwise
from secrets import token_hex

from anonymize.core.errors import SecretError, quoted
from anonymize.kernels.crypto.hidden import Master
from anonymize.kernels.crypto.keys import derive

SIZE = 32
LARGEST = 1 << 14  # bytes; no key text is longer, so a reference to a wrong file does not read all of it
FEWEST_DISTINCT = 16  # bytes; fewer among 32 random ones has a probability below 10**-12
HINT = "make a key with `anonymize keys new`"

_HEX = re.compile(rb"[0-9a-fA-F]{64}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{43}=?")
_KEY_LIKE = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
_GUESSED = ("", "a", "admin", "anonymize", "changeme", "default", "key", "password", "salt", "secret", "test")


def decode_key(text: bytes | bytearray) -> Master:
    """The 32 bytes of a key spelled as 64 hexadecimal digits or as base64 in either alphabet."""
    key = _decoded(text.strip())
    if key is None:
        raise SecretError("the key is not 64 hexadecimal digits or base64 of 32 bytes", hint=HINT)
    if (weakness := _weakness(key)) is not None:
        key.wipe()
        raise SecretError(f"the key is too weak: {weakness}", hint=HINT)
    return key


def fingerprint(master: bytes | bytearray) -> str:
    """16 hexadecimal digits that tell keys apart and say nothing else about them."""
    return derive(master, "", "fingerprint", "").hex()[:16]


def new_key() -> str:
    """A fresh key as 64 hexadecimal digits."""
    return token_hex(SIZE)


def named(reference: str) -> str:
    """The reference for a message; hidden when it looks like a key that was put in its place."""
    return "(hidden: it looks like a key)" if _KEY_LIKE.fullmatch(reference) else quoted(reference)


def _decoded(text: bytes | bytearray) -> Master | None:
    if _HEX.fullmatch(text):
        return Master.fromhex(text.decode())
    if _BASE64.fullmatch(text):
        standard = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        return Master(a2b_base64(standard + b"="))
    return None


def _weakness(key: Master) -> str | None:
    """What shows that the key was not drawn at random."""
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    if len(steps) == 1 or len(set(key)) < FEWEST_DISTINCT:
        return "its bytes repeat or follow a simple sequence"
    if key[: SIZE // 2] == key[SIZE // 2 :]:
        return "its halves are equal"
    if all(32 <= byte < 127 for byte in key):
        return "it is text, not random bytes"
    if any(sha256(guess.encode()).digest() == bytes(key) for guess in _GUESSED):
        return "it is the hash of a well-known word"
    return None
