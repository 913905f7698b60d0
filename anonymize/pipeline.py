"""read -> plan -> fit -> apply -> write."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
import pyarrow as pa

from anonymize.codecs.streams.sealing import sealed_output
from anonymize.codecs.streams.writing import compressed_output
from anonymize.codecs.tables.memory import PageSource
from anonymize.codecs.tables.page import TablePage
from anonymize.codecs.tables.partitions import FolderSink, PartitionedSource, inner_source, split
from anonymize.core.engine import Engine, PageFunction
from anonymize.core.errors import DataError, UsageError, Where, quoted, sealed
from anonymize.core.format import Edit, Format, Layout, OutputColumn, Sink, Source
from anonymize.core.profile import Profile
from anonymize.core.statistic import State, Statistic
from anonymize.core.transform import Aggregation, Context
from anonymize.core.version import __version__
from anonymize.datasets import Dataset, Target, check_apart, make_targets, open_dataset
from anonymize.keys import Keys
from anonymize.planning.plan import Plan
from anonymize.planning.planner import make_plan
from anonymize.rulefile.loading import Rules
from anonymize.running.applier import Applier, Derive, Fitted, Tally
from anonymize.running.gates import check_statistics, measure, require_checks
from anonymize.running.marks import common_marks, marks_after, write_marks
from anonymize.running.notary import NoReceipt
from anonymize.running.onlooker import Onlooker
from anonymize.running.output import check_needed, check_target, created_folders, writing
from anonymize.running.protection import Protection, finder
from anonymize.running.report import CheckResult, Report, column_reports, outcomes
from anonymize.running.shapes import require_one_shape
from anonymize.running.uploading import check_place, output_at


@dataclass(frozen=True)
class Job:
    """What the user asks for."""

    rules: Rules
    inputs: tuple[str, ...]
    output: str | None
    """A file, a folder, `-` for standard output, or None for a dry run: everything but the write."""
    input_format: str | None = None
    output_format: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """What describes text input: delimiter, quote, encoding, header, skip_rows, max_cell; and the identity, a file
    with the private key that opens sealed input."""
    overwrite: bool = False
    rejects: Path | None = None
    seal_to: tuple[str, ...] = ()
    """Public keys of age, or files that list some: the output opens for those who have a private key to one."""
    receipt: NoReceipt = field(default_factory=NoReceipt)


Adjust: TypeAlias = Callable[[Plan, Dataset], Plan]


@sealed
def run(
    job: Job,
    engine: Engine,
    keys: Keys | None = None,
    adjust: Adjust | None = None,
    onlooker: Onlooker | None = None,
) -> Report:
    """Anonymize a dataset. Raises before anything appears at the output, or returns when all of it is there. An
    onlooker is shown the last pass."""
    with keys or Keys.of(job.rules.file) as held:
        return _run(job, engine, held, adjust, onlooker)


def _run(job: Job, engine: Engine, keys: Keys, adjust: Adjust | None, onlooker: Onlooker | None) -> Report:
    started = time.monotonic()
    dataset = _open(job, keys, engine)
    targets = _targets(job, dataset)
    _check_targets(dataset, targets, job)
    dataset = settled(dataset, targets, job.rules)
    plan = plan_dataset(job.rules, dataset)
    plan = adjust(plan, dataset) if adjust is not None else plan
    keys.require(plan.key_names())
    protection = Protection.of(job.rules.file, keys, job.seal_to)
    _check_folders(plan, targets)
    for target in targets:
        protection.require(target, _origin(plan, target, dataset.format), _plain_layout(plan))
    tally, receipt = Tally(), job.receipt
    engine = receipt.watching(engine)
    outputs = [*(output_at(t.path, job.overwrite) for t in targets), *receipt.outputs]
    with (
        created_folders([t.path for t in targets if t.in_folder and isinstance(t.path, Path)]),
        writing(outputs) as opened,
    ):
        files = receipt.watch(opened)
        fitted = fit(plan, dataset.sources, keys.derive, engine, tally)
        if plan.checks and any(target.path is None for target in targets):
            _rehearse(job, plan, fitted, dataset, keys, engine)
        with _sinks(plan, dataset, keys, targets, files, protection, engine.profile) as sinks:
            states = write(plan, fitted, dataset.sources, sinks, keys.derive, engine, tally, onlooker)
        checks = measure(plan, states)
        if onlooker is not None:
            onlooker.identify(plan, dataset.paths, [target.path for target in targets], keys.derive)
        report = make_report(plan, tally, checks, keys, time.monotonic() - started, dataset, job.output, fitted)
        _require_unchanged(dataset)
        require_checks(checks, report)
        receipt.write(plan, dataset, targets, report)
    return report


def _open(job: Job, keys: Keys, engine: Engine) -> Dataset:
    is_tolerant = job.rejects is not None
    found = finder(job.rules.file, keys)
    return open_dataset(job.inputs, job.input_format, job.options, is_tolerant, engine.profile, found)


def _targets(job: Job, dataset: Dataset) -> list[Target]:
    if job.output is None:
        return []
    return make_targets(dataset, job.output, job.output_format, is_sealed=bool(job.seal_to))


def _rehearse(job: Job, plan: Plan, fitted: Fitted, dataset: Dataset, keys: Keys, engine: Engine) -> None:
    """Answer the checks before standard output gets its first byte, which cannot be taken back."""
    if dataset.is_pipe:
        raise UsageError(
            "checks cannot hold back what has gone down a pipe, and this input can be read only once",
            hint="save the input to a file, or write to a file",
        )
    tally = Tally()
    checks = measure(plan, write(plan, fitted, dataset.sources, (), keys.derive, engine, tally))
    require_checks(checks, make_report(plan, tally, checks, keys, 0, dataset, job.output))


def plan_dataset(rules: Rules, dataset: Dataset) -> Plan:
    """The plan for a dataset. Raises RuleError, and UsageError for a pipe that would be read twice."""
    plan = make_plan(rules, dataset.schema, present=dataset.present, open_schema=dataset.open_schema)
    if plan.passes > 1 and dataset.is_pipe:
        asking = [s.transform.use for stage in plan.stages for s in stage.steps if s.statistic is not None]
        raise UsageError(
            f"these rules read the data {plan.passes} times, because of {', '.join(dict.fromkeys(asking))}, which "
            "must see all of it first; a pipe can be read once",
            hint="save the input to a file and name the file",
        )
    return plan


def fit(
    plan: Plan, sources: Sequence[Source], derive: Derive, engine: Engine, tally: Tally | None = None
) -> Fitted:
    """Answer every statistic of the plan: one pass for each stage that asks any."""
    fitted: Fitted = ()
    for index, stage in enumerate(plan.stages):
        asked = stage.statistics
        is_last = plan.aggregation is not None and index == len(plan.stages) - 1
        applier = Applier(plan, fitted, derive, tally if is_last else None, engine.profile)
        states = engine.learn(sources, applier, asked) if asked else []
        fitted = (*fitted, {s: s.finish(state) for s, state in zip(asked, states, strict=True)})
    return fitted


@contextlib.contextmanager
def _sinks(
    plan: Plan,
    dataset: Dataset,
    keys: Keys,
    targets: Sequence[Target],
    files: Sequence[IO[bytes]],
    protection: Protection,
    profile: Profile,
) -> Iterator[list[Sink]]:
    """A sink for each output file."""
    with contextlib.ExitStack() as stack:
        sinks = []
        for target, file in zip(targets, files, strict=True):
            sealed_file = stack.enter_context(sealed_output(file, protection.recipients))
            stream = stack.enter_context(compressed_output(sealed_file, target.compression, profile))
            start = partial(protection.sink, target.format, stream)
            sinks.append(_sink(start, target, _origin(plan, target, dataset.format), _layout(plan, target, keys)))
        yield sinks


def _layout(plan: Plan, target: Target, keys: Keys) -> Layout:
    """The columns of an output file, and what a typed one notes about them."""
    if plan.released is not None:
        return _plain_layout(plan)
    before = common_marks([inner_source(source) for source in target.sources])
    marks = marks_after(plan, keys.fingerprints(), before)
    return replace(plan.layout, mark=write_marks(marks))


def _sink(start: Callable[[Layout, Source], Sink], target: Target, source: Source, layout: Layout) -> Sink:
    if not (target.in_folder and isinstance(source, PartitionedSource)):
        return start(layout, source)
    own, added = split(layout, source.values)
    return FolderSink(start(own, source.inner), [column.name for column in added])


def write(
    plan: Plan,
    fitted: Fitted,
    sources: Sequence[Source],
    sinks: Sequence[Sink],
    derive: Derive,
    engine: Engine,
    tally: Tally,
    onlooker: Onlooker | None = None,
) -> list[State]:
    """Apply the plan to every page and write it; the states of the checks' statistics on what was written."""
    asked = check_statistics(plan)
    if plan.aggregation is not None:
        states = _write_released(plan, fitted, sinks, derive, asked, tally)
    else:
        applier = Applier(plan, fitted, derive, tally, engine.profile)
        states = _write_pages(plan, sources, applier, sinks, engine, onlooker)
    for sink in sinks:
        sink.close()
    _require_awaited(plan, tally)
    require_one_shape(plan, tally)
    return states


