"""Conditions: their grammar, their errors, and their meaning against a slow oracle."""

import datetime
import re
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from anonymize.kernels.conditions.condition import Condition
from anonymize.kernels.conditions.syntax import (
    Column,
    Comparison,
    ConditionSyntaxError,
    IsNull,
    Junction,
    Literal,
    Membership,
    Not,
    TextTest,
)

COLUMNS = {
    "level": pa.array(["4", "2", None, "10"]),
    "姓名": pa.array(["王", "李", None, ""]),
    "first name": pa.array(["Zoë", "bob", None, "it's"]),
    "count": pa.array([1, 2**53 + 1, None, -3]),
    "share": pa.array([0.1, 0.5, None, 1e300]),
    "money": pa.array([Decimal("1.10"), Decimal("2.00"), None, Decimal("0.00")]),
    "vip": pa.array([True, False, None, True]),
    "flag": pa.array(["true", "FALSE", None, "false"]),
    "day": pa.array([datetime.date(2024, 1, 31), datetime.date(2023, 12, 1), None, datetime.date(1969, 1, 1)]),
    "at": pa.array([0, 3_600_000_000, None, -1], pa.timestamp("us", "Asia/Shanghai")),
    "city": pa.array(["a", "b", None, "a"]).dictionary_encode(),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("level > 3", [True, False, None, True]),
        ("3 < level", [True, False, None, True]),
        ("level = 4.0 or level <> 4", [True, True, None, True]),
        ("姓名 == '王'", [True, False, None, False]),
        ("姓名 in ['李', '']", [False, True, None, True]),
        ("姓名 NOT IN ['李', '']", [True, False, None, False]),
        ("姓名 is null", [False, False, True, False]),
        ("姓名 is not null and not (姓名 == '')", [True, True, False, False]),
        ("`first name` == 'it''s'", [False, False, None, True]),
        ('`first name` contains "o"', [True, True, None, False]),
        ("`first name` starts with 'Z'", [True, False, None, False]),
        ("ends_with(`first name`, 'ë')", [True, False, None, False]),
        ("`first name` not matches '^[a-z]+$'", [True, False, None, True]),
        ("count == 9007199254740993", [False, True, None, False]),
        ("count == 9007199254740992", [False, False, None, False]),
        ("count in [1, -3]", [True, False, None, True]),
        ("count < level", [True, False, None, True]),
        ("share == 0.1", [True, False, None, False]),
        ("money == 1.1", [True, False, None, False]),
        ("vip == true", [True, False, None, True]),
        ("flag != false", [True, False, None, False]),
        ("vip == flag", [True, True, None, False]),
        ("day >= '2024-01-31'", [True, False, None, False]),
        ("at >= '1970-01-01 08:00'", [True, True, None, False]),
        ("at == '1970-01-01T00:00:00Z'", [True, False, None, False]),
        ("city == 'a'", [True, False, None, True]),
        ("level > 3 or vip is null", [True, False, True, True]),
    ],
)
def test_meaning(text: str, expected: list[bool | None]) -> None:
    """A comparison with null is neither true nor false, and every type is compared as what it is."""
    answer = Condition(text).evaluate(COLUMNS.__getitem__)

    assert expected == answer.holds.to_pylist()
    assert answer.faults == ()


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 1, "a column"),
        ("level >", 8, "a column"),
        ("level", 6, "a comparison"),
        ("level is 3", 10, "`null`"),
        ("(level > 3", 11, "`)`"),
        ("level > 3 level", 11, "the end"),
        ("1 < level < 3", 11, "the end"),
        ("level in []", 11, "a number"),
        ("level in [other]", 11, "quoted text"),
        ("level contains 3", 16, "a quoted text"),
        ("level == null", 10, "is null"),
        ("1 == 1", 1, "needs a column"),
        ("name == 'x", 9, "not closed"),
        ("name matches '('", 14, "RE2"),
        ("name matches '(?=x)'", 14, "RE2"),
        ("first-name == 1", 6, "backticks"),
        ("__import__('os').system('true')", 17, "backticks"),
        ("__import__('os') == 1", 11, "a comparison"),
        ("open('/etc/passwd')", 5, "a comparison"),
        ("(lambda: 1)() == 1", 8, "backticks"),
        ("x == 1; y == 2", 7, "backticks"),
        ("x == {1}", 6, "backticks"),
        ("x == 1 -- comment", 8, "backticks"),
    ],
)
def test_errors_name_the_position(text: str, position: int, expected: str) -> None:
    """A syntax error says where it is and what would have fitted; nothing is ever executed."""
    with pytest.raises(ConditionSyntaxError) as error:
        Condition(text)

    assert expected in str(error.value)
    assert re.search(rf"at position {position}\b", str(error.value)), error.value


