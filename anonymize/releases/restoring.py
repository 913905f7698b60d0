"""Restores what a key holder can restore, through the same flow as a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from anonymize.codecs.tables.partitions import inner_source
from anonymize.core.engine import Engine
from anonymize.core.errors import DataError, SecretError, UsageError, Where, quoted, sealed
from anonymize.datasets import Dataset
from anonymize.keys import Keys
from anonymize.pipeline import Job, run
from anonymize.planning.plan import ColumnPlan, Plan, Stage, Step
from anonymize.planning.undoing import Undo, Undone, undone, unproven
from anonymize.rulefile.matching import find_rule
from anonymize.running.marks import Mark, read_marks
from anonymize.running.report import Report


@dataclass(frozen=True)
class Proof:
    """What shows that a key is the right one where a step cannot tell by itself."""

    ids: Mapping[str, str] = field(default_factory=dict)
    """The id of each key, by name, as the run's report has them."""
    unverified: bool = False
    """The user is certain."""
    spelled: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """How many values of each column were text and how many bare, as the run's report has them."""

    def generations(self, keys: Keys) -> dict[str, int]:
        """Which generation of each key was used. Raises SecretError if the key has no such generation."""
        names = [name for name in keys.references if name in self.ids]
        return {name: generation_of(keys, name, self.ids[name]) for name in names}


@dataclass(frozen=True)
class Restoration:
    """The account of a restored dataset."""

    report: Report
    restored: tuple[str, ...]
    """The columns that have their originals again."""
    stuck: Mapping[str, str]
    """The columns that stay as they are, and why."""


@dataclass
class Adjuster:
    """Fits a plan of undone steps to the files: types, and which generation of a key made them."""

    keys: Keys
    proof: Proof
    undone: Undone
    restored: tuple[str, ...] = ()
    stuck: dict[str, str] = field(default_factory=dict)

    def __call__(self, plan: Plan, dataset: Dataset) -> Plan:
        marks = marks_of(dataset)
        reasons = self.undone.stuck
        self.stuck = {c.name: reasons[c.rule] for c in plan.columns if c.rule is not None and c.rule in reasons}
        self.restored = tuple(column.name for column in plan.columns if is_undone(column))
        if not self.restored and not (dataset.open_schema and self.undone.restores):
            raise nothing_to_restore(self.stuck)
        columns = [self._column(c, marks.get(c.name)) if is_undone(c) else c for c in plan.columns]
        self._require_proof(columns)
        warnings = _spelling_warnings(columns, dataset, self.proof.spelled)
        return in_order(replace(with_columns(plan, tuple(columns)), warnings=(*plan.warnings, *warnings)))

    def _column(self, column: ColumnPlan, mark: Mark | None) -> ColumnPlan:
        """The column with the types and generations that are known of it."""
        original = mark.type if mark is not None and mark.type is not None else column.given
        undos = [step for step in column.steps if isinstance(step.transform, Undo)]
        becomes, now = [], original
        for step in reversed(undos):
            becomes.append(now)
            now = _type_after(step, now, column.name)
        told = [self._told(step, mark) for step in undos]
        steps = [
            replace(step, transform=told_step.model_copy(update={"becomes": type_}))
            for step, told_step, type_ in zip(undos, told, reversed(becomes), strict=True)
        ]
        others, now = column.steps[len(undos) :], original
        for step in others:
            now = _type_after(step, now, column.name)
        unquoted = not others and was_bare(self.proof.spelled.get(column.name, {}))
        return replace(column, steps=(*steps, *others), given=original, type=now, unquoted=unquoted)

    def _told(self, step: Step, mark: Mark | None) -> Undo:
        """The step with the generation that made the column, as the file says or the user vouches for."""
        undo = step.transform
        assert isinstance(undo, Undo)  # noqa: S101  (narrows the type for mypy)
        for name in undo.key_names() if mark is not None else ():
            if mark is not None and name in mark.keys:
                chosen = generation_of(self.keys, name, mark.keys[name])
                return undo if is_authenticated(undo) else undo.model_copy(update={"generation": chosen})
        if undo.generation is None and self.proof.unverified and not is_authenticated(undo):
            return undo.model_copy(update={"generation": 0})
        return undo

    def _require_proof(self, columns: list[ColumnPlan]) -> None:
        unknown = {
            (column.name, key): None
            for column in columns
            for step in column.steps
            if isinstance(step.transform, Undo)
            and step.transform.generation is None
            and not is_authenticated(step.transform)
            for key in step.transform.key_names()
        }
        if unknown:
            names, keys = (list(dict.fromkeys(part)) for part in zip(*unknown, strict=True))
            raise unproven(names, keys)


@sealed
def restore(job: Job, engine: Engine, proof: Proof | None = None) -> Restoration:
    """Undo what can be undone. Raises before anything appears at the output, or returns when all is there."""
    proof = proof or Proof()
    with Keys.of(job.rules.file) as keys:
        found = undone(job.rules, proof.generations(keys))
        adjuster = Adjuster(keys, proof, found)
        report = run(replace(job, rules=found.rules), engine, keys, adjuster)
    return Restoration(report, adjuster.restored, adjuster.stuck)


