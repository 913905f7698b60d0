"""Conditions on rows, `level > 3 and consent is not null`, as in `when:` and `where=`.

The grammar stands in `condition_syntax`. The meaning is that of SQL: a test of a null is unknown, which `not`,
`and` and `or` carry on (Kleene).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from anonymize.kernels.conditions.comparing import Fault, Operand, compare, text_of
from anonymize.kernels.conditions.syntax import (
    Column,
    Comparison,
    ConditionSyntaxError,
    Expression,
    IsNull,
    Junction,
    Literal,
    Membership,
    Not,
    TextTest,
    parse,
)

_VERBS: dict[str, Callable[..., Any]] = {
    "contains": pc.match_substring,
    "starts with": pc.starts_with,
    "ends with": pc.ends_with,
    "matches": pc.match_substring_regex,
}


@dataclass(frozen=True)
class Answer:
    """What a condition says of each row."""

    holds: pa.BooleanArray
    """True, false, or null where it is unknown. The caller decides about the unknown."""
    faults: tuple[Fault, ...]
    """Cells of the wrong kind on which the answer depends; it is unknown there."""


@dataclass(frozen=True)
class Condition:
    """A condition on rows, parsed from its text. A pydantic field of this type is given as that text."""

    text: str
    expression: Expression = field(init=False, repr=False, compare=False)
    columns: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The columns it mentions, in the order of their first mention."""

    def __post_init__(self) -> None:
        expression, columns = parse(self.text)
        object.__setattr__(self, "expression", expression)
        object.__setattr__(self, "columns", columns)

    def __str__(self) -> str:
        return self.text

    def evaluate(self, read: Callable[[str], pa.Array]) -> Answer:
        """The answer for the rows of the columns that `read` gives. Raises TypeError as `check` does.

        A cell of the wrong kind (text that is no number, compared with a number) is a fault, unless the answer
        is the same whatever stands there, as in `kind == 'amount' and value > 3` where the kind is another.
        """
        columns = {name: Operand(read(name), name) for name in self.columns}
        holds = _evaluate(self.expression, columns)
        bad: dict[tuple[str, str], pa.BooleanArray] = {}
        for fault in (fault for operand in columns.values() for fault in operand.faults):
            place = (fault.column, fault.problem)
            bad[place] = pc.and_(pc.or_(fault.bad, bad.get(place, fault.bad)), holds.is_null())
        return Answer(
            holds,
            tuple(Fault(column, mask, problem) for (column, problem), mask in bad.items() if mask.true_count),
        )

    def check(self, types: Mapping[str, pa.DataType]) -> None:
        """Raises TypeError, saying why, if it cannot be asked of columns of these types."""
        self.evaluate(lambda name: pa.array([], types[name]))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        spelled = core_schema.no_info_after_validator_function(_condition, core_schema.str_schema())
        either = core_schema.union_schema([core_schema.is_instance_schema(cls), spelled], mode="left_to_right")
        return core_schema.json_or_python_schema(
            json_schema=spelled,
            python_schema=either,
            serialization=core_schema.to_string_ser_schema(when_used="always"),
        )


def _condition(text: str) -> Condition:
    try:
        return Condition(text)
    except ConditionSyntaxError as error:
        raise PydanticCustomError("condition_syntax", "not a condition: {why}", {"why": str(error)}) from None


def _evaluate(expression: Expression, columns: dict[str, Operand]) -> pa.BooleanArray:
    match expression:
        case Comparison(sign, left, right):
            return compare(sign, _operand(left, columns), _operand(right, columns))
        case Membership(column, literals):
            return _member(columns[column.name], literals)
        case IsNull(column):
            return columns[column.name].values.is_null()
        case TextTest(verb, column, pattern):
            return _VERBS[verb](text_of(columns[column.name], verb), pattern)
        case Not(term):
            return pc.invert(_evaluate(term, columns))
        case Junction(word, terms):
            join = pc.and_kleene if word == "and" else pc.or_kleene
            return reduce(join, [_evaluate(term, columns) for term in terms])


def _member(operand: Operand, literals: tuple[Literal, ...]) -> pa.BooleanArray:
    """In one look-up for text; SQL says unknown for null."""
    if operand.kind == "text" and all(isinstance(literal.value, str) for literal in literals):
        values = text_of(operand, "in")
        found = pc.is_in(values, pa.array([literal.value for literal in literals], pa.string()))
        return pc.if_else(values.is_valid(), found, pa.scalar(None, pa.bool_()))
    return reduce(pc.or_kleene, [compare("==", operand, Operand(literal.value)) for literal in literals])


def _operand(part: Column | Literal, columns: dict[str, Operand]) -> Operand:
    return columns[part.name] if isinstance(part, Column) else Operand(part.value)
