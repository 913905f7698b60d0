"""`anonymize plan`: what would happen, from the rules and the columns alone."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from anonymize.cli import options
from anonymize.cli.answer import Answer

if TYPE_CHECKING:
    from anonymize.plan import ColumnPlan, Plan

EPILOG = options.examples("plan rules.yaml people.csv")

TIMES = {1: "once", 2: "twice"}
ROLES = {"direct_identifier": "direct", "quasi_identifier": "quasi", "sensitive": "sensitive", "other": ""}


def command(
    rules: options.RulesArgument,
    inputs: options.Inputs,
    override: options.Set = None,
    input_format: options.InputFormat = None,
    delimiter: options.Delimiter = None,
    quote: options.Quote = None,
    encoding: options.Encoding = None,
    header: options.Header = None,
    skip_rows: options.SkipRows = None,
) -> Answer:
    """Show what will happen to each column.

    And what the result may be called. Needs no key and reads no rows.
    """
    from anonymize.claims import verdicts
    from anonymize.datasets import open_dataset
    from anonymize.loading import load_rules
    from anonymize.plan import make_plan

    loaded = load_rules(rules, override or ())
    said = options.text_options(
        delimiter=delimiter, quote=quote, encoding=encoding, header=header, skip_rows=skip_rows
    )
    dataset = open_dataset(inputs, input_format, said)
    made = make_plan(loaded, dataset.schema, present=dataset.present, open_schema=dataset.open_schema)
    data = {
        "rules": loaded.name,
        "passes": made.passes,
        "columns": [_column_data(column) for column in made.columns],
        "rows": _row_steps(made),
        "checks": [str(check) for check in made.checks],
        "keys": list(made.keys()),
        "result": verdicts(made),
        "output": {field.name: str(field.type) for field in made.schema},
    }
    return Answer("plan", data, result=lambda: _page(made), warnings=made.warnings)


def _column_data(column: "ColumnPlan") -> dict[str, Any]:
    from dataclasses import asdict

    from anonymize.claims import column_claim

    return {
        "name": column.name,
        "rule": column.rule,
        "role": column.role.value,
        "steps": [step.transform.call() for step in column.steps],
        "when": next((str(step.when) for step in column.steps if step.when), None),
        "on_error": next((step.on_error for step in column.steps), None),
        "type_in": str(column.given),
        "type_out": None if column.dropped else str(column.type),
        "dropped": column.dropped,
        "changed": column.changed,
        **asdict(column_claim(column)),
    }


def _row_steps(made: "Plan") -> list[str]:
    return [transform.call() for transform in made.rules.file.rows]


def _page(made: "Plan") -> Iterator[Any]:
    from rich.text import Text

    from anonymize.claims import verdicts
    from anonymize.cli.console import dim, plain, table

    rows = [_row(column) for column in made.columns]
    yield table(["column", "role", "steps", "type", "what survives"], rows, wrap=(0, 2, 3, 4))
    yield ""
    keys = made.keys()
    facts = [("rows", call) for call in _row_steps(made)]
    facts += [("check", str(check)) for check in made.checks]
    facts += [("key", name) for name in keys]
    facts.append(("reads", f"the data {TIMES.get(made.passes, f'{made.passes} times')}{_askers(made)}"))
    facts += [("result", verdict) for verdict in verdicts(made)]
    yield _facts([(dim(label if label != previous else ""), plain(said)) for (label, said), (previous, _) in
                  zip(facts, [("", ""), *facts], strict=False)])  # fmt: skip
    if made.awaited:
        yield Text(f"{len(made.awaited)} columns are not in the first rows and must turn up later", style="dim")


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


def _row(column: "ColumnPlan") -> tuple[Any, ...]:
    from rich.text import Text

    from anonymize.claims import EVERYTHING, column_claim
    from anonymize.cli.console import dim, plain

    claim = column_claim(column)
    flags = [word for word, holds in (("joinable", claim.joinable), ("reversible", claim.reversible),
                                      ("random", not claim.deterministic)) if holds]  # fmt: skip
    passes = not column.changed and not column.dropped
    steps = "\n".join(step.transform.call() for step in column.steps) or (
        "dropped" if column.dropped else "unlisted"
    )
    when = next((f"\nwhen {step.when}" for step in column.steps if step.when), "")
    kind = _short(column.given)
    if column.dropped:
        kind = ""
    elif column.given != column.type:
        kind = f"{kind} → {_short(column.type)}"
    if passes:
        survives = dim(EVERYTHING)
        return plain(column.name), dim(ROLES[column.role.value]), dim(steps), dim(kind), survives
    told = Text.assemble(plain(claim.survives), ("\n" + ", ".join(flags), "dim") if flags else "")
    return (
        plain(column.name),
        plain(ROLES[column.role.value]),
        Text.assemble(plain(steps, "cyan"), (when, "dim")),
        dim(kind),
        told,
    )


def _short(given: Any) -> str:
    """A type in few letters."""
    text = str(given)
    return (
        "text"
        if text in ("string", "large_string", "string_view")
        else text
        if len(text) <= 24
        else text[:23] + "…"
    )
