"""The spellings of a whole column of known values, as the codes of their characters.

Names and dates are written in many ways, once per distinct value (`spellings`). All other values have one, their
letters and digits, which are taken from the whole column at once.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import from_numpy, text_array, text_buffers, to_numpy
from anonymize.kernels.detection.spellings import (
    HAN,
    LEAST_DIGITS,
    LEAST_HAN,
    LEAST_LETTERS,
    LONGEST_VALUE,
    NO_SECRETS,
    plain_character,
    spellings,
)
from anonymize.kernels.text.characters import map_codes

Places = NDArray[np.int64]
Codes = NDArray[np.uint32]

_DATE = r"[12]\p{Nd}{3}\P{Nd}{1,2}\p{Nd}{1,2}\P{Nd}{1,2}\p{Nd}{1,2}"
"""Whatever `spellings` may take for a date."""
_LONGEST_WORD = max(map(len, NO_SECRETS))


@dataclass(frozen=True)
class Spelled:
    """The spellings of a column's values, those of a distinct value one after the other."""

    which: Places
    """Which distinct value each value is; -1 for null."""
    first: Places
    """The number of the first spelling of each distinct value."""
    count: Places
    """How many each has."""
    lengths: Places
    """Characters of each spelling."""
    codes: Codes
    """Their characters, one spelling after the other."""


def spelled(values: pa.StringArray, is_name: bool) -> Spelled:
    """All spellings of a column's values."""
    encoded = values.dictionary_encode()
    distinct = encoded.dictionary
    many = np.logical_or(is_name, to_numpy(pc.match_substring_regex(distinct, _DATE)))
    rare, common = np.flatnonzero(many), np.flatnonzero(~many)
    ways = [spellings(value, is_name) for value in distinct.take(from_numpy(rare)).to_pylist()]
    lengths, codes = _squeezed(distinct.take(from_numpy(common)))
    count = np.zeros(len(distinct), np.int64)
    count[common], count[rare] = lengths > 0, [len(way) for way in ways]
    first = np.zeros(len(distinct), np.int64)
    order = np.concatenate([common, rare])
    first[order] = np.cumsum(count[order]) - count[order]
    texts = [text for way in ways for text in way]
    more = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    which = to_numpy(pc.fill_null(encoded.indices, -1)).astype(np.int64)
    every = np.concatenate([lengths[lengths > 0], np.array([len(text) for text in texts], np.int64)])
    return Spelled(which, first, count, every, np.concatenate([codes, more]))


def _squeezed(values: pa.StringArray) -> tuple[Places, Codes]:
    """The letters and digits of each value, without case and accents: how many, and which, one after the other.
    None of what is too long, or too short to mean it."""
    values = pc.if_else(pc.less_equal(pc.utf8_length(values), LONGEST_VALUE), values, "")
    ends = np.append(0, np.cumsum(to_numpy(pc.utf8_length(values)), dtype=np.int64))
    plain = map_codes(characters(values), plain_character, np.uint32)
    bounds = np.append(0, np.cumsum(plain != 0))[ends]
    lengths, codes = np.diff(bounds), plain[plain != 0]
    chosen = _telling(codes, bounds)
    return np.where(chosen, lengths, 0), codes[np.repeat(chosen, lengths)]


def characters(values: pa.StringArray) -> Codes:
    """The codes of all characters, one value after the other. Raises DataError for what is no text."""
    offsets, data = text_buffers(values)
    try:
        return np.frombuffer(data[offsets[0] : offsets[-1]].tobytes().decode().encode("utf-32-le"), np.uint32)
    except UnicodeDecodeError:  # it carries the bytes
        raise DataError("a text column holds bytes that are not UTF-8") from None


def _telling(codes: Codes, bounds: Places) -> NDArray[np.bool_]:
    """Which are long enough to mean the value, and no everyday word."""
    lengths = np.diff(bounds)

    def holding(wanted: NDArray[np.bool_]) -> Places:
        return np.diff(np.append(0, np.cumsum(wanted))[bounds])

    numbers = (lengths > 0) & (holding(map_codes(codes, str.isdigit, np.bool_)) == lengths)
    han = holding((codes >= HAN[0]) & (codes <= HAN[1])) > 0
    least = np.where(numbers, LEAST_DIGITS, np.where(han, LEAST_HAN, LEAST_LETTERS))
    telling: NDArray[np.bool_] = lengths >= least
    words = telling & ~numbers & (lengths <= _LONGEST_WORD) & (holding(codes < 128) == lengths)
    letters = codes[np.repeat(words, lengths)].astype(np.uint8)
    offsets = np.append(0, np.cumsum(lengths[words])).astype(np.int32)
    everyday = pc.is_in(text_array(offsets, letters), value_set=pa.array(sorted(NO_SECRETS)))
    telling[np.flatnonzero(words)[to_numpy(everyday)]] = False
    return telling
