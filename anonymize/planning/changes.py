"""What a change of the rules means for each column, and for those who have earlier releases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from anonymize.core.errors import RuleError
from anonymize.core.roles import Roles
from anonymize.core.transform import ColumnTransform
from anonymize.planning.claims import ColumnClaim, column_claim
from anonymize.planning.plan import ColumnPlan, Plan, Step
from anonymize.rulefile.loading import Rules
from anonymize.rulefile.matching import find_rule
from anonymize.rulefile.rules import DEFAULT_KEYS, ColumnRule

NOTHING = "nothing"
SETTINGS = ("dataset", "locale", "unlisted")


@dataclass(frozen=True)
class Side:
    """What one rule file does with a column."""

    rule: str | None
    """The pattern that decides; None if it is `unlisted:`."""
    role: str
    steps: tuple[str, ...]
    when: str | None
    on_error: str
    survives: str
    joinable: bool
    unique: bool
    deterministic: bool
    restorable_by: str


@dataclass(frozen=True)
class ColumnChange:
    """A column that the rule files treat in two ways."""

    name: str
    before: Side | None
    """None if the run stops because no rule covers it."""
    after: Side | None
    means: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A part of the rule file that is not about one column."""

    part: str
    before: str | None
    after: str | None
    means: str


@dataclass(frozen=True)
class Difference:
    """All that is different."""

    settings: tuple[Change, ...]
    columns: tuple[ColumnChange, ...]


def differ(before: Rules, after: Rules, names: Sequence[str] = ()) -> Difference:
    """The differences for these columns, or for all that the rule files name."""
    patterns = dict.fromkeys(names or (*before.file.columns, *after.file.columns))
    columns = []
    for name in patterns:
        one, other = _side(before, name), _side(after, name)
        means = tuple(_meanings(one, other, before, after, name))
        if one != other or means:
            columns.append(ColumnChange(name, one, other, means))
    return Difference(tuple(_settings(before, after)), tuple(columns))


def _side(rules: Rules, name: str) -> Side | None:
    column = _column(rules, name)
    if column is None:
        return None
    claim = _claim(column, rules)
    first = column.steps[0] if column.steps else None
    return Side(
        column.rule,
        column.role.value,
        _calls(column, rules),
        str(first.when) if first is not None and first.when is not None else None,
        first.on_error if first is not None else "fail",
        claim.survives,
        claim.joinable,
        claim.unique,
        claim.deterministic,
        claim.restorable_by,
    )


def _calls(column: ColumnPlan, rules: Rules) -> tuple[str, ...]:
    if column.rule is not None:
        return tuple(step.transform.call() for step in column.steps)
    return (rules.file.unlisted,)


def _claim(column: ColumnPlan, rules: Rules) -> ColumnClaim:
    return column_claim(column, Plan(rules, (column,), (), Roles()))


def _column(rules: Rules, name: str) -> ColumnPlan | None:
    """The column as a plan of text would have it; None if no rule covers it."""
    pattern = _pattern(rules, name)
    unlisted = rules.file.unlisted
    if pattern is None and unlisted == "error":
        return None
    step = {"redact": "redact", "drop": "drop"}.get(unlisted, "keep")
    rule = rules.file.columns[pattern] if pattern is not None else ColumnRule.model_validate(step)
    steps = tuple(
        Step(transform, (name,), rule.when, rule.on_error)
        for transform in rule.steps
        if isinstance(transform, ColumnTransform)
    )
    dropped = any(transform.use == "drop" for transform in rule.steps)
    return ColumnPlan(name, pattern, rule.role, steps, pa.string(), pa.string(), dropped=dropped)


def _pattern(rules: Rules, name: str) -> str | None:
    try:
        return find_rule(rules.file.columns, name)
    except RuleError:  # two globs tie on the text of a third: neither says more about it
        return None


