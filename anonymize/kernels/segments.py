"""Assembles bytes from ranges of a buffer with one Arrow `take`: the fastest gather at hand."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def gather(buffer: NDArray[np.uint8], starts: NDArray[np.int32], ends: NDArray[np.int32]) -> pa.BinaryArray:
    """One binary value per range [start, end) of the buffer, in the order given (int32 positions)."""
    bounds = np.empty((len(starts), 2), np.int32)
    bounds[:, 0] = starts
    bounds[:, 1] = ends
    return gather_bounds(buffer, bounds)


def gather_bounds(buffer: NDArray[np.uint8], bounds: NDArray[np.int32]) -> pa.BinaryArray:
    """As `gather`, for an n x 2 table of starts and ends.

    The bounds become the offsets of a binary array whose odd values are the ranges; the even ones lie between
    ranges, may even have a negative length, and are never taken.
    """
    count = len(bounds)
    offsets = np.empty(2 * count + 2, np.int32)
    offsets[0] = 0
    offsets[1:-1] = bounds.reshape(-1)
    offsets[-1] = len(buffer)
    pieces = pa.BinaryArray.from_buffers(
        pa.binary(), 2 * count + 1, [None, pa.py_buffer(offsets), pa.py_buffer(buffer)]
    )
    odd = np.arange(1, 2 * count + 1, 2, dtype=np.int32)
    return pieces.take(pa.Array.from_buffers(pa.int32(), count, [None, pa.py_buffer(odd)]))


def joined(pieces: pa.BinaryArray) -> pa.Buffer:
    """The bytes of all values, one after the other, of an array made by `gather`."""
    return pieces.buffers()[2] if len(pieces) else pa.py_buffer(b"")
