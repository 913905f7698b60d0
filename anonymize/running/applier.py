"""Takes pages through the steps of a plan."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from anonymize.core.errors import AnonymizeError, DataError, Where, place_of, quoted
from anonymize.core.format import Page
from anonymize.core.profile import OFF, Profile
from anonymize.core.statistic import Statistic
from anonymize.core.transform import ColumnTransform, Context, Rejection, RowTransform
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.planning.plan import ColumnPlan, Plan, Step
from anonymize.running.frame import Frame, blank, mask_of, scatter
from anonymize.running.late import late_columns
from anonymize.running.siblings import siblings

Derive: TypeAlias = Callable[[str, str, str], Sequence[bytes]]
"""(key name, purpose, scope) to 32 secret bytes for each generation of the key, newest first."""
Fitted: TypeAlias = tuple[Mapping[Statistic[Any], Any], ...]
"""For each stage, the answers to its statistics. The same statistic asked later sees other data."""


@dataclass
class Tally:
    """Counts of what happened, added up by all threads."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(column or "", what) to how often: rows_in, rows_out, rejected, failed, …"""
    seen: set[str] = field(default_factory=set)
    """Paths that occurred (open schemas)."""
    plain: set[str] = field(default_factory=set)
    """Those of them that had values."""
    holders: set[str] = field(default_factory=set)
    """Those of them that had objects or lists."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, counts: Mapping[tuple[str, str], int], frame: Frame) -> None:
        with self._lock:
            self.counts.update(counts)
            self.seen |= frame.present
            self.plain.update(frame.page.columns)
            self.holders.update(frame.page.holders)


@dataclass(frozen=True)
class Applier:
    """Takes a page through the stages that have been fitted."""

    plan: Plan
    fitted: Fitted
    derive: Derive
    tally: Tally | None = None
    profile: Profile = OFF

    def __call__(self, page: Page, first_row: int) -> Frame:
        frame = Frame(page, first_row, self.plan, late_columns(self.plan, page), profile=self.profile)
        counts: Counter[tuple[str, str]] = Counter()
        try:
            for step, answers in self._steps(frame.late.values()):
                self._apply(step, frame, answers, counts)
        finally:
            frame.beside.clear()  # what is beside a column holds the frame
        if self.tally is not None:
            counts["", "rows_in"] = page.rows
            counts["", "rows_out"] = frame.row_count
            counts["", "rejected"] = len(page.rejects)
            for name in self._reversible:
                counts.update({(name, spelling): n for spelling, n in page.spellings(name).items()})
            self.tally.add(counts, frame)
        return frame

    def _steps(self, late: Collection[ColumnPlan]) -> Iterator[tuple[Step, Mapping[Statistic[Any], Any]]]:
        """The steps with the answers that they need. Those of columns that turned up late stand where they would
        have stood: before the steps on rows, which look at what columns have become."""
        wanted = self._wanted
        waiting = [step for c in late if not c.dropped for step in c.steps] if wanted is None else []
        for stage, answers in zip(self.plan.stages, self.fitted, strict=False):
            for step in stage.steps:
                if waiting and not isinstance(step.transform, ColumnTransform):
                    yield from ((late_step, {}) for late_step in waiting)
                    waiting = []
                if wanted is None or _matters(step, wanted):
                    yield step, answers
        yield from ((late_step, {}) for late_step in waiting)

    @cached_property
    def _wanted(self) -> frozenset[str] | None:
        """The columns that the next stage's statistics and the row steps before them look at; None when all
        stages are fitted."""
        if len(self.fitted) == len(self.plan.stages):
            return None
        asked = [statistic.columns for statistic in self.plan.stages[len(self.fitted)].statistics]
        steps = [step for stage in self.plan.stages[: len(self.fitted)] for step in stage.steps]
        asked += [step.columns for step in steps if not isinstance(step.transform, ColumnTransform)]
        return frozenset(column for columns in asked for column in columns)

    @cached_property
    def _reversible(self) -> tuple[str, ...]:
        """Columns that can be restored, if it is known how their values were spelled."""
        return tuple(c.name for c in self.plan.columns if any(_is_reversible(step) for step in c.steps))

    def _apply(
        self, step: Step, frame: Frame, answers: Mapping[Any, Any], counts: Counter[tuple[str, str]]
    ) -> None:
        statistic = step.statistic
        fitted = answers[statistic] if statistic is not None else None
        column = step.columns[0] if isinstance(step.transform, ColumnTransform) else ""
        try:
            with self.profile(step.transform.use, column):
                match step.transform:
                    case ColumnTransform() as transform:
                        if column in frame.present:
                            self._column(step, transform, frame, fitted, counts)
                    case RowTransform() as transform:
                        self._rows(step, transform, frame, fitted)
        except (AnonymizeError, MemoryError):
            raise
        except Exception as error:
            raise _failure(step, frame, error) from None

    def _column(
        self, step: Step, transform: ColumnTransform, frame: Frame, fitted: Any, counts: Counter[tuple[str, str]]
    ) -> None:
        (name,) = step.columns
        values, rows = frame.values(name), frame.rows(name)
        chosen = self._chosen(step, frame, rows)
        subset = values if chosen is None else values.filter(from_numpy(chosen))
        context = self._context(step, frame, fitted, rows if chosen is None else rows[chosen], chosen)
        result = transform.apply(subset, context)
        if len(result) != len(subset):
            raise ValueError("a transform returned another number of values")
        for rejection in context.rejections:
            counts[name, "failed"] += rejection.bad.true_count
            result = self._reject(step, frame, rejection, context, result, chosen)
        if isinstance(result, pa.ChunkedArray):
            result = result.combine_chunks()
        frame.columns[name] = result if chosen is None else scatter(result, chosen, values)
        if transform.restores:
            frame.originals[name] = frame.columns[name]

    def _chosen(self, step: Step, frame: Frame, rows: Any) -> Any:
        """Which values `when` picks; None for all. What cannot be decided is picked: that is the safe side."""
        if step.when is None:
            return None
        answer = step.when.evaluate(lambda column: _aligned(frame, column, rows))
        for fault in answer.faults:
            row = frame.first_row + int(rows[to_numpy(fault.bad).argmax()]) + 1
            raise DataError(
                f"the condition {step.when} cannot be decided: {fault.problem}",
                where=Where(column=fault.column, row=row),
            )
        return mask_of(answer.holds, unknown=True)

    def _context(self, step: Step, frame: Frame, fitted: Any, rows: Any, chosen: Any) -> Context[Any]:
        name = step.columns[0] if isinstance(step.transform, ColumnTransform) else ""
        slots = frame.slots(name) if name else np.zeros(len(rows), np.int64)
        return Context(
            fitted=fitted,
            column=name,
            rows=rows + frame.first_row,
            slots=slots if chosen is None else slots[chosen],
            derive=self.derive,
            read=lambda column: _aligned(frame, column, rows),
            locale=self.plan.rules.file.locale,
            siblings=lambda: siblings(frame, self._beside(frame)),
            detectors=self.plan.rules.file.own_detectors(),
        )

    def _beside(self, frame: Frame) -> Callable[[Step, str, Any, Any], Context[None]]:
        """Contexts for values of other columns."""

        def context(step: Step, column: str, rows: Any, slots: Any) -> Context[None]:
            return replace(self._context(step, frame, None, rows, None), column=column, slots=slots)

        return context

    def _reject(
        self, step: Step, frame: Frame, rejection: Rejection, context: Context[Any], result: pa.Array, chosen: Any
    ) -> pa.Array:
        """What `on_error` says about values that the step could not handle."""
        bad = mask_of(rejection.bad, unknown=False)
        if step.on_error == "fail":
            raise _rejected(step, rejection, int(context.rows[bad.argmax()]) + 1)
        name = step.columns[0]
        everywhere = bad
        if chosen is not None:
            everywhere = np.zeros(len(chosen), bool)
            everywhere[np.flatnonzero(chosen)[bad]] = True
        if step.on_error == "drop_row":
            kept = np.ones(frame.page.rows, bool)
            kept[frame.rows(name)[everywhere]] = False
            frame.keep(kept)
        if step.on_error == "redact":
            before = frame.failed.get(name)
            mask = from_numpy(everywhere)
            frame.failed[name] = mask if before is None else from_numpy(everywhere | to_numpy(before))
        return blank(result, from_numpy(bad))

    def _rows(self, step: Step, transform: RowTransform, frame: Frame, fitted: Any) -> None:
        batch = frame.batch(step.columns)
        everything = np.arange(frame.page.rows, dtype=np.int64)
        rows = everything if frame.kept is None else everything[frame.kept]
        context = self._context(step, frame, fitted, rows, None)
        changed, kept = transform.apply(batch, context)
        for rejection in context.rejections:
            bad = mask_of(rejection.bad, unknown=False)
            raise _rejected(step, rejection, int(context.rows[bad.argmax()]) + 1)
        for index, name in enumerate(step.columns if transform.rewrites() else ()):
            frame.put_back(name, changed.column(index))
        if kept is not None:
            everywhere = np.zeros(frame.page.rows, bool)
            everywhere[rows] = mask_of(kept, unknown=False)
            frame.keep(everywhere)


def _is_reversible(step: Step) -> bool:
    return step.transform.properties().reversible


def _matters(step: Step, wanted: frozenset[str]) -> bool:
    """Whether a step can change what statistics of these columns see: their values, or which rows there are."""
    is_seen = not isinstance(step.transform, ColumnTransform) or step.transform.restores
    return is_seen or step.on_error == "drop_row" or step.columns[0] in wanted


def _aligned(frame: Frame, column: str, rows: Any) -> pa.Array:
    """Another column as it was read, one value for each of these rows of the page."""
    values = frame.source(column)
    if column in frame.present and frame.page.parents(column) is not None:
        raise DataError(f"{quoted(column)} has several values per row and cannot be referred to")
    return (
        values
        if len(rows) == len(values) and frame.kept is None and _is_range(rows)
        else values.take(from_numpy(rows))
    )


def _is_range(rows: Any) -> bool:
    return not len(rows) or (int(rows[0]) == 0 and int(rows[-1]) == len(rows) - 1)


def _rejected(step: Step, rejection: Rejection, row: int) -> DataError:
    column = step.columns[0] if isinstance(step.transform, ColumnTransform) else None
    hint = "correct the data, or say `on_error: null`, `redact` or `drop_row` at the column" if column else None
    where = Where(column=column, row=row)
    return DataError(f"{step.transform.use}: {rejection.problem}", hint=hint, where=where)


def _failure(step: Step, frame: Frame, error: Exception) -> DataError:
    """A library's or our own failure inside a step, without its text: that may quote values."""
    column = step.columns[0] if isinstance(step.transform, ColumnTransform) else None
    last = frame.first_row + frame.page.rows
    what = f"{type(error).__name__}{place_of(error)}"
    return DataError(
        f"{step.transform.use} failed on rows {frame.first_row + 1:,} to {last:,} ({what})",
        hint="the values are not shown on purpose; look at these rows, and report this if they are in order",
        where=Where(column=column),
    )
