"""The short way through a block whose lines are all alike: the same keys, in the same order, with the same white
space, and plain values in the same places.

One line is read in the general way. Of the others only what stands between their values is compared with it: where
that is equal, the rest are values. Whether these are valid is then a matter of a few counts over the whole block,
so this way needs neither parser nor tokens.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.codecs.json.check import MalformedError, bare_values_are_valid, count_documents
from anonymize.codecs.json.flat import flat
from anonymize.codecs.json.nested import nested
from anonymize.codecs.json.paths import ITEM
from anonymize.codecs.json.scan import ARRAY, KINDS, OBJECT, TEXT, Lines, Paths, Scan, Values
from anonymize.codecs.json.tokens import BACKSLASH, COLON, NEWLINE, QUOTE, Bytes, Places, escape_starts, places_of

_LONGEST = 1 << 16  # a longer first line is no pattern: too few would follow it in a block
_WORD = 8
_FEW_WORDS = 3  # what most keys need; to look at fewer costs the same
_ESCAPED = np.isin(np.arange(256), list(b'"\\/bfnrtu'))
_CONTROLS = 0x20


@dataclass(frozen=True, repr=False)
class Pattern:
    """What the lines of a block have in common, taken from one of them."""

    line: Scan
    leaves: Places
    """The values of the line that are no objects or lists."""
    bounds: Places
    """Where these begin, and the end of the line: all other places keep their distance to one of them."""
    ends: Places
    marks: int
    """How many keys a line has."""
    mark: Places
    """Which of them stand right before the leaves."""
    after: Places
    """How far from the ends of these keys the leaves begin."""
    quotes: int
    """How many quotes stand between the leaves."""
    controls: int
    """How many line ends and tabs do."""


@dataclass(frozen=True, repr=False)
class Regular(Lines):
    """The records of a block that all follow one pattern."""

    data: Bytes
    line_starts: Places
    paths: Paths
    pattern: Pattern
    bounds: Places
    """The bounds of the pattern (rows) in every line (columns)."""
    kind: Bytes
    """The kinds of the leaves (rows) in every line (columns)."""

    @property
    def rows(self) -> int:
        return len(self.line_starts) - 1

    def along(self, places: Places) -> Places:
        """What places between the leaves of the pattern (rows) are in every line (columns)."""
        bound = np.searchsorted(self.pattern.bounds, places)
        return self.bounds[bound] + (places - self.pattern.bounds.take(bound))[..., None]

    @cached_property
    def _row(self) -> NDArray[np.int32]:
        return np.arange(self.rows, dtype=np.int32)

    def values(self, path: int) -> Values:
        line = self.pattern.line
        start, end = self.along(np.array([line.start[path], line.end[path]]))
        return Values(start, end, self._kind(path), self._row)

    def _kind(self, path: int) -> Bytes:
        leaf = int(np.searchsorted(self.pattern.leaves, path))
        if leaf < len(self.kind) and self.pattern.leaves[leaf] == path:
            found: Bytes = self.kind[leaf]
            return found
        return np.full(self.rows, self.pattern.line.kind[path])

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        found = np.zeros((len(self.paths.names), ARRAY + 1), np.int64)
        found[np.arange(len(found)), self.pattern.line.kind] = self.rows
        texts = np.count_nonzero(self.kind == TEXT, axis=1)
        for leaf, path in enumerate(self.pattern.leaves.tolist()):
            found[path] = 0
            if texts[leaf] == self.rows:
                found[path, TEXT] = self.rows
            else:
                found[path] = np.bincount(self.kind[leaf], minlength=ARRAY + 1)
        return found

    @cached_property
    def scan(self) -> Scan:
        line, rows = self.pattern.line, np.int32(self.rows)
        number = line.container[:, None] + (line.container.max() + 1) * self._row
        holder = np.where(line.holder[:, None] < 0, -1, line.holder[:, None] * rows + self._row)
        return Scan(
            data=self.data,
            line_starts=self.line_starts,
            start=self.along(line.start).reshape(-1),
            end=self.along(line.end).reshape(-1),
            kind=np.concatenate([self._kind(path) for path in range(len(line.start))]),
            row=np.tile(self._row, len(line.start)),
            key_start=self.along(line.key_start).reshape(-1),
            container=number.reshape(-1),
            holder=holder.reshape(-1),
            of=np.repeat(line.of, rows),
            paths=self.paths,
        )


@dataclass(repr=False)
class Memory:
    """The last pattern that was found: the next block most likely follows it, too."""

    pattern: Pattern | None = None


def regular(data: Bytes, memory: Memory) -> Regular | None:
    """The records of UTF-8 lines, or None where they are not all alike, or not all valid.

    Raises MalformedError for some that are not valid.
    """
    pattern = memory.pattern or _pattern(data)
    if pattern is None or data[-1] != NEWLINE:
        return None
    clean = _without_escapes(data)
    if clean is None:
        return None
    marks = _quotes(clean)
    found = _following(pattern, data, clean, *marks)
    if found is None and pattern is memory.pattern and (pattern := _pattern(data)) is not None:
        found = _following(pattern, data, clean, *marks)
    if found is not None:
        memory.pattern = found.pattern
    return found


def _following(pattern: Pattern, data: Bytes, clean: Bytes, quotes: int, marks: Places) -> Regular | None:
    """The records, if all follow the pattern."""
    rows, ragged = divmod(len(marks), pattern.marks)
    if ragged or not rows:
        return None
    places = _places(pattern, marks.reshape(rows, -1), len(data))
    if places is None or not _are_alike(data, pattern, places.bounds):
        return None
    kind = _valid_kinds(data, clean, places, quotes - rows * pattern.quotes)
    if kind is None or np.count_nonzero(data < _CONTROLS) != rows * pattern.controls:
        return None
    bounds, kind = np.ascontiguousarray(places.bounds.T), np.ascontiguousarray(kind.T)
    line_starts = np.append(0, places.bounds[:, -1])
    return Regular(data, line_starts, pattern.line.paths, pattern, bounds, kind)


@dataclass(frozen=True, repr=False)
class _Places:
    """The leaves (columns) of every line (rows): so their bytes are looked at in the order in which they stand."""

    start: Places
    end: Places
    bounds: Places
    """The starts, and the ends of the lines."""


def _places(pattern: Pattern, marks: Places, size: int) -> _Places | None:
    """Where the leaves would be by the marks of each line, or None if that is out of order."""
    bounds = np.empty((len(marks), len(pattern.bounds)), np.int64)
    start = bounds[:, :-1]
    np.add(marks.take(pattern.mark, axis=1), pattern.after, out=start)
    bounds[:-1, -1] = start[1:, 0] - pattern.bounds[0]
    bounds[-1, -1] = size
    end = bounds[:, 1:] - (pattern.bounds[1:] - pattern.ends)
    in_order = bounds[0, 0] == pattern.bounds[0] and bool((end >= start).all())
    return _Places(start, end, bounds) if in_order else None


def _pattern(data: Bytes) -> Pattern | None:
    """The pattern of the first line, or None where it can be none or is alone."""
    breaks = np.flatnonzero(data[:_LONGEST] == NEWLINE)
    if not len(breaks) or breaks[0] + 1 == len(data):
        return None
    line = data[: breaks[0] + 1].copy()  # a pattern outlives its block
    try:
        documents = count_documents(line)
        found = flat(line, documents) or nested(line, documents)
    except MalformedError:
        return None
    clean = _without_escapes(line)
    leaves = np.flatnonzero((found.kind != OBJECT) & (found.kind != ARRAY))
    if clean is None or not len(leaves) or any(ITEM in name for name in found.paths.names):
        return None
    return _of_leaves(found, clean, leaves)


def _of_leaves(found: Scan, clean: Bytes, leaves: Places) -> Pattern | None:
    start, end = found.start.take(leaves), found.end.take(leaves)
    inside = np.zeros(len(clean) + 1, np.int8)
    inside[start] += 1
    inside[end] -= 1
    between = found.data[np.cumsum(inside[:-1]) == 0]
    marks = _quotes(clean)[1]
    mark = np.searchsorted(marks, start) - 1
    # Each leaf has a key of its own right before it, and keys are compared as they are spelled.
    if (mark < 0).any() or (marks.take(mark)[1:] < end[:-1]).any() or (between == BACKSLASH).any():
        return None
    quotes, controls = int(np.count_nonzero(between == QUOTE)), int(np.count_nonzero(between < _CONTROLS))
    bounds, after = np.append(start, len(clean)), start - marks.take(mark)
    return Pattern(found, leaves, bounds, end, len(marks), mark, after, quotes, controls)


def _without_escapes(data: Bytes) -> Bytes | None:
    """The data with the second byte of each escape blanked, so that each quote left bounds a string; None where an
    escape is not valid."""
    start = escape_starts(data)
    if not len(start):
        return data
    signs = data.take(start + 1, mode="clip")
    if not _ESCAPED[signs].all():
        return None
    if (signs == ord("u")).any():
        count_documents(data)
    clean = data.copy()
    clean[start + 1] = ord(" ")
    return clean


def _quotes(clean: Bytes) -> tuple[int, Places]:
    """How many quotes there are (the last byte is none), and where those stand that have a colon behind them."""
    found = clean[:-1] == QUOTE
    quotes = int(np.count_nonzero(found))
    found &= clean[1:] == COLON
    return quotes, places_of(found)


def _are_alike(data: Bytes, pattern: Pattern, bounds: Places) -> bool:
    """Whether what stands before each bound is the same in all lines, as far as to the value before it."""
    lengths = pattern.bounds - np.concatenate([[0], pattern.ends])
    line = bounds[0, -1]
    few = min(_FEW_WORDS, line // _WORD)  # so that no word begins before the data
    words = np.maximum(-(-lengths // _WORD), few)
    for count in np.unique(words).tolist():
        chosen = np.flatnonzero(words == count)
        width = count * _WORD
        expected = _before_in_line(pattern.line.data, pattern.bounds.take(chosen), width)
        found = _before(data, bounds[1:].take(chosen, axis=1), width)
        # Each line is compared with the one before it: that is a single operation on all bytes.
        differing = np.bitwise_or.reduce(found[1:] ^ found[:-1], axis=0)
        differing |= _before_in_line(data[:line], bounds[0].take(chosen), width) ^ expected
        if len(found):
            differing |= found[0] ^ expected
        between = np.arange(width) >= (width - lengths.take(chosen))[:, None]  # the rest belongs to values
        if differing.view(np.uint8)[between.reshape(-1)].any():
            return False
    return True


def _before(data: Bytes, places: Places, width: int) -> NDArray[np.uint64]:
    """So many bytes, a multiple of eight, before each place; those before the places of one row in one row."""
    windows: Any = np.ndarray((max(len(data) - width + 1, 0),), f"V{width}", data, strides=(1,))
    found: NDArray[np.uint64] = windows[places - width].view(np.uint64)
    return found


def _before_in_line(line: Bytes, places: Places, width: int) -> NDArray[np.uint64]:
    """The same in a single line, before which there is nothing."""
    return _before(np.concatenate([np.zeros(width, np.uint8), line]), places + width, width)


def _valid_kinds(data: Bytes, clean: Bytes, places: _Places, quotes: int) -> Bytes | None:
    """The kinds of the leaves, or None if any is not valid. The quotes are those that may stand in leaves: where
    there are two for each text, and these are its first and last byte, none is left to stand anywhere else."""
    first = clean.take(places.start)
    texts = first == QUOTE
    open_ended = clean.take(places.end - 1) != QUOTE
    open_ended |= places.end - places.start < 2
    open_ended &= texts
    if open_ended.any() or quotes != 2 * np.count_nonzero(texts):
        return None
    row, leaf = np.nonzero(~texts)
    if len(row) and not bare_values_are_valid(data, places.start[row, leaf], places.end[row, leaf]):
        return None
    return KINDS.take(first)
