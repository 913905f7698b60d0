"""Hides regions of text: at most one region per value, given by positions among all characters of a batch."""

import dataclasses
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy
from anonymize.kernels.segments import Ranges, joined
from anonymize.kernels.text.characters import DIGIT, LOWER, OTHER, UPPER, Characters, CharacterSet, class_of

Positions = NDArray[np.int64]

_LARGEST = np.iinfo(np.int32).max


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
    found = _one_each(hits, text)
    if found is None:
        found = _inside(hits, np.searchsorted(hits, text.starts), text)
    return np.where(found + length <= text.ends, found, -1)


def find_last(text: Characters, matches: NDArray[np.bool_]) -> Positions:
    """The position of the last flagged character in each value, or -1."""
    hits = np.flatnonzero(matches)
    found = _one_each(hits, text)
    return _inside(hits, np.searchsorted(hits, text.ends) - 1, text) if found is None else found


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
    return _of_kind(only, skip).flags(text.codes)


@lru_cache(maxsize=64)
def _of_kind(only: str | None, skip: str) -> CharacterSet:
    kinds = {None: (UPPER, LOWER, DIGIT, OTHER), "digits": (DIGIT,), "letters": (UPPER, LOWER)}[only]
    return CharacterSet(lambda found: class_of(found) in kinds and found not in skip)


def hide(text: Characters, hidden: NDArray[np.bool_], character: str) -> Characters:
    """The text with the flagged characters replaced by one."""
    codes = text.codes.astype(text.width_for(ord(character)))
    np.putmask(codes, hidden, ord(character))
    return dataclasses.replace(text, codes=codes)


def replace(
    text: Characters, region: Region, replacement: str, rows: NDArray[np.bool_] | None = None
) -> Characters:
    """The text with every region, however long, replaced by the same text; nothing is added outside `rows`, nor
    to nulls."""
    added = np.frombuffer(replacement.encode("utf-32-le"), np.uint32)
    codes = np.concatenate([text.codes, added], dtype=text.width_for(int(added.max())), casting="unsafe")
    rows = text.present if rows is None else rows
    count = len(added) if rows is None else np.multiply(rows, len(added), dtype=np.int64)
    offsets = text.offsets.copy()
    offsets[1:] += np.cumsum(count - (region.last - region.first))
    pieces = _Pieces(2 * len(region.first) + 1, codes, int(offsets[-1]))
    size, bounds = len(text.codes), pieces.bounds  # in turn, what stays and what is added
    bounds[0, 0], bounds[2::2, 0] = 0, region.last
    bounds[:-1:2, 1], bounds[-1, 1] = region.first, size
    bounds[1::2, 0], bounds[1::2, 1] = size, size + count
    return dataclasses.replace(text, codes=pieces.joined(), offsets=offsets)


class _Pieces:
    """Pieces (starts and ends) of an array of codes, to be put together to one of `size` codes."""

    def __init__(self, count: int, codes: NDArray[Any], size: int) -> None:
        self._codes = codes
        self._is_small = max(len(codes), size) * codes.itemsize <= _LARGEST
        self._ranges = Ranges(count if self._is_small else 0)
        self.bounds = self._ranges.bounds if self._is_small else np.empty((count, 2), np.int64)

    def joined(self) -> NDArray[Any]:
        """The pieces, one after the other."""
        data, width = self._codes.view(np.uint8), self._codes.itemsize
        if width > 1:
            self.bounds *= width
        if self._is_small:
            return np.frombuffer(joined(self._ranges.gather(data)), self._codes.dtype)
        bounds = np.empty(self.bounds.size + 2, np.int64)  # as in `Ranges`, with room
        bounds[0], bounds[1:-1], bounds[-1] = 0, self.bounds.reshape(-1), len(data)
        every = pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(data)]
        )
        whole = every.take(from_numpy(np.arange(1, len(bounds) - 1, 2)))
        return np.frombuffer(whole.buffers()[2], self._codes.dtype)


def _position(text: Characters, index: int) -> Positions:
    """Where Python's slice index falls in each value."""
    if index >= 0:
        return np.minimum(text.starts + index, text.ends)
    return np.maximum(text.ends + index, text.starts)


def _one_each(hits: Positions, text: Characters) -> Positions | None:
    """Each value's hit, -1 for empty values, if all others have one each: the usual case, where nothing must be
    searched. None in any other case."""
    if len(hits) > len(text.starts):
        return None
    filled = text.ends > text.starts
    if filled.all():
        found = hits
    elif len(hits) == np.count_nonzero(filled):
        found = np.full(len(filled), -1, np.int64)
        found[filled] = hits
    else:
        return None
    if len(found) != len(filled) or not (((found >= text.starts) & (found < text.ends)) == filled).all():
        return None
    return found


def _inside(hits: Positions, index: NDArray[np.int64], text: Characters) -> Positions:
    """The hit of that index for each value, or -1 if it lies outside the value."""
    if not len(hits):
        return np.full(len(text.starts), -1, np.int64)
    found = hits[np.clip(index, 0, len(hits) - 1)]
    return np.where((found >= text.starts) & (found < text.ends), found, -1)
