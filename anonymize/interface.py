"""What `import anonymize` offers: files, and tables in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from anonymize.applier import Tally
from anonymize.assessment import Assessment
from anonymize.assessment import assess as assess_sources
from anonymize.codecs.tables.memory import PageSource, TableSink
from anonymize.core.catalog import suggestion
from anonymize.core.errors import UsageError, quoted, sealed
from anonymize.core.roles import Roles
from anonymize.engines.local import LocalEngine, processors
from anonymize.keys import Keys
from anonymize.loading import Rules, load_rules
from anonymize.pipeline import Job, fit, make_report, measure, require_checks, run, write
from anonymize.planning import make_plan
from anonymize.rekeying import Move, rekey
from anonymize.report import Report
from anonymize.restoring import Proof, Restoration, restore

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
    for name in options:
        if name not in _JOB | _TEXT | {"threads"}:
            known = sorted(_JOB | _TEXT | {"threads"})
            raise UsageError(f"there is no option {quoted(name)}", hint=suggestion(name, known))
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
def assess_frame(frame: Any, quasi: Sequence[str], sensitive: Sequence[str]) -> Assessment:
    """The measurements of a table in memory."""
    source = PageSource.of(_table(frame))
    for name in (*quasi, *sensitive):
        if name not in source.schema.names:
            hint = suggestion(name, source.schema.names)
            raise UsageError(f"the table has no column {quoted(name)}", hint=hint)
    return assess_sources([source], Roles(quasi=tuple(quasi), sensitive=tuple(sensitive)), (), LocalEngine(1))


def _rules(rules: str | Path | Rules) -> Rules:
    return rules if isinstance(rules, Rules) else load_rules(rules)


def _kind(frame: Any) -> str:
    """`pandas`, `polars` … by where the class comes from: none of them is imported for it."""
    return type(frame).__module__.partition(".")[0]


def _table(frame: Any) -> pa.Table:
    """The table as Arrow. A pandas index is no column."""
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if _kind(frame) == "pandas":
        return pa.Table.from_pandas(frame, preserve_index=False)
    if not hasattr(frame, "__arrow_c_stream__"):
        raise UsageError(f"a {type(frame).__name__} is not a table", hint="give a pandas, Polars or Arrow table")
    return pa.table(frame)


def _like(frame: Any, table: pa.Table) -> Any:
    """The result in the kind of what was given."""
    if isinstance(frame, pa.RecordBatch):
        return (
            table.combine_chunks().to_batches()[0] if len(table) else pa.RecordBatch.from_pylist([], table.schema)
        )
    if _kind(frame) == "pandas":
        return table.to_pandas()
    if _kind(frame) == "polars":
        return type(frame)(table)
    return table
