"""Replaces ranges of bytes by others and leaves the rest as it is."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.errors import DataError
from anonymize.kernels.segments import Ranges, joined

LARGEST = (1 << 31) - 1


@dataclass(frozen=True, repr=False)
class Spans:
    """Ranges [start, end) of the old bytes, each with the new bytes [new_start, new_end) of a pool.

    A range that lies within another gives way: who replaces an object replaces what is in it.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    new_start: NDArray[np.int64]
    new_end: NDArray[np.int64]
    pool: list[NDArray[np.uint8]]

    @classmethod
    def cut(cls, start: NDArray[np.int64], end: NDArray[np.int64]) -> "Spans":
        """Ranges that go without replacement."""
        nothing = np.zeros(len(start), np.int64)
        return cls(start, end, nothing, nothing, [])

    @classmethod
    def written(cls, start: NDArray[np.int64], end: NDArray[np.int64], values: pa.Array) -> "Spans":
        """Ranges that become the values of a string array, one each."""
        if not len(values):
            return cls.cut(start, end)
        offsets = np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1]
        bounds = offsets.astype(np.int64)
        return cls(start, end, bounds[:-1], bounds[1:], [np.frombuffer(values.buffers()[2] or b"", np.uint8)])


def splice(data: NDArray[np.uint8], every: list[Spans]) -> pa.Buffer:
    """The bytes with all ranges replaced. Ranges are disjoint, or one lies within the other."""
    pools = [data, *(pool for spans in every for pool in spans.pool)]
    buffer = np.concatenate(pools)
    if len(buffer) > LARGEST:
        raise DataError("the new values of one block take more than 2 GB", hint="a value became far too long")
    bounds = _merged(every, len(data))
    ranges = Ranges(2 * len(bounds) + 2)
    kept = ranges.bounds.reshape(-1, 2, 2)  # a view: what stays before each range, and the new bytes
    kept[0, 0, 0], kept[-1, 0, 1] = 0, len(data)
    kept[1:, 0, 0], kept[:-1, 0, 1] = bounds[:, 1], bounds[:, 0]
    kept[:-1, 1] = bounds[:, 2:]
    kept[-1, 1] = len(data)
    return joined(ranges.gather(buffer))


def _merged(every: list[Spans], base: int) -> NDArray[np.int64]:
    """All ranges in order as rows of start, end, new start, new end (in the buffer of data and pools)."""
    rows = []
    for spans in every:
        moved = base if spans.pool else 0
        rows.append(np.stack([spans.start, spans.end, spans.new_start + moved, spans.new_end + moved], axis=1))
        base += sum(len(pool) for pool in spans.pool)
    merged = np.concatenate(rows) if rows else np.zeros((0, 4), np.int64)
    if (merged[1:, 0] < merged[:-1, 0]).any():
        merged = merged[np.argsort(merged[:, 0], kind="stable")]
    reach = np.maximum.accumulate(merged[:, 1])
    inner = np.zeros(len(merged), np.bool_)
    inner[1:] = merged[1:, 0] < reach[:-1]
    return merged[~inner] if inner.any() else merged
