"""Finds the values of a row's other columns in its text, however they are written there.

Text and values are squeezed to letters and digits (see `spellings`). The first few characters of every spelling,
together with its row, go into a bit table; places of the text that hit it are looked up, and compared by the
difference of running hashes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import text_buffers
from anonymize.kernels.detection.spelled import Codes, Places, Spelled, characters, spelled
from anonymize.kernels.detection.spellings import plain_character
from anonymize.kernels.text.characters import map_codes

Hashes = NDArray[np.uint64]

ANCHORS = (4, 2)
"""How many characters are looked up first: of long spellings, and of short ones."""
UNMISTAKABLE = 7
"""Digits that are found within longer numbers too."""
WIDEST = 3
"""How many times as long as its letters and digits a find may be, with what stands between them."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_MOST_BITS = 24


@dataclass(frozen=True)
class KnownColumn:
    """The values of another column as text, each with its row."""

    values: pa.StringArray
    rows: Places
    is_name: bool

    @cached_property
    def ways(self) -> Spelled:
        """How its values may be written: worked out once for all texts beside it."""
        return spelled(self.values, self.is_name)


@dataclass(frozen=True)
class Found:
    """Where known values stand: cell, bytes from and to, which column's value and which of its values."""

    cell: Places
    start: Places
    end: Places
    column: Places
    place: Places


@dataclass(frozen=True)
class _Stream:
    """The letters and digits of all cells, one after the other."""

    codes: Codes
    cell: Places
    position: Places
    """Where each stands among all characters."""
    original: Codes
    """All characters as they were."""
    bytes_at: Places
    """Where each of all characters begins; one more for the end."""
    cell_at: Places
    """The byte at which each cell begins."""
    running: Hashes
    powers: Hashes


@dataclass(frozen=True)
class _Sought:
    """Each spelling in each row that has it."""

    row: Places
    pattern: Places
    column: Places
    place: Places


def find_known(cells: pa.StringArray, rows: Places, columns: Sequence[KnownColumn]) -> Found:
    """The known values of each cell's row in the cell. Cells are not null."""
    codes, offsets, sought = _sought(columns, rows)
    if not len(codes):
        return Found(*(np.zeros(0, np.int64) for _ in range(5)))
    stream = _stream(cells)
    lengths = np.diff(offsets)
    hashes = _hashes(codes, offsets)
    parts = []
    for anchor, least, most in ((ANCHORS[0], ANCHORS[0], 1 << 30), (ANCHORS[1], ANCHORS[1], ANCHORS[0] - 1)):
        mine = np.flatnonzero((lengths[sought.pattern] >= least) & (lengths[sought.pattern] <= most))
        if len(mine):
            keys = _keys(codes, offsets[sought.pattern[mine]], anchor, sought.row[mine])
            at, which = _candidates(stream, rows, keys, anchor)
            parts.append((at, mine[which]))
    at, which = (np.concatenate(column) for column in zip(*parts, strict=True))
    length = lengths[sought.pattern[which]]
    good = _matches(stream, at, length, hashes[sought.pattern[which]])
    at, which, length = at[good], which[good], length[good]
    good = _stands_alone(stream, at, length)
    at, which, length = at[good], which[good], length[good]
    return _found(stream, at, length, sought.column[which], sought.place[which])


def _sought(columns: Sequence[KnownColumn], rows: Places) -> tuple[Codes, Places, _Sought]:
    """The characters of all spellings and where each begins, and which are sought in which row."""
    parts: list[tuple[Places, Places, Places, Places]] = []
    base = 0
    for index, column in enumerate(columns):
        ways = column.ways
        used = np.flatnonzero((ways.which >= 0) & _is_among(column.rows, rows))
        which = ways.which[used]
        repeats = ways.count[which]
        inner = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        place = np.repeat(used, repeats)
        pattern = base + np.repeat(ways.first[which], repeats) + inner
        parts.append((column.rows[place], pattern, np.full(len(place), index, np.int64), place))
        base += len(ways.lengths)
    lengths = np.concatenate([column.ways.lengths for column in columns])
    codes = np.concatenate([column.ways.codes for column in columns])
    sought = _Sought(*(np.concatenate(each) for each in zip(*parts, strict=True)))
    return codes, np.append(0, np.cumsum(lengths)), sought


def _is_among(rows: Places, wanted: Places) -> NDArray[np.bool_]:
    if len(rows) == len(wanted) and np.array_equal(rows, wanted):  # mostly: a value and a text in each row
        return np.ones(len(rows), np.bool_)
    return np.isin(rows, wanted)


def _stream(cells: pa.StringArray) -> _Stream:
    offsets, data = text_buffers(cells)
    data = data[offsets[0] : offsets[-1]]
    cell_at = offsets[:-1].astype(np.int64) - offsets[0]
    original = characters(cells)
    bytes_at = np.append(np.flatnonzero((data & 0xC0) != 0x80), len(data))
    plain = map_codes(original, plain_character, np.uint32)
    position = np.flatnonzero(plain)
    codes = plain[position]
    cell = np.searchsorted(cell_at, bytes_at[position], side="right") - 1
    powers, running = _running(codes)
    return _Stream(codes, cell, position, original, bytes_at, cell_at, running, powers)


