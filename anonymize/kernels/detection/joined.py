"""All cells of a column as one buffer, and the way back from a place in it to the cell and the character."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, text_buffers, to_numpy
from anonymize.kernels.segments import gather
from anonymize.kernels.text.characters import Characters, map_characters

Places = NDArray[np.int64]

_ALTERED = (
    r"[０-９Ａ-Ｚａ-ｚ＠\x{660}-\x{669}\x{6F0}-\x{6F9}\x{966}-\x{96F}]"
    r"|[0-9][\x{A0}\x{2010}-\x{2015}－−]|（[+0-9]|[0-9]（[0-9A-Z]"
)
"""Cells without these are scanned as they are: full-width punctuation alone changes nothing."""

_SIGNS = {0x3000: " ", 0xA0: " ", 0x2212: "-"} | dict.fromkeys(range(0x2010, 0x2016), "-")


@dataclass(frozen=True)
class Joined:
    """Cells one after the other, a line feed after each."""

    data: NDArray[np.uint8]
    starts: Places
    """Where each cell begins; it ends before the line feed that precedes the next."""
    wide: NDArray[np.bool_] | None
    """Cells whose characters were replaced by ASCII look-alikes, one for one; None if there are none."""
    original: pa.Array

    @cached_property
    def ends(self) -> Places:
        return np.append(self.starts[1:], len(self.data)) - 1

    @cached_property
    def is_ascii(self) -> bool:
        return bool(not len(self.data) or self.data.max() < 0x80)

    @cached_property
    def character_starts(self) -> NDArray[np.int32]:
        """The bytes at which characters begin, and the end; only asked when not all are ASCII."""
        return np.append(np.flatnonzero((self.data & 0xC0) != 0x80), len(self.data)).astype(np.int32)

    @property
    def last(self) -> int:
        """How many characters there are."""
        return len(self.data) if self.is_ascii else len(self.character_starts) - 1

    @cached_property
    def digit_places(self) -> Places:
        """Where ASCII digits stand."""
        return np.flatnonzero(self.data - np.uint8(ord("0")) < 10)

    @cached_property
    def stops(self) -> tuple[Places, Places]:
        """Where line ends and Chinese full stops, exclamation and question marks begin, and where they finish."""
        places = [np.flatnonzero(self.data == ord("\n")), np.flatnonzero(self.data == ord("\r"))]
        sizes = [1, 1]
        for stop in () if self.is_ascii else ("。", "！", "？"):
            spelled = stop.encode()
            ending = np.flatnonzero(self.data[2:] == spelled[2])
            ending = ending[(self.data[ending] == spelled[0]) & (self.data[ending + 1] == spelled[1])]
            places.append(ending)
            sizes.append(len(spelled))
        begins = np.concatenate(places)
        order = np.argsort(begins, kind="stable")
        finishes = begins + np.repeat(sizes, [len(each) for each in places])
        return begins[order], finishes[order]

    def rows(self, places: Places) -> Places:
        """The cell in which each place lies."""
        found: Places = np.searchsorted(self.starts, places, side="right") - 1
        return found

    def characters(self, places: Places) -> Places:
        """How many characters precede each place in the whole buffer."""
        return places if self.is_ascii else self._characters_before[places].astype(np.int64)

    @cached_property
    def _characters_before(self) -> NDArray[np.int32]:
        totals = np.zeros(len(self.data) + 1, np.int32)
        np.cumsum((self.data & 0xC0) != 0x80, dtype=np.int32, out=totals[1:])
        return totals

    def places(self, characters: Places) -> Places:
        """Where characters begin; the inverse of `characters`."""
        if self.is_ascii:
            return characters
        return self.character_starts[characters].astype(np.int64)

    def pieces(self, starts: Places, ends: Places) -> pa.StringArray:
        """The text between places; for a short while."""
        return strings(gather(self.data, starts.astype(np.int32), ends.astype(np.int32), kept=False))

    def original_bytes(self, rows: Places, characters: Places, places: Places) -> Places:
        """The byte offsets in the cells as they were given, of characters that stand `places` bytes in."""
        if self.wide is None or not self.wide[rows].any():
            return places
        found = places.copy()
        mine = np.flatnonzero(self.wide[rows])
        distinct, which = np.unique(rows[mine], return_inverse=True)
        offsets, data = text_buffers(self.original.take(from_numpy(distinct)))
        begins = np.append(np.flatnonzero((data & 0xC0) != 0x80), len(data))
        first = np.searchsorted(begins, offsets)
        found[mine] = begins[first[which] + characters[mine]] - offsets[which]
        return found


def count(places: Places, starts: Places, ends: Places) -> Places:
    """How many of the places, given in order, lie in each range."""
    found: Places = np.searchsorted(places, ends) - np.searchsorted(places, starts)
    return found


def strings(pieces: pa.BinaryArray) -> pa.StringArray:
    """Bytes that are known to be UTF-8 as strings."""
    return pa.StringArray.from_buffers(len(pieces), *pieces.buffers()[1:])


def join(cells: pa.StringArray) -> Joined:
    """Join cells without nulls. Full-width and other digits, letters and signs become their ASCII look-alikes."""
    altered = pc.match_substring_regex(cells, _ALTERED)
    wide = to_numpy(altered) if altered.true_count else None
    normal = _narrowed(cells, altered) if wide is not None else cells
    offsets, _ = text_buffers(normal)
    lengths = np.diff(offsets).astype(np.int64) + 1
    starts = np.cumsum(lengths) - lengths
    whole = pa.ListArray.from_arrays(pa.array([0, len(normal)], pa.int32()), normal)
    data = pc.binary_join(whole, "\n")
    _, inner = text_buffers(data)
    return Joined(np.append(inner[: int(lengths.sum()) - 1], np.uint8(10)), starts, wide, cells)


def _narrowed(cells: pa.StringArray, altered: pa.Array) -> pa.StringArray:
    table = _look_alikes()

    def change(text: Characters) -> Characters:
        return replace(text, codes=table[text.codes])

    narrow = map_characters(cells.filter(altered), change)
    return pc.replace_with_mask(cells, altered, narrow)


@lru_cache(maxsize=1)
def _look_alikes() -> NDArray[Any]:
    """Code point to code point."""
    table = np.arange(0x110000, dtype=np.uint32)
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    for zero in (0x660, 0x6F0, 0x966):
        table[zero : zero + 10] = np.arange(0x30, 0x3A)
    for code, sign in _SIGNS.items():
        table[code] = ord(sign)
    return table
