"""Replaces ranges of bytes by others and leaves the rest as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import text_buffers
from anonymize.kernels.segments import Ranges, joined

LARGEST = (1 << 31) - 1
Places = NDArray[np.int64]


@dataclass(frozen=True, repr=False)
class Spans:
    """Ranges [start, end) of the old bytes, each with the new bytes [new_start, new_end) of a pool.

    A range that lies within another gives way: who replaces an object replaces what is in it.
    """

    start: Places
    end: Places
    new_start: Places
    new_end: Places
    pool: NDArray[np.uint8] | None
    """None: the ranges go without replacement."""
    same: NDArray[np.bool_] | None = None
    """Which ranges keep their bytes after all; None for none."""

    @classmethod
    def cut(cls, start: Places, end: Places) -> "Spans":
        """Ranges that go without replacement."""
        nothing = np.zeros(len(start), np.int64)
        return cls(start, end, nothing, nothing, None)

    @classmethod
    def written(
        cls, start: Places, end: Places, values: pa.Array, same: NDArray[np.bool_] | None = None
    ) -> "Spans":
        """Ranges that become the values of a string array, one each."""
        offsets, content = text_buffers(values)
        bounds = offsets.astype(np.int64)
        return cls(start, end, bounds[:-1], bounds[1:], content, same)


def splice(data: NDArray[np.uint8], every: Sequence[Spans]) -> pa.Buffer:
    """The bytes with all ranges replaced. Ranges are disjoint, or one lies within the other."""
    buffer, every = _pooled(data, every)
    bounds = _merged(every)
    ranges = Ranges(2 * len(bounds) + 2)
    kept = ranges.bounds.reshape(-1, 2, 2)  # a view: what stays before each range, and the new bytes
    kept[0, 0, 0], kept[-1, 0, 1] = 0, len(data)
    kept[1:, 0, 0], kept[:-1, 0, 1] = bounds[:, 1], bounds[:, 0]
    kept[:-1, 1] = bounds[:, 2:]
    kept[-1, 1] = len(data)
    return joined(ranges.gather(buffer))


def splice_rows(
    data: NDArray[np.uint8], line_starts: Places, every: Sequence[Spans], kept: NDArray[np.bool_] | None
) -> pa.Buffer:
    """The same where each of the disjoint spans has one range in every line, in the order given: nothing is to be
    sorted. Only rows that are kept stay."""
    buffer, every = _pooled(data, every)
    rows = slice(None) if kept is None else kept
    pieces: list[tuple[Places, Places]] = []
    begin = line_starts[:-1][rows]
    for spans in every:
        pieces.append((begin, spans.start[rows]))
        if spans.pool is not None:
            pieces.append((spans.new_start[rows], spans.new_end[rows]))
        begin = spans.end[rows]
    pieces.append((begin, line_starts[1:][rows]))
    ranges = Ranges(len(begin) * len(pieces))
    bounds = ranges.bounds.reshape(len(begin), len(pieces), 2)  # a view
    for place, (start, end) in enumerate(pieces):
        bounds[:, place, 0], bounds[:, place, 1] = start, end
    return joined(ranges.gather(buffer))


def in_order(every: Sequence[Spans]) -> list[Spans] | None:
    """Spans with one range in every line, sorted by the first of them; None if one lies within another."""
    found = sorted(every, key=lambda spans: int(spans.start[0]))
    disjoint = all(before.end[0] <= after.start[0] for before, after in pairwise(found))
    return found if disjoint else None


def _pooled(data: NDArray[np.uint8], every: Sequence[Spans]) -> tuple[NDArray[np.uint8], list[Spans]]:
    """The data and all pools as one buffer, and spans whose new bytes are places in it."""
    buffer = np.concatenate([data, *(spans.pool for spans in every if spans.pool is not None)])
    if len(buffer) > LARGEST:
        raise DataError("the new values of one block take more than 2 GB", hint="a value became far too long")
    base, moved = len(data), []
    for spans in every:
        start, end = spans.new_start + base, spans.new_end + base
        if spans.same is not None:
            np.copyto(start, spans.start, where=spans.same)
            np.copyto(end, spans.end, where=spans.same)
        moved.append(Spans(spans.start, spans.end, start, end, spans.pool, spans.same))
        base += len(spans.pool) if spans.pool is not None else 0
    return buffer, moved


def _merged(every: Sequence[Spans]) -> Places:
    """All ranges that change, in order, as rows of start, end, new start, new end."""
    rows = [np.zeros((0, 4), np.int64)]
    for spans in every:
        bounds = np.stack([spans.start, spans.end, spans.new_start, spans.new_end], axis=1)
        rows.append(bounds if spans.same is None else bounds[~spans.same])
    merged = np.concatenate(rows)
    if (merged[1:, 0] < merged[:-1, 0]).any():
        merged = merged[np.argsort(merged[:, 0], kind="stable")]
    reach = np.maximum.accumulate(merged[:, 1])
    inner = np.zeros(len(merged), np.bool_)
    inner[1:] = merged[1:, 0] < reach[:-1]
    return merged[~inner] if inner.any() else merged
