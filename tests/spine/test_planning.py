"""The plan: what will happen, from rules and schema alone."""

import re

import pyarrow as pa
import pytest

from anonymize.core.errors import DataError, RuleError
from anonymize.planning.plan import Plan
from anonymize.planning.planner import bind_column, make_plan
from tests.spine.build import rules_of

TEXT = pa.schema([(name, pa.string()) for name in ("id", "name", "zip", "age", "ill")])


def plan(columns: str, rest: str = "", schema: pa.Schema = TEXT) -> Plan:
    return make_plan(rules_of(columns, rest), schema)


def test_steps_with_statistics_open_stages() -> None:
    """Each such step costs a pass; equal questions and different columns share one."""
    made = plan(
        """  id: keep
  name: redact
  zip: [truncate(3), group_rare(2), truncate(2), group_rare(3)]
  age: group_rare(2)
  ill: keep"""
    )

    assert 3 == made.passes
    assert ["truncate", "redact"] == sorted((s.transform.use for s in made.stages[0].steps), reverse=True)


def test_kept_columns_cost_nothing() -> None:
    """`keep` is a decision, not a step."""
    made = plan("  '*': keep")

    assert 0 == len(made.stages[0].steps)
    assert not any(column.changed for column in made.layout.columns)


@pytest.mark.matrix("S1")
def test_every_uncovered_column_is_named_at_once() -> None:
    """Fail closed: a column that no rule names stops the run."""
    with pytest.raises(DataError, match="no rule covers the columns 'name', 'age', 'ill'"):
        plan("  id: keep\n  zip: keep")


@pytest.mark.matrix("S1")
def test_names_that_are_people_are_not_shown() -> None:
    """The keys of objects can be addresses or numbers; an error says where they stand, and not which they are."""
    people = [
        'users["zoe.k@mail.example.com"].age',
        "13800001111",
        'users["4111111111111111"]',
    ]
    with pytest.raises(DataError) as error:
        plan("  id: keep", schema=pa.schema([(name, pa.string()) for name in ["id", *people]]))

    assert """no rule covers the columns 'users["…"].age', '…', 'users["…"]'""" in str(error.value)
    assert not re.search("zoe|1111", str(error.value))


def test_a_renamed_column_is_drift_of_the_data() -> None:
    """Both its names are told, and the error is the data's; a misspelled one is the rules'."""
    with pytest.raises(DataError, match=r"(?s)no rule covers the column 'ill'.*no column 'diagnosis'"):
        plan("  '[!i]*': keep\n  id: keep\n  diagnosis: keep")
    with pytest.raises(RuleError, match=r"(?s)no rule covers the column 'name'.*no column 'nmae'"):
        plan("  '[!n]*': keep\n  nmae: keep")


@pytest.mark.parametrize(("policy", "kept", "changed"), [("keep", 5, 1), ("drop", 1, 1), ("redact", 5, 5)])
def test_unlisted_columns(policy: str, kept: int, changed: int) -> None:
    """`unlisted` says what happens to the others."""
    made = plan("  id: redact", f"unlisted: {policy}")

    assert kept == len(made.layout.columns)
    assert changed == sum(column.changed for column in made.layout.columns)


@pytest.mark.matrix("S2")
def test_a_missing_column_gets_a_suggestion() -> None:
    """An exact name that the data lacks is an error with its line."""
    with pytest.raises(RuleError, match=r"r.yaml:5:3: the data has no column 'zipp'\n  hint: did you mean 'zip'"):
        plan("  '*': keep\n  zipp: redact")


def test_a_glob_without_match_is_a_warning() -> None:
    """It may be meant for next month's columns."""
    made = plan("  '*': keep\n  'visit_*': redact")

    assert ("r.yaml:5:3: the pattern 'visit_*' matches no column",) == made.warnings


def test_an_optional_column_may_be_missing() -> None:
    """`optional: true` asks for no column, and tells when a name beside it looks like a slip of the pen."""
    made = plan("  '*': keep\n  diagnosis_code: {steps: [redact], optional: true}")
    near = plan("  '*': keep\n  naem: {steps: [redact], optional: true}")

    assert () == made.warnings
    assert ("r.yaml:5:3: the name 'naem' matches no column; did you mean 'name'?",) == near.warnings


