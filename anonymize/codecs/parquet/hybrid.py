"""The RLE / bit-packing hybrid, in which Parquet writes levels and the indices into a dictionary.

Specification: apache/parquet-format, Encodings.md (Run Length Encoding / Bit-Packing Hybrid).
"""

import numpy as np
from numpy.typing import NDArray

MAX_WIDTH = 32
Runs = list[tuple[int, int]]
"""The value of each run (`PACKED`: its numbers stand one by one) and its length."""
PACKED = -1


class UnprovenError(Exception):
    """It could not be proven that stored bytes hold nothing but the values."""


def numbers(data: bytes, width: int, count: int) -> NDArray[np.uint32]:
    """So many numbers of so many bits each. Raises UnprovenError if the data do not end with the last of them."""
    runs, packed = _runs(data, width, count)
    unpacked = _unpacked(packed, width)[: sum(length for value, length in runs if value == PACKED)]
    if all(value == PACKED for value, _ in runs):
        return unpacked
    pieces, position = [], 0
    for value, length in runs:
        if value != PACKED:
            pieces.append(np.full(length, value, np.uint32))
        else:
            pieces.append(unpacked[position : position + length])
            position += length
    return np.concatenate(pieces)


def count_ones(data: bytes, count: int) -> int:
    """How many of so many bits are set. Raises UnprovenError if the data do not end with the last of them."""
    runs, packed = _runs(data, 1, count)
    bits = (1 << sum(length for value, length in runs if value == PACKED)) - 1
    return (
        sum(length for value, length in runs if value == 1) + (int.from_bytes(packed, "little") & bits).bit_count()
    )


def _runs(data: bytes, width: int, count: int) -> tuple[Runs, bytes]:
    """The runs, and all that is packed."""
    if width > MAX_WIDTH:
        raise UnprovenError
    runs: Runs = []
    packed: list[bytes] = []
    position, whole = 0, -(-width // 8)
    while count > 0:
        header, position = _varint(data, position)
        length = header >> 1
        if header & 1:
            end = position + length * width
            packed.append(data[position:end])
            length = min(8 * length, max(count, 8 * length - 7))  # the last eight may be padded
            runs.append((PACKED, length))
        else:
            end = position + whole
            runs.append((int.from_bytes(data[position:end], "little"), length))
        position = end
        count -= length
        if not length:
            raise UnprovenError
    if count or position != len(data):
        raise UnprovenError
    return runs, b"".join(packed)


def _varint(data: bytes, position: int) -> tuple[int, int]:
    if position < len(data) and data[position] < 128:
        return data[position], position + 1
    value = shift = 0
    for byte in data[position : position + 5]:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, position + shift // 7
    raise UnprovenError


def _unpacked(data: bytes, width: int) -> NDArray[np.uint32]:
    """Numbers of so many bits each, the lowest bit first. Eight of them fill as many bytes as one has bits."""
    if not width:
        return np.zeros(0, np.uint32)
    eights = np.frombuffer(data, np.uint8).reshape(-1, width)
    found = np.empty((len(eights), 8), np.uint32)
    for place in range(8):
        first, shift = divmod(place * width, 8)
        value = eights[:, first].astype(np.uint64)
        for byte in range(first + 1, -(-(place * width + width) // 8)):
            value |= eights[:, byte].astype(np.uint64) << np.uint64(8 * (byte - first))
        found[:, place] = (value >> np.uint64(shift)) & np.uint64((1 << width) - 1)
    return found.ravel()