def test_columns_in_order_of_mention() -> None:
    """Each is named once, also in backticks and in any script."""
    assert Condition("b < `a b` or contacts[*].年龄 > b").columns == ("b", "a b", "contacts[*].年龄")


@pytest.mark.parametrize(
    "text",
    [
        "count == 'x'",
        "name == 3 or vip > true",
        "day > '31/01/2024'",
        "day == 3",
        "count contains 'x'",
        "day == count",
        "items == 1",
    ],
)
def test_impossible_comparisons_are_refused_before_any_row(text: str) -> None:
    """The types alone tell that they cannot be made."""
    types = {name: column.type for name, column in COLUMNS.items()} | {
        "name": pa.string(),
        "items": pa.list_(pa.int64()),
    }

    with pytest.raises(TypeError):
        Condition(text).check(types)


def test_text_that_is_no_number_is_a_fault_where_it_matters() -> None:
    """A row that another part already decides has its answer; the others are reported."""
    columns = {"kind": pa.array(["n", "n", "t", None]), "value": pa.array(["5", "five", "five", ""])}

    answer = Condition("kind == 'n' and value > 3").evaluate(columns.__getitem__)

    assert answer.holds.to_pylist() == [True, None, False, None]
    (fault,) = answer.faults
    assert (fault.column, fault.problem) == ("value", "not a number")
    assert fault.bad.to_pylist() == [False, True, False, True]


@pytest.mark.parametrize("text", ["inf", "nan", "0x10", "1_000", " 1", "1,5", "１", "", "--1", "+-1", "1e", "."])
def test_spellings_that_are_no_numbers(text: str) -> None:
    """Only plain decimal spellings are numbers."""
    (fault,) = Condition("x >= 0 or x < 0").evaluate(lambda _: pa.array([text])).faults

    assert fault.bad.to_pylist() == [True]


@pytest.mark.parametrize(
    "text", ["not " * 60 + "a == 1", "(" * 60 + "a == 1" + ")" * 60, "a == 1 or " * 1100 + "a == 1"]
)
def test_size_is_bounded(text: str) -> None:
    """Deep or endless conditions are refused instead of overflowing the stack."""
    with pytest.raises(ConditionSyntaxError):
        Condition(text)


def test_as_a_field() -> None:
    """A condition in a rule file is its text, there and back, and an error names the position."""

    class Rule(BaseModel):
        where: Condition

    rule = Rule.model_validate({"where": "level > 3"})

    assert {"where": "level > 3"} == rule.model_dump() == rule.model_dump(mode="json")
    assert rule.model_dump_json() == '{"where":"level > 3"}'
    assert rule == Rule(where=Condition("level > 3"))
    assert Rule.model_json_schema()["properties"]["where"]["type"] == "string"
    with pytest.raises(ValidationError, match="at position 8"):
        Rule.model_validate({"where": "level >"})


# The oracle: rows as Python values, conditions as trees that are spelled, parsed and evaluated both ways.

NUMBERS = st.one_of(
    st.integers(-5, 5),
    st.sampled_from([2**53, 2**53 + 1, -(2**53) - 1, 2**62]),
).map(Decimal) | st.sampled_from(["0.1", "-0.30", "1e2", "1E-2", "12345678901234567.5", "+7"]).map(Decimal)
TEXTS = st.sampled_from(["", "a", "ab", "b", "王", "it's", 'say "x"', "A", "𝒳"])


