"""Regular expressions over text columns, by RE2: a match takes linear time, whatever the pattern."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import from_numpy, text_array, text_buffers
from anonymize.kernels.segments import Ranges, joined
from anonymize.kernels.text.mail_patterns import Matches, mail_pattern

# An empty match depends on no more than the characters beside it: a word character, another one, a line end or
# nothing. A whole match of `.PATTERN.` with two characters leaves none for the pattern.
_BESIDE = ["a", "-", "\n"]
_ANY = "(?s:.)"


def check_pattern(pattern: str) -> None:
    """Raise ValueError for a pattern that RE2 cannot run, or that matches the empty string somewhere."""
    _matches([""], pattern)
    inside = f"(?:{pattern})"
    probes = [
        ([""], rf"\A{inside}\z"),
        (_BESIDE, rf"\A{inside}{_ANY}\z"),
        (_BESIDE, rf"\A{_ANY}{inside}\z"),
        ([before + after for before in _BESIDE for after in _BESIDE], rf"\A{_ANY}{inside}{_ANY}\z"),
    ]
    if any(_matches(texts, probe) for texts, probe in probes):
        raise ValueError("the pattern matches the empty string, so it would redact between all characters")


def replace_matches(values: pa.Array, pattern: str, replacement: str) -> pa.Array:
    """Every match replaced by a text, which is taken literally. `values` are a string array."""
    shape = mail_pattern(pattern)
    if shape is None:
        return _replaced(values, pattern, replacement)
    offsets, data = text_buffers(values)
    found = shape.find(offsets, data)
    result = _with_edits(values, found, replacement.encode()) if len(found.rows) else values
    if not found.unsure.any():
        return result
    unsure = from_numpy(found.unsure)
    return pc.replace_with_mask(result, unsure, _replaced(values.filter(unsure), pattern, replacement))


def _with_edits(values: pa.Array, found: Matches, new: bytes) -> pa.Array:
    """The values with a text in place of the matches."""
    offsets, data = text_buffers(values)
    count, size = len(found.rows), len(data)
    growth = np.bincount(found.rows, len(new) - (found.ends - found.starts).astype(np.float64), len(values))
    stops = offsets - offsets[0] + np.concatenate([[0], np.cumsum(growth)])
    if stops[-1] > np.iinfo(np.int32).max:
        raise DataError("a batch of changed text is longer than 2 GiB")
    ranges = Ranges(2 * count + 1)
    bounds = ranges.bounds  # in turn, what stays and what is new
    bounds[0, 0], bounds[2::2, 0] = offsets[0], found.ends
    bounds[:-1:2, 1], bounds[-1, 1] = found.starts, offsets[-1]
    bounds[1::2] = size, size + len(new)
    edited = ranges.gather(np.concatenate([data, np.frombuffer(new, np.uint8)]))
    return text_array(stops.astype(np.int32), joined(edited), values)


def _replaced(values: pa.Array, pattern: str, replacement: str) -> pa.Array:
    literal = replacement.replace("\\", "\\\\")
    try:
        return pc.replace_substring_regex(values, pattern, literal)
    except pa.ArrowInvalid:  # its text may quote a value
        raise DataError("the pattern failed on the text of a column") from None


def _matches(texts: list[str], pattern: str) -> bool:
    try:
        return bool(pc.match_substring_regex(pa.array(texts, pa.string()), pattern).true_count)
    except pa.ArrowInvalid as error:
        raise ValueError(_reason(str(error))) from None


def _reason(message: str) -> str:
    """Why RE2 refuses a pattern; its message quotes nothing but the pattern."""
    why = message.removeprefix("Invalid regular expression: ").strip()
    if re.match(r"invalid (perl operator|escape sequence)", why):
        why += " (look-around and back-references do not exist: they cannot run in linear time)"
    return f"the pattern cannot run in linear time or is malformed: {why}"
