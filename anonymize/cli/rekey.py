"""`anonymize rekey`: from one key to another."""

from typing import Annotated, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.progress import progress
from anonymize.cli.reports import write_report
from anonymize.cli.restore import RunReport, Unverified, answer, local_engine, read_proof, refuse_outputs
from anonymize.cli.run import DryRun, Output, ReportFile, refuse
from anonymize.core.errors import UsageError

EPILOG = options.examples(
    "rekey safe.csv -r rules.yaml --to file:new.key -o moved.csv",
    "rekey safe.parquet -r rules.yaml --to default=file:new.key --to-rules new.yaml -o moved.parquet",
)

To: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="KEYREF", help="The new key, as file:PATH; NAME=KEYREF if there are several."),
]
ToRules: TypeAlias = Annotated[
    str | None, typer.Option("--to-rules", metavar="RULES", help="Rules with new settings for the steps.")
]
KeepPseudonyms: TypeAlias = Annotated[
    bool, typer.Option("--keep-pseudonyms", help="Leave what cannot be restored as it is, under the old key.")
]


def command(
    inputs: options.Inputs,
    rules: options.Rules,
    to: To = None,
    to_rules: ToRules = None,
    output: Output = None,
    keep_pseudonyms: KeepPseudonyms = False,
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
    """Move what was encrypted to another key, or to other settings.

    Every value is restored and encrypted again in memory: no original touches the disk. Pseudonyms cannot move
    without the originals.
    """
    refuse(output, report, dry_run, "local", manner)
    if not to and not to_rules:
        raise UsageError("to which key? say --to KEYREF, as --to file:new.key", hint="or --to-rules RULES")
    from anonymize.pipeline import Job
    from anonymize.releases.rekeying import Move, rekey
    from anonymize.rulefile.loading import load_rules

    target, recipients, old = None if dry_run else output, tuple(seal_to or ()), load_rules(rules, override or ())
    job = Job(old, tuple(inputs), target, input_format, output_format, text, overwrite, None, recipients)
    refuse_outputs(job, report)
    move = Move(tuple(to or ()), load_rules(to_rules) if to_rules else None, keep_pseudonyms)
    with progress(manner) as tell:
        found = rekey(job, move, local_engine(threads, tell), read_proof(run_report, unverified))
    write_report(found.report, report)
    return answer("rekey", found, job, report)
