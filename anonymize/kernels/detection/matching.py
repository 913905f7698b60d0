"""All matches of a pattern in many texts at once: RE2 marks them, NumPy reads the marks.

`replace_substring_regex` is the one Arrow kernel that visits every match. It sets a mark before and after each,
and since marks are bytes that no text here holds, their positions tell the spans. It is linear and runs without
the interpreter lock.
"""

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Detector, Pattern
from anonymize.core.errors import DataError
from anonymize.kernels.arrays import text_buffers
from anonymize.kernels.detection.joined import Places

BEGIN, END = 1, 2
MARKS = r"[\x01\x02]"

_PLAIN = "\x01\\0\x02"
_PARTS = "\\1\x01\\2\x02\\3"


def all_matches(texts: pa.StringArray, pattern: str, *, parts: bool = False) -> tuple[Places, Places, Places]:
    """(text, start, end) of each match, in bytes of the text; of the second of three groups if `parts`.

    The texts hold neither mark.
    """
    try:
        marked = pc.replace_substring_regex(texts, pattern, _PARTS if parts else _PLAIN)
    except pa.ArrowInvalid:  # its text may quote a value
        raise DataError("a detector's pattern failed on the text of a column") from None
    offsets = text_buffers(texts)[0]
    bounds, data = text_buffers(marked)
    data = data[bounds[0] : bounds[-1]]
    if len(data) == offsets[-1] - offsets[0]:
        return _NOWHERE
    starts = np.flatnonzero(data == BEGIN)
    ends = np.flatnonzero(data == END)
    order = np.arange(len(starts), dtype=np.int64) * 2
    starts, ends = starts - order, ends - order - 1
    base = offsets.astype(np.int64) - offsets[0]
    which = np.searchsorted(base, starts, side="right") - 1
    return which, starts - base[which], ends - base[which]


def matches(texts: pa.StringArray, pattern: str) -> pa.BooleanArray:
    """Which texts hold a match."""
    try:
        return pc.match_substring_regex(texts, pattern)
    except pa.ArrowInvalid:
        raise DataError("a detector's pattern failed on the text of a column") from None


@lru_cache(maxsize=4096)
def expression(detector: type[Detector], pattern: Pattern) -> tuple[str, bool]:
    """The pattern as it is run, and whether the found part is the second of three groups."""
    family = pattern.family or detector.family
    at_words = family in ("code", "hex") if pattern.words is None else pattern.words
    body = rf"\b(?:{pattern.body})\b" if at_words else f"(?:{pattern.body})"
    if pattern.before or pattern.after:
        return f"({pattern.before})({body})({pattern.after})", True
    return body, False


def _nothing() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


_NOWHERE = (_nothing(), _nothing(), _nothing())
