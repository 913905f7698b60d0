"""Turns rules and a schema into a plan. Pure: it touches no data."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from anonymize.core.catalog import suggestion
from anonymize.core.errors import DataError, Problem, RuleError, Where, discreet, quoted
from anonymize.core.roles import Role, Roles
from anonymize.core.transform import Aggregation, ColumnTransform, RowTransform
from anonymize.kernels.arrays import is_text
from anonymize.kernels.text.yaml_text import scalar
from anonymize.planning.leftovers import may_be_scanned
from anonymize.planning.plan import ColumnPlan, Plan, Stage, Step
from anonymize.planning.questions import question
from anonymize.rulefile.loading import Rules
from anonymize.rulefile.matching import ancestors, find_rule, globs_of, is_glob, looks, matches
from anonymize.rulefile.rules import ColumnRule, RuleFile


@dataclass
class _Planner:
    """Collects columns and problems while a plan is made."""

    rules: Rules
    problems: list[Problem] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)
    """Columns that no rule names."""
    changed: dict[str, str] = field(init=False)
    """The exact names whose rules change something, by what a reader would take for the same name."""

    globs: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.globs = globs_of(self.rules.file.columns)
        exact = {p: rule for p, rule in self.rules.file.columns.items() if not is_glob(p)}
        self.changed = {looks(p): p for p, rule in exact.items() if any(s.use != "keep" for s in rule.steps)}

    def problem(self, message: str, where: Where, hint: str | None = None) -> None:
        self.problems.append(Problem(message, hint, where))

    def columns(self, schema: pa.Schema, present: Mapping[str, pa.DataType]) -> dict[str, ColumnPlan]:
        """The plan of every column that has one."""
        planned: dict[str, ColumnPlan] = {}
        for field_ in schema:
            before = len(self.problems)
            column = self.column(field_.name, field_.type, present)
            if column is not None:
                planned.setdefault(column.name, column)
            elif len(self.problems) == before:
                self.uncovered.append(field_.name)
        return planned

    def column(self, name: str, given: pa.DataType, present: Mapping[str, pa.DataType]) -> ColumnPlan | None:
        """The plan of a column; None if it has an error or no rule."""
        planned = self._matched(name, given, present)
        meant = self.changed.get(looks(name), name)
        passes = planned is not None and not (planned.changed or planned.dropped or planned.rule == name)
        if passes and meant != name:
            message = (
                f"{quoted(name)} would pass as it is, beside a rule for {quoted(meant)}: the names look alike"
            )
            self.problem(message, self.rules.where(meant), f"add a line for {quoted(name)} itself")
            return None
        return planned

    def _matched(self, name: str, given: pa.DataType, present: Mapping[str, pa.DataType]) -> ColumnPlan | None:
        rules = self.rules.file
        try:
            pattern = find_rule(rules.columns, name, self.globs)
        except RuleError as error:
            self.problems += error.problems
            return None
        if pattern is None:
            return self._unlisted(name, given)
        rule = rules.columns[pattern]
        if all(isinstance(s, ColumnTransform) and s.whole for s in rule.steps) and rule.steps[-1].use != "keep":
            name = _whole_name(pattern, name, present)
            given = present.get(name, given)
        return self._listed(name, given, pattern, rule)

    def _unlisted(self, name: str, given: pa.DataType) -> ColumnPlan | None:
        policy = self.rules.file.unlisted
        if policy == "error":
            return None
        if policy == "redact":
            rule = ColumnRule.model_validate("redact")
            return self._listed(name, given, None, rule)
        return ColumnPlan(name, None, Role.OTHER, (), given, given, dropped=policy == "drop")

    def _listed(self, name: str, given: pa.DataType, pattern: str | None, rule: ColumnRule) -> ColumnPlan | None:
        where = self.rules.where(pattern) if pattern else Where(self.rules.name)
        dropped = any(s.use == "drop" for s in rule.steps)
        if dropped and rule.when is not None:
            self.problem("a column is dropped as a whole, not by `when`; use nullify", where)
        type_, number = given, pa.float64()
        steps = []
        for transform in rule.steps:
            if not isinstance(transform, ColumnTransform):
                continue
            try:
                type_ = _conditional(rule, type_, transform.output_type(type_))
            except (TypeError, NotImplementedError) as error:
                self.problem(f"{transform.use} cannot be used on {quoted(name)}: {error}", where)
                return None
            number = _number_after(transform, number)
            steps.append(Step(transform, (name,), rule.when, rule.on_error))
        if rule.on_error == "redact" and not is_text(type_) and not dropped:
            self.problem(
                f"`on_error: redact` needs a text result, {quoted(name)} becomes {type_}; use null", where
            )
        bare = pa.types.is_floating(number) or pa.types.is_integer(number)
        return ColumnPlan(name, pattern, rule.role, tuple(steps), given, type_, bare, dropped)


def _whole_name(pattern: str, name: str, present: Collection[str]) -> str:
    """The widest part of the data that the pattern covers: an object that goes as a whole goes as one."""
    covered = [path for path in (name, *ancestors(name)) if path in present and matches(pattern, path)]
    return covered[-1] if covered else name


def _conditional(rule: ColumnRule, given: pa.DataType, after: pa.DataType) -> pa.DataType:
    if rule.when is None or after == given or is_text(after):
        return after
    raise TypeError(f"under `when` the result ({after}) must be text or of the column's own type ({given})")


def _number_after(transform: ColumnTransform | RowTransform, number: pa.DataType) -> pa.DataType:
    """What the step makes of a number: decides whether JSON numbers stay bare."""
    try:
        return transform.output_type(number)
    except (TypeError, NotImplementedError):
        return pa.string()


def make_plan(
    rules: Rules,
    schema: pa.Schema,
    *,
    present: Mapping[str, pa.DataType] | None = None,
    open_schema: bool = False,
) -> Plan:
    """The plan for data of this schema (leaf paths). Raises RuleError with every problem; DataError if
    nothing is wrong but that the data has columns which no rule covers (and lacks others, not misspelled ones).

    `present` are all paths of the data with their types, objects and lists included. With an open schema, names
    that are not there yet may still come.
    """
    planner = _Planner(rules)
    paths = {**(present or {}), **{field.name: field.type for field in schema}}
    columns = planner.columns(schema, paths)
    missing = _missing(rules, paths)
    drift = [_uncovered(rules, planner.uncovered)] if planner.uncovered else []
    drift += [_absent(rules, pattern, schema) for pattern in missing if not open_schema]
    known = None if open_schema else {*columns, *planner.uncovered}  # an uncovered column is one error, not two
    _check_references(planner, columns, known)
    roles = _roles(columns.values(), rules.file)
    stages, aggregation, released = _stages(planner, columns, roles, known)
    _check_gates(planner, roles, released, tuple(columns))
    late = missing if not open_schema else []  # what may still come is not misspelled
    misspelled = any(suggestion(name, planner.uncovered) for name in late) or not planner.uncovered
    if columns and not open_schema and aggregation is None and all(c.dropped for c in columns.values()):
        planner.problem("every column is dropped, so that nothing would be left", Where(rules.name))
    if planner.problems or (drift and misspelled):
        raise RuleError.of([*planner.problems, *drift])
    if drift:
        raise DataError.of(drift)
    awaited = tuple(missing) if open_schema else ()
    return Plan(
        rules, tuple(columns.values()), stages, roles, aggregation, released, _warnings(rules, paths), awaited
    )


def bind_column(rules: Rules, name: str, present: Collection[str]) -> ColumnPlan:
    """The plan of a column that an open schema brings up late. Raises what `make_plan` would: DataError if no rule
    covers it, else RuleError."""
    planner = _Planner(rules)
    planned = planner.column(name, pa.string(), dict.fromkeys(present, pa.string()))
    if planned is None and not planner.problems:
        raise DataError.of([_uncovered(rules, [name])])
    if planned is not None and any(step.statistic is not None for step in planned.steps):
        planner.problem(
            f"column {quoted(name)} turns up after the statistics were taken",
            rules.where(planned.rule or ""),
            "name it exactly in the rules instead of by a glob",
        )
    if planner.problems or planned is None:
        raise RuleError.of(planner.problems)
    return planned


def _uncovered(rules: Rules, names: Sequence[str]) -> Problem:
    shown = ", ".join(map(quoted, names[:20])) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    is_one = len(names) == 1
    message = f"no rule covers the column{'' if is_one else 's'} {shown}"
    line = f"{scalar(discreet(names[0]))}: redact"
    each = f"the line `{line}`" if is_one else f"a line for each, as `{line}`"
    hint = f"add {each} (`keep` passes a column), or say `unlisted: drop`, `redact` or `keep`"
    if is_one and any(delimiter in names[0] for delimiter in ",;\t|"):
        hint = f"if it is several columns, say which --delimiter stands between them; else {hint}"
    return Problem(message, hint, Where(rules.name))


def _absent(rules: Rules, pattern: str, schema: pa.Schema) -> Problem:
    message = f"the data has no column {quoted(pattern)}"
    return Problem(message, suggestion(pattern, schema.names), rules.where(pattern))


def _missing(rules: Rules, paths: Collection[str]) -> list[str]:
    """Exact names that the data lacks and must have."""
    exact = (p for p, rule in rules.file.columns.items() if not is_glob(p) and _is_expected(rules, p, rule))
    return [p for p in exact if p not in paths and not any(p in ancestors(path) for path in paths)]


def _is_expected(rules: Rules, pattern: str, rule: ColumnRule) -> bool:
    """Whether it should match something; lines of an extended file may go without."""
    return not rule.optional and pattern not in rules.inherited


def _warnings(rules: Rules, paths: Collection[str]) -> tuple[str, ...]:
    """Lines that match nothing, where that may be a mistake."""
    columns = {p: rule for p, rule in rules.file.columns.items() if p not in rules.inherited}
    said = {p: "" for p, rule in columns.items() if is_glob(p) and not rule.optional}
    unnamed = [path for path in paths if path not in columns]
    optional = (p for p, rule in columns.items() if rule.optional and p not in paths)
    said |= {p: f"; {near}" for p in optional if (near := suggestion(p, unnamed))}
    return tuple(
        f"{rules.where(p)}: the {'pattern' if is_glob(p) else 'name'} {quoted(p)} matches no column{end}"
        for p, end in said.items()
        if not any(matches(p, path) for path in paths)
    )


def _roles(columns: Collection[ColumnPlan], rules: RuleFile) -> Roles:
    def having(role: Role) -> tuple[str, ...]:
        return tuple(c.name for c in columns if c.role is role and not c.dropped)

    rule_of = rules.columns
    kept = [column for column in columns if not column.dropped]
    scanned = tuple(c.name for c in kept if may_be_scanned(rule_of[c.rule] if c.rule else None, rules))
    return Roles(having(Role.DIRECT_IDENTIFIER), having(Role.QUASI_IDENTIFIER), having(Role.SENSITIVE), scanned)


def _check_references(planner: _Planner, columns: Mapping[str, ColumnPlan], known: Collection[str] | None) -> None:
    """Columns that conditions and steps read besides their own must exist."""
    for column in columns.values():
        for step in column.steps[:1]:
            read = [*(step.when.columns if step.when else ())]
            read += [name for s in column.steps for name in s.transform.reads()]
            where = planner.rules.where(column.rule or "")
            if _require(planner, read, known, where) and step.when is not None:
                types = {name: c.given for name, c in _known(planner, columns, step.when.columns, known).items()}
                _check_types(planner, step.when.check, types, step.when.columns, where)


def _require(planner: _Planner, names: Sequence[str], known: Collection[str] | None, where: Where) -> bool:
    """The names must be known; None: the schema is open, they may still come."""
    missing = [name for name in names if known is not None and name not in known]
    for name in missing:
        hint = suggestion(name, known)
        planner.problem(f"refers to the column {quoted(name)}, which the data has not", where, hint)
    return not missing


def _known(
    planner: _Planner, columns: Mapping[str, ColumnPlan], names: Collection[str], known: Collection[str] | None
) -> dict[str, ColumnPlan]:
    """The plans of columns; of those that may still come (`known` is None) the ones that they will have then."""
    found = {name: columns[name] for name in names if name in columns}
    for name in names if known is None else ():
        late = None if name in found else _Planner(planner.rules).column(name, pa.string(), {})
        found |= {name: late} if late is not None else {}
    return found


def _check_types(
    planner: _Planner,
    check: Callable[[Mapping[str, pa.DataType]], None],
    types: Mapping[str, pa.DataType],
    names: Collection[str],
    where: Where,
) -> None:
    """A condition must make sense for the types of its columns, if all are known."""
    if set(names) <= set(types):
        try:
            check(types)
        except TypeError as error:
            planner.problem(str(error), where)


def _stages(
    planner: _Planner, columns: dict[str, ColumnPlan], roles: Roles, names: Collection[str] | None
) -> tuple[tuple[Stage, ...], Step | None, pa.Schema | None]:
    """Each step that asks a statistic opens a new stage for its column; row steps follow all columns."""
    stages: defaultdict[int, list[Step]] = defaultdict(list)
    for column in columns.values():
        stage = 0
        for step in () if column.dropped else column.steps:
            stage += step.statistic is not None
            if step.transform.use != "keep":  # its column is never even decoded
                stages[stage].append(step)
    last = max(stages, default=0)
    aggregation, released = None, None
    for index, step in enumerate(_row_steps(planner, columns, roles, names)):
        if aggregation is not None:
            planner.problem(
                f"{step.transform.use} stands after an aggregation, which ends the plan",
                Where(planner.rules.name, path=f"rows.{index}"),
            )
        last += step.statistic is not None
        stages[last].append(step)
        if isinstance(step.transform, Aggregation):
            aggregation, released = step, _released(planner, step, columns)
    return tuple(Stage(tuple(stages[i])) for i in range(last + 1)), aggregation, released


def _row_steps(
    planner: _Planner, columns: dict[str, ColumnPlan], roles: Roles, known: Collection[str] | None
) -> Iterator[Step]:
    for index, transform in enumerate(planner.rules.file.rows):
        where = Where(planner.rules.name, path=f"rows.{index}")
        if not isinstance(transform, RowTransform | Aggregation):
            continue
        try:
            names = transform.columns(roles)
            _one_per_row(names)
        except ValueError as error:
            planner.problem(f"{transform.use}: {error}", where)
            continue
        if not _require(planner, (*names, *transform.reads()), known, where):
            continue
        if isinstance(transform, RowTransform):
            types = {name: column.type for name, column in _known(planner, columns, names, known).items()}
            _check_types(planner, transform.check, types, names, where)
            bound = transform.bound(roles)
            if bound.rewrites():
                _rewrite(planner, columns, bound, names, where)
            yield Step(bound, names)
        else:
            yield Step(transform, names)


def _rewrite(
    planner: _Planner, columns: dict[str, ColumnPlan], step: RowTransform, names: Sequence[str], where: Where
) -> None:
    """The columns as a step on rows leaves them."""
    for name in [name for name in names if name in columns]:
        column = columns[name]
        try:
            after = step.output_type(column.type)
        except TypeError as error:
            planner.problem(f"{step.use} cannot be used on {quoted(name)}: {error}", where)
            continue
        bare = column.bare and not is_text(_number_after(step, pa.float64()))
        columns[name] = replace(column, type=after, bare=bare, rewritten=True)


def _one_per_row(names: Sequence[str]) -> None:
    """Raises ValueError for a column that has several values in a row: rows cannot be compared by it."""
    for name in names:
        if "[*]" in name:
            raise ValueError(f"{quoted(name)} has several values per row")


def _released(planner: _Planner, step: Step, columns: Mapping[str, ColumnPlan]) -> pa.Schema | None:
    aggregation = step.transform
    assert isinstance(aggregation, Aggregation)  # noqa: S101  (narrows the type for mypy)
    given = pa.schema([pa.field(c, columns[c].type if c in columns else pa.string()) for c in step.columns])
    try:
        return aggregation.output_schema(given)
    except TypeError as error:
        planner.problem(f"{aggregation.use}: {error}", Where(planner.rules.name, path="rows"))
        return None


def _check_gates(planner: _Planner, roles: Roles, released: pa.Schema | None, names: Sequence[str]) -> None:
    if released is not None:
        names = tuple(released.names)
        left = (tuple(n for n in role if n in names) for role in (roles.direct, roles.quasi, roles.sensitive))
        roles = Roles(*left, *[tuple(names)])
    for index, check in enumerate(planner.rules.file.checks):
        try:
            if released is not None and check.metric.beside_original:
                raise ValueError("the rules aggregate, and a table about groups has no rows to compare")
            statistic = question(check, roles, names)
            _one_per_row(() if getattr(statistic, "by_column", False) else statistic.columns)
        except ValueError as error:
            planner.problem(
                f"{check}: {error}",
                Where(planner.rules.name, path=f"checks.{index}"),
                None
                if check.metric.of_all_columns
                else "say `role: quasi_identifier` or `role: sensitive` at the columns",
            )
