"""Regions: the parts of a buffer in which the detectors of a family look, found in one pass over its bytes.

| family | region |
|---|---|
| `code` | words with a digit, or of few capitals, joined by one to three of ` -./()+`; two digits in all |
| `hex` | runs of hexadecimal digits, dots, colons and hyphens with two of the last or two dots |
| `at` | runs of address characters around an `@` |
| `link` | runs of URL characters around `://`, or after `www.` |
| `han` | runs of Chinese characters |
| `name` | from each capitalized word on, unless it is common, to the end of what may be one name |
| `text` | whole cells |
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from anonymize.core.detector import Family
from anonymize.kernels.detection.joined import Joined, Places, count
from anonymize.kernels.detection.name_runs import in_words, name_runs

_DIGITS = b"0123456789"
_UPPER = bytes(range(65, 91))
_LOWER = bytes(range(97, 123))
_GAP = b" -./()+"
_CONTINUED = range(0x80, 0xC0)
"""Bytes within a character of UTF-8."""
_EUROPEAN = bytes([*_CONTINUED, *range(0xC3, 0xD4), 0xE1])
"""Those of Latin, Greek and Cyrillic letters; the last begins some of other scripts, too."""
_AT = _DIGITS + _UPPER + _LOWER + _EUROPEAN + b"!#$%&'*+/=?^_`{|}~.-@"
_URL = bytes(b for b in range(33, 127) if b not in b'"<>\\^`{|}')
_HEX = _DIGITS + b"abcdefABCDEF:.-"

_HAN_LEAD = bytes(range(0xE4, 0xEA))

DIGIT, UPPER, LOWER, GAP, AT, URL, HEX, HAN_LEAD = (1 << bit for bit in range(8))
_SETS = {
    DIGIT: _DIGITS,
    UPPER: _UPPER,
    LOWER: _LOWER,
    GAP: _GAP,
    AT: _AT,
    URL: _URL,
    HEX: _HEX,
    HAN_LEAD: _HAN_LEAD,
}

SHORT_CAPITALS = 4
WIDEST_GAP = 3


def _class_table() -> bytes:
    return bytes(sum(flag for flag, members in _SETS.items() if byte in members) for byte in range(256))


_TABLE = _class_table()


@dataclass(frozen=True)
class Regions:
    """Parts of a buffer, in order; parts of the same family may touch but do not overlap, but for `name`."""

    joined: Joined
    starts: Places
    ends: Places

    @cached_property
    def lengths(self) -> Places:
        """How many bytes each has."""
        return self.ends - self.starts

    @cached_property
    def digits(self) -> Places:
        """How many ASCII digits each holds."""
        return count(self.joined.digit_places, self.starts, self.ends)

    @cached_property
    def strings(self) -> pa.StringArray:
        return self.joined.pieces(self.starts, self.ends)

    def only(self, chosen: NDArray[Any]) -> "Regions":
        """Some of them, by mask or by position."""
        return Regions(self.joined, self.starts[chosen], self.ends[chosen])

    def narrowed(self, chosen: Places) -> "Regions":
        """At least these: all of them, if nearly all are chosen."""
        return self if 4 * len(chosen) >= 3 * len(self.starts) else self.only(chosen)


class Families:
    """The regions of each family, found when first asked for."""

    def __init__(self, joined: Joined) -> None:
        self.joined = joined
        self._found: dict[Family, Regions] = {}

    @cached_property
    def classes(self) -> NDArray[np.uint8]:
        """The sets to which each byte belongs, as bits."""
        return self._padded[BORDER:-BORDER]

    @cached_property
    def _padded(self) -> NDArray[np.uint8]:
        """The same between bytes of no set, so that a window may begin and end beyond."""
        border = bytes(BORDER)
        return np.frombuffer(border + self.joined.data.tobytes().translate(_TABLE) + border, np.uint8)

    def before(self, places: Places) -> NDArray[np.uint8]:
        """The sets of the bytes before places."""
        return self._padded[places + (BORDER - 1)]

    def regions(self, family: Family) -> Regions:
        """The regions of a family."""
        if family not in self._found:
            starts, ends = _FINDERS[family](self)
            self._found[family] = Regions(self.joined, starts, ends)
        return self._found[family]

    def runs(self, members: int) -> tuple[Places, Places]:
        """Maximal runs of bytes that belong to one of the sets."""
        return self.stretches((self.classes & members) != 0)

    def stretches(self, inside: NDArray[np.bool_]) -> tuple[Places, Places]:
        """Maximal runs of bytes that are inside."""
        edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        if len(inside) and inside[0]:
            edges = np.append(0, edges)
        return edges[::2], edges[1::2]  # the last byte is a line feed: every run ends

    @cached_property
    def capitals(self) -> tuple[Places, Places]:
        """Maximal runs of ASCII capitals."""
        return self.runs(UPPER)

    def places_of_letters(self, least: int) -> Places:
        """Places within runs of so many ASCII letters and digits or more, one at least in each."""
        step = (least + 1) // 2  # a run of so many holds a whole step
        inside = (self.classes & (UPPER | LOWER | DIGIT)) != 0
        found = np.arange(0, len(inside) - step, step)
        for place in range(step):
            found = found[inside[found + place]]
        return found

    def around(self, anchors: Places, members: int) -> tuple[Places, Places]:
        """The maximal runs in which the anchors lie: members themselves, given in order."""
        if len(anchors) * CROWDED > len(self.classes):
            return _with_anchor(*self.runs(members), anchors)
        starts = anchors - self._reach(anchors, members, -1) + 1
        first = np.append(True, starts[1:] != starts[:-1])[: len(starts)]
        last = np.append(first[1:], True)[: len(starts)]
        return starts[first], anchors[last] + self._reach(anchors[last], members, 1)

    def _reach(self, anchors: Places, members: int, step: int) -> Places:
        """How many bytes to one side belong to the sets, from the anchors on."""
        found = np.zeros(len(anchors), np.int64)
        rest = np.arange(len(anchors))
        for width in WINDOWS:
            if not len(rest) or len(rest) * width > 4 * len(self._padded):
                break
            windows = sliding_window_view(self._padded[::step], width)
            places = anchors[rest] + BORDER
            outside = (windows[places if step > 0 else len(self._padded) - 1 - places] & members) == 0
            found[rest] = outside.argmax(axis=1)
            rest = rest[found[rest] == 0]
        if len(rest):
            starts, ends = self.runs(members)
            which = np.searchsorted(ends, anchors[rest], side="right")
            found[rest] = ends[which] - anchors[rest] if step > 0 else anchors[rest] - starts[which] + 1
        return found


CROWDED = 16
"""If there is an anchor in so few bytes, all runs are found first: faster than a window for each."""
WINDOWS = 48, 2048
"""Bytes that are looked at from each anchor on; the second for those whose run is longer."""
BORDER = max(WINDOWS)


def _with_anchor(starts: Places, ends: Places, anchors: Places) -> tuple[Places, Places]:
    found = np.searchsorted(anchors, ends) > np.searchsorted(anchors, starts)
    return starts[found], ends[found]


def _groups(places: Places) -> tuple[Places, Places]:
    """Where places that follow each other begin and end."""
    if not len(places):
        return places, places
    breaks = np.flatnonzero(places[1:] != places[:-1] + 1)
    return places[np.append(0, breaks + 1)], places[np.append(breaks, len(places) - 1)] + 1


def _code(families: Families) -> tuple[Places, Places]:
    starts, ends, digits = _words(families)
    if not len(starts):
        return starts, ends
    linked = _linked(families.classes, ends[:-1], starts[1:])
    first = np.flatnonzero(np.append(True, ~linked))
    last = np.append(first[1:], len(starts)) - 1
    found = np.add.reduceat(digits, first) >= 2
    starts, ends = starts[first][found], ends[last][found]
    data = families.joined.data
    before = np.where(starts > 0, data[starts - 1], 0)
    closed = data[ends] == ord(")")  # the last byte is a line feed: one always follows
    return starts - ((before == ord("+")) | (before == ord("("))), ends + closed


def _words(families: Families) -> tuple[Places, Places, Places]:
    """(starts, ends, digits) of words with a digit, or of few capitals."""
    classes, letters = families.classes, UPPER | LOWER
    starts, ends = _groups(families.joined.digit_places)
    mixed = ((families.before(starts) | classes[ends]) & letters) != 0
    longer = families.around(starts[mixed], letters | DIGIT)
    digits = count(families.joined.digit_places, *longer)
    capitals, after = families.capitals
    short = after - capitals <= SHORT_CAPITALS
    short &= ((families.before(capitals) | classes[after]) & (LOWER | DIGIT)) == 0
    starts, ends = starts[~mixed], ends[~mixed]
    parts = [(starts, ends, ends - starts), (*longer, digits)]
    parts.append((capitals[short], after[short], np.zeros(np.count_nonzero(short), np.int64)))
    starts, ends, digits = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(starts, kind="stable")
    return starts[order], ends[order], digits[order]


def _linked(classes: NDArray[np.uint8], ends: Places, starts: Places) -> NDArray[np.bool_]:
    """Whether nothing but a few joining characters stands between an end and the next start."""
    gaps = starts - ends
    linked = gaps <= WIDEST_GAP
    for step in range(WIDEST_GAP):
        joins = (classes[np.minimum(ends + step, len(classes) - 1)] & GAP) != 0
        linked &= joins | (gaps <= step)
    return linked


def _hex(families: Families) -> tuple[Places, Places]:
    classes, data = families.classes, families.joined.data
    joints = every = np.flatnonzero((data == ord(":")) | (data == ord("-")) | (data == ord(".")))
    near = ((classes[joints[:-1] + 1] & HEX) != 0) & ((families.before(joints[1:]) & HEX) != 0)
    paired = np.append(near, False) | np.append(False, near)  # perhaps two of one run
    joints = joints[paired[: len(joints)]]
    starts, ends = _without_cut_words(families, *families.around(joints, HEX), every)
    is_dot = data[joints] == ord(".")
    dots, others = joints[is_dot], joints[~is_dot]
    enough = (count(others, starts, ends) >= 2) | (count(dots, starts, ends) >= 2)
    found = enough & (ends - starts >= 3)
    return starts[found], ends[found]


def _without_cut_words(families: Families, starts: Places, ends: Places, joints: Places) -> tuple[Places, Places]:
    """Runs without the word that a run cuts, and colons beside one: no address begins within `std::vector`."""
    classes, data, letters = families.classes, families.joined.data, UPPER | LOWER
    after_word, before_word = families.before(starts) & letters != 0, classes[ends] & letters != 0
    begins_within = after_word & (classes[starts] & letters != 0)
    ends_within = before_word & (classes[ends - 1] & letters != 0)
    starts = np.where(begins_within, joints[np.searchsorted(joints, starts) % len(joints)], starts)
    ends = np.where(ends_within, joints[np.searchsorted(joints, ends) - 1] + 1, ends)
    for _ in range(2):
        starts = starts + (after_word & (data[starts] == ord(":")))
        ends = ends - (before_word & (data[ends - 1] == ord(":")))
    return starts, np.maximum(starts, ends)


def _at(families: Families) -> tuple[Places, Places]:
    data = families.joined.data
    starts, ends = families.around(np.flatnonzero(data == ord("@")), AT)
    for _ in range(3):  # the end of a Chinese character
        starts = starts + ((data[starts] & 0xC0) == 0x80)
    return starts, ends


def _link(families: Families) -> tuple[Places, Places]:
    data = families.joined.data
    slashes = np.flatnonzero(data[:-2] == ord(":"))
    slashes = slashes[(data[slashes + 1] == ord("/")) & (data[slashes + 2] == ord("/"))]
    dots = np.flatnonzero(data == ord("."))
    dots = dots[dots >= 3]
    for back in (1, 2, 3):
        dots = dots[(data[dots - back] | 0x20) == ord("w")]
    return families.around(np.sort(np.concatenate([slashes, dots])), URL)


def _han(families: Families) -> tuple[Places, Places]:
    lead = (families.classes & HAN_LEAD) != 0
    inside = lead.copy()
    inside[1:] |= lead[:-1]
    inside[2:] |= lead[:-2]
    return families.stretches(inside)


def _name(families: Families) -> tuple[Places, Places]:
    return name_runs(families.joined, *families.stretches(in_words(families.joined)))


def _text(families: Families) -> tuple[Places, Places]:
    return families.joined.starts, families.joined.ends


_FINDERS: dict[Family, Callable[[Families], tuple[Places, Places]]] = {
    "code": _code,
    "hex": _hex,
    "at": _at,
    "link": _link,
    "han": _han,
    "name": _name,
    "text": _text,
}
