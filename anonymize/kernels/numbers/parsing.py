"""Numbers from columns of any type, and back in the spelling or type they came in."""

from decimal import Decimal
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import from_numpy, is_text, text, to_numpy, where
from anonymize.kernels.distinct import map_distinct

NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
EXACT = 2.0**53  # from here on two integers may become one float64


class Rejects(Protocol):
    """What a parser needs of a context."""

    def reject(self, bad: pa.BooleanArray, problem: str) -> None: ...


class Quiet:
    """Takes no notice of rejections: for statistics, which learn from the good values only."""

    def reject(self, bad: pa.BooleanArray, problem: str) -> None:
        """Nothing."""


def plain(values: pa.Array) -> pa.Array:
    """The array without dictionary encoding, and text as plain strings."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return text(values) if is_text(values.type) else values


def plain_type(given: pa.DataType) -> pa.DataType:
    """The type of `plain`."""
    given = given.value_type if pa.types.is_dictionary(given) else given
    return pa.string() if is_text(given) else given


def is_number(given: pa.DataType) -> bool:
    """Whether a type is one of integers, floats or decimals."""
    return bool(pa.types.is_integer(given) or pa.types.is_floating(given) or pa.types.is_decimal(given))


def numeric_output(given: pa.DataType) -> pa.DataType:
    """The type that `restore` gives back for a column of this type. Raises TypeError if it cannot hold numbers."""
    plainly = plain_type(given)
    if not (pa.types.is_string(plainly) or is_number(plainly)):
        raise TypeError(f"needs numbers or text, not {given}")
    return plainly


def text_output(given: pa.DataType) -> pa.DataType:
    """The type of labels made from numbers or text: text. Raises TypeError for other columns."""
    numeric_output(given)
    return pa.string()


def parse(values: pa.Array, context: Rejects) -> pa.Array:
    """The values as float64; null where they are null or rejected.

    Text must spell one decimal number: `12`, `007`, `-1.5`, `+5`, `.5`, `5.`, `1e5`. Spaces, thousands
    separators, hexadecimals, underscores, non-ASCII digits, infinities and NaN are not numbers. Integers from
    2**53 would lose digits without a word and are rejected too, unless they are floats or in exponent notation.
    """
    values = plain(values)
    given = values.type
    floats = _cast(values, context) if pa.types.is_string(given) else pc.cast(values, pa.float64(), safe=False)
    data = to_numpy(floats)
    infinite = ~np.isfinite(data)
    floats = without(floats, infinite, "not a finite number", context)
    if pa.types.is_floating(given):
        return floats
    large = np.abs(data) >= EXACT
    if large.any() and pa.types.is_string(given):
        large &= ~to_numpy(pc.match_substring(values, "e", ignore_case=True))
    return without(floats, large & ~infinite, "too large a number to be exact", context)


def parse_integers(values: pa.Array, context: Rejects) -> pa.Array:
    """The values of an integer column as int64; null where they are null or, above 2**63, rejected."""
    values = plain(values)
    if values.type == pa.uint64():
        large = to_numpy(values) > np.iinfo(np.int64).max
        values = without(values, large, "too large a number", context)
    return pc.cast(values, pa.int64(), safe=False)


def without(values: pa.Array, bad: NDArray[np.bool_], problem: str, context: Rejects) -> pa.Array:
    """The array with null where `bad` is true, which is reported; nulls themselves are never bad."""
    if not bad.any():
        return values
    mask = from_numpy(bad)
    if values.null_count:
        mask = pc.and_(mask, values.is_valid())
    context.reject(mask, problem)
    return where(mask, pa.scalar(None, values.type), values)


def _cast(values: pa.Array, context: Rejects) -> pa.Array:
    try:
        return pc.cast(values, pa.float64())
    except pa.ArrowInvalid:  # its message quotes the value
        bad = pc.invert(pc.match_substring_regex(values, NUMBER))
    values = without(values, to_numpy(bad), "not a number", context)
    return pc.cast(values, pa.float64())


def restore(result: pa.Array, like: pa.Array, context: Rejects | None = None) -> pa.Array:
    """Numbers (float64 or int64) in the type of `like`.

    Text gets the shortest decimal spelling, without exponent and without `.0`. Integer columns get the nearest
    integer, halves to even; decimal columns their number of digits. What does not fit the column's type is
    rejected, or raises DataError without a context.
    """
    target = plain_type(like.type)
    if pa.types.is_string(target):
        return spell(result)
    if result.type == target:
        return result
    if pa.types.is_integer(target):
        return _to_integers(result, target, context)
    if pa.types.is_decimal(target):
        return _to_decimals(result, target, context)
    return pc.cast(result, target, safe=False)


def _to_integers(result: pa.Array, target: pa.DataType, context: Rejects | None) -> pa.Array:
    bounds = np.iinfo(target.to_pandas_dtype())
    data = to_numpy(result)
    if data.dtype == np.float64:
        data = np.rint(data)
        # float(bounds.max) may round up to a number that no longer fits
        outside = ~((data >= float(bounds.min)) & (data < float(bounds.max) + (bounds.max < EXACT)))
        result = from_numpy(data, result)
    else:
        outside = (data < max(bounds.min, -(2**63))) | (data > min(bounds.max, 2**63 - 1))
    return pc.cast(_fitting(result, outside, target, context), target, safe=False)


def _to_decimals(result: pa.Array, target: pa.DataType, context: Rejects | None) -> pa.Array:
    digits = target.precision - target.scale
    outside = ~(np.abs(to_numpy(result)) < 10.0**digits - 0.5 * 10.0**-target.scale)  # also NaN
    fitting = pc.cast(_fitting(result, outside, target, context), pa.float64(), safe=False)
    return pc.cast(fitting, target, safe=False)


def _fitting(
    result: pa.Array, outside: NDArray[np.bool_], target: pa.DataType, context: Rejects | None
) -> pa.Array:
    problem = f"the result does not fit the column's type {target}"
    if context is not None:
        return without(result, outside, problem, context)
    if (outside & to_numpy(result.is_valid())).any():
        raise DataError(problem)
    return result


def spell(numbers: pa.Array) -> pa.Array:
    """The shortest decimal text of each number that reads back as the same float64, without exponent."""
    if pa.types.is_integer(numbers.type):
        return pc.cast(numbers, pa.string())
    data = to_numpy(numbers)
    integral = (np.rint(data) == data) & (np.abs(data) < EXACT)
    if integral.all():
        return pc.cast(from_numpy(data.astype(np.int64), numbers), pa.string())
    texts = pc.cast(numbers, pa.string())
    if pc.any(pc.match_substring(texts, "e")).as_py():
        texts = map_distinct(texts, _without_exponent)
    if not integral.any():
        return texts
    integers = from_numpy(np.where(integral, data, 0).astype(np.int64))
    return where(from_numpy(integral, numbers), pc.cast(integers, pa.string()), texts)


def _without_exponent(number: str) -> str:
    return format(Decimal(number), "f") if "e" in number else number


def shortest(number: float) -> str:
    """One number, spelled as `spell` does."""
    return str(spell(pa.array([float(number)], pa.float64()))[0])
