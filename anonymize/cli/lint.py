"""`anonymize lint`: check a rule file without running it."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import Answer
from anonymize.cli.terminal import counted, safe_name
from anonymize.core.errors import DataError, Problem, RuleError, UsageError, quoted

if TYPE_CHECKING:
    from anonymize.datasets import Dataset
    from anonymize.rulefile.loading import Rules

EPILOG = options.examples(
    "lint rules.yaml",
    "lint rules.yaml --data people.csv",
    "lint rules.yaml --data today.parquet --like yesterday.parquet --github",
)

NOUNS = {"columns": "column rule", "rows": "row step", "checks": "check", "tests": "test"}

Data: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--data", metavar="INPUT", help="Check against the columns of this file too."),
]
Like: TypeAlias = Annotated[
    str | None,
    typer.Option("--like", metavar="INPUT", help="Columns of --data must have the types that they have here."),
]


def command(
    rules: options.RulesArgument,
    data: Data = None,
    like: Like = None,
    override: options.Set = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
) -> Answer:
    """Check a rule file. Reports every error with its line, before any data is read.

    With --data, a column that is new, renamed or of another type ends with exit code 3.
    """
    if like is not None and not data:
        raise UsageError("--like is what the data is compared with", hint="name the data: --data INPUT")
    from anonymize.rulefile.loading import load_rules

    loaded = load_rules(rules, override or ())
    warnings = _fit(loaded, data, like, input_format, text) if data else ()
    file = loaded.file
    counts = {
        "columns": len(file.columns), "rows": len(file.rows), "checks": len(file.checks), "tests": len(file.tests)
    }  # fmt: skip
    found = {"rules": loaded.name, "warnings": list(warnings), **counts}
    said_counts = ", ".join(counted(counts[key], noun) for key, noun in NOUNS.items() if counts[key])
    note = f"{safe_name(loaded.name)}: no errors ({said_counts or 'no rules'})"
    return Answer("lint", found, notes=[note], warnings=warnings)


def _fit(
    rules: "Rules", data: list[str], like: str | None, input_format: str | None, text: options.Text
) -> tuple[str, ...]:
    """The warnings of the plan. Raises DataError for sound rules that the data does not fit."""
    from anonymize.datasets import open_dataset
    from anonymize.planning.planner import make_plan
    from anonymize.running.protection import finder

    keys = finder(rules.file)
    dataset = open_dataset(data, input_format, text, keys=keys)
    retyped = _retyped(rules, dataset, open_dataset([like], input_format, text, keys=keys)) if like else []
    try:
        plan = make_plan(rules, dataset.schema, present=dataset.present, open_schema=dataset.open_schema)
    except (RuleError, DataError) as error:
        problems = [*error.problems, *retyped]
        is_of_rules = all((problem.where.path or "").startswith(("rows.", "checks.")) for problem in problems)
        raise (RuleError if is_of_rules else DataError).of(problems) from None
    if retyped:
        raise DataError.of(retyped)
    return plan.warnings


def _retyped(rules: "Rules", dataset: "Dataset", like: "Dataset") -> list[Problem]:
    """Columns whose type is another than it was."""
    from anonymize.rulefile.matching import find_rule

    before = {field.name: field.type for field in like.schema}
    changed = [field for field in dataset.schema if before.get(field.name, field.type) != field.type]
    return [
        Problem(
            f"column {quoted(field.name)} is {field.type}, and was {before[field.name]}",
            "see whether its line still does what it is meant to; then compare with a new file",
            rules.where(find_rule(rules.file.columns, field.name) or ""),
        )
        for field in changed
    ]
