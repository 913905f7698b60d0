"""Before and after, for a few rows chosen to show what the rules do in every case."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.codecs.tables.memory import PageSource, TableSink
from anonymize.core.errors import SecretError, Where
from anonymize.core.format import Page, Source
from anonymize.core.transform import Context, Rejection
from anonymize.datasets import Dataset
from anonymize.engines.local import LocalEngine, processors
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.crypto.keys import derive
from anonymize.kernels.text.spelling import spell
from anonymize.kernels.text.telling import shape, telling_values
from anonymize.keys import Keys
from anonymize.pipeline import fit, write
from anonymize.planning.plan import ColumnPlan, Plan, Step
from anonymize.planning.planner import make_plan
from anonymize.rulefile.loading import Rules
from anonymize.rulefile.matching import ITEMS
from anonymize.running.applier import Applier, Derive, Fitted, Tally
from anonymize.running.frame import Frame, mask_of

_ROW = "__row"
SAMPLE_ROWS = 10_000
EXAMPLE_KEY = bytes(range(32))
"""Stands in for a key that is not set, so that a preview needs none."""

FAILED, DROPPED, KEPT, CHANGED = "failed", "dropped", "kept", "changed"


@dataclass(frozen=True)
class Cell:
    """A value before and after."""

    column: str
    before: str | None
    after: str | None
    state: str
    """`changed`, `kept` (no step touched this value), `dropped` or `failed`."""


@dataclass(frozen=True)
class Record:
    """A row of the preview."""

    row: int
    reasons: tuple[str, ...]
    """What it shows, as in "email: shortest"."""
    dropped: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Counts:
    """What became of a column's values in the sample."""

    column: str
    steps: tuple[str, ...]
    values: int
    changed: int
    """Values that are not what they were, those that became null among them."""
    nulls: int
    """Values that became null."""
    failed: int
    """Values that a step could not handle."""
    dropped: bool = False


@dataclass(frozen=True)
class Preview:
    """The chosen rows, and what a run would stop at."""

    plan: Plan
    records: tuple[Record, ...]
    sampled: int
    """Rows that were looked at; statistics were taken from them alone."""
    example_key: str | None = None
    """Why no key was at hand; pseudonyms are examples then."""
    stops: tuple[str, ...] = ()
    """What a run would stop at."""
    shown: bool = False
    """True if originals stand there as they are, and not as shapes."""
    released: pa.Table | None = None
    """The first rows of the table about the sample that takes the place of the records."""
    counts: tuple[Counts, ...] = ()


def preview(dataset: Dataset, rules: Rules, rows: int = 5, show_values: bool = False) -> Preview:
    """Take the first rows of a dataset through the rules, and choose the most telling ones. Writes nothing."""
    pages = _sample(dataset)
    sources = [PageSource(s.schema, held, s.open_schema, s.containers) for s, held in pages]
    plan = _tolerant(make_plan(rules, dataset.schema, present=dataset.present, open_schema=dataset.open_schema))
    secret, missing = _secrets(plan)
    fitted = fit(plan, sources, secret, LocalEngine(processors()))
    if plan.aggregation is not None:
        sampled = sum(page.rows for source in sources for page in source.pages)
        return Preview(plan, (), sampled, missing, released=_release(plan, fitted, secret, rows))
    applier = _Lenient(plan, fitted, secret)
    frames, first = [], 0
    for page in (page for source in sources for page in source.pages):
        frames.append(applier(page, first))
        first += page.rows
    views = [_View(frame, applier.failures.get(id(frame), {})) for frame in frames]
    chosen = _choose(views, rows)
    shape_or_value = (lambda text: text) if show_values else shape
    records = tuple(_record(views, row, reasons, shape_or_value) for row, reasons in chosen)
    stops, counts = tuple(_stops(views, applier)), tuple(_counted(views))
    return Preview(plan, records, first, missing, stops, show_values, counts=counts)


def _sample(dataset: Dataset) -> list[tuple[Source, list[Page]]]:
    """The first pages of a dataset, held in memory."""
    found, rows = [], 0
    for source in dataset.sources:
        held: list[Page] = []
        for chunk in source.chunks() if rows < SAMPLE_ROWS else ():
            held.append(chunk())
            rows += held[-1].rows
            if rows >= SAMPLE_ROWS:
                break
        if held:
            found.append((source, held))
    return found


def _release(plan: Plan, fitted: Fitted, secret: Derive, rows: int) -> pa.Table:
    sink = TableSink()
    write(replace(plan, awaited=()), fitted, (), [sink], secret, LocalEngine(1), Tally())
    return sink.table().slice(0, rows)


def _tolerant(plan: Plan) -> Plan:
    """The plan with `on_error: null` where a run would stop, so that the preview can go on."""

    def lenient(step: Step) -> Step:
        return replace(step, on_error="null") if step.on_error == "fail" else step

    stages = tuple(replace(stage, steps=tuple(map(lenient, stage.steps))) for stage in plan.stages)
    return replace(plan, stages=stages)