def spell(node: Any) -> str:  # noqa: PLR0911
    match node:
        case Column(name):
            return f"`{name}`" if " " in name else name
        case Literal(bool() as value):
            return str(value).lower()
        case Literal(str() as value):
            return "'" + value.replace("'", "''") + "'"
        case Literal(value):
            return str(value)
        case Comparison(sign, left, right):
            return f"{spell(left)} {sign} {spell(right)}"
        case Membership(column, literals):
            return f"{spell(column)} in [{', '.join(map(spell, literals))}]"
        case IsNull(column):
            return f"{spell(column)} is null"
        case TextTest(verb, column, pattern):
            return f"{spell(column)} {verb} {spell(Literal(pattern))}"
        case Not(term):
            return f"not ({spell(term)})"
        case Junction(word, terms):
            return f" {word} ".join(f"({spell(term)})" for term in terms)
    raise AssertionError(node)


def slow(node: Any, row: dict[str, Any]) -> bool | None:  # noqa: PLR0911
    match node:
        case Comparison(sign, left, right):
            a, b = (row[s.name] if isinstance(s, Column) else s.value for s in (left, right))
            if a is None or b is None:
                return None
            return {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]
        case Membership(column, literals):
            value = row[column.name]
            return None if value is None else value in [literal.value for literal in literals]
        case IsNull(column):
            return row[column.name] is None
        case TextTest(verb, column, pattern):
            value = row[column.name]
            if value is None:
                return None
            return {"contains": pattern in value, "starts with": value.startswith(pattern)}.get(
                verb, value.endswith(pattern)
            )
        case Not(term):
            inner = slow(term, row)
            return None if inner is None else not inner
        case Junction("and", terms):
            found = [slow(term, row) for term in terms]
            return False if False in found else None if None in found else True
        case Junction(_, terms):
            found = [slow(term, row) for term in terms]
            return True if True in found else None if None in found else False
    raise AssertionError(node)


SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
NUMERIC = st.sampled_from(["n", "written number"]).map(Column)
TEXTUAL = st.sampled_from(["s", "другой"]).map(Column)
TESTS = st.one_of(
    st.builds(Comparison, SIGNS, NUMERIC, NUMBERS.map(Literal)),
    st.builds(Comparison, SIGNS, NUMBERS.map(Literal), NUMERIC),
    st.builds(Comparison, SIGNS, st.just(Column("n")), st.just(Column("written number"))),
    st.builds(Comparison, SIGNS, TEXTUAL, TEXTS.map(Literal)),
    st.builds(Comparison, SIGNS, TEXTUAL, TEXTUAL),
    st.builds(Membership, NUMERIC, st.lists(NUMBERS.map(Literal), min_size=1, max_size=3).map(tuple)),
    st.builds(Membership, TEXTUAL, st.lists(TEXTS.map(Literal), min_size=1, max_size=3).map(tuple)),
    st.builds(IsNull, NUMERIC | TEXTUAL),
    st.builds(TextTest, st.sampled_from(["contains", "starts with", "ends with"]), TEXTUAL, TEXTS),
)
TREES = st.recursive(
    TESTS,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(Junction, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.none() | NUMBERS.filter(lambda n: n == n.to_integral_value() and abs(n) < 2**63),
            "written number": st.none() | NUMBERS,
            "s": st.none() | TEXTS,
            "другой": st.none() | TEXTS,
        }
    ),
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(TREES, ROWS)
def test_agrees_with_the_oracle(tree: Any, rows: list[dict[str, Any]]) -> None:
    """Any condition over any rows holds where a slow evaluation of the same tree says so."""

    def read(name: str) -> pa.Array:
        values = [row[name] for row in rows]
        if name == "n":
            return pa.array([None if v is None else int(v) for v in values], pa.int64())
        return pa.array([None if v is None else str(v) for v in values], pa.string())

    condition = Condition(spell(tree))

    assert [slow(tree, row) for row in rows] == condition.evaluate(read).holds.to_pylist()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | st.text("ab01 ()[]'`=<>andorti.,_", max_size=40))
def test_any_text_is_a_condition_or_a_syntax_error(text: str) -> None:
    """No other exception comes out of the parser, and every condition reads a column."""
    try:
        condition = Condition(text)
    except ConditionSyntaxError:
        return
    assert condition.columns
