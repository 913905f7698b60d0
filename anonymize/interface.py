"""What `import anonymize` offers: files, and tables in memory."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from anonymize.codecs.streams.files import StdinFile
from anonymize.codecs.tables.memory import PageSource, TableSink
from anonymize.core.catalog import suggestion
from anonymize.core.errors import DataError, UsageError, quoted, sealed
from anonymize.core.format import Source
from anonymize.core.protection import NO_KEYS
from anonymize.core.roles import Roles
from anonymize.datasets import Dataset, Piece, make_format, open_dataset
from anonymize.engines.local import LocalEngine, processors
from anonymize.finding.scanning import Scan, all_detectors, scan
from anonymize.kernels.detection.available import known_entities
from anonymize.keys import Keys
from anonymize.pipeline import Job, fit, make_report, run, write
from anonymize.planning.plan import Plan
from anonymize.planning.planner import make_plan
from anonymize.preview import Preview, preview
from anonymize.releases.assessment import Assessment
from anonymize.releases.assessment import assess as assess_sources
from anonymize.releases.rekeying import Move, rekey
from anonymize.releases.restoring import Proof, Restoration, restore
from anonymize.rulefile.loading import Rules, load_rules
from anonymize.running.applier import Tally
from anonymize.running.gates import measure, require_checks
from anonymize.running.protection import finder
from anonymize.running.report import Report

_JOB = {field.name for field in fields(Job)} - {"rules", "inputs", "output", "options"}
_TEXT = {"delimiter", "quote", "encoding", "header", "skip_rows", "max_cell", "identity"}


@sealed
def run_files(
    path: str | Path | Sequence[str | Path], rules: str | Path | Rules, to: str | Path, options: Mapping[str, Any]
) -> Report:
    """The main job, as the command line does it."""
    return run(_job(path, rules, to, options), _engine(options))


@sealed
def restore_files(
    path: str | Path | Sequence[str | Path],
    rules: str | Path | Rules,
    to: str | Path,
    proof: Proof,
    options: Mapping[str, Any],
) -> Restoration:
    """The way back, as the command line goes it."""
    return restore(_job(path, rules, to, options), _engine(options), proof)


@sealed
def rekey_files(
    path: str | Path | Sequence[str | Path],
    rules: str | Path | Rules,
    to: str | Path,
    move: Move,
    proof: Proof,
    options: Mapping[str, Any],
) -> Restoration:
    """From one key to another, as the command line does it."""
    return rekey(_job(path, rules, to, options), move, _engine(options), proof)


def _job(
    path: str | Path | Sequence[str | Path], rules: str | Path | Rules, to: str | Path, options: Mapping[str, Any]
) -> Job:
    """The job that the arguments of a call describe."""
    _refuse_strangers(options, _JOB | _TEXT | {"threads"})
    inputs = (path,) if isinstance(path, str | Path) else path
    text = {name: value for name, value in options.items() if name in _TEXT}
    given = {name: value for name, value in options.items() if name in _JOB}
    if isinstance(recipients := given.get("seal_to", ()), str):
        given["seal_to"] = (recipients,)
    return Job(_rules(rules), tuple(map(str, inputs)), str(to), options=text, **given)


def _engine(options: Mapping[str, Any]) -> LocalEngine:
    return LocalEngine(options.get("threads") or processors())


@sealed
def transform_frame(frame: Any, rules: str | Path | Rules) -> Any:
    """The table by rule, in its own kind."""
    table, loaded = _table(frame), _rules(rules)
    if loaded.file.output.encrypt is not None:
        hint = "write a file with `anonymize.run`, or take `encrypt:` out of the rules"
        raise UsageError("the rules encrypt the output, which a table in memory cannot be", hint=hint)
    source = PageSource.of(table)
    plan = make_plan(loaded, source.schema, present=source.present)
    engine, sink, tally = LocalEngine(processors()), TableSink(), Tally()
    with Keys.of(plan.rules.file) as keys:
        keys.require(plan.key_names())
        fitted = fit(plan, [source], keys.derive, engine, tally)
        states = write(plan, fitted, [source], [sink], keys.derive, engine, tally)
        checks = measure(plan, states)
        require_checks(checks, make_report(plan, tally, checks, keys, 0))
    return _like(frame, sink.table())


@sealed
def assess_anything(
    data: Any, quasi: Sequence[str], sensitive: Sequence[str], options: Mapping[str, Any]
) -> Assessment:
    """The measurements of files, or of a table in memory."""
    dataset = _dataset(data, None, options)
    names = dataset.schema.names
    for name in (*quasi, *sensitive):
        if name not in names:
            raise UsageError(f"the table has no column {quoted(name)}", hint=suggestion(name, names))
    return assess_sources(
        dataset.sources, Roles(quasi=tuple(quasi), sensitive=tuple(sensitive)), (), LocalEngine(1)
    )


@sealed
def scan_anything(
    data: Any, entities: Sequence[str], locales: Sequence[str], sample: int | None, options: Mapping[str, Any]
) -> Scan:
    """What the columns of files, or of a table in memory, hold."""
    _refuse_strangers(options, _TEXT | {"input_format"})
    if missing := sorted(set(entities) - known_entities()):
        raise UsageError(f"no detector finds {quoted(missing[0])}", hint=suggestion(missing[0], known_entities()))
    if isinstance(data, str | Path) or (isinstance(data, Sequence) and not hasattr(data, "__arrow_c_stream__")):
        names = (data,) if isinstance(data, str | Path) else data
        text = {name: value for name, value in options.items() if name in _TEXT}
        sources: Sequence[Source] = open_dataset(list(map(str, names)), options.get("input_format"), text).sources
    else:
        sources = [PageSource.of(_table(data))]
    return scan(sources, all_detectors(entities), locales, sample)


@sealed
def plan_anything(data: Any, rules: str | Path | Rules, options: Mapping[str, Any]) -> Plan:
    """What will happen to each column."""
    loaded = _rules(rules)
    dataset = _dataset(data, loaded, options)
    return make_plan(loaded, dataset.schema, present=dataset.present, open_schema=dataset.open_schema)


@sealed
def preview_anything(
    data: Any, rules: str | Path | Rules, rows: int, show_values: bool, options: Mapping[str, Any]
) -> Preview:
    """Before and after, for the most telling rows."""
    loaded = _rules(rules)
    return preview(_dataset(data, loaded, options, tolerant=True), loaded, rows, show_values)


def _dataset(data: Any, rules: Rules | None, options: Mapping[str, Any], tolerant: bool = False) -> Dataset:
    """Files, or a table in memory, as what commands work on."""
    _refuse_strangers(options, _TEXT | {"input_format"})
    if names := _names(data):
        text = {name: value for name, value in options.items() if name in _TEXT}
        keys = finder(rules.file) if rules is not None else NO_KEYS.keys
        return open_dataset(names, options.get("input_format"), text, tolerant, keys=keys)
    source = PageSource.of(_table(data))
    return Dataset((Piece(StdinFile(), make_format("a table.arrow", None, {}), source, Path("-")),), source.schema)


def _names(data: Any) -> list[str]:
    """The names of files, if that is what was given."""
    if isinstance(data, str | Path):
        return [str(data)]
    is_list = isinstance(data, Sequence) and not hasattr(data, "__arrow_c_stream__")
    return [str(name) for name in data] if is_list else []


def _refuse_strangers(options: Mapping[str, Any], known: set[str]) -> None:
    for name in options:
        if name not in known:
            raise UsageError(f"there is no option {quoted(name)}", hint=suggestion(name, sorted(known)))


def _rules(rules: str | Path | Rules) -> Rules:
    return rules if isinstance(rules, Rules) else load_rules(rules)


def _kind(frame: Any) -> str:
    """`pandas`, `polars` … by where the class comes from: none of them is imported for it."""
    return type(frame).__module__.partition(".")[0]


def _is_lazy(frame: Any) -> bool:
    """True for a Polars query: it is run, for what it gives must be seen."""
    return _kind(frame) == "polars" and type(frame).__name__ == "LazyFrame"


def _table(frame: Any) -> pa.Table:
    """The table as Arrow. A pandas index is no column."""
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if _is_lazy(frame):
        return _table(frame.collect())
    if _kind(frame) == "polars":
        return frame.to_arrow(compat_level=sys.modules["polars"].CompatLevel.oldest())  # views can do little
    if _kind(frame) == "pandas":
        return _from_pandas(frame)
    if not hasattr(frame, "__arrow_c_stream__"):
        raise UsageError(f"a {type(frame).__name__} is not a table", hint="give a pandas, Polars or Arrow table")
    return pa.table(frame)


def _from_pandas(frame: Any) -> pa.Table:
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except UnicodeEncodeError:  # it holds the value
        hint = "`text.encode(errors='replace').decode()` puts a question mark in its place"
        raise DataError("the table holds text with half a character: a lone surrogate", hint=hint) from None


def _like(frame: Any, table: pa.Table) -> Any:
    """The result in the kind of what was given."""
    if isinstance(frame, pa.RecordBatch):
        return (
            table.combine_chunks().to_batches()[0] if len(table) else pa.RecordBatch.from_pylist([], table.schema)
        )
    if _kind(frame) == "pandas":
        return table.to_pandas()
    if _is_lazy(frame):
        return type(frame.collect_schema().to_frame())(table).lazy()
    if _kind(frame) == "polars":
        return type(frame)(table)
    return table
