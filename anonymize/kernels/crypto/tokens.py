"""Keyed tokens: the AES-CMAC of each value, and the spellings of its bits."""

from binascii import b2a_base64
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import fixed_width_text, text
from anonymize.kernels.crypto.aes import BLOCK, cmac
from anonymize.kernels.text.spelling import spell

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a cell (OWASP ASVS 1.2.10): no generated value may start so."""

_ALPHABET_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS_32 = np.frombuffer("".join(a + b for a in _ALPHABET_32 for b in _ALPHABET_32).encode(), np.uint16)
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def require_scalar(given: pa.DataType, name: str, *, binary: bool = True) -> None:
    """Raises TypeError for types whose values have no spelling as text, such as lists."""
    plain = _plain_type(given)
    if is_binary(plain) and binary:
        return
    try:
        fits = not pa.types.is_nested(plain) and not is_binary(plain) and text(pa.nulls(0, plain)) is not None
    except pa.ArrowNotImplementedError:
        fits = False
    if not fits:
        raise TypeError(f"{name} needs single values such as text, numbers or dates, not {given}")


def _plain_type(given: pa.DataType) -> pa.DataType:
    given = given.value_type if pa.types.is_dictionary(given) else given
    return given.storage_type if isinstance(given, pa.BaseExtensionType) else given


def is_binary(given: pa.DataType) -> bool:
    """Whether a type is one of bytes without an encoding."""
    kinds = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
    return any(is_kind(given) for is_kind in kinds)


def tags(secret: bytes, values: pa.Array) -> NDArray[np.uint8]:
    """16 bytes for each value, from its bytes or its spelling as text; undefined at nulls."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    return cmac(secret, values.cast(pa.binary()) if is_binary(values.type) else spell(values))


def check_prefix(prefix: str) -> str:
    """The prefix of generated values, if it is harmless. Raises ValueError."""
    if prefix.startswith(FORMULA_STARTS) or not prefix.isprintable():
        raise ValueError("the prefix may not start a spreadsheet formula (= + - @) or hold control characters")
    return prefix


def numbers(codes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The first 64 bits of each code as a number, most significant byte first."""
    return np.ascontiguousarray(codes[:, :8]).view(">u8").reshape(-1).astype(np.uint64)


def hexadecimal(codes: NDArray[np.uint8], length: int) -> NDArray[np.uint8]:
    """n x length characters of 4 bits."""
    used = -(-length // 4)
    pairs = np.ascontiguousarray(codes).view(np.uint16)[:, :used]
    return _hex_of_pairs().take(pairs).view(np.uint8).reshape(len(codes), 4 * used)[:, :length]


@cache
def _hex_of_pairs() -> NDArray[np.uint32]:
    """The four characters of each two bytes, which are half as many look-ups as those of each byte."""
    digits = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), np.uint16)
    pairs = np.empty((256, 256, 2), np.uint16)
    pairs[:, :, 0], pairs[:, :, 1] = digits, digits[:, None]  # the first byte is the low one of its number
    return pairs.view(np.uint32).reshape(-1)


def base32(codes: NDArray[np.uint8], length: int) -> NDArray[np.uint8]:
    """n x length characters of 5 bits (RFC 4648, section 6, without `=`)."""
    count, groups = len(codes), -(-length // 8)
    padded = np.zeros((count, 20), np.uint8)
    padded[:, :BLOCK] = codes
    bits = np.zeros((count, groups), np.uint64)
    for place in range(5):
        bits = (bits << np.uint64(8)) | padded[:, place : 5 * groups : 5]
    pairs = [
        _PAIRS_32[((bits >> np.uint64(shift)) & np.uint64(1023)).astype(np.intp)] for shift in (30, 20, 10, 0)
    ]
    return np.stack(pairs, axis=-1).view(np.uint8).reshape(count, 8 * groups)[:, :length]


def base64url(codes: NDArray[np.uint8], length: int) -> NDArray[np.uint8]:
    """n x length characters of 6 bits (RFC 4648, section 5, without `=`).

    A zero bit stands before the code, so that the first character is a letter and never `-`.
    """
    shifted = np.zeros((len(codes), 18), np.uint8)
    shifted[:, :BLOCK] = codes >> 1
    shifted[:, 1 : BLOCK + 1] |= codes << 7
    spelled = b2a_base64(shifted.reshape(-1).data, newline=False).translate(_URL_SAFE)
    return np.frombuffer(spelled, np.uint8).reshape(len(codes), 24)[:, :length]


def uuid(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """n x 36 characters: a UUID of version 8, whose other 122 bits are the code's (RFC 9562, section 5.8)."""
    marked = codes.copy()
    marked[:, 6] = (marked[:, 6] & 0x0F) | 0x80
    marked[:, 8] = (marked[:, 8] & 0x3F) | 0x80
    digits = hexadecimal(marked, 32)
    out = np.full((len(codes), 36), ord("-"), np.uint8)
    for start, end, source in ((0, 8, 0), (9, 13, 8), (14, 18, 12), (19, 23, 16), (24, 36, 20)):
        out[:, start:end] = digits[:, source : source + end - start]
    return out


def column(characters: NDArray[np.uint8], like: pa.Array | None, prefix: str = "") -> pa.Array:
    """Equally long values as a column, each behind the prefix; null where `like` is null."""
    if not prefix:
        return fixed_width_text(np.ascontiguousarray(characters).reshape(-1), characters.shape[1], like)
    head = np.frombuffer(prefix.encode(), np.uint8)
    whole = np.empty((len(characters), len(head) + characters.shape[1]), np.uint8)
    whole[:, : len(head)] = head
    whole[:, len(head) :] = characters
    return fixed_width_text(whole.reshape(-1), whole.shape[1], like)