def _write_pages(
    plan: Plan,
    sources: Sequence[Source],
    change: PageFunction,
    sinks: Sequence[Sink],
    engine: Engine,
    onlooker: Onlooker | None,
) -> list[State]:
    asked = check_statistics(plan)
    if onlooker is None:
        return engine.write(sources, change, sinks, asked)
    questions = onlooker.questions(plan)
    every = tuple(dict.fromkeys((*asked, *questions)))
    answers = dict(zip(every, engine.write(sources, change, sinks, every), strict=True))
    onlooker.hear(questions, [question.finish(answers[question]) for question in questions])
    return [answers[statistic] for statistic in asked]


def _origin(plan: Plan, target: Target, given: Format) -> Source:
    """What the sink takes its style from. A released table has none of the data's columns, so only the dialect
    of the same text format carries over."""
    is_same_text = target.format.is_text and target.format.name() == given.name()
    if plan.released is None:
        return target.sources[0]
    if is_same_text:
        return inner_source(target.sources[0])
    return PageSource.of(plan.released.empty_table())


def _write_released(
    plan: Plan,
    fitted: Fitted,
    sinks: Sequence[Sink],
    derive: Derive,
    asked: Sequence[Statistic[Any]],
    tally: Tally,
) -> list[State]:
    """The aggregated table takes the place of the records."""
    step = plan.aggregation
    if step is None or not isinstance(step.transform, Aggregation):
        raise TypeError("the plan has no aggregation")
    none = np.zeros(0, np.int64)
    answer = fitted[-1][step.transform.needs(step.columns)]
    table = step.transform.release(Context(answer, "", none, none, derive, lambda _: pa.nulls(0)))
    batch = table.combine_chunks().to_batches()[0] if len(table) else pa.RecordBatch.from_pylist([], table.schema)
    page = TablePage.of(batch)
    tally.counts["", "rows_out"] = len(batch)
    for sink in sinks:
        sink.write(sink.encode(page, Edit(), _plain_layout(plan)))
    return [statistic.fit(batch.select(list(statistic.columns))) for statistic in asked]


