"""Bytes as text and back: base64url, base32 (RFC 4648, sections 5 and 6, without `=`) and hexadecimal digits.

Reading is strict: each sequence of bytes has one spelling, and nothing else is taken for it.
"""

from binascii import a2b_base64, b2a_base64, hexlify, unhexlify
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import from_numpy, text_array, text_buffers, to_numpy
from anonymize.kernels.segments import gather
from anonymize.kernels.text.characters import running_totals

LARGEST = np.iinfo(np.int32).max  # bytes of an array, whose offsets are 32-bit numbers

Encoding = Literal["base64url", "hex", "base32"]

Bytes = NDArray[np.uint8]


class _Alphabet(NamedTuple):
    characters: bytes
    read_as: bytes
    """What the reader takes each of them for; all other bytes become FOREIGN."""
    bits: int
    """Bits of a character."""
    group: int
    """Bytes that fill a whole number of characters."""


FOREIGN = 255

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_ALPHABETS = {
    "base64url": _Alphabet(_LETTERS + b"-_", _LETTERS + b"+/", 6, 3),
    "base32": _Alphabet(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bytes(range(32)), 5, 5),
    "hex": _Alphabet(b"0123456789abcdef", b"0123456789abcdef", 4, 1),
}
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_READING = {
    name: bytes(dict(zip(each.characters, each.read_as, strict=True)).get(byte, FOREIGN) for byte in range(256))
    for name, each in _ALPHABETS.items()
}
_PAIRS = np.frombuffer(
    b"".join(bytes([a, b]) for a in _ALPHABETS["base32"].characters for b in _ALPHABETS["base32"].characters),
    np.uint16,
)
_GROUP_32 = 8  # characters that 5 bytes fill


def encode(values: pa.Array, encoding: Encoding) -> pa.Array:
    """The bytes of each value of a binary array as text; null stays null."""
    offsets, data = text_buffers(values)
    data = data[offsets[0] : offsets[-1]]
    lengths = np.diff(offsets).astype(np.int64)
    alphabet = _ALPHABETS[encoding]
    sizes = -(-8 * lengths // alphabet.bits)
    require_size(int(sizes.sum()) + len(sizes) * _GROUP_32)
    ends = running_totals(sizes).astype(np.int32)
    if alphabet.group == 1:
        return text_array(ends, hexlify(data.data), values)
    missing = -lengths % alphabet.group
    padded = _spread(data, offsets[:-1] - offsets[0], lengths, missing) if missing.any() else data
    spelled = _spelled(padded, encoding)
    if missing.any():
        starts = running_totals((lengths + missing) // alphabet.group * (8 * alphabet.group // alphabet.bits))
        spelled = _cut(spelled, starts[:-1], sizes)
    return text_array(ends, spelled, values)


def decode(texts: pa.Array, encoding: Encoding) -> tuple[pa.Array, pa.Array]:
    """The bytes of each text (null where it is not one that `encode` makes), and where it is one."""
    offsets, data = text_buffers(texts)
    data = np.frombuffer(data[offsets[0] : offsets[-1]].tobytes().translate(_READING[encoding]), np.uint8)
    starts, sizes = (offsets[:-1] - offsets[0]).astype(np.int64), np.diff(offsets).astype(np.int64)
    alphabet = _ALPHABETS[encoding]
    lengths = alphabet.bits * sizes // 8
    good = -(-8 * lengths // alphabet.bits) == sizes
    good &= ~_holds_foreign(data, starts, sizes)
    good &= to_numpy(texts.is_valid())
    sizes, lengths = np.where(good, sizes, 0), np.where(good, lengths, 0)
    in_group = 8 * alphabet.group // alphabet.bits
    missing = -sizes % in_group
    if missing.any() or not good.all():
        data = _spread(data, starts, sizes, missing, alphabet.read_as[0])
    found = _read(data, encoding)
    begins = running_totals((sizes + missing) // in_group * alphabet.group)[:-1]
    loose = np.append(found, np.uint8(0))[begins + lengths]
    good &= (loose == 0) | (missing == 0)  # bits that belong to no byte
    if missing.any():
        found = _cut(found, begins, lengths)
    ends = running_totals(lengths).astype(np.int32)
    mask = from_numpy(good)
    buffers = [mask.buffers()[1], pa.py_buffer(ends), pa.py_buffer(found)]
    return pa.Array.from_buffers(pa.binary(), len(texts), buffers), mask


def require_size(total: int) -> None:
    """Raises DataError for more bytes than an array can have."""
    if total > LARGEST:
        raise DataError("a batch of encrypted values is longer than 2 GiB", hint="write smaller row groups")


def _spelled(data: Bytes, encoding: Encoding) -> Bytes:
    if encoding == "base64url":
        return np.frombuffer(b2a_base64(data.data, newline=False).translate(_URL_SAFE), np.uint8)
    groups = data.reshape(-1, 5).astype(np.uint64)
    bits = groups[:, 0]
    for place in range(1, 5):
        bits = (bits << np.uint64(8)) | groups[:, place]
    pairs = [_PAIRS[((bits >> np.uint64(shift)) & np.uint64(1023)).astype(np.intp)] for shift in (30, 20, 10, 0)]
    return np.stack(pairs, axis=-1).view(np.uint8).reshape(-1)


def _read(data: Bytes, encoding: Encoding) -> Bytes:
    """The bytes of whole groups of good characters."""
    if encoding == "hex":
        return np.frombuffer(unhexlify(data.data), np.uint8)
    if encoding == "base64url":
        return np.frombuffer(a2b_base64(data.data), np.uint8)
    characters = data.astype(np.uint64).reshape(-1, _GROUP_32)
    bits = characters[:, 0]
    for place in range(1, _GROUP_32):
        bits = (bits << np.uint64(5)) | characters[:, place]
    return np.ascontiguousarray(bits.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 3:]).reshape(-1)


def _holds_foreign(data: Bytes, starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which values hold a byte that is not of the alphabet."""
    foreign = data == FOREIGN
    if not foreign.any():
        return np.zeros(len(starts), bool)
    counts = running_totals(foreign)
    held: NDArray[np.bool_] = counts[starts + sizes] > counts[starts]
    return held


def _spread(
    data: Bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64], missing: NDArray[np.int64], filler: int = 0
) -> Bytes:
    """The values one after the other, each with so many fillers behind it."""
    bounds = np.empty((len(starts), 2, 2), np.int32)
    bounds[:, 0, 0] = starts
    bounds[:, 0, 1] = starts + lengths
    bounds[:, 1, 0] = len(data)
    bounds[:, 1, 1] = len(data) + missing
    buffer = np.concatenate([data, np.full(8, filler, np.uint8)])
    pieces = bounds.reshape(-1, 2)
    return _data(gather(buffer, pieces[:, 0], pieces[:, 1]))


def _cut(data: Bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Bytes:
    """The ranges one after the other."""
    return _data(gather(data, starts.astype(np.int32), (starts + lengths).astype(np.int32)))


def _data(values: pa.Array) -> Bytes:
    data = values.buffers()[2]
    return np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
