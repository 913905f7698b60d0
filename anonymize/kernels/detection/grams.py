"""Where the texts stand that patterns cannot do without: all are looked for at once, by three or four bytes each.

Each text (see `syntax.literals`) is represented by its rarest three or four bytes. What holds none of a pattern's
cannot match it; what does may.
"""

import string
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.detection.joined import Joined, Places
from anonymize.kernels.detection.syntax import Needed, Texts

_Kind: TypeAlias = tuple[int, bool]
"""How many bytes, and whether their case does not matter."""

_SIZES = 4, 3
_SLOTS = 18
_SHIFT = np.uint32(32 - _SLOTS)
_MIX = {4: np.uint32(0x9E3779B1), 3: np.uint32(0x3779B100)}  # the last drops the fourth byte
_MASK = {4: np.uint32(0xFFFFFFFF), 3: np.uint32(0xFFFFFF)}
_SMALL = bytes(range(65)) + bytes(range(97, 123)) + bytes(range(91, 256))
"""ASCII capitals as small letters."""

_FREQUENT = " etaoinshrdlucmfwypvbgkjqxz"


def _rarities() -> list[int]:
    """How much each byte tells, roughly."""
    found = [12] * 256
    found[65:91] = [22] * 26
    found[48:58] = [8] * 10
    found[0xC3], found[0xE4:0xEA] = 4, [3] * 6
    for place, letter in enumerate(_FREQUENT):
        found[ord(letter)] = place
    return found


_RARITY = _rarities()


class Grams:
    """The texts of many patterns, by their grams."""

    def __init__(self, patterns: Sequence[Texts | None]) -> None:
        self.of_pattern: list[NDArray[np.int64] | None] = []
        """The grams of each pattern, numbered through; None if nothing is known of it."""
        numbers: dict[tuple[_Kind, int], int] = {}
        for texts in patterns:
            grams = _all_grams(texts)
            known = {numbers.setdefault(gram, len(numbers)) for gram in grams or ()}
            self.of_pattern.append(None if grams is None else np.array(sorted(known), np.int64))
        self.count = len(numbers)
        them = [_NONE if its is None else its for its in self.of_pattern]
        self.all_known = np.repeat(np.arange(len(them)), list(map(len, them))), np.concatenate([_NONE, *them])
        """The pattern and the number of each gram."""
        self._together: dict[tuple[int, ...], NDArray[np.int64] | None] = {}
        self.tables = [_Table(size, numbers) for size in _SIZES]

    def together(self, patterns: tuple[int, ...]) -> NDArray[np.int64] | None:
        """The grams of several patterns, each once, in order; None if nothing is known of one of them."""
        if patterns not in self._together:
            if len(self._together) >= MOST_TOGETHER:
                self._together.clear()
            all_ = [self.of_pattern[pattern] for pattern in patterns]
            known = [grams for grams in all_ if grams is not None]
            found = np.unique(np.concatenate([_NONE, *known])) if len(known) == len(all_) else None
            self._together[patterns] = found
        return self._together[patterns]


MOST_TOGETHER = 4096
"""So many sets of patterns are remembered."""


class _Values:
    """The grams of a kind and their numbers, in order."""

    def __init__(self, kind: _Kind, numbers: dict[tuple[_Kind, int], int]) -> None:
        mine = sorted((value, number) for (its_kind, value), number in numbers.items() if its_kind == kind)
        self._values = np.array([value for value, _ in mine], np.uint32)
        self._numbers = np.array([number for _, number in mine], np.uint16)
        self._size = kind[0]

    @property
    def slots(self) -> NDArray[np.uint32]:
        """Those that their small letters are counted to."""
        return _slot(np.frombuffer(self._values.tobytes().translate(_SMALL), np.uint32), self._size)

    def among(self, places: Places, grams: NDArray[np.uint32]) -> tuple[Places, NDArray[np.uint16]]:
        """Those of the places at which one stands, and its number."""
        if not len(places):
            return places, np.zeros(0, np.uint16)
        found = grams[places] & _MASK[self._size]
        which = np.minimum(np.searchsorted(self._values, found), len(self._values) - 1)
        right = self._values[which] == found
        return places[right], self._numbers[which[right]]


class _Table:
    """The grams of a size, and a rough first test for all of them at once: of small letters."""

    def __init__(self, size: int, numbers: dict[tuple[_Kind, int], int]) -> None:
        self._size = size
        self._cased, self._small = _Values((size, False), numbers), _Values((size, True), numbers)
        slots = np.zeros(1 << _SLOTS, np.uint8)
        slots[self._cased.slots] = CASED
        slots[self._small.slots] |= SMALL
        self._slots = from_numpy(slots)

    def find(
        self, grams: NDArray[np.uint32], small: NDArray[np.uint32]
    ) -> Iterator[tuple[Places, NDArray[np.uint16]]]:
        """(place, number of the gram), in order, for either case; `small` are the same in small letters."""
        likely = [self._likely(first, small[first : first + _PIECE]) for first in _pieces(small)]
        places, kinds = (np.concatenate(column) for column in zip(*likely, strict=True))
        yield self._cased.among(places[(kinds & CASED) != 0], grams)
        yield self._small.among(places[(kinds & SMALL) != 0], small)

    def _likely(self, first: int, grams: NDArray[np.uint32]) -> tuple[Places, NDArray[np.uint8]]:
        slots = from_numpy(_slot(grams, self._size))
        kinds = to_numpy(pc.take(self._slots, slots, boundscheck=False))  # faster than NumPy's
        found = np.flatnonzero(kinds != 0)
        return first + found, kinds[found]


