"""JSON strings to text and back, for whole columns: only values that hold an escape cost anything."""

from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.json.splice import Spans, splice
from anonymize.codecs.json.tokens import BACKSLASH, QUOTE, Bytes, Places, escape_starts, places_of
from anonymize.kernels.arrays import from_numpy, text_array, text_buffers
from anonymize.kernels.segments import gather

Offsets: TypeAlias = NDArray[np.int32]
NUMBER = r"\A-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\z"
_BARE = rf"{NUMBER}|\Atrue\z|\Afalse\z"
_SIMPLE = np.zeros(256, np.uint8)
_SIMPLE[list(b'"\\/bfnrt')] = list(b'"\\/\b\f\n\r\t')
_HEX = np.zeros(256, np.uint32)
_HEX[list(b"0123456789abcdefABCDEF")] = [*range(16), *range(10, 16)]
_SHORT = {8: b"\\b", 9: b"\\t", 10: b"\\n", 12: b"\\f", 13: b"\\r", QUOTE: b'\\"', BACKSLASH: b"\\\\"}
_ESCAPES = [_SHORT.get(code, b"\\u%04x" % code) for code in range(BACKSLASH + 1)]
_ESCAPE_BOUNDS = np.cumsum([0, *map(len, _ESCAPES)])
_ESCAPE_BYTES = np.frombuffer(b"".join(_ESCAPES), np.uint8)


def gathered(data: Bytes, start: Places, end: Places, valid: NDArray[np.bool_], escaped: bool) -> pa.Array:
    """The ranges as text, null where not valid; with their escapes resolved if they may have any."""
    raw = gather(data, start.astype(np.int32), end.astype(np.int32))
    offsets, content = text_buffers(raw)
    content = content[: offsets[-1]]
    if escaped:
        offsets, content = _unescaped(offsets, content)
    return text_array(offsets, content, like=None if valid.all() else _nullable(valid))


def _nullable(valid: NDArray[np.bool_]) -> pa.Array:
    """An array that is null where not valid, to lend its validity."""
    bits = from_numpy(valid)
    return pa.Array.from_buffers(pa.bool_(), len(valid), [bits.buffers()[1], bits.buffers()[1]])


def _unescaped(offsets: Offsets, content: Bytes) -> tuple[Offsets, Bytes]:
    start = escape_starts(content)
    if not len(start):
        return offsets, content
    sign = content.take(start + 1)
    unicode = np.flatnonzero(sign == ord("u"))
    points = _code_units(content, start.take(unicode))
    width = np.full(len(start), 2, np.int64)
    width[unicode] = 6
    letters = np.zeros((len(start), 4), np.uint8)
    letters[:, 0] = _SIMPLE[sign]
    length = np.ones(len(start), np.int64)
    # The first half of a surrogate pair stands for both: the second becomes nothing.
    high = np.flatnonzero((points >= 0xD800) & (points < 0xDC00))
    points[high] = 0x10000 + ((points.take(high) - 0xD800) << 10) + (points.take(high + 1) - 0xDC00)
    letters[unicode], length[unicode] = _utf8(points)
    length[unicode.take(high + 1)] = 0
    new = np.arange(0, 4 * len(start), 4, dtype=np.int64)
    return _substituted(offsets, content, Spans(start, start + width, new, new + length, letters.reshape(-1)))


def _substituted(offsets: Offsets, content: Bytes, spans: Spans) -> tuple[Offsets, Bytes]:
    """The texts with ranges replaced, each of which lies within one of them."""
    grown = np.cumsum(spans.new_end - spans.new_start - (spans.end - spans.start))
    moved = offsets + np.append(0, grown).take(np.searchsorted(spans.start, offsets))
    return moved.astype(np.int32), np.frombuffer(splice(content, [spans]), np.uint8)


def _code_units(content: Bytes, start: Places) -> NDArray[np.uint32]:
    """The values of four hexadecimal digits each."""
    digits = _HEX[content.take(start[:, None] + np.arange(2, 6))]
    units: NDArray[np.uint32] = (digits << np.array([12, 8, 4, 0], np.uint32)).sum(axis=1, dtype=np.uint32)
    return units


def _utf8(points: NDArray[np.uint32]) -> tuple[Bytes, NDArray[np.int64]]:
    """The bytes of code points, four columns wide, and how many of them count."""
    letters = np.zeros((len(points), 4), np.uint32)
    length = 1 + (points >= 0x80).astype(np.int64) + (points >= 0x800) + (points >= 0x10000)
    for size, lead in ((1, 0), (2, 0xC0), (3, 0xE0), (4, 0xF0)):
        chosen = np.flatnonzero(length == size)
        point = points.take(chosen)
        for place in range(size):
            part = point >> np.uint32(6 * (size - 1 - place))
            letters[chosen, place] = lead | part if place == 0 else 0x80 | (part & 0x3F)
    return letters.astype(np.uint8), length


def quoted_strings(values: pa.Array) -> pa.Array:
    """The values as JSON strings; null stays null. Non-ASCII stays UTF-8."""
    return pc.binary_join_element_wise('"', escaped(values), '"', "")


def escaped(values: pa.Array) -> pa.Array:
    """The values with quotes, backslashes and control characters escaped."""
    offsets, content = text_buffers(values)
    content = content[offsets[0] : offsets[-1]]
    special = (content < 0x20) | (content == QUOTE) | (content == BACKSLASH)
    if not special.any():
        return values
    start = places_of(special)
    code = content.take(start)
    new = _ESCAPE_BOUNDS.take(code), _ESCAPE_BOUNDS.take(code + 1)
    spans = Spans(start, start + 1, *new, _ESCAPE_BYTES)
    return text_array(*_substituted(offsets - offsets[0], content, spans), like=values)


def reads_as_bare(values: pa.Array) -> pa.Array:
    """Which texts are a JSON number, `true` or `false`."""
    return pc.match_substring_regex(values, _BARE)
