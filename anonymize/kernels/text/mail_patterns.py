"""Patterns of the shape `[head]+@[body]+\\.[tail]{2,}`, as those of e-mail addresses, found by arithmetic on bits.

For this shape the matches of RE2 are known beforehand. Each holds one `@`, which none of the sets contains. Its
match starts where the run of `head` before it starts, unless an earlier match reaches in there. Its dot is the
last one in the run of `body` behind it that enough bytes of `tail` follow (`+` takes as much as it can); the
match ends after these. So 32 bytes on either side, as bits that say which bytes belong to a set, decide nearly
every `@`. The others (longer runs, an earlier match nearby) are left to RE2, with all of their value.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SIGN, DOT = ord("@"), ord(".")
HEAD, BODY, TAIL, IS_DOT = 1, 2, 4, 8
REACH = 32  # bytes on either side of a sign
MOST = 16  # bytes of a tail that a pattern may ask for

Places = NDArray[np.int32]
Bits = NDArray[np.uint64]

_ITEM = r"[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|\\[wd]|\\[!-/:-@\[-`{-~]|[\w.%+!#$&'*/=?`{|}~,;:]"
_SET = rf"\[(-?(?:{_ITEM})+-?)\]"
_SHAPE = re.compile(rf"{_SET}\+@{_SET}\+\\\.{_SET}(\+|\{{(\d{{1,2}}),(\d{{1,2}})?\}})", re.ASCII)
_PERL = {r"\w": "a-zA-Z0-9_", r"\d": "0-9"}


class Matches(NamedTuple):
    """What was found in the joined bytes of a column."""

    rows: Places
    starts: Places
    ends: Places
    unsure: NDArray[np.bool_]
    """Rows that are left to RE2; no match of theirs is listed."""


@dataclass(frozen=True)
class MailPattern:
    """A pattern of the shape."""

    head: frozenset[int]
    body: frozenset[int]
    tail: frozenset[int]
    least: int
    most: int
    """How many bytes of the tail are needed, and taken."""

    def find(self, offsets: Places, data: NDArray[np.uint8]) -> Matches:
        """The matches in the values between the offsets."""
        origin = offsets[0]
        data = data[origin : offsets[-1]]
        signs = np.flatnonzero(data == SIGN).astype(np.int32)
        rows = (np.searchsorted(offsets, signs + origin, side="right") - 1).astype(np.int32)
        before, after = signs - (offsets[rows] - origin), offsets[rows + 1] - origin - signs - 1
        padded = np.zeros(len(data) + 2 * REACH, np.uint8)
        padded[REACH : REACH + len(data)] = data
        windows = np.ndarray((len(data) + REACH + 1,), f"V{REACH}", padded, strides=(1,))
        size = self._head_size(self._kinds(windows[signs]))
        unsure = (size == REACH) & (before > REACH)
        size = np.minimum(size, before)
        end, far = self._end(self._kinds(windows[signs + np.int32(REACH + 1)]), after)
        starts, ends = signs - size, signs + 1 + end
        found = (size > 0) & (end > 0)
        unsure |= far
        unsure[1:] |= found[:-1] & (ends[:-1] > starts[1:])
        left = np.zeros(len(offsets) - 1, np.bool_)
        left[rows[unsure]] = True
        found &= ~left[rows]
        return Matches(rows[found], starts[found] + origin, ends[found] + origin, left)

    @cached_property
    def _table(self) -> bytes:
        """The sets that each byte belongs to."""
        sets = ((HEAD, self.head), (BODY, self.body), (TAIL, self.tail), (IS_DOT, {DOT}))
        return bytes(sum(kind for kind, members in sets if byte in members) for byte in range(256))

    def _kinds(self, windows: NDArray[np.void]) -> NDArray[np.uint8]:
        return np.frombuffer(windows.tobytes().translate(self._table), np.uint8)

    def _head_size(self, kinds: NDArray[np.uint8]) -> Places:
        """How many bytes of the head stand right before each sign, up to 32."""
        others = ~_bits(kinds, HEAD) & np.uint64(2**REACH - 1)
        return np.int32(REACH) - _bit_length(others)

    def _end(self, kinds: NDArray[np.uint8], after: Places) -> tuple[Places, NDArray[np.bool_]]:
        """Where the part of a match after each sign ends, 0 for none, and whether that may be out of sight."""
        room = (np.uint64(1) << np.minimum(after, REACH).astype(np.uint64)) - np.uint64(1)
        others = ~(_bits(kinds, BODY) & room)
        run = (others & -others) - np.uint64(1)  # the lowest other byte, and all below it
        tail = _bits(kinds, TAIL) & run
        dots = _bits(kinds, IS_DOT) & run & ~np.uint64(1)
        for place in range(1, self.least + 1):
            dots &= tail >> np.uint64(place)
        dot = _bit_length(dots)  # one more than its place: the place of the tail
        first = np.uint64(1) << dot.astype(np.uint64)
        tail &= ~(first - np.uint64(1))
        past = (tail + first) & ~tail  # the sum carries over the run of ones
        end = np.minimum(_bit_length(past) - 1, dot + self.most)
        return np.where(dots > 0, end, 0), (run == 2**REACH - 1) & (after > REACH)


@lru_cache(maxsize=64)
def mail_pattern(pattern: str) -> MailPattern | None:
    """A regular expression as one of the shape, if it is one."""
    shape = _SHAPE.fullmatch(pattern)
    if shape is None:
        return None
    head, body, tail = (_members(shape[group]) for group in (1, 2, 3))
    least, most = (1, None) if shape[4] == "+" else (int(shape[5]), shape[6])
    longest = REACH if most is None else int(most)
    fits = SIGN not in head | body and DOT in body and DOT not in tail and tail <= body
    if not fits or not 1 <= least <= min(longest, MOST):
        return None
    return MailPattern(head, body, tail, least, longest)


def _members(items: str) -> frozenset[int]:
    """The bytes of a bracket expression."""
    found: set[int] = set()
    for item in re.findall(rf"{_ITEM}|-", items, re.ASCII):
        if len(item) == 3:
            found |= set(range(ord(item[0]), ord(item[2]) + 1))
        else:
            found |= _members(_PERL[item]) if item in _PERL else {ord(item[-1])}
    return frozenset(found)


def _bits(kinds: NDArray[np.uint8], kind: int) -> Bits:
    """Which of each 32 bytes are of a kind, the first one as the lowest bit."""
    return np.packbits(kinds & np.uint8(kind), bitorder="little").view(np.uint32).astype(np.uint64)


def _bit_length(numbers: Bits) -> Places:
    """How many bits each number below 2**53 has."""
    return np.frexp(numbers.astype(np.float64))[1]