CASED, SMALL = 1, 2
_PIECE = 1 << 16
"""So many are looked at together: they stay in the cache."""


def _pieces(grams: NDArray[np.uint32]) -> range:
    return range(0, max(len(grams), 1), _PIECE)


class Presence:
    """Where the texts of patterns stand in a buffer."""

    def __init__(self, grams: Grams, joined: Joined) -> None:
        self._grams = grams
        data = joined.data.tobytes()
        grams_at, small = _words(data), _words(data.translate(_SMALL))
        hits = [found for table in grams.tables for found in table.find(grams_at, small)]
        numbers = np.concatenate([which for _, which in hits])
        order = np.argsort(numbers, kind="stable")
        self._places = np.concatenate([places for places, _ in hits])[order]
        counts = np.bincount(numbers, minlength=grams.count)
        self._there, self._ends = counts > 0, np.cumsum(counts)
        self._starts = self._ends - counts
        self._cells_begin = joined.starts
        self._found: dict[tuple[int, ...], Places | None] = {}

    @cached_property
    def _cells(self) -> Places:
        """In which cell each of the places is."""
        found: Places = np.searchsorted(self._cells_begin, self._places, side="right") - 1
        return found

    def cells(self, pattern: int) -> NDArray[np.bool_]:
        """In which cells a pattern may match."""
        grams = self._grams.of_pattern[pattern]
        if grams is None:
            return np.ones(len(self._cells_begin), np.bool_)
        found = np.zeros(len(self._cells_begin), np.bool_)
        for start, end in self._ranges(grams):
            found[self._cells[start:end]] = True
        return found

    def _ranges(self, grams: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
        """Where the places of the grams are kept, of those that are there."""
        grams = grams[self._there[grams]]
        return zip(self._starts[grams].tolist(), self._ends[grams].tolist(), strict=True)

    def _of(self, patterns: tuple[int, ...]) -> Places | None:
        """The places of the patterns' texts, in order; None if they may be anywhere."""
        if patterns not in self._found:
            grams = self._grams.together(patterns)
            self._found[patterns] = None if grams is None else self._of_grams(grams)
        return self._found[patterns]

    def _of_grams(self, grams: NDArray[np.int64]) -> Places:
        parts = [self._places[start:end] for start, end in self._ranges(grams)]
        return np.sort(np.concatenate(parts)) if len(parts) > 1 else parts[0] if parts else _NONE

    @cached_property
    def anywhere(self) -> NDArray[np.bool_]:
        """Which patterns may match at all."""
        which, grams = self._grams.all_known
        found = np.array([grams is None for grams in self._grams.of_pattern], np.bool_)
        found[which[self._there[grams]]] = True
        return found

    def may(
        self, patterns: tuple[int, ...], starts: Places, ends: Places, in_order: bool = False
    ) -> NDArray[np.bool_]:
        """In which ranges one of the patterns may match; `in_order` if they begin in order and end in order."""
        places = self._of(patterns)
        if places is None:
            return np.ones(len(starts), np.bool_)
        if not len(places):
            return np.zeros(len(starts), np.bool_)
        if in_order and len(places) < len(starts):
            opened = np.bincount(np.searchsorted(ends, places, side="right"), minlength=len(starts) + 1)
            closed = np.bincount(np.searchsorted(starts, places, side="right"), minlength=len(starts) + 1)
            return np.cumsum(opened - closed)[:-1] > 0
        found: NDArray[np.bool_] = np.searchsorted(places, ends) > np.searchsorted(places, starts)
        return found


_NONE = np.zeros(0, np.int64)


def _slot(grams: NDArray[np.uint32], size: int) -> NDArray[np.uint32]:
    found = grams * _MIX[size]
    found >>= _SHIFT
    return found


def _words(data: bytes) -> NDArray[np.uint32]:
    """The four bytes from each place on; zeros follow the last."""
    return np.ndarray(len(data), "<u4", data + b"\0\0\0\0", strides=(1,))


def _all_grams(texts: Texts | None) -> list[tuple[_Kind, int]] | None:
    """One or more grams for each text, of which one stands wherever it does; None if one is too short."""
    if texts is None:
        return None
    found = [_grams(text) for text in texts]
    if not all(found):
        return None
    return [(kind, int.from_bytes(gram.ljust(4, b"\0"), "little")) for grams in found for kind, gram in grams]


def _grams(text: Needed) -> list[tuple[_Kind, bytes]]:
    spelled = text.text.encode()
    if text.any_case:
        spelled = spelled.translate(_SMALL)
    if len(spelled) < 3:  # a line feed, at least, follows
        after = _NO_LETTERS if text.is_end else _ALL
        return [((3, text.any_case), spelled + bytes([last])) for last in after] if len(spelled) == 2 else []
    size = min(len(spelled), 4)
    return [((size, text.any_case), _rarest(spelled, size))]


_ALL = bytes(range(256))
_NO_LETTERS = bytes(set(_ALL) - set(string.ascii_letters.encode()))


def _rarest(spelled: bytes, size: int) -> bytes:
    return max((spelled[start : start + size] for start in range(len(spelled) - size + 1)), key=_rarity)


def _rarity(gram: bytes) -> int:
    return sum(_RARITY[byte] for byte in gram)
