"""`anonymize lint`: check a rule file without running it."""

from typing import Annotated

import typer

from anonymize.cli import options
from anonymize.cli.answer import Answer
from anonymize.cli.terminal import counted, safe

EPILOG = options.examples("lint rules.yaml", "lint rules.yaml --data people.csv")

NOUNS = {"columns": "column rule", "rows": "row step", "checks": "check", "tests": "test"}


def command(
    rules: options.RulesArgument,
    data: Annotated[
        list[str] | None,
        typer.Option("--data", metavar="INPUT", help="Check against the columns of this file too."),
    ] = None,
    override: options.Set = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
) -> Answer:
    """Check a rule file. Reports every error with its line, before any data is read."""
    from anonymize.loading import load_rules

    loaded = load_rules(rules, override or ())
    warnings: tuple[str, ...] = ()
    if data:
        from anonymize.datasets import open_dataset
        from anonymize.planning import make_plan
        from anonymize.protection import finder

        dataset = open_dataset(data, input_format, text, keys=finder(loaded.file))
        plan = make_plan(loaded, dataset.schema, present=dataset.present, open_schema=dataset.open_schema)
        warnings = plan.warnings
    file = loaded.file
    counts = {
        "columns": len(file.columns), "rows": len(file.rows), "checks": len(file.checks), "tests": len(file.tests)
    }  # fmt: skip
    found = {"rules": loaded.name, "warnings": list(warnings), **counts}
    said_counts = ", ".join(counted(counts[key], noun) for key, noun in NOUNS.items() if counts[key])
    return Answer(
        "lint", found, notes=[f"{safe(loaded.name)}: no errors ({said_counts or 'no rules'})"], warnings=warnings
    )
