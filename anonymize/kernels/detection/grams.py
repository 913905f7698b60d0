"""Where the texts stand that patterns cannot do without: one look at every three and four bytes for all at once.

Each text (see `syntax.literals`) is represented by its rarest three or four bytes. What holds none of a pattern's
cannot match it; what does may.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.detection.joined import Joined, Places
from anonymize.kernels.detection.syntax import Needed, Texts

_Kind: TypeAlias = Literal["exact", "short", "small"]
_KINDS: tuple[_Kind, ...] = ("exact", "short", "small")
"""Four bytes, three bytes, and three bytes whose case does not matter."""

_SLOTS = 18
_SHIFT = np.uint32(32 - _SLOTS)
_MIX = np.uint32(0x9E3779B1)
_FOUR, _THREE = np.uint32(0xFFFFFFFF), np.uint32(0xFFFFFF)
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
        self._together: dict[tuple[int, ...], NDArray[np.int64] | None] = {}
        self.tables = {kind: _Table(kind, numbers) for kind in _KINDS}

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


class _Table:
    """The grams of a kind, their numbers, and a rough first test."""

    def __init__(self, kind: _Kind, numbers: dict[tuple[_Kind, int], int]) -> None:
        mine = sorted((value, number) for (its_kind, value), number in numbers.items() if its_kind == kind)
        self._values = np.array([value for value, _ in mine], np.uint32)
        self._numbers = np.array([number for _, number in mine], np.uint16)
        slots = np.zeros(1 << _SLOTS, np.uint8)
        slots[_slot(self._values)] = 1
        self._slots = from_numpy(slots)
        self._bytes = _FOUR if kind == "exact" else _THREE

    def find(self, grams: NDArray[np.uint32]) -> tuple[Places, NDArray[np.uint16]]:
        """(place, number of the gram), in order."""
        places = np.concatenate([first + self._likely(grams[first : first + _PIECE]) for first in _pieces(grams)])
        if not len(places):
            return places, np.zeros(0, np.uint16)
        found = grams[places] & self._bytes
        which = np.minimum(np.searchsorted(self._values, found), len(self._values) - 1)
        right = self._values[which] == found
        return places[right], self._numbers[which[right]]

    def _likely(self, grams: NDArray[np.uint32]) -> Places:
        slots = from_numpy(_slot(grams & self._bytes))
        return np.flatnonzero(to_numpy(pc.take(self._slots, slots, boundscheck=False)))  # faster than NumPy's


_PIECE = 1 << 16
"""So many are looked at together: they stay in the cache."""


def _pieces(grams: NDArray[np.uint32]) -> range:
    return range(0, max(len(grams), 1), _PIECE)


class Presence:
    """Where the texts of patterns stand in a buffer."""

    def __init__(self, grams: Grams, joined: Joined) -> None:
        self._grams = grams
        data = joined.data.tobytes()
        words = {"exact": _words(data), "short": _words(data), "small": _words(data.translate(_SMALL))}
        hits = [table.find(words[kind]) for kind, table in grams.tables.items()]
        numbers = np.concatenate([which for _, which in hits])
        order = np.argsort(numbers, kind="stable")
        self._places = np.concatenate([places for places, _ in hits])[order]
        counts = np.bincount(numbers, minlength=grams.count)
        self._there, self._ends = counts > 0, np.cumsum(counts)
        self._starts = self._ends - counts
        self._found: dict[tuple[int, ...], Places | None] = {}

    def _of(self, patterns: tuple[int, ...]) -> Places | None:
        """The places of the patterns' texts, in order; None if they may be anywhere."""
        if patterns not in self._found:
            grams = self._grams.together(patterns)
            self._found[patterns] = None if grams is None else self._of_grams(grams)
        return self._found[patterns]

    def _of_grams(self, grams: NDArray[np.int64]) -> Places:
        grams = grams[self._there[grams]]
        if not len(grams):
            return _NONE
        ranges = zip(self._starts[grams].tolist(), self._ends[grams].tolist(), strict=True)
        parts = [self._places[start:end] for start, end in ranges]
        return np.sort(np.concatenate(parts)) if len(parts) > 1 else parts[0]

    def anywhere(self, pattern: int) -> bool:
        """Whether a pattern may match at all."""
        grams = self._grams.of_pattern[pattern]
        return grams is None or bool(self._there[grams].any())

    def may(
        self, patterns: Sequence[int], starts: Places, ends: Places, in_order: bool = False
    ) -> NDArray[np.bool_]:
        """In which ranges one of the patterns may match; `in_order` if they begin in order and end in order."""
        places = self._of(tuple(patterns))
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


def _slot(grams: NDArray[np.uint32]) -> NDArray[np.uint32]:
    found: NDArray[np.uint32] = (grams * _MIX) >> _SHIFT
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
    kind: _Kind = "small" if text.any_case else "short"
    if text.any_case:
        spelled = spelled.translate(_SMALL)
    if len(spelled) < 3:  # a line feed, at least, follows
        return [(kind, spelled + bytes([last])) for last in range(256)] if len(spelled) == 2 else []
    if len(spelled) > 3 and not text.any_case:
        return [("exact", _rarest(spelled, 4))]
    return [(kind, _rarest(spelled, 3))]


def _rarest(spelled: bytes, size: int) -> bytes:
    return max((spelled[start : start + size] for start in range(len(spelled) - size + 1)), key=_rarity)


def _rarity(gram: bytes) -> int:
    return sum(_RARITY[byte] for byte in gram)