@pytest.mark.parametrize(
    ("columns", "rest", "said"),
    [
        ("  '*': keep\n  age: {steps: [redact], when: 'level > 3'}", "", "refers to the column 'level'"),
        ("  '*': keep\n  age: {steps: [drop], when: 'zip == 1'}", "", "dropped as a whole"),
        ("  '*': keep", "rows: [suppress_small_classes(5)]", "quasi_identifier"),
        ("  '*': keep", "rows: ['drop_rows(where=\"agee > 3\")']", "did you mean 'age'"),
        ("  '*': keep", "checks: [k_anonymity >= 5]", "no column has the role quasi_identifier"),
        ("  '*': keep\n  zip: shift_dates(days=3, per=idd)", "", "did you mean 'id'"),
    ],
)
def test_references_are_checked(columns: str, rest: str, said: str) -> None:
    """Conditions, steps, rows and checks refer to columns that exist."""
    with pytest.raises(RuleError) as error:
        plan(columns, rest)

    assert said in str(error.value)


def test_types_are_checked_before_any_data_is_read() -> None:
    """Noise on a boolean is an error of the rules."""
    with pytest.raises(RuleError, match="laplace_noise cannot be used on 'flag'"):
        plan("  flag: laplace_noise(scale=1)", schema=pa.schema([("flag", pa.bool_())]))


def test_redacting_failures_needs_a_text_result() -> None:
    """A number column cannot hold [REDACTED]."""
    with pytest.raises(RuleError, match="on_error: redact"):
        plan("  n: {steps: [round_to(5)], on_error: redact}", schema=pa.schema([("n", pa.int64())]))


@pytest.mark.matrix("J6")
def test_an_open_schema_waits_for_its_columns() -> None:
    """A name that is not there yet may still come; what comes late is bound or refused."""
    rules = rules_of("  id: keep\n  late: redact\n  'x_*': group_rare(2)")
    made = make_plan(rules, pa.schema([("id", pa.string())]), open_schema=True)

    assert ("late",) == made.awaited
    assert "redact" == bind_column(rules, "late", {"late"}).steps[0].transform.use
    with pytest.raises(DataError, match="no rule covers the column 'other'"):
        bind_column(rules, "other", {"other"})
    with pytest.raises(RuleError, match="after the statistics were taken"):
        bind_column(rules, "x_1", {"x_1"})


def test_an_object_that_goes_goes_as_a_whole() -> None:
    """`contact: drop` covers everything beneath it."""
    schema = pa.schema(
        [("contact.city", pa.string()), ("contact.phones[*].number", pa.string()), ("id", pa.string())]
    )
    present = {"contact": pa.struct([]), "contact.phones": pa.list_(pa.string())}
    made = make_plan(rules_of("  id: keep\n  contact: drop"), schema, present=present)

    assert frozenset({"contact"}) == made.layout.dropped
    assert ["id"] == [column.name for column in made.layout.columns]


def test_nothing_follows_an_aggregation() -> None:
    """It ends the plan."""
    with pytest.raises(RuleError, match="ends the plan"):
        plan(
            "  '*': keep", "rows: ['aggregate(by=[zip], measures={n: count})', 'drop_rows(where=\"zip is null\")']"
        )


@pytest.mark.parametrize(
    ("columns", "rest"),
    [
        ("  a: {steps: [nullify], when: \"a > 'x'\"}", ""),
        ("  a: keep", 'rows: ["drop_rows(where=\'a == \\"x\\"\')"]'),
    ],
)
def test_conditions_must_fit_the_types(columns: str, rest: str) -> None:
    """A number column is not compared with a text."""
    with pytest.raises(RuleError, match="number"):
        plan(columns, rest, pa.schema([("a", pa.int64())]))


@pytest.mark.parametrize("rest", ["checks: [k_anonymity >= 2]", "rows: [suppress_small_classes(2)]"])
def test_classes_need_one_value_per_row(rest: str) -> None:
    """A column of lists cannot be a quasi-identifier of rows."""
    with pytest.raises(RuleError, match="several values per row"):
        plan("  'tags[*]': {role: quasi_identifier, steps: [keep]}", rest, pa.schema([("tags[*]", pa.string())]))
