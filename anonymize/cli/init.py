"""`anonymize init`: a rule file to start from."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anonymize.cli import options
from anonymize.cli.answer import Answer
from anonymize.cli.terminal import counted, safe_name
from anonymize.core.errors import UsageError, quoted

if TYPE_CHECKING:
    from anonymize.finding.drafting import Drafted

EPILOG = options.examples(
    "init people.csv -o rules.yaml",
    "init 'visits/*.parquet' -o rules.yaml --pack hipaa_safe_harbor",
    "init people.csv -o rules.yaml --locale zh_CN --overwrite",
)

LOCALE = re.compile(r"[a-z]{2,3}_[A-Z]{2}")


def command(
    inputs: options.Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="RULES", help="The rule file to write.")],
    pack: Annotated[
        str | None, typer.Option("--pack", metavar="NAME", help="Start from this pack; add what it lacks.")
    ] = None,
    locale: Annotated[
        list[str] | None,
        typer.Option("--locale", metavar="NAME", help="Only what is used there, as zh_CN; repeatable."),
    ] = None,
    overwrite: options.Overwrite = False,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
) -> Answer:
    """Scan files and write a rule file for them, with a reason for each line.

    It is safe to run as it is: what identifies becomes a pseudonym, is coarsened or goes.
    """
    _check_locales(locale or ())
    from anonymize.codecs.streams.remote import shown
    from anonymize.datasets import open_dataset
    from anonymize.finding.drafted_file import rule_file
    from anonymize.finding.drafting import draft
    from anonymize.rulefile.formatting import formatted
    from anonymize.rulefile.loading import load_rules, parse_rules
    from anonymize.running.output import Output, check_target, writing

    check_target(output, [], overwrite)
    rules = load_rules(pack) if pack is not None else None
    dataset = open_dataset(inputs, input_format, text)
    check_target(output, dataset.paths, overwrite)
    drafted = draft(dataset, rules, locale or ())
    drafted_text = rule_file(drafted, _dataset(shown(inputs[0])), pack, locale[0] if locale else None)
    written = formatted(drafted_text, str(output), output.parent)
    parse_rules(written, str(output))  # what it writes it can read
    with writing([Output(output, overwrite=overwrite)]) as (file,):
        file.write(written.encode())
    return Answer("init", _data(drafted, output), notes=_notes(drafted, output, shown(inputs[0])))


def _check_locales(locales: Any) -> None:
    for name in locales:
        if not LOCALE.fullmatch(name):
            raise UsageError(f"not a locale: {quoted(name)}", hint="language and country, as in zh_CN")


def _dataset(name: str) -> str:
    """A name for the dataset: that of the first file, as far as it has one."""
    stem = re.sub(r"\W+", "_", Path(name).name.partition(".")[0]).strip("_")
    return stem or "dataset"


def _data(drafted: "Drafted", output: Path) -> dict[str, Any]:
    lines = [
        {"column": x.column, "role": x.role.value, "step": x.step, "because": x.because, "by_pack": x.by_pack}
        for x in drafted.lines
    ]
    return {"rules": str(output), "rows": drafted.rows, "complete": drafted.complete, "columns": lines}


def _notes(drafted: "Drafted", output: Path, given: str) -> list[str]:
    kept = sum(line.step == "keep" for line in drafted.lines)
    read = (
        f"read all {drafted.rows:,} rows" if drafted.complete else f"read {drafted.rows:,} rows, spread over all"
    )
    return [
        f"{safe_name(str(output))}: {counted(len(drafted.lines), 'column')}, {len(drafted.lines) - kept} changed, "
        f"{kept} kept ({read})",
        f"next: anonymize preview {safe_name(given)} -r {safe_name(str(output))}",
    ]