def _plain_layout(plan: Plan) -> Layout:
    """The columns of an output file, without notes."""
    if plan.released is None:
        return plan.layout
    return Layout(tuple(OutputColumn(f.name, f.type, changed=False) for f in plan.schema))


def _check_targets(dataset: Dataset, targets: Sequence[Target], job: Job) -> None:
    paths = [target.path for target in targets if target.path is not None]
    if len(set(paths)) < len(paths):
        raise UsageError("several inputs would be written to one file", hint="name one output file for all")
    in_folders = {target.path for target in targets if target.in_folder}
    for path in paths:
        if path.parent.exists() or path not in in_folders:
            check_place(path, dataset.paths, job.overwrite)
    if job.rejects is not None:
        if job.seal_to:
            hint = "leave --rejects out, or --seal-to"
            raise UsageError("rejected rows would stand unsealed beside the output", hint=hint)
        if job.rejects.resolve() in [path.resolve() for path in paths]:
            where = Where(str(job.rejects))
            raise UsageError(
                "the rejects would replace the output", hint="write them to another file", where=where
            )
        check_target(job.rejects, dataset.paths, job.overwrite)
    for written in (*paths, *([job.rejects] if job.rejects is not None else [])):
        check_apart(job.inputs, written)
        if isinstance(written, Path):
            check_needed(written, job.rules.needed())


