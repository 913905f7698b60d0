"""Proves the `tests:` of a rule file: a record goes in, the expected columns come out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from anonymize.codecs.tables.memory import PageSource
from anonymize.core.errors import AnonymizeError
from anonymize.core.roles import Roles
from anonymize.core.transform import RowTransform, Transform
from anonymize.engines.local import LocalEngine
from anonymize.kernels.crypto.keys import derive
from anonymize.kernels.detection.models import find_with_models
from anonymize.pipeline import fit
from anonymize.planning.planner import make_plan
from anonymize.rulefile.loading import Rules
from anonymize.rulefile.own_detectors import DetectorCase, DetectorRule
from anonymize.rulefile.rules import Case
from anonymize.running.applier import Applier

MASTER = bytes(range(32))
"""Everybody knows this key: tests of rule files are public, and so are their pseudonyms."""

ABSENT = "(no such column)"
DROPPED = "dropped"


@dataclass(frozen=True)
class Difference:
    """A column that came out otherwise."""

    column: str
    expected: Any
    actual: Any


@dataclass(frozen=True)
class Outcome:
    """How one test came out."""

    given: Mapping[str, Any]
    differences: tuple[Difference, ...] = ()
    error: str | None = None
    """Why a run over this record would stop."""

    @property
    def passed(self) -> bool:
        return not self.differences and self.error is None


def prove(rules: Rules) -> list[Outcome]:
    """The outcome of each test of the file."""
    found = [_detected(rule, case) for rule in rules.file.detectors for case in rule.examples]
    return found + [_outcome(rules, case) for case in rules.tests()]


def _detected(rule: DetectorRule, case: DetectorCase) -> Outcome:
    """Whether a detector of the file finds in a text what it should."""
    spans = find_with_models(pa.array([case.text], pa.string()), [rule.build()])
    parts = [case.text[start:end] for start, end in zip(spans.start.tolist(), spans.end.tolist(), strict=True)]
    wrong = parts != list(case.found)
    return Outcome({rule.name: case.text}, (Difference(rule.name, list(case.found), parts),) if wrong else ())


def _for_record(rules: Rules, columns: Collection[str]) -> Rules:
    """The rules without the checks, the steps that look at all rows first (one record says nothing about
    them), and the row steps about columns that the record does not have."""
    rows = tuple(step for step in rules.file.rows if _looks_at_one_row(step, columns))
    return replace(rules, file=rules.file.model_copy(update={"rows": rows, "checks": ()}))


def _looks_at_one_row(step: Transform, columns: Collection[str]) -> bool:
    if not isinstance(step, RowTransform) or step.needs(("column",)) is not None:
        return False
    return set(step.columns(Roles())) | set(step.reads()) <= set(columns)


def _outcome(rules: Rules, case: Case) -> Outcome:
    try:
        actual = _anonymized(rules, case.given)
    except AnonymizeError as error:
        return Outcome(case.given, error=error.problems[0].message)
    if isinstance(case.expect, str) or actual is None:
        is_right = (case.expect == DROPPED) == (actual is None)
        shown = DROPPED if actual is None else "the row stays"
        return Outcome(case.given, () if is_right else (Difference("(row)", _expected(case), shown),))
    found = [Difference(name, value, actual.get(name, ABSENT)) for name, value in case.expect.items()]
    return Outcome(case.given, tuple(d for d in found if not same(d.expected, d.actual)))


def _expected(case: Case) -> str:
    return DROPPED if case.expect == DROPPED else "the row stays"


def _anonymized(rules: Rules, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """The record after the rules; None for a row that goes."""
    source = PageSource.of(_table(given))
    rules = _for_record(rules, source.present)
    plan = make_plan(rules, source.schema, present=source.present, open_schema=True)

    def secret(_: str, purpose: str, scope: str) -> list[bytes]:
        return [derive(MASTER, rules.file.dataset, purpose, scope)]

    fitted = fit(plan, [source], secret, LocalEngine(1))
    page = source.pages[0]
    frame = Applier(plan, fitted, secret)(page, 0)
    edit = frame.edit()
    if not frame.row_count:
        return None
    rows = page.table(edit, frame.layout()).to_pylist()
    return dict(rows[0]) if rows else {}  # a table without columns has no rows to list


def _table(given: Mapping[str, Any]) -> pa.Table:
    """One row; a null is missing text."""
    table = pa.Table.from_pylist([dict(given)])
    for index, field in enumerate(table.schema):
        if pa.types.is_null(field.type):
            table = table.set_column(index, field.name, pa.nulls(1, pa.string()))
    return table


def same(expected: Any, actual: Any) -> bool:
    """Equal, in value and in kind: the text `1` is not the number 1, and true is not 1."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(key in actual and same(value, actual[key]) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, int | float) and isinstance(actual, int | float):
        return bool(np.isclose(expected, actual, rtol=1e-12, atol=0)) if expected != actual else True
    return expected == actual if isinstance(actual, type(expected)) else _is_spelled(expected, actual)


def _is_spelled(expected: Any, actual: Any) -> bool:
    """YAML has no dates and decimals of its own; they are expected as text."""
    return (
        isinstance(expected, str) and not isinstance(actual, int | float | str | None) and expected == str(actual)
    )
