"""`anonymize restore`: the way back for those who hold the key."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.progress import progress
from anonymize.cli.reports import write_report
from anonymize.cli.run import (
    DryRun,
    Output,
    ReportFile,
    refuse,
    refuse_report,
    refuse_terminal,
    speed,
)
from anonymize.cli.terminal import painted, safe_name
from anonymize.core.errors import UsageError, Where

if TYPE_CHECKING:
    from anonymize.pipeline import Job
    from anonymize.releases.restoring import Proof, Restoration

EPILOG = options.examples(
    "restore safe.csv -r rules.yaml -o originals.csv",
    "restore safe.jsonl -r rules.yaml -o originals.jsonl --run-report report.json",
    "restore safe.parquet -r rules.yaml --dry-run",
)

DONE = {"restore": "restored", "rekey": "rekeyed"}

RunReport: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--run-report", metavar="FILE", help="The JSON report of the run: it tells which keys were used."
    ),
]
Unverified: TypeAlias = Annotated[
    bool, typer.Option("--unverified", help="Trust the key where nothing can show that it is the right one.")
]


def command(
    inputs: options.Inputs,
    rules: options.Rules,
    output: Output = None,
    run_report: RunReport = None,
    unverified: Unverified = False,
    report: ReportFile = None,
    dry_run: DryRun = False,
    seal_to: options.SealTo = None,
    overwrite: options.Overwrite = False,
    override: options.Set = None,
    threads: options.Threads = None,
    input_format: options.InputFormat = None,
    output_format: options.OutputFormat = None,
    text: options.Text = options.NOTHING_SAID,
    manner: Manner = PLAIN,
) -> Answer:
    """Restore the originals of what was encrypted, for those who hold the key.

    Columns with a step that cannot be undone stay as they are, and are listed. The output appears whole or not at
    all: a wrong key or a changed cell stops everything.
    """
    refuse(output, report, dry_run, "local", manner)
    from anonymize.pipeline import Job
    from anonymize.releases.restoring import restore
    from anonymize.rulefile.loading import load_rules

    target = None if dry_run else output
    loaded = load_rules(rules, override or ())
    recipients = tuple(seal_to or ())
    job = Job(loaded, tuple(inputs), target, input_format, output_format, text, overwrite, None, recipients)
    refuse_outputs(job, report)
    with progress(manner) as tell:
        found = restore(job, local_engine(threads, tell), read_proof(run_report, unverified))
    write_report(found.report, report)
    return answer("restore", found, job, report)


def refuse_outputs(job: "Job", report: Path | None) -> None:
    """Raises UsageError for places where nothing can or may be written."""
    refuse_terminal(job)
    refuse_report(job, report)


def local_engine(threads: int | None, tell: Any) -> Any:
    """The threads of this machine."""
    from anonymize.engines.local import LocalEngine, processors

    return LocalEngine(threads or processors(), tell)


def read_proof(path: Path | None, unverified: bool) -> "Proof":
    """What shows that the key is the right one."""
    from anonymize.releases.restoring import Proof

    if path is None:
        return Proof(unverified=unverified)
    import json

    try:
        account = json.loads(path.read_bytes())
        ids = {str(name): str(found) for name, found in account["keys"].items()}
        spelled = {str(column["name"]): dict(column.get("spelled", {})) for column in account["columns"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        hint = "name what `anonymize run --report FILE.json` wrote"
        raise UsageError("this is no JSON report of a run", hint=hint, where=Where(str(path))) from None
    return Proof(ids, unverified, spelled)


def answer(command: str, found: "Restoration", job: "Job", report: Path | None) -> Answer:
    """What became of each column."""
    data = found.report.to_dict() | {"restored": list(found.restored), "stuck": dict(found.stuck)}
    return Answer(command, data, notes=_summary(command, found, job, report), warnings=found.report.warnings)


def _summary(command: str, found: "Restoration", job: "Job", report: Path | None) -> list[str]:
    """A few aligned lines."""
    account = found.report
    done = ", ".join(map(safe_name, found.restored)) or "nothing"
    lines = [("rows", f"{account.rows_out:,}"), (DONE[command], done)]
    lines += [("as it is", f"{safe_name(name)}: {why}") for name, why in found.stuck.items()]
    lines += [("key", f"{name} {mark}") for name, mark in account.keys.items()]
    lines.append(("output", safe_name(account.output) if account.output else "none (dry run)"))
    lines += [("report", safe_name(str(report)))] if report else []
    lines.append(("time", speed(account, job.inputs)))
    return [f"{painted(f'{label:<8}', '2')} {text}" for label, text in lines]
