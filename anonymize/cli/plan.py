"""`anonymize plan`: what would happen, from the rules and the columns alone."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from anonymize.cli import options
from anonymize.cli.answer import Answer

if TYPE_CHECKING:
    from anonymize.plan import ColumnPlan, Plan

EPILOG = options.examples("plan rules.yaml people.csv")

FEW, LONG = 3, 30  # steps, and characters of a step, that the table shows

SHORT = {
    "string": "text",
    "large_string": "text",
    "dictionary": "text",
    "timestamp": "timestamp",
    "date": "date",
    "time": "time",
    "struct": "object",
    "list": "list",
    "large_list": "list",
    "map": "map",
    "fixed_size_binary": "binary",
    "large_binary": "binary",
}
TIMES = {1: "once", 2: "twice"}
ROLES = {"direct_identifier": "direct", "quasi_identifier": "quasi", "sensitive": "sensitive", "other": ""}


def command(
    rules: options.RulesArgument,
    inputs: options.Inputs,
    override: options.Set = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
) -> Answer:
    """Show what will happen to each column.

    And what the result may be called. Needs no key and reads no rows.
    """
    from anonymize.claims import verdicts
    from anonymize.datasets import open_dataset
    from anonymize.loading import load_rules
    from anonymize.planning import make_plan
    from anonymize.protection import finder

    loaded = load_rules(rules, override or ())
    dataset = open_dataset(inputs, input_format, text, keys=finder(loaded.file))
    made = make_plan(loaded, dataset.schema, present=dataset.present, open_schema=dataset.open_schema)
    data = {
        "rules": loaded.name,
        "passes": made.passes,
        "columns": [_column_data(column, made) for column in made.columns],
        "rows": _row_steps(made),
        "checks": [str(check) for check in made.checks],
        "keys": list(made.key_names()),
        "result": verdicts(made),
        "output": {field.name: str(field.type) for field in made.schema},
    }
    return Answer("plan", data, result=lambda: _page(made), warnings=made.warnings)


def _column_data(column: "ColumnPlan", made: "Plan") -> dict[str, Any]:
    from dataclasses import asdict

    from anonymize.claims import column_claim, step_reversal

    return {
        "name": column.name,
        "rule": column.rule,
        "role": column.role.value,
        "steps": [step.transform.call() for step in column.steps],
        "undone_by": [step_reversal(step.transform) for step in column.steps],
        "when": next((str(step.when) for step in column.steps if step.when), None),
        "on_error": next((step.on_error for step in column.steps), None),
        "type_in": str(column.given),
        "type_out": None if column.dropped else str(column.type),
        "dropped": column.dropped,
        "changed": column.changed,
        **asdict(column_claim(column, made)),
    }


def _row_steps(made: "Plan") -> list[str]:
    return [transform.call() for transform in made.rules.file.rows]


def _page(made: "Plan") -> Iterator[Any]:
    from rich.text import Text

    from anonymize.claims import verdicts
    from anonymize.cli.console import dim, plain, table

    rows = [_row(column, made) for column in made.columns]
    yield table(["column", "role", "steps", "type", "what survives"], rows, wide={0: 18, 2: 20, 4: 14})
    yield ""
    keys = made.key_names()
    facts = [("rows", call) for call in _row_steps(made)]
    facts += [("check", str(check)) for check in made.checks]
    facts += [("key", name) for name in keys]
    facts += _ways_back(made)
    facts.append(("reads", f"the data {TIMES.get(made.passes, f'{made.passes} times')}{_askers(made)}"))
    facts += [("result", verdict) for verdict in verdicts(made)]
    yield _facts([(dim(label if label != previous else ""), plain(said)) for (label, said), (previous, _) in
                  zip(facts, [("", ""), *facts], strict=False)])  # fmt: skip
    if made.awaited:
        yield Text(f"{len(made.awaited)} columns are not in the first rows and must turn up later", style="dim")


def _ways_back(made: "Plan") -> list[tuple[str, str]]:
    """Who can restore which columns, and what the holder of a key can find by trying."""
    from anonymize.claims import NOBODY, column_claim

    keepers: dict[str, list[str]] = {}
    tried = []
    for column in made.columns if made.released is None else ():
        claim = column_claim(column, made)
        if claim.restorable_by != NOBODY and column.changed:
            keepers.setdefault(claim.restorable_by, []).append(column.name)
        if claim.search is not None:
            tried.append(("guess", f"{column.name}: whoever holds the key can try all {claim.search}"))
    return [("restore", f"{who}: {', '.join(names)}") for who, names in keepers.items()] + tried


def _askers(made: "Plan") -> str:
    asking = [s.transform.use for stage in made.stages for s in stage.steps if s.statistic is not None]
    return f": {', '.join(dict.fromkeys(asking))} must see all of it first" if asking else ""


def _facts(rows: list[tuple[Any, Any]]) -> Any:
    from rich.table import Table

    found = Table.grid(padding=(0, 2, 0, 0))
    found.add_column(no_wrap=True)
    found.add_column(overflow="fold")
    for row in rows:
        found.add_row(*row)
    return found


def _row(column: "ColumnPlan", made: "Plan") -> tuple[Any, ...]:
    from rich.text import Text

    from anonymize.claims import EVERYTHING, column_claim
    from anonymize.cli.console import dim, plain

    role, kind = ROLES[column.role.value], dim(_type(column))
    if not column.changed and not column.dropped:
        return plain(column.name), dim(role), dim("keep" if column.rule else "unlisted"), kind, dim(EVERYTHING)
    claim = column_claim(column, made)
    flags = {"joinable": claim.joinable, "reversible": claim.reversible, "random": not claim.deterministic}
    said = ", ".join(word for word, holds in flags.items() if holds)
    when = next((f"\nwhen {step.when}" for step in column.steps if step.when), "")
    survives = Text.assemble(plain(claim.survives), (f"\n{said}" if said else "", "dim"))
    return (
        plain(column.name),
        plain(role),
        Text.assemble(plain(_steps(column), "cyan"), (when, "dim")),
        kind,
        survives,
    )


def _steps(column: "ColumnPlan") -> str:
    """The steps, one on a line; equal neighbours counted, long arguments cut (--json has all)."""
    from itertools import groupby

    if not column.steps:
        return "dropped" if column.dropped else "unlisted"
    lines = []
    for use, group in groupby(column.steps, lambda step: step.transform.use):
        calls = [step.transform.call() for step in group]
        if len(calls) > FEW:
            lines.append(f"{use} ×{len(calls)}")
        else:
            lines += [call if len(call) <= LONG else f"{call[: LONG - 2]}…)" for call in calls]
    return "\n".join(lines)


def _type(column: "ColumnPlan") -> str:
    if column.dropped:
        return ""
    given, after = short_type(column.given), short_type(column.type)
    gap = " " if len(given) + len(after) < 9 else "\n"
    return given if given == after else f"{given}{gap}→ {after}"


def short_type(given: Any) -> str:
    """A type as people call it."""
    text = str(given)
    for name, said in SHORT.items():
        if text.startswith(name):
            return said
    return text.replace("decimal128", "decimal").replace("decimal256", "decimal")
