"""Regions: the parts of a buffer in which the detectors of a family look, found in one pass over its bytes.

| family | region |
|---|---|
| `code` | words with a digit, or of few capitals, joined by one to three of ` -./()+`; two digits in all |
| `hex` | runs of hexadecimal digits, dots, colons and hyphens with two of the last or two dots |
| `at` | runs of address characters around an `@` |
| `link` | runs of URL characters around `://`, or after `www.` |
| `han` | runs of Chinese characters |
| `text` | whole cells |
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.detector import Family
from anonymize.kernels.detection.joined import Joined, Places

_DIGITS = b"0123456789"
_UPPER = bytes(range(65, 91))
_LOWER = bytes(range(97, 123))
_GAP = b" -./()+"
_AT = _DIGITS + _UPPER + _LOWER + b"!#$%&'*+/=?^_`{|}~.-@"
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
    """Parts of a buffer, in order; parts of the same family may touch but do not overlap."""

    joined: Joined
    starts: Places
    ends: Places

    @cached_property
    def digits(self) -> NDArray[np.int32]:
        """How many ASCII digits each holds."""
        totals = self.joined.digits_before
        return totals[self.ends] - totals[self.starts]

    @cached_property
    def strings(self) -> pa.StringArray:
        return self.joined.pieces(self.starts, self.ends)

    def only(self, chosen: NDArray[np.bool_]) -> "Regions":
        """Some of them."""
        return Regions(self.joined, self.starts[chosen], self.ends[chosen])


class Families:
    """The regions of each family, found when first asked for."""

    def __init__(self, joined: Joined) -> None:
        self.joined = joined
        self._found: dict[Family, Regions] = {}

    @cached_property
    def classes(self) -> NDArray[np.uint8]:
        """The sets to which each byte belongs, as bits."""
        return np.frombuffer(self.joined.data.tobytes().translate(_TABLE), np.uint8)

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

    def count(self, wanted: NDArray[np.bool_], starts: Places, ends: Places) -> Places:
        """How many wanted bytes lie in each range."""
        places = np.flatnonzero(wanted)
        found: Places = np.searchsorted(places, ends) - np.searchsorted(places, starts)
        return found


def _code(families: Families) -> tuple[Places, Places]:
    starts, ends = families.runs(DIGIT | UPPER | LOWER)
    lengths = ends - starts
    totals = families.joined.digits_before
    digits = totals[ends] - totals[starts]
    short = lengths <= SHORT_CAPITALS
    short[short] = families.count((families.classes & UPPER) != 0, starts[short], ends[short]) == lengths[short]
    chosen = (digits > 0) | short
    starts, ends, digits = starts[chosen], ends[chosen], digits[chosen]
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


def _linked(classes: NDArray[np.uint8], ends: Places, starts: Places) -> NDArray[np.bool_]:
    """Whether nothing but a few joining characters stands between an end and the next start."""
    gaps = starts - ends
    linked = gaps <= WIDEST_GAP
    for step in range(WIDEST_GAP):
        joins = (classes[np.minimum(ends + step, len(classes) - 1)] & GAP) != 0
        linked &= joins | (gaps <= step)
    return linked


def _hex(families: Families) -> tuple[Places, Places]:
    starts, ends = families.runs(HEX)
    long = ends - starts >= 3
    starts, ends = starts[long], ends[long]
    data = families.joined.data
    joints = families.count((data == ord(":")) | (data == ord("-")), starts, ends)
    dots = families.count(data == ord("."), starts, ends)
    found = (joints >= 2) | (dots >= 2)
    return starts[found], ends[found]


def _at(families: Families) -> tuple[Places, Places]:
    return _around(families, np.flatnonzero(families.joined.data == ord("@")), AT)


def _link(families: Families) -> tuple[Places, Places]:
    data = families.joined.data
    slashes = np.flatnonzero(data[:-2] == ord(":"))
    slashes = slashes[(data[slashes + 1] == ord("/")) & (data[slashes + 2] == ord("/"))]
    dots = np.flatnonzero(data == ord("."))
    dots = dots[dots >= 3]
    for back in (1, 2, 3):
        dots = dots[(data[dots - back] | 0x20) == ord("w")]
    return _around(families, np.sort(np.concatenate([slashes, dots])), URL)


def _around(families: Families, anchors: Places, members: int) -> tuple[Places, Places]:
    """The runs in which the anchors lie, given in order."""
    if not len(anchors):
        return anchors, anchors
    starts, ends = families.runs(members)
    found = np.searchsorted(anchors, ends) > np.searchsorted(anchors, starts)
    return starts[found], ends[found]


def _han(families: Families) -> tuple[Places, Places]:
    lead = (families.classes & HAN_LEAD) != 0
    inside = lead.copy()
    inside[1:] |= lead[:-1]
    inside[2:] |= lead[:-2]
    return families.stretches(inside)


def _text(families: Families) -> tuple[Places, Places]:
    return families.joined.starts, families.joined.ends


_FINDERS: dict[Family, Callable[[Families], tuple[Places, Places]]] = {
    "code": _code,
    "hex": _hex,
    "at": _at,
    "link": _link,
    "han": _han,
    "text": _text,
}
