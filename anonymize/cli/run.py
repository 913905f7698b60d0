"""`anonymize run`: the main job."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.progress import progress
from anonymize.cli.receipt import ReceiptFile, SigningKey, with_receipt
from anonymize.cli.reports import onlooker_for, require_suffix, too_late, write_report
from anonymize.cli.terminal import counted, painted, safe_name
from anonymize.cli.tracking import Tracker
from anonymize.core.errors import DataError, UsageError, Where, quoted
from anonymize.core.profile import OFF, Profile, Stopwatch

if TYPE_CHECKING:
    from anonymize.core.format import Reject
    from anonymize.pipeline import Job
    from anonymize.running.onlooker import Onlooker
    from anonymize.running.report import Report

EPILOG = options.examples(
    "run people.csv -r rules.yaml -o safe.csv",
    "run 'in/*.parquet' -r rules.yaml -o out/ --report report.html",
    "run - -r rules.yaml -o - --input-format jsonl < chat.jsonl",
    "run people.csv -r rules.yaml --dry-run --set phone=drop",
)

Output: TypeAlias = Annotated[
    str | None, typer.Option("--output", "-o", metavar="OUTPUT", help="A file, a folder, or - for stdout.")
]
ReportFile: TypeAlias = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write an account: FILE.json, .md or .html.")
]
Rejects: TypeAlias = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help="Set rows aside that cannot be read.")
]
LedgerFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--ledger", metavar="FILE", help="Refuse what differs too little from earlier releases."),
]
DryRun: TypeAlias = Annotated[bool, typer.Option("--dry-run", help="Everything but the write, checks too.")]
WantsProfile: TypeAlias = Annotated[bool, typer.Option("--profile", help="Say where the time went.")]


def command(
    inputs: options.Inputs,
    rules: options.Rules,
    output: Output = None,
    report: ReportFile = None,
    receipt: ReceiptFile = None,
    signing_key: SigningKey = None,
    rejects: Rejects = None,
    ledger: LedgerFile = None,
    dry_run: DryRun = False,
    profile: WantsProfile = False,
    seal_to: options.SealTo = None,
    overwrite: options.Overwrite = False,
    override: options.Set = None,
    threads: options.Threads = None,
    engine: options.Engine = "local",
    input_format: options.InputFormat = None,
    output_format: options.OutputFormat = None,
    text: options.Text = options.NOTHING_SAID,
    manner: Manner = PLAIN,
) -> Answer:
    """Anonymize files by rule. The output appears whole or not at all."""
    refuse(output, report, dry_run, engine, manner)
    watch = Stopwatch() if profile else OFF
    with progress(manner, is_hidden=output == "-" and sys.stdout.isatty()) as tracker:
        from anonymize.pipeline import Job
        from anonymize.rulefile.loading import load_rules

        loaded, recipients = load_rules(rules, override or ()), tuple(seal_to or ())
        named = (tuple(inputs), None if dry_run else output, input_format, output_format, text)
        job = Job(loaded, *named, overwrite, rejects, recipients)
        refuse_terminal(job)
        refuse_report(job, report)
        if receipt is not None:
            job = with_receipt(job, receipt, signing_key, report)
        return _answer(job, report, threads, watch, tracker, ledger)


def _answer(
    job: "Job",
    report: Path | None,
    threads: int | None,
    watch: Profile,
    tracker: Tracker,
    ledger: Path | None,
) -> Answer:
    """Do the job. The account of a run that a check stopped is given too."""
    from anonymize.engines.local import processors
    from anonymize.running.gates import FailedChecksError

    threads = threads or processors()
    failure, notes = None, []
    onlooker = onlooker_for(report)
    try:
        found = _run(job, threads, watch, tracker, onlooker, ledger)
    except FailedChecksError as error:
        failure, found = error, replace(error.report, output=None)
    else:
        notes = _summary(found, job, report)
    write_report(found, report, onlooker)
    data = found.to_dict()
    if isinstance(watch, Stopwatch):
        from anonymize.cli.profile import profile_data, profile_lines

        data["profile"] = profile_data(watch, threads, _size(found, job.inputs) or None)
        notes += ["", *profile_lines(data["profile"])]
    return Answer("run", data, notes=notes, warnings=found.warnings, error=failure, summary=found.to_markdown)


def _run(
    job: "Job",
    threads: int,
    watch: Profile,
    tracker: Tracker,
    onlooker: "Onlooker | None",
    ledger: Path | None,
) -> "Report":
    from anonymize import pipeline
    from anonymize.cli.ledger import ledger_of
    from anonymize.engines.local import LocalEngine

    with _rejects(job.rejects) as on_reject, ledger_of(ledger, tracker.adjust, job) as (adjust, record):
        engine = LocalEngine(threads, tracker, on_reject, watch)
        found = pipeline.run(job, engine, adjust=adjust, onlooker=onlooker)
        record(found)
        return found


def refuse(output: str | None, report: Path | None, dry_run: bool, engine: str, manner: Manner) -> None:
    """Raises UsageError for options that make no sense together."""
    if output is None and not dry_run:
        raise UsageError("where to? say -o OUTPUT", hint="--dry-run does everything but the write")
    if engine != "local":
        hint = "spark is not available yet; use --engine local" if engine == "spark" else "the engine is local"
        raise UsageError(f"there is no engine {quoted(engine)}", hint=hint)
    require_suffix(report)
    if manner.json and output == "-" and not dry_run:
        raise UsageError("--json and `-o -` both want standard output", hint="write to a file, or use --report")


def refuse_terminal(job: "Job") -> None:
    """Binary data would leave a terminal unusable."""
    if job.output != "-" or not sys.stdout.isatty():
        return
    from anonymize.core.catalog import component, modules
    from anonymize.datasets import format_by_suffix

    if job.seal_to:
        raise UsageError("sealed data is not for terminals", hint="redirect standard output, or name a file")
    name = job.output_format or job.input_format or format_by_suffix(job.inputs[0])
    if name in modules("format") and not getattr(component("format", name), "is_text", True):
        raise UsageError(f"{name} is not for terminals", hint="redirect standard output, or name a file after -o")


def refuse_report(job: "Job", report: Path | None) -> None:
    """Raises UsageError for a report that would replace another file."""
    if report is None:
        return
    from anonymize.running.output import check_needed, check_target

    others = [Path(name) for name in (*job.inputs, job.output, job.rejects) if name not in (None, "-")]
    if report.resolve() in [other.resolve() for other in others]:
        raise UsageError("the report would replace another file of this run", where=Where(str(report)))
    check_target(report, [], job.overwrite)
    check_needed(report, job.rules.needed())


@contextlib.contextmanager
def _rejects(path: Path | None) -> Iterator[Callable[["Sequence[Reject]"], None] | None]:
    """Takes the bytes of rows that could not be read; the file appears if the run succeeds."""
    if path is None:
        yield None
        return
    from anonymize.running.output import Output, writing

    is_done = False
    try:
        with writing([Output(path, private=True)]) as (file,):

            def keep(rejects: "Sequence[Reject]") -> None:
                for reject in rejects:
                    file.write(reject.raw)

            yield keep
            is_done = True
    except DataError as error:
        raise (too_late(error) if is_done else error) from None


def _summary(found: "Report", job: "Job", report: Path | None) -> list[str]:
    """A few aligned lines."""
    from anonymize.core.transform import Aggregation
    from anonymize.running.report import told

    in_groups = any(isinstance(step, Aggregation) for step in job.rules.file.rows)
    dropped = sum(c.dropped for c in found.columns)
    kept = sum(not (c.dropped or c.rewritten) and all(s == "keep" for s in c.steps) for c in found.columns)
    rows = [f"{found.rows_in:,} in", f"{found.rows_out:,} {'groups ' if in_groups else ''}out"]
    rows += [f"{found.rows_dropped:,} dropped"] if found.rows_dropped and not in_groups else []
    rows += [f"{found.rows_rejected:,} rejected"] if found.rows_rejected else []
    columns = f"{len(found.columns) - dropped - kept} changed, {dropped} dropped, {kept} kept"
    failed = sum(c.failed for c in found.columns)
    lines = [("rows", ", ".join(rows)), ("columns", columns)]
    lines += [(str(outcome["step"]), told(outcome)) for outcome in found.outcomes]
    lines += [("failed", f"{counted(failed, 'value')} that a step could not handle")] if failed else []
    lines += [
        ("check" if i == 0 else "", f"{painted('✓', '32')} {c.check}: {c.value:g}")
        for i, c in enumerate(found.checks)
    ]
    lines += [("key", f"{name} {mark}") for name, mark in found.keys.items()]
    lines.append(("output", safe_name(found.output) if found.output else "none (dry run)"))
    lines += [("rejects", safe_name(str(job.rejects)))] if job.rejects else []
    lines += [("report", safe_name(str(report)))] if report else []
    lines += [("receipt", safe_name(str(path))) for path in (output.path for output in job.receipt.outputs)]
    lines.append(("time", speed(found, job.inputs)))
    return [f"{painted(f'{label:<8}', '2')} {text}" for label, text in lines]


def speed(found: "Report", inputs: tuple[str, ...]) -> str:
    """How long it took, and at what rate."""
    size = _size(found, inputs)
    passes = f" in {found.passes} passes" if found.passes > 1 else ""
    rate = f", {size / 1e6 / max(found.seconds, 0.001):,.0f} MB/s" if size > 1e6 else ""
    return f"{found.seconds:.2f} s{passes}{rate}"


def _size(found: "Report", inputs: tuple[str, ...]) -> int:
    """The bytes of all input files; 0 for standard input."""
    size = 0
    for name in found.inputs if "-" not in inputs else ():
        with contextlib.suppress(OSError):
            size += Path(name).stat().st_size
    return size