def _secrets(plan: Plan) -> tuple[Derive, str | None]:
    """The keys of the rules, or the example key and why."""
    keys = Keys.of(plan.rules.file)
    try:
        keys.require(plan.key_names())
    except SecretError as error:
        dataset = plan.rules.file.dataset
        why = error.problems[0].message
        return (lambda _, purpose, scope: [derive(EXAMPLE_KEY, dataset, purpose, scope)]), why
    return keys.derive, None


@dataclass(frozen=True)
class _Lenient(Applier):
    """Remembers which values a step could not handle."""

    failures: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By frame and column: a mask over the column's values."""
    problems: list[tuple[str, int, str]] = field(default_factory=list)
    """(column, first row, step and problem)."""

    def _reject(
        self, step: Step, frame: Frame, rejection: Rejection, context: Context[Any], result: pa.Array, chosen: Any
    ) -> pa.Array:
        name = step.columns[0]
        bad = mask_of(rejection.bad, unknown=False)
        everywhere = bad if chosen is None else np.zeros(len(chosen), bool)
        if chosen is not None:
            everywhere[np.flatnonzero(chosen)[bad]] = True
        failures = self.failures.setdefault(id(frame), {})
        failures[name] = everywhere | failures.get(name, False)
        self.problems.append(
            (name, int(context.rows[bad.argmax()]) + 1, f"{step.transform.use}: {rejection.problem}")
        )
        return super()._reject(step, frame, rejection, context, result, chosen)


@dataclass
class _View:
    """A page before and after."""

    frame: Frame
    failures: Mapping[str, Any]
    after: Mapping[str, pa.Array] = field(init=False)

    def __post_init__(self) -> None:
        self.after = self.frame.edit().columns

    @property
    def columns(self) -> list[ColumnPlan]:
        return [*self.frame.plan.columns, *self.frame.late.values()]

    def is_dropped(self, row: int) -> bool:
        return self.frame.kept is not None and not self.frame.kept[row]

    def cell(self, column: ColumnPlan, row: int, shown: Callable[[str], str]) -> Cell:
        """One value, or the values of one row of a list."""
        name = column.name
        if name not in self.frame.present:
            return Cell(name, None, None, KEPT)
        places = np.flatnonzero(self.frame.rows(name) == row)
        before = _spelled(self._before(name), places)
        if column.dropped:
            return Cell(name, _shown(before, shown), None, DROPPED)
        if name in self.failures and self.failures[name][places].any():
            return Cell(name, _shown(before, shown), None, FAILED)
        after = _spelled(self.after[name], places) if name in self.after else before
        if before == after:
            return Cell(name, _shown(before, shown), _shown(after, shown), KEPT)
        return Cell(name, _shown(before, shown), after, CHANGED)

    def counts(self, column: ColumnPlan) -> tuple[int, int, int, int]:
        """(values, changed, became null, failed) of a column."""
        name = column.name
        if name not in self.frame.present:
            return 0, 0, 0, 0
        before = self._before(name)
        failed = int(np.count_nonzero(self.failures.get(name, ())))
        if column.dropped or name not in self.after:
            return len(before), 0, 0, failed
        after = self.after[name]
        gone = pc.and_(before.is_valid(), after.is_null())
        differs = pc.fill_null(pc.not_equal(spell(before), spell(after)), False)
        new = pc.and_(before.is_null(), after.is_valid())
        changed = pc.or_(pc.or_(gone, new), differs)
        return len(before), changed.true_count, gone.true_count, failed

    def _before(self, name: str) -> pa.Array:
        return self.frame.page.values(name)

    def reasons(self) -> Iterator[tuple[int, str]]:
        """(row, what it shows) for each case of each column that a rule changes."""
        for column in self.columns:
            if column.changed and column.name in self.frame.present:
                rows = self.frame.rows(column.name)
                cases = [*self._cases(column.name), *self._branches(column, rows)]
                yield from ((int(rows[place]), f"{column.name}: {said}") for place, said in cases)
        if self.frame.kept is not None:
            yield from ((int(rows[0]), said) for said, rows in self._kept().items() if len(rows))

    def _kept(self) -> dict[str, Any]:
        kept = self.frame.kept
        return {"row dropped": np.flatnonzero(~kept), "row kept": np.flatnonzero(kept)} if kept is not None else {}

    def _cases(self, name: str) -> Iterator[tuple[int, str]]:
        if name in self.failures and self.failures[name].any():
            yield int(self.failures[name].argmax()), "fails"
        yield from telling_values(self._before(name))

    def _branches(self, column: ColumnPlan, rows: Any) -> Iterator[tuple[int, str]]:
        """A value that `when` picks, and one that it does not."""
        condition = column.steps[0].when if column.steps else None
        if condition is None:
            return
        answer = condition.evaluate(lambda name: self.frame.source(name).take(from_numpy(rows)))
        holds = mask_of(answer.holds, unknown=True)
        for said, mask in (("`when` holds", holds), ("`when` does not hold", ~holds)):
            if mask.any():
                yield int(mask.argmax()), said