def _check_folders(plan: Plan, targets: Sequence[Target]) -> None:
    """Output folders are called as the input's are, so what stands in their names must be allowed to stay."""
    hint = "name one output file instead of a folder"
    if plan.aggregation is not None and len(targets) > 1:
        raise UsageError("an aggregation gives one table", hint=hint)
    changed = {c.name for c in plan.columns if c.dropped or c.changed}
    for target in targets if plan.aggregation is None else ():
        source = target.sources[0]
        named = (
            changed & set(source.values) if target.in_folder and isinstance(source, PartitionedSource) else set()
        )
        if named:
            raise UsageError(f"the folders' names hold {quoted(min(named))}, which the rules change", hint=hint)


def settled(dataset: Dataset, targets: Sequence[Target], rules: Rules) -> Dataset:
    """Output in another format, statistics and checks need all columns of an open schema before its first row."""
    others = [target.format for target in targets if target.format.name() != dataset.format.name()]
    if not dataset.open_schema or not (others or _looks_at_all(rules)):
        return dataset
    if dataset.is_pipe and others:
        raise UsageError(
            f"{others[0].name()} output needs all columns first, and a pipe can be read once",
            hint="save the input to a file, or write the same format",
        )
    for source in () if dataset.is_pipe else dataset.sources:
        source.settle(typed=not all(format_.is_text for format_ in others))
    return dataset.described()


def _looks_at_all(rules: Rules) -> bool:
    """Whether a step or a check asks about all rows, and so about columns that may turn up late."""
    steps = [*rules.file.rows, *(step for rule in rules.file.columns.values() for step in rule.steps)]
    return bool(rules.file.checks) or any(isinstance(s, Aggregation) or s.needs(("",)) is not None for s in steps)


def _require_awaited(plan: Plan, tally: Tally) -> None:
    missing = [name for name in plan.awaited if name not in tally.seen]
    if missing:
        raise DataError(
            f"the data has no column {', '.join(map(quoted, missing))}",
            hint="correct the name in the rules, or write it as a glob if it may be absent",
            where=plan.rules.where(missing[0]),
        )


def _require_unchanged(dataset: Dataset) -> None:
    for name in dataset.changed():
        raise DataError(
            "the input changed while it was read", hint="run again when it is at rest", where=Where(name)
        )


def make_report(
    plan: Plan,
    tally: Tally,
    checks: tuple[CheckResult, ...],
    keys: Keys,
    seconds: float,
    dataset: Dataset | None = None,
    output: str | None = None,
    fitted: Fitted = (),
) -> Report:
    """The account of a run; without a dataset, of one in memory."""
    return Report(
        rules=plan.rules.name,
        rules_digest=plan.rules.digest,
        inputs=tuple(piece.file.name for piece in dataset.pieces) if dataset is not None else (),
        output=output,
        rows_in=tally.counts["", "rows_in"],
        rows_out=tally.counts["", "rows_out"],
        rows_rejected=tally.counts["", "rejected"],
        passes=plan.passes,
        seconds=round(seconds, 3),
        columns=column_reports(plan, tally.counts),
        checks=checks,
        keys=keys.fingerprints(),
        generations=keys.numbers(),
        outcomes=outcomes(plan, fitted) if fitted else (),
        warnings=plan.warnings,
        version=__version__,
    )
