"""Assembles bytes from ranges of a buffer with one Arrow `take`: the fastest gather at hand."""

from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import text_buffers, validity

FEW = 1024
"""Of so many ranges the bytes are copied one by one: `take` sets half the buffer aside, however few it needs."""


class Ranges:
    """A table of ranges to be gathered: `bounds[i]` is (start, end) in a buffer, as int32.

    The bounds lie inside the offsets of a binary array whose odd values are the ranges; the even ones lie between
    ranges, may even have a negative length, and are never taken.
    """

    def __init__(self, count: int) -> None:
        self._offsets = np.empty(2 * count + 2, np.int32)
        self.bounds: NDArray[np.int32] = self._offsets[1:-1].reshape(count, 2)

    def gather(self, buffer: NDArray[np.uint8], kept: bool = True) -> pa.BinaryArray:
        """One binary value per range, in order. What is not `kept` may set aside far more memory than it needs."""
        count = len(self.bounds)
        if kept and count <= FEW < len(buffer):
            lengths = self.bounds[:, 1] - self.bounds[:, 0]
            if 4 * int(lengths.sum(dtype=np.int64)) < len(buffer):
                return _copied(buffer, self.bounds[:, 0], lengths)
        self._offsets[0] = 0
        self._offsets[-1] = len(buffer)
        pieces = pa.BinaryArray.from_buffers(
            pa.binary(), 2 * count + 1, [None, pa.py_buffer(self._offsets), pa.py_buffer(buffer)]
        )
        return pieces.take(_odd(count))


def _copied(buffer: NDArray[np.uint8], starts: NDArray[np.int32], lengths: NDArray[np.int32]) -> pa.BinaryArray:
    """As `gather`, by one position per byte."""
    offsets = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    places = np.arange(offsets[-1], dtype=np.int32) + np.repeat(starts - offsets[:-1], lengths)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(buffer[places])]
    return pa.BinaryArray.from_buffers(pa.binary(), len(lengths), buffers)


def gather(
    buffer: NDArray[np.uint8], starts: NDArray[np.int32], ends: NDArray[np.int32], kept: bool = True
) -> pa.BinaryArray:
    """One binary value per range [start, end) of the buffer, in the order given (int32 positions)."""
    ranges = Ranges(len(starts))
    ranges.bounds[:, 0] = starts
    ranges.bounds[:, 1] = ends
    return ranges.gather(buffer, kept)


def replaced(values: pa.Array, rows: NDArray[np.int32], new: pa.Array) -> pa.Array:
    """A string array with other values at some rows (int32 positions); a null stays null."""
    offsets, data = text_buffers(values)
    others, added = text_buffers(new)
    starts, ends = offsets[:-1].copy(), offsets[1:].copy()
    starts[rows] = others[:-1] + np.int32(len(data))
    ends[rows] = others[1:] + np.int32(len(data))
    pieces = gather(np.concatenate([data, added]), starts, ends)
    return pa.StringArray.from_buffers(len(values), *pieces.buffers()[1:], validity(values))


def joined(pieces: pa.BinaryArray) -> pa.Buffer:
    """The bytes of all values, one after the other, of an array made by `gather`."""
    return pieces.buffers()[2] if len(pieces) else pa.py_buffer(b"")


def _odd(count: int) -> pa.Array:
    """1, 3, 5 …: so many of them."""
    return _odd_numbers(1 << max(count - 1, 0).bit_length()).slice(0, count)


@lru_cache(maxsize=8)
def _odd_numbers(count: int) -> pa.Array:
    numbers = np.arange(1, 2 * count + 1, 2, dtype=np.int32)
    return pa.Array.from_buffers(pa.int32(), count, [None, pa.py_buffer(numbers)])
