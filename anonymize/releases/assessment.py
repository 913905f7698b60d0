"""Measures how exposed the people in a table are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from anonymize.core.attack import Attack
from anonymize.core.beside import compared
from anonymize.core.catalog import component, modules
from anonymize.core.engine import Engine
from anonymize.core.errors import CheckError, UsageError, quoted
from anonymize.core.format import Page, Source
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Role, Roles
from anonymize.core.statistic import Statistic
from anonymize.core.transform import Transform
from anonymize.kernels.counting import COUNT
from anonymize.kernels.risk.leaving_out import Influence, leave_one_out
from anonymize.planning.leftovers import may_be_scanned
from anonymize.planning.plan import Plan
from anonymize.planning.questions import answer, question
from anonymize.releases.comparison import Pair
from anonymize.rulefile.loading import Rules
from anonymize.rulefile.matching import ITEMS, find_rule
from anonymize.rulefile.rules import Check, ColumnRule, RuleFile
from anonymize.running.frame import Frame
from anonymize.running.report import CheckResult
from anonymize.statistics.class_sizes import ClassSizes
from anonymize.statistics.grouped_values import GroupedValues

BANDS = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))
"""Sizes of classes that the histogram puts together."""


@dataclass(frozen=True)
class Band:
    """How many classes are of about this size."""

    least: int
    most: int | None
    classes: int
    rows: int

    @property
    def label(self) -> str:
        """`3–4`, `100+`."""
        if self.most is None:
            return f"{self.least}+"
        return f"{self.least}–{self.most}" if self.most > self.least else f"{self.least}"


@dataclass(frozen=True)
class Measured:
    """A metric of the table."""

    metric: str
    value: float
    detail: str


@dataclass(frozen=True)
class Assessment:
    """What the quasi-identifiers give away."""

    roles: Roles
    rows: int
    classes: int
    measurements: tuple[Measured, ...]
    bands: tuple[Band, ...]
    checks: tuple[CheckResult, ...] = ()
    without: tuple[Influence, ...] = ()
    """The classes without each of the quasi-identifiers."""

    def failure(self) -> CheckError | None:
        """The error for checks that do not hold."""
        failed = [c for c in self.checks if not c.holds]
        said = "; ".join(f"{c.check} does not hold: measured {c.value:g}" for c in failed)
        return (
            CheckError(said, hint="redact what was found, generalize quasi-identifiers, suppress small classes")
            if failed
            else None
        )


@dataclass(frozen=True)
class Origin:
    """What is known of a release besides itself."""

    pair: Pair
    steps: Mapping[str, Sequence[Transform]] = field(default_factory=dict)
    """What was done to each column."""

    def allows(self, metric: Metric | Attack) -> bool:
        """Whether the rows can be compared as the metric must."""
        return self.pair.places is not None or not metric.pairs_rows


def assess(
    sources: Sequence[Source],
    roles: Roles,
    checks: Sequence[Check],
    engine: Engine,
    given: Mapping[str, Any] | None = None,
    origin: Origin | None = None,
) -> Assessment:
    """All metrics that the roles and what is given (such as the `size` of the population, or the original) allow,
    and the checks, in one pass."""
    for name in (*roles.quasi, *roles.sensitive):
        if ITEMS in name:
            raise UsageError(f"{quoted(name)} has several values per row and cannot be assessed")
    metrics = list(known_metrics(roles, given or {}, origin))
    questions = [_question(check, roles, _columns(sources, origin), origin) for check in checks]
    sizes = ClassSizes(roles.quasi)
    asked = dict.fromkeys([sizes, *(metric.needs(roles) for metric in metrics), *questions])
    answers = _answers(asked, sources, roles, engine, origin)
    released = [name for source in sources[:1] for name in source.schema.names]
    steps = origin.steps if origin is not None else {}
    outcomes = (answer(c, answers[q], roles, steps, released) for c, q in zip(checks, questions, strict=True))
    counts = answers[sizes][COUNT]
    return Assessment(
        roles,
        pc.sum(counts).as_py() or 0,
        len(counts),
        tuple(_measured(metric, metric.measure(answers[metric.needs(roles)])) for metric in metrics),
        bands_of(answers[sizes]),
        tuple(_result(check, found) for check, found in zip(checks, outcomes, strict=True)),
        leave_one_out(answers[sizes], roles.quasi),
    )


def _answers(
    asked: Iterable[Statistic[Any]],
    sources: Sequence[Source],
    roles: Roles,
    engine: Engine,
    origin: Origin | None,
) -> dict[Statistic[Any], Any]:
    """The answers from one pass over the release, and of those that look at the original too from both tables."""
    compares = {statistic: bool(compared(statistic.columns)) for statistic in asked}
    plan = Plan(Rules(RuleFile(version=1, unlisted="keep"), "assessment"), (), (), roles)

    def untouched(page: Page, first_row: int) -> Frame:
        return Frame(page, first_row, plan)

    alone = [statistic for statistic, is_beside in compares.items() if not is_beside]
    sizes = ClassSizes(roles.quasi)
    grouped = next((s for s in alone if isinstance(s, GroupedValues) and s.by == roles.quasi), None)
    counted = [s for s in alone if grouped is None or s != sizes]
    states = engine.learn(sources, untouched, counted)
    answers = {s: s.finish(state) for s, state in zip(counted, states, strict=True)}
    if grouped is not None:  # one census serves all
        answers[sizes] = answers[grouped].coded_rows
    if origin is not None:
        answers |= {s: origin.pair.answer(s) for s, is_beside in compares.items() if is_beside}
    return answers


def _columns(sources: Sequence[Source], origin: Origin | None) -> list[str]:
    """The columns of the data, and those that only its original has."""
    names = [name for source in sources[:1] for name in source.schema.names]
    return list(dict.fromkeys([*names, *(origin.pair.original.column_names if origin is not None else ())]))


def _measured(metric: Metric, found: Measurement) -> Measured:
    brief = metric.model_copy(update={"hierarchies": {}}) if hasattr(metric, "hierarchies") else metric
    return Measured(brief.call(), float(found.value), found.detail)


def roles_of(rules: Rules, columns: Sequence[str]) -> Roles:
    """The roles that the rules give to the columns of a file; columns that it lacks do not matter."""
    found = {name: find_rule(rules.file.columns, name) for name in columns}
    roles = {name: rules.file.columns[pattern].role for name, pattern in found.items() if pattern is not None}

    def having(role: Role) -> tuple[str, ...]:
        return tuple(name for name, is_role in roles.items() if is_role is role)

    scanned = tuple(name for name, pattern in found.items() if may_be_scanned(_rule(rules, pattern), rules.file))
    return Roles(having(Role.DIRECT_IDENTIFIER), having(Role.QUASI_IDENTIFIER), having(Role.SENSITIVE), scanned)


def _rule(rules: Rules, pattern: str | None) -> ColumnRule | None:
    return rules.file.columns[pattern] if pattern is not None else None


def parse_check(text: str) -> Check:
    """A check such as `k_anonymity >= 5`. Raises UsageError."""
    try:
        return Check.model_validate(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        hint = (first.get("ctx") or {}).get("hint")
        raise UsageError(f"--check: {first['msg']}", hint=hint) from None


def known_metrics(roles: Roles, given: Mapping[str, Any], origin: Origin | None = None) -> Iterator[Metric]:
    """Every metric, in its variants, that needs no more than what is given and that the roles allow."""
    for name in modules("metric"):
        kind: Any = component("metric", name)
        known = {key: value for key, value in given.items() if key in kind.model_fields}
        if kind.on_request or (kind.beside_original and (origin is None or not origin.allows(kind))):
            continue
        for variant in kind.variants:
            try:
                metric: Metric = kind(use=name, **known, **variant)
                metric.needs(roles)
            except ValueError:
                continue
            yield metric


def _question(check: Check, roles: Roles, columns: Sequence[str], origin: Origin | None) -> Statistic[Any]:
    if check.metric.beside_original:
        _require_original(check, origin)
    try:
        return question(check, roles, columns)
    except ValueError as error:
        raise UsageError(f"{quoted(str(check))} cannot be measured: {error}") from None


def _require_original(check: Check, origin: Origin | None) -> None:
    if origin is None:
        message = f"{quoted(str(check))} compares the release with its original"
        raise UsageError(message, hint="name the original, as --original people.csv")
    if not origin.allows(check.metric):
        before, after = len(origin.pair.original), len(origin.pair.release)
        raise UsageError(
            f"{quoted(str(check))} cannot be measured: the original has {before:,} rows, the release {after:,}, "
            "and no column tells which belong together",
            hint="compare a release that keeps all rows, or keeps a column of different values as it is",
        )


def _result(check: Check, found: Measurement) -> CheckResult:
    return CheckResult(str(check), float(found.value), check.holds(found.value), found.detail)


def bands_of(sizes: pa.Table) -> tuple[Band, ...]:
    """The classes by about how large they are."""
    return tuple(_band(sizes[COUNT], *band) for band in BANDS)


def _band(counts: pa.ChunkedArray, least: int, most: int | None) -> Band:
    inside = pc.greater_equal(counts, least)
    if most is not None:
        inside = pc.and_(inside, pc.less_equal(counts, most))
    chosen = counts.filter(inside)
    return Band(least, most, len(chosen), pc.sum(chosen).as_py() or 0)