def _counted(views: Sequence[_View]) -> Iterator[Counts]:
    """The counts of every column, those that turned up late too."""
    columns = {column.name: column for view in views for column in view.columns}
    for name, column in columns.items():
        found = [view.counts(column) for view in views]
        values, changed, nulls, failed = (sum(part) for part in zip(*found, strict=True))
        steps = tuple(step.transform.call() for step in column.steps)
        yield Counts(name, steps, values, changed, nulls, failed, column.dropped)


def _rarest(views: Sequence[_View]) -> Iterator[tuple[int, str]]:
    """A row of the smallest class by the quasi-identifiers of the result, and one of the largest."""
    quasi = tuple(name for name in views[0].frame.plan.roles.quasi if ITEMS not in name) if views else ()
    if not quasi:
        return
    tables = [_classes(view.frame, quasi) for view in views]
    grouped = pa.concat_tables(tables).group_by(list(quasi), use_threads=False)
    counted = grouped.aggregate([(_ROW, "min"), (_ROW, "count")])
    if not counted.num_rows:
        return
    ordered = counted.sort_by([(f"{_ROW}_count", "ascending"), (f"{_ROW}_min", "ascending")])
    rows, sizes = (to_numpy(ordered[f"{_ROW}_{name}"].combine_chunks()) for name in ("min", "count"))
    for place, which in ((0, "smallest"), (-1, "largest")):
        if sizes[0] < sizes[-1]:
            yield int(rows[place]), f"class: {which} ({sizes[place]:,} of the sample)"


def _classes(frame: Frame, quasi: tuple[str, ...]) -> pa.Table:
    places = np.arange(frame.page.rows, dtype=np.int64) + frame.first_row
    kept = places if frame.kept is None else places[frame.kept]
    batch = frame.batch(quasi)
    return pa.table([*map(spell, batch.columns), from_numpy(kept)], names=[*quasi, _ROW])


def _choose(views: Sequence[_View], count: int) -> list[tuple[int, tuple[str, ...]]]:
    """The rows that show the most cases that no other chosen row shows; then the first ones."""
    cases: dict[int, set[str]] = {}
    for view in views:
        for row, said in view.reasons():
            cases.setdefault(view.frame.first_row + row, set()).add(said)
    for row, said in _rarest(views):
        cases.setdefault(row, set()).add(said)
    chosen: dict[int, tuple[str, ...]] = {}
    seen: set[str] = set()
    while cases and len(chosen) < count:
        row = max(sorted(cases), key=lambda r: sum(map(_weight, cases[r] - seen)))
        if not cases[row] - seen:
            break
        chosen[row] = tuple(sorted(cases.pop(row) - seen, key=_rank))
        seen.update(chosen[row])
    total = sum(view.frame.page.rows for view in views)
    for row in range(total):
        if len(chosen) >= min(count, total):
            break
        chosen.setdefault(row, ())
    return sorted(chosen.items())


def _weight(case: str) -> int:
    """What fails is shown before all else."""
    return 10 if case.endswith(": fails") else 1


def _rank(case: str) -> tuple[int, str]:
    """Ordinary cases come last."""
    return (case.endswith(("shortest", "longest")), case)


def _record(views: Sequence[_View], row: int, reasons: tuple[str, ...], shown: Callable[[str], str]) -> Record:
    view = next(v for v in views if row < v.frame.first_row + v.frame.page.rows)
    place = row - view.frame.first_row
    cells = tuple(view.cell(column, place, shown) for column in view.columns)
    return Record(row + 1, reasons, view.is_dropped(place), cells)


def _spelled(values: pa.Array, places: Any) -> str | None:
    """A value as text; the values of a list with commas between them. None for null."""
    found = spell(values.take(from_numpy(places.astype(np.int64)))).to_pylist()
    if len(found) == 1:
        return found[0] if found[0] is None else str(found[0])
    return ", ".join("null" if item is None else str(item) for item in found) if found else None


def _shown(text: str | None, shown: Callable[[str], str]) -> str | None:
    return None if text is None else shown(text)


def _stops(views: Sequence[_View], applier: _Lenient) -> Iterator[str]:
    """What a run would stop at: rows that cannot be read, values that a step refuses under `on_error: fail`."""
    rejects = [reject for view in views for reject in view.frame.page.rejects]
    if rejects:
        said = f"line {rejects[0].line:,}: {rejects[0].problem}"
        more = f" (and {len(rejects) - 1:,} more lines)" if len(rejects) > 1 else ""
        yield f"{said}{more}; --rejects FILE sets such rows aside"
    policies = {column.name: column.steps[0].on_error for view in views for column in view.columns if column.steps}
    told = set()
    for column, row, problem in applier.problems:
        if policies.get(column) == "fail" and column not in told:
            told.add(column)
            yield f"{Where(column=column, row=row)}: {problem}"