def _meanings(one: Side | None, other: Side | None, before: Rules, after: Rules, name: str) -> Iterator[str]:
    """What the change means, in words."""
    if one is None or other is None:
        if one != other:
            yield (
                "the run stops at this column now: no rule covers it" if other is None else "the column passes now"
            )
        return
    if one.survives != other.survives:
        yield f"survives: {other.survives} (was: {one.survives})"
    if one.role != other.role:
        yield f"role: {other.role} (was: {one.role}), so k-anonymity and checks look at other columns"
    if one.restorable_by != other.restorable_by:
        yield f"restorable by {other.restorable_by} (was: {one.restorable_by})"
    if one.unique != other.unique and NOTHING not in (one.survives, other.survives):
        yield "different values stay different now" if other.unique else "different values may meet now"
    if _tokens(before, name) != _tokens(after, name):
        yield "tokens change: releases made before and after cannot be joined by it"
    elif one.steps != other.steps and one.survives == other.survives:
        yield "values come out in another way"
    if (one.when, one.on_error) != (other.when, other.on_error):
        yield "it applies to other values, or treats failures in another way"


def _tokens(rules: Rules, name: str) -> Any:
    """What decides which token a value gets; None where no key takes part."""
    column = _column(rules, name)
    keyed = [s.transform for s in column.steps if s.transform.key_names()] if column is not None else []
    if not keyed:
        return None
    keys = {**DEFAULT_KEYS, **rules.file.keys}
    used = {key: keys.get(key) for transform in keyed for key in transform.key_names()}
    return rules.file.dataset, tuple(t.call() for t in keyed), tuple(sorted(used.items()))


def _settings(before: Rules, after: Rules) -> Iterator[Change]:
    """The parts that are about all columns, about rows, or about gates."""
    one, other = before.file, after.file
    meanings = {
        "dataset": "every keyed token changes: releases made before and after cannot be joined",
        "locale": "fakes and detectors take another country as their default",
        "unlisted": "columns that no rule names are treated in another way",
    }
    for name in SETTINGS:
        if getattr(one, name) != getattr(other, name):
            yield Change(name, str(getattr(one, name)), str(getattr(other, name)), meanings[name])
    for name in {**one.keys, **other.keys}:
        if one.keys.get(name) != other.keys.get(name):
            means = "tokens change, unless both references lead to the same key"
            yield Change(f"key {name}", one.keys.get(name), other.keys.get(name), means)
    yield from _listed("row step", [s.call() for s in one.rows], [s.call() for s in other.rows])
    yield from _checks(before, after)
    for name in ("detectors", "output"):
        if getattr(one, name) != getattr(other, name):
            yield Change(name, None, None, "changed")


def _listed(part: str, one: Sequence[str], other: Sequence[str]) -> Iterator[Change]:
    for call in [call for call in one if call not in other]:
        yield Change(part, call, None, "is not taken any more")
    for call in [call for call in other if call not in one]:
        yield Change(part, None, call, "is taken now")
    shared = [call for call in one if call in other]
    if shared != [call for call in other if call in one]:
        yield Change(part, " → ".join(one), " → ".join(other), "another order")


def _checks(before: Rules, after: Rules) -> Iterator[Change]:
    """Gates, paired by what they measure."""
    one = {(check.metric.call(), check.operator): check for check in before.file.checks}
    other = {(check.metric.call(), check.operator): check for check in after.file.checks}
    for key in {**one, **other}:
        old, new = one.get(key), other.get(key)
        if old is None or new is None:
            said = (
                "a run that fails it gives no output now" if old is None else "nothing stops a run that fails it"
            )
            yield Change("check", str(old) if old else None, str(new) if new else None, said)
        elif old.limit != new.limit:
            is_stricter = (new.limit > old.limit) == (key[1] in (">=", ">"))
            sides = key[1] in (">=", ">", "<=", "<")
            said = ("stricter" if is_stricter else "looser") if sides else "another limit"
            yield Change("check", str(old), str(new), said)
