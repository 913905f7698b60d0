"""Limits for numbers: values beyond a bound become the bound, or a label."""

from decimal import Decimal, InvalidOperation
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.kernels.arrays import text, where
from anonymize.kernels.numbers.parsing import Rejects, numeric_output, parse, plain, shortest, spell

Side = Literal["upper", "lower"]


def check_bound(bound: float, given: pa.DataType) -> None:
    """Raises TypeError if a column of this type cannot hold the bound."""
    target = numeric_output(given)
    try:
        if not pa.types.is_string(target):
            _scalar(bound, target)
    except (pa.ArrowInvalid, OverflowError, ValueError, InvalidOperation):
        raise TypeError(f"{shortest(bound)} does not fit a column of {given}") from None


def comparable(values: pa.Array, context: Rejects) -> pa.Array:
    """What bounds are compared with: numbers, exactly as the column holds them; null where there is none."""
    values = plain(values)
    exact = pa.types.is_integer(values.type) or pa.types.is_decimal(values.type)
    return values if exact else parse(values, context)


def beyond(numbers: pa.Array, bound: float, side: Side) -> pa.Array:
    """Where a number reaches the bound or lies beyond it; null for null."""
    compare = pc.greater_equal if side == "upper" else pc.less_equal
    return compare(numbers, _scalar(bound, numbers.type))


def limited(values: pa.Array, numbers: pa.Array, bound: float, side: Side, label: str | None) -> pa.Array:
    """The values, with the bound or the label where they reach it; null where `numbers` is null.

    Values that do not reach it stay as they are, spelling and all. A label makes the result text.
    """
    values = plain(values)
    if label is not None:
        values = spell(values) if pa.types.is_floating(values.type) else text(values)
    if not pa.types.is_string(values.type):
        replacement = _scalar(bound, values.type)
    else:
        replacement = pa.scalar(shortest(bound) if label is None else label, pa.string())
    changed = where(beyond(numbers, bound, side), replacement, values)
    return where(numbers.is_valid(), changed, pa.scalar(None, changed.type))


def _scalar(bound: float, target: pa.DataType) -> pa.Scalar:
    if pa.types.is_floating(target):
        return pa.scalar(bound, pa.float64()).cast(target)
    exact = Decimal(int(bound)) if bound == int(bound) else Decimal(repr(bound))
    if pa.types.is_decimal(target):
        return pa.scalar(exact, target)
    if exact != int(exact):
        raise ValueError("not a whole number")
    return pa.scalar(int(exact), target)
