"""Compares columns with each other and with literals, by the meaning of their types, exactly.

Numbers are compared as float64; where that could confuse two neighbours (more than 15 digits) as decimals.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.kernels.arrays import is_text, text

OPERATORS: dict[str, str] = {
    "==": "equal",
    "!=": "not_equal",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
}
MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EXACT: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WANTED = {"number": "a number", "truth": "true or false", "time": "a date such as '2024-01-31'", "text": "text"}
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_BEYOND_FLOAT = r"[eE]|.{16}"  # up to 15 digits without an exponent, distinct decimals are distinct floats
_EXACT_INTEGERS = 2**53


@dataclass(frozen=True)
class Fault:
    """Cells of a column that cannot be what the condition takes them for."""

    column: str
    bad: pa.BooleanArray
    problem: str


@dataclass(frozen=True)
class Operand:
    """One side of a comparison: the values of a column, or a literal of the condition."""

    values: Any
    column: str | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """text, number, truth or time. Raises TypeError for columns of other types."""
        if self.column is None:
            return (
                "truth" if isinstance(self.values, bool) else "text" if isinstance(self.values, str) else "number"
            )
        try:
            return kind_of(self.values.type)
        except TypeError as error:
            raise TypeError(f"{self.name} {error}") from None

    @property
    def name(self) -> str:
        return "a literal" if self.column is None else f"the column {self.column!r}"


def kind_of(given: pa.DataType) -> str:
    """The kind of comparison that values of a type take part in."""
    if pa.types.is_dictionary(given):
        given = given.value_type
    if is_text(given) or pa.types.is_null(given) or pa.types.is_string_view(given):
        return "text"
    if pa.types.is_integer(given) or pa.types.is_floating(given) or pa.types.is_decimal(given):
        return "number"
    if pa.types.is_boolean(given):
        return "truth"
    if pa.types.is_date(given) or pa.types.is_timestamp(given):
        return "time"
    raise TypeError(f"holds {given}, which a condition cannot compare")


def compare(sign: str, left: Operand, right: Operand) -> pa.BooleanArray:
    """`left sign right` for each row; null (unknown) where a side is null or no value of the needed kind."""
    if left.column is None:
        return compare(MIRRORED[sign], right, left)
    kinds = {left.kind, right.kind}
    if kinds == {"text"}:
        return _call(sign, text(left.values), right.values if right.column is None else text(right.values))
    if "number" in kinds and _text_is_a_column(kinds, "number", left, right):
        return _compare_numbers(sign, left, right)
    if "truth" in kinds and _text_is_a_column(kinds, "truth", left, right):
        if sign not in ("==", "!="):
            raise TypeError("true and false are compared with == or !=")
        return _call(sign, _truths(left), _truths(right))
    if kinds == {"time"}:
        return _call(sign, left.values, right.values)
    if right.column is None and kinds == {"time", "text"}:
        return _call(sign, *_times(left, right.values))
    raise TypeError(_mismatch(left, right))


def text_of(operand: Operand, doing: str) -> pa.Array:
    """The values of a column of text. Raises TypeError for other columns."""
    if operand.kind != "text":
        raise TypeError(f"`{doing}` needs text, but {operand.name} holds {operand.values.type}")
    return text(operand.values)


def _text_is_a_column(kinds: set[str], kind: str, left: Operand, right: Operand) -> bool:
    """Whether both are of a kind, or one is and the other is a column of text, to be read as that kind."""
    if kinds == {kind}:
        return True
    return kinds == {kind, "text"} and all(s.column is not None or s.kind == kind for s in (left, right))


def _mismatch(left: Operand, right: Operand) -> str:
    if right.column is not None:
        return f"{left.name} ({left.values.type}) cannot be compared with {right.name} ({right.values.type})"
    return f"{left.name} holds {left.values.type}: compare it with {_WANTED[left.kind]}"


def _call(sign: str, left: Any, right: Any) -> pa.BooleanArray:
    return pc.call_function(OPERATORS[sign], [left, right])


def _compare_numbers(sign: str, left: Operand, right: Operand) -> pa.BooleanArray:
    (near, first), (far, second) = _floats(left), _floats(right)
    answer = _call(sign, near, far)
    doubtful = pc.and_(pc.or_(first, second), answer.is_valid())
    if not pc.any(doubtful).as_py():
        return answer
    function = _EXACT[sign]
    pairs = zip(_decimals(left, doubtful), _decimals(right, doubtful), strict=True)
    return pc.replace_with_mask(answer, doubtful, pa.array([function(a, b) for a, b in pairs], pa.bool_()))


def _floats(side: Operand) -> tuple[Any, Any]:
    """The numbers as float64, and where that may not be exact."""
    if side.column is None:
        return pa.scalar(float(side.values)), pa.scalar(len(side.values.as_tuple().digits) > 15)
    values = _plain(side.values)
    if pa.types.is_floating(values.type):
        return pc.cast(values, pa.float64()), pa.scalar(False)
    if pa.types.is_integer(values.type):
        floats = pc.cast(values, pa.float64(), safe=False)
        return floats, pc.fill_null(pc.greater_equal(pc.abs(floats), float(_EXACT_INTEGERS)), False)
    if pa.types.is_decimal(values.type):
        return pc.cast(values, pa.float64()), pa.scalar(values.type.precision > 15)
    values = _spelled_numbers(side)
    inexact = pc.fill_null(pc.match_substring_regex(values, _BEYOND_FLOAT), False)
    return pc.cast(pc.utf8_ltrim(values, "+"), pa.float64()), inexact


def _spelled_numbers(side: Operand) -> pa.Array:
    """The text of the numbers; null, and a fault, where the text is none."""
    values = text(side.values)
    fits = pc.match_substring_regex(values, _NUMBER)
    _report(side, pc.invert(fits), "not a number")
    return pc.if_else(fits, values, pa.scalar(None, pa.string()))


def _decimals(side: Operand, rows: pa.BooleanArray) -> list[Any]:
    if side.column is None:
        return [side.values] * rows.true_count
    return [Decimal(str(value)) for value in _plain(side.values).filter(rows).to_pylist()]


def _truths(side: Operand) -> Any:
    """true and false, as a column or a literal; null, and a fault, for other text."""
    if side.column is None:
        return pa.scalar(side.values)
    if side.kind == "truth":
        return _plain(side.values)
    lowered = pc.utf8_lower(text(side.values))
    fits = pc.is_in(lowered, pa.array(["true", "false"]))
    _report(side, pc.and_(lowered.is_valid(), pc.invert(fits)), "not true or false")
    return pc.if_else(fits, pc.equal(lowered, "true"), pa.scalar(None, pa.bool_()))


def _times(side: Operand, literal: str) -> tuple[Any, Any]:
    """A column of dates or timestamps and a literal as times; one without an offset is in the column's zone."""
    try:
        moment = datetime.fromisoformat(literal)
    except ValueError:
        raise TypeError(_mismatch(side, Operand(literal))) from None
    values = _plain(side.values)
    zone = getattr(values.type, "tz", None)
    if moment.tzinfo is not None:
        if zone is None:
            raise TypeError(f"{side.name} holds times without a zone: compare it with a time without an offset")
        return values, pa.scalar(moment, pa.timestamp("us", zone))
    if pa.types.is_date(values.type):
        values = pc.cast(values, pa.timestamp("s" if pa.types.is_date32(values.type) else "ms"))
    scalar = pa.scalar(moment, pa.timestamp("us"))
    return values, scalar if zone is None else pc.assume_timezone(scalar, timezone=zone)


def _plain(values: pa.Array) -> pa.Array:
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _report(side: Operand, bad: pa.BooleanArray, problem: str) -> None:
    bad = pc.fill_null(bad, False)
    if bad.true_count and side.column is not None:
        side.faults.append(Fault(side.column, bad, problem))
