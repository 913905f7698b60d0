"""The short way through records that hold no objects or lists and have ordinary white space.

Between two strings there is then at most one bare value, so the quotes alone tell where everything stands.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.codecs.json.keys import check_keys, decoded_keys
from anonymize.codecs.json.paths import member
from anonymize.codecs.json.scan import KINDS, Paths, Scan
from anonymize.codecs.json.tokens import (
    CLOSE,
    COLON,
    COMMA,
    FOLD,
    NEWLINE,
    OPEN,
    QUOTE,
    SPACE,
    Bytes,
    Places,
    escape_starts,
)

_BLANK = ord(" ")
_RETURN = ord("\r")


@dataclass(frozen=True, repr=False)
class Members:
    """The members of all records, in order."""

    line_starts: Places
    row: NDArray[np.int32]
    key_start: Places
    """The opening quotes of the keys."""
    key_end: Places
    """Their closing quotes."""
    start: Places
    end: Places
    """The bytes of the values, quotes included."""


def flat(data: Bytes, documents: int) -> Scan | None:
    """The values, or None where this way does not lead; `data` holds that many valid JSON texts."""
    found = _members(data, documents)
    if found is None:
        return None
    key, keys = decoded_keys(data, found.key_start + 1, found.key_end, documents)
    paths = Paths([member("", name) for name in keys], [-1] * len(keys), keys)
    kind, holder = KINDS[data.take(found.start)], np.full(len(key), -1, np.int32)
    places = found.line_starts, found.start, found.end, kind, found.row, found.key_start
    result = Scan(data, *places, found.row, holder, key, paths)
    check_keys(result, key)
    return result


def _members(data: Bytes, documents: int) -> Members | None:
    lines = _lines(data, documents)
    if lines is None:
        return None
    line_starts, braces = lines
    quotes = _quotes(data)
    after = data.take(quotes[1::2] + 1)
    keys = 2 * np.flatnonzero(after == COLON)
    key_start, key_end = quotes.take(keys), quotes.take(keys + 1)
    start = key_end + 2
    start += data.take(start) == _BLANK
    first = data.take(start)
    if SPACE[after].any() or (SPACE[first] | (first | FOLD == OPEN)).any():
        return None
    # For a string the end is its closing quote; a bare value lasts until the next key or the end of the line.
    strings = np.flatnonzero(first == QUOTE)
    end = quotes.take(keys + 2, mode="clip") - 1
    end -= data.take(end) == _BLANK
    begins = np.searchsorted(key_start, line_starts)
    filled = np.flatnonzero(begins[1:] > begins[:-1])
    end[begins.take(filled + 1) - 1] = braces.take(filled)
    end[strings] = quotes.take(keys.take(strings) + 3) + 1
    if not _ends_well(data, end, first != QUOTE):
        return None
    row = np.repeat(np.arange(documents, dtype=np.int32), np.diff(begins))
    return Members(line_starts, row, key_start, key_end, start, end)


def _lines(data: Bytes, documents: int) -> tuple[Places, Places] | None:
    """The bounds of the lines and their last braces, if each line begins with `{` and ends with `}`."""
    ends = np.flatnonzero(data == NEWLINE) + 1
    if not len(ends) or ends[-1] != len(data):
        ends = np.append(ends, len(data) + 1)  # as if the last line ended like the others
    line_starts = np.concatenate([[0], ends])
    if len(ends) != documents or (data.take(line_starts[:-1]) != OPEN).any():
        return None
    braces = ends - 2
    braces -= data.take(braces) == _RETURN
    if (data.take(braces) != CLOSE).any():
        return None
    line_starts[-1] = len(data)
    return line_starts, braces


def _quotes(data: Bytes) -> Places:
    found = data == QUOTE
    escapes = escape_starts(data)
    if len(escapes):
        found[escapes + 1] = False
    return np.flatnonzero(found)


def _ends_well(data: Bytes, end: Places, bare: NDArray[np.bool_]) -> bool:
    """Whether each bare value is followed by a comma or brace at once."""
    bare_ends = end.take(np.flatnonzero(bare))
    following = data.take(bare_ends)
    return bool(((following == COMMA) | (following == CLOSE)).all() and not SPACE[data.take(bare_ends - 1)].any())