def is_undone(column: ColumnPlan) -> bool:
    """Whether its originals are restored."""
    return any(isinstance(step.transform, Undo) for step in column.steps)


def is_authenticated(undo: Undo) -> bool:
    """Whether a wrong key would be noticed; a step without a key cannot have a wrong one."""
    return bool(undo.step.properties().authenticated) or not undo.key_names()


def generation_of(keys: Keys, name: str, wanted: str) -> int:
    """The place of the generation with this id. Raises SecretError if there is none."""
    ids = [generation.id for generation in keys.generations(name)]
    if wanted not in ids:
        raise SecretError(
            f"this was made with a key of the id {quoted(wanted)}; {quoted(name)} has the id {', '.join(ids)}",
            hint="`keys:` must lead to the key that made it, in one of its generations",
        )
    return ids.index(wanted)


def marks_of(dataset: Dataset) -> dict[str, Mark]:
    """What the files say about their columns. Raises UsageError if they do not say the same."""
    first, *others = (read_marks(inner_source(source)) for source in dataset.sources)
    if any(other != first for other in others):
        hint = "restore the files one by one"
        raise UsageError("the files were made by different keys or from different types", hint=hint)
    return first


def with_columns(plan: Plan, columns: tuple[ColumnPlan, ...]) -> Plan:
    """The plan with other steps at the same places."""
    pairs = zip(plan.columns, columns, strict=True)
    new = {id(a): b for old, now in pairs for a, b in zip(old.steps, now.steps, strict=True)}
    stages = tuple(Stage(tuple(new.get(id(step), step) for step in stage.steps)) for stage in plan.stages)
    return replace(plan, columns=columns, stages=stages)


def in_order(plan: Plan) -> Plan:
    """The plan with each column restored before those that depend on it, and all before other steps."""
    columns = {column.name: column for column in plan.columns}
    places: dict[str, int] = {}

    def visit(name: str) -> None:
        if name not in columns and _is_restored(plan, name):
            raise _too_late(name)
        for other in _waits_for(columns[name]) if name in columns and name not in places else ():
            visit(other)
        places.setdefault(name, len(places))

    for column in plan.columns:
        visit(column.name)

    def rank(step: Step) -> tuple[bool, int]:
        return (False, places[step.columns[0]]) if isinstance(step.transform, Undo) else (True, 0)

    return replace(plan, stages=tuple(Stage(tuple(sorted(stage.steps, key=rank))) for stage in plan.stages))


def _waits_for(column: ColumnPlan) -> list[str]:
    """Columns that must have their originals before this one can be restored."""
    undos = [step for step in column.steps if isinstance(step.transform, Undo)]
    read = [name for step in undos for name in step.transform.reads()]
    return [*(name for step in undos if step.when is not None for name in step.when.columns), *read]


def _is_restored(plan: Plan, name: str) -> bool:
    """Whether the rules restore a column that has not been seen yet."""
    pattern = find_rule(plan.rules.file.columns, name)
    return pattern is not None and any(isinstance(s, Undo) for s in plan.rules.file.columns[pattern].steps)


def _too_late(name: str) -> UsageError:
    return UsageError(
        f"other columns depend on {quoted(name)}, which is not in the first rows",
        hint="put a row that has it first",
    )


def was_bare(spelled: Mapping[str, int]) -> bool:
    """Whether all values of a column were JSON numbers and truth values."""
    return bool(spelled.get("bare")) and not spelled.get("text")


def _spelling_warnings(
    columns: Sequence[ColumnPlan], dataset: Dataset, spelled: Mapping[str, Mapping[str, int]]
) -> list[str]:
    """What cannot come back as it was spelled."""
    if not dataset.open_schema:
        return []
    restored = [c.name for c in columns if c.steps and isinstance(c.steps[-1].transform, Undo)]
    mixed = [name for name in restored if spelled.get(name, {}).get("bare") and spelled[name].get("text")]
    found = [f"{name} held numbers and text: all of it comes back as text" for name in mixed]
    if unknown := [name for name in restored if name not in spelled]:
        found.append(f"{', '.join(unknown)}: numbers come back as text; --run-report FILE tells where they were")
    return found


def nothing_to_restore(stuck: Mapping[str, str]) -> UsageError:
    """The refusal of rules that hold nothing reversible."""
    said = "; ".join(f"{name}: {why}" for name, why in list(stuck.items())[:5])
    return UsageError("these rules hold nothing that can be restored", hint=said or None)


def _type_after(step: Step, given: pa.DataType, name: str) -> pa.DataType:
    """What a step, or the one that it undoes, makes of a type."""
    transform: Any = step.transform.step if isinstance(step.transform, Undo) else step.transform
    try:
        after: pa.DataType = transform.output_type(given)
    except (TypeError, NotImplementedError) as error:
        raise DataError(f"{transform.use} never made this column: {error}", where=Where(column=name)) from None
    return after
