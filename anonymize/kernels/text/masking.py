"""Hides regions of text: at most one region per value, given by positions among all characters of a batch."""

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy
from anonymize.kernels.text.characters import DIGIT, LOWER, OTHER, UPPER, Characters, class_of, map_codes

Positions = NDArray[np.int64]


class Region(NamedTuple):
    """Where each value's hidden part begins, and where it ends."""

    first: Positions
    last: Positions


def region_or_all(text: Characters, first: Positions, last: Positions) -> Region:
    """The region from `first` up to `last`, and the whole value where that is empty: none is shown whole."""
    empty = last <= first
    return Region(np.where(empty, text.starts, first), np.where(empty, text.ends, last))


def region_between(text: Characters, keep_first: int, keep_last: int) -> Region:
    """All but the first and last characters; all of a value that is not longer than these."""
    return region_or_all(text, text.starts + keep_first, text.ends - keep_last)


def region_of_slice(text: Characters, start: int | None, stop: int | None) -> Region:
    """The characters of Python's `value[start:stop]`; all of a value in which there are none."""
    first = text.starts if start is None else _position(text, start)
    last = text.ends if stop is None else _position(text, stop)
    return region_or_all(text, first, last)


def never_holds(start: int | None, stop: int | None) -> bool:
    """Whether a slice is empty in values of every length."""
    if stop is None:
        return False
    return stop == 0 or (start is not None and start >= stop and (start < 0) == (stop < 0))


def region_before(text: Characters, delimiter: str) -> Region:
    """What precedes the first delimiter; all of a value in which nothing does."""
    return region_or_all(text, text.starts, find_first(text, delimiter))


def region_after(text: Characters, delimiter: str) -> Region:
    """What follows the first delimiter; all of a value in which nothing does."""
    found = find_first(text, delimiter)
    return region_or_all(text, np.where(found < 0, text.starts, found + len(delimiter)), text.ends)


def find_first(text: Characters, needle: str) -> Positions:
    """The position of the first occurrence in each value, or -1."""
    codes, length = text.codes, len(needle)
    reach = max(len(codes) - length + 1, 0)
    matches = np.ones(reach, bool)
    for place, character in enumerate(needle):
        matches &= codes[place : place + reach] == ord(character)
    hits = np.flatnonzero(matches)
    found = hits if _one_each(hits, text) else _inside(hits, np.searchsorted(hits, text.starts), text)
    return np.where(found + length <= text.ends, found, -1)


def find_last(text: Characters, matches: NDArray[np.bool_]) -> Positions:
    """The position of the last flagged character in each value, or -1."""
    hits = np.flatnonzero(matches)
    return hits if _one_each(hits, text) else _inside(hits, np.searchsorted(hits, text.ends) - 1, text)


def flags(region: Region, size: int) -> NDArray[np.bool_]:
    """Which of all `size` characters lie in the regions."""
    runs = np.empty(2 * len(region.first) + 1, np.int64)
    runs[1::2] = region.last - region.first
    runs[0] = 0
    runs[2::2] = -region.last
    runs[0:-1:2] += region.first
    runs[-1] += size
    pattern = np.zeros(len(runs), bool)
    pattern[1::2] = True
    return np.repeat(pattern, runs)


def flags_of_kind(text: Characters, only: str | None, skip: str) -> NDArray[np.bool_]:
    """Which characters are of a kind, `digits` or `letters` (None: any), and none of those to skip."""
    kinds = {None: (UPPER, LOWER, DIGIT, OTHER), "digits": (DIGIT,), "letters": (UPPER, LOWER)}[only]
    return map_codes(text.codes, lambda found: class_of(found) in kinds and found not in skip, np.bool_)


def hide(text: Characters, hidden: NDArray[np.bool_], character: str) -> Characters:
    """The text with the flagged characters replaced by one."""
    codes = text.wide_enough_for(ord(character))
    np.putmask(codes, hidden, ord(character))
    return Characters(codes, text.offsets)


def replace(
    text: Characters, region: Region, replacement: str, rows: NDArray[np.bool_] | None = None
) -> Characters:
    """The text with every region, however long, replaced by the same text; nothing is added outside `rows`."""
    added = np.frombuffer(replacement.encode("utf-32-le"), np.uint32)
    count = len(added) if rows is None else np.where(rows, len(added), 0)
    codes = text.wide_enough_for(int(added.max()))
    size = len(codes)
    pieces = np.empty((2 * len(region.first) + 1, 2), np.int64)  # in turn, what stays and what is added
    pieces[0, 0], pieces[2::2, 0] = 0, region.last
    pieces[:-1:2, 1], pieces[-1, 1] = region.first, size
    pieces[1::2, 0], pieces[1::2, 1] = size, size + count
    offsets = text.offsets.copy()
    offsets[1:] += np.cumsum(count - (region.last - region.first))
    return Characters(_joined(np.concatenate([codes, added.astype(codes.dtype)]), pieces), offsets)


def _joined(codes: NDArray[Any], pieces: Positions) -> NDArray[Any]:
    """The pieces (starts and ends) of an array, one after the other; as `segments.Ranges`, with room."""
    bounds = np.empty(pieces.size + 2, np.int64)
    bounds[0], bounds[1:-1], bounds[-1] = 0, pieces.reshape(-1), len(codes)
    bounds *= codes.itemsize
    every = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(codes)]
    )
    joined = every.take(from_numpy(np.arange(1, len(bounds) - 1, 2)))
    return np.frombuffer(joined.buffers()[2], codes.dtype)


def _position(text: Characters, index: int) -> Positions:
    """Where Python's slice index falls in each value."""
    if index >= 0:
        return np.minimum(text.starts + index, text.ends)
    return np.maximum(text.ends + index, text.starts)


def _one_each(hits: Positions, text: Characters) -> bool:
    """Whether every value has exactly one hit: the usual case, in which nothing must be searched."""
    return len(hits) == len(text.starts) and bool(((text.starts <= hits) & (hits < text.ends)).all())


def _inside(hits: Positions, index: NDArray[np.int64], text: Characters) -> Positions:
    """The hit of that index for each value, or -1 if it lies outside the value."""
    if not len(hits):
        return np.full(len(text.starts), -1, np.int64)
    found = hits[np.clip(index, 0, len(hits) - 1)]
    return np.where((found >= text.starts) & (found < text.ends), found, -1)