def _running(codes: Codes) -> tuple[Hashes, Hashes]:
    """Powers of the base, and the running sum of characters times them (modulo 2**64)."""
    powers = np.full(len(codes) + 1, _BASE, np.uint64)
    powers[0] = 1
    np.cumprod(powers, out=powers)
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum((codes.astype(np.uint64) * _MIX) * powers[:-1], out=sums[1:])
    return powers, sums


def _hashes(codes: Codes, offsets: Places) -> Hashes:
    """The hash of each text, as if it stood at the beginning."""
    _, running = _running(codes)
    back = np.full(len(codes) + 1, pow(int(_BASE), -1, 1 << 64), np.uint64)
    back[0] = 1
    np.cumprod(back, out=back)
    hashes: Hashes = (running[offsets[1:]] - running[offsets[:-1]]) * back[offsets[:-1]]
    return hashes


def _keys(codes: Codes, starts: Places, anchor: int, rows: Places) -> Hashes:
    """A number for the row and the first characters of each place."""
    keys = rows.astype(np.uint64)
    for step in range(anchor):
        keys = (keys ^ codes[starts + step]) * _MIX
        keys ^= keys >> np.uint64(29)
    return keys


def _candidates(stream: _Stream, rows: Places, keys: Hashes, anchor: int) -> tuple[Places, Places]:
    """(place in the stream, which key) wherever the first characters of a spelling of the row stand."""
    last = len(stream.codes) - anchor + 1
    if last <= 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    bits = min(max(len(keys).bit_length() + 4, 10), _MOST_BITS)
    shift = np.uint64(64 - bits)
    table = np.zeros(1 << bits, np.bool_)
    table[keys >> shift] = True
    places = np.arange(last, dtype=np.int64)
    here = _keys(stream.codes, places, anchor, rows[stream.cell[:last]])
    at = np.flatnonzero(table[here >> shift])
    order = np.argsort(keys, kind="stable")
    low = np.searchsorted(keys[order], here[at], side="left")
    high = np.searchsorted(keys[order], here[at], side="right")
    repeats = high - low
    inner = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return np.repeat(at, repeats), order[np.repeat(low, repeats) + inner]


def _matches(stream: _Stream, at: Places, length: Places, hashes: Hashes) -> NDArray[np.bool_]:
    """Whether a spelling stands at each place, as a whole and within the cell."""
    end = at + length
    fits = end <= len(stream.codes)
    end = np.where(fits, end, at)
    fits &= stream.cell[np.maximum(end, 1) - 1] == stream.cell[at]
    here = stream.running[end] - stream.running[at]
    equal: NDArray[np.bool_] = fits & (here == hashes * stream.powers[at])
    return equal


def _stands_alone(stream: _Stream, at: Places, length: Places) -> NDArray[np.bool_]:
    """Whether no more of the same kind of character hangs on either side, and it is not strung out too far."""
    last = at + length - 1
    start, end = stream.position[at], stream.position[last]
    compact = end - start + 1 <= WIDEST * length
    before, after = np.maximum(at - 1, 0), np.minimum(last + 1, len(stream.codes) - 1)
    left = (at > 0) & (stream.position[before] == start - 1) & (stream.cell[before] == stream.cell[at])
    right = (after > last) & (stream.position[after] == end + 1) & (stream.cell[after] == stream.cell[at])
    left &= _alike(stream.codes[before], stream.codes[at])
    right &= _alike(stream.codes[after], stream.codes[last])
    long_number = _is_digit(stream.codes[at]) & _is_digit(stream.codes[last]) & (length >= UNMISTAKABLE)
    initial = stream.original[start] != stream.codes[at]  # a capital
    latin = ~_is_han(stream.codes[at]) & ~_is_digit(stream.codes[at])
    sure = initial | ~latin | (length > ANCHORS[1])
    alone: NDArray[np.bool_] = compact & sure & (long_number | ~(left | right))
    return alone


def _alike(codes: Codes, others: Codes) -> NDArray[np.bool_]:
    """Both digits, or both letters of scripts that put spaces between words."""
    digits, other_digits = _is_digit(codes), _is_digit(others)
    letters = ~digits & ~other_digits & ~_is_han(codes) & ~_is_han(others)
    alike: NDArray[np.bool_] = (digits & other_digits) | letters
    return alike


def _is_digit(codes: Codes) -> NDArray[np.bool_]:
    return (codes >= 48) & (codes <= 57)


def _is_han(codes: Codes) -> NDArray[np.bool_]:
    """Characters of scripts without spaces, more or less."""
    return (codes >= 0x0E00) & (codes < 0x1100) | (codes >= 0x2E80)


def _found(stream: _Stream, at: Places, length: Places, column: Places, place: Places) -> Found:
    cell = stream.cell[at]
    begins = stream.bytes_at[stream.position[at]] - stream.cell_at[cell]
    ends = stream.bytes_at[stream.position[at + length - 1] + 1] - stream.cell_at[cell]
    return Found(cell, begins, ends, column, place)
