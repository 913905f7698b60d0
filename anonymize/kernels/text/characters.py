"""Text as one long array of characters, so that masks are array arithmetic and Unicode is not a special case.

A character is a Unicode code point. A batch that is all ASCII stays as bytes; any other is widened to 32 bits per
character. Everything downstream works on either, so a value's result does not depend on its neighbours.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import text, text_array, text_buffers, to_numpy
from anonymize.kernels.text.scanning import members


def few_characters(side: str, count: int) -> str:
    """`the first character`, `the last 3 characters`."""
    return f"the {side} character" if count == 1 else f"the {side} {count} characters"


Character = Annotated[str, Field(min_length=1, max_length=1, coerce_numbers_to_str=True)]
"""Exactly one character, as a parameter; a digit may be written as the number it is."""

OTHER, UPPER, LOWER, DIGIT = range(4)
"""The classes of `class_of`."""

_ASCII = 128
_LARGEST = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Characters:
    """The characters of all values, and the n + 1 positions between which each value's stand."""

    codes: NDArray[Any]
    """Code points: 8 bits each if all are ASCII, else 32."""
    offsets: NDArray[np.int64]
    present: NDArray[np.bool_] | None = None
    """Which values are not null, None if all are. Nulls have no characters and get none."""

    @property
    def starts(self) -> NDArray[np.int64]:
        return self.offsets[:-1]

    @property
    def ends(self) -> NDArray[np.int64]:
        return self.offsets[1:]

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.offsets)

    def only(self, chosen: NDArray[np.bool_]) -> "Characters":
        """The same values with nothing but their chosen characters."""
        return replace(self, codes=self.codes[chosen], offsets=totals_before(self.offsets, chosen))

    def width_for(self, code: int) -> type[np.uint8] | type[np.uint32]:
        """The type that holds the codes and this one."""
        return np.uint8 if self.codes.dtype == np.uint8 and code < _ASCII else np.uint32


def text_type(given: pa.DataType) -> pa.DataType:
    """The type of a column's changed text: text keeps its type, what can be spelled out becomes text.

    Raises TypeError for binary and nested columns.
    """
    if pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given):
        return given
    if pa.types.is_dictionary(given):
        text_type(given.value_type)
        return pa.string()
    if _has_spelling(given):
        return pa.string()
    raise TypeError(f"needs text, numbers, dates or booleans, not {given}")


def map_characters(values: pa.Array, change: Callable[[Characters], Characters]) -> pa.Array:
    """Change the text of a column; null stays null. The type of the result is `text_type` of the column's."""
    plain = text(values)
    return _assemble(change(_split(plain)), plain).cast(text_type(values.type))


def running_totals(lengths: NDArray[Any]) -> NDArray[np.int64]:
    """n + 1 running totals, from 0."""
    totals = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=totals[1:])
    return totals


def totals_before(places: NDArray[np.int64], widths: NDArray[Any]) -> NDArray[np.int64]:
    """The sum of the widths, at most 4 bytes each, of all characters that precede each place."""
    small = len(widths) <= _LARGEST // 4
    totals = np.empty(len(widths) + 1, np.int32 if small else np.int64)
    totals[0] = 0
    np.cumsum(widths.view(np.int8), out=totals[1:], dtype=totals.dtype)
    return totals.take(places).astype(np.int64)


def map_codes(codes: NDArray[Any], function: Callable[[str], int], width: type[np.generic]) -> NDArray[Any]:
    """A function of each character, asked once per distinct one."""
    if codes.dtype == np.uint8:
        distinct, table = np.arange(_ASCII), np.zeros(256, width)
    else:
        occurs = np.zeros(int(codes.max(initial=0)) + 1, np.bool_)
        occurs[codes] = True
        distinct, table = np.flatnonzero(occurs), np.zeros(len(occurs), width)
    table[distinct] = [function(chr(code)) for code in distinct.tolist()]
    if codes.dtype == np.uint8 and table.itemsize == 1:  # twice as fast as an index
        return np.frombuffer(codes.tobytes().translate(table.tobytes()), table.dtype)
    return table.take(codes)


class CharacterSet:
    """The characters for which a function is true; those of ASCII are asked once for ever."""

    def __init__(self, function: Callable[[str], bool]) -> None:
        self._function = function

    def flags(self, codes: NDArray[Any]) -> NDArray[np.bool_]:
        """Which characters belong to it."""
        if codes.dtype == np.uint8:
            return members(codes, self._ascii)
        return map_codes(codes, self._function, np.bool_)

    @cached_property
    def _ascii(self) -> NDArray[np.bool_]:
        return np.array([code < _ASCII and self._function(chr(code)) for code in range(256)], np.bool_)


@lru_cache(maxsize=1 << 16)
def class_of(character: str) -> int:
    """UPPER, LOWER, DIGIT or OTHER, by Unicode's general categories.

    Whatever can be read counts: letters without case, marks upon letters, private and unassigned characters (rare
    Chinese names) are LOWER; every numeral is a DIGIT; a symbol that stands for letters or digits (`ⓐ`, `①`) is
    what it stands for. OTHER is left to punctuation, spaces and pictures.
    """
    found = _own_class(character)
    if found != OTHER:
        return found
    stands_for = [_own_class(part) for part in unicodedata.normalize("NFKC", character)]
    return next((part for part in stands_for if part != OTHER), OTHER)


def _own_class(character: str) -> int:
    category = unicodedata.category(character)
    if category.startswith("N"):
        return DIGIT
    if character.isupper() or category == "Lt":
        return UPPER
    return LOWER if character.islower() or category[0] in "LM" or category in ("Co", "Cn") else OTHER


def _has_spelling(given: pa.DataType) -> bool:
    types = pa.types
    numeric = types.is_integer(given) or types.is_floating(given) or types.is_decimal(given)
    temporal = types.is_temporal(given) and not types.is_interval(given)
    return bool(numeric or temporal or types.is_boolean(given) or types.is_null(given))


def _split(values: pa.Array) -> Characters:
    """The characters of a string array."""
    present = to_numpy(values.is_valid()) if values.null_count else None
    bounds, data = text_buffers(values)
    if present is not None and np.diff(bounds)[~present].any():  # nulls may own bytes
        bounds, data = text_buffers(pc.fill_null(values, ""))
    data = data[bounds[0] : bounds[-1]]
    offsets = bounds.astype(np.int64) - bounds[0]
    if not data.size or data.max() < _ASCII:
        return Characters(data, offsets, present)
    try:
        codes = np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32)
    except UnicodeDecodeError:  # it carries the bytes
        raise DataError("a text column holds bytes that are not UTF-8") from None
    return Characters(codes, totals_before(offsets, (data & 0xC0) != 0x80), present)


def _assemble(text: Characters, like: pa.Array) -> pa.Array:
    """The characters as a string array, with nulls where `like` has them."""
    codes, offsets = text.codes, text.offsets
    data: Any
    if codes.dtype == np.uint8 or codes.max(initial=0) < _ASCII:
        data = codes.astype(np.uint8, copy=False)
    else:
        data = codes.tobytes().decode("utf-32-le").encode()
        widths = np.int8(1) + (codes >= 0x80) + (codes >= 0x800) + (codes >= 0x10000)
        offsets = totals_before(offsets, widths)
    if offsets[-1] > _LARGEST:
        raise DataError("a batch of changed text is longer than 2 GiB")
    return text_array(offsets.astype(np.int32), data, like)
