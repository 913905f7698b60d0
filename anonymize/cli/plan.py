"""`anonymize plan`: what would happen, from the rules and the columns alone."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.progress import progress
from anonymize.core.errors import UsageError

if TYPE_CHECKING:
    from anonymize.datasets import Dataset
    from anonymize.exploring import Explored
    from anonymize.planning.plan import ColumnPlan, Plan
    from anonymize.planning.sizing import Memory
    from anonymize.rulefile.loading import Rules

EPILOG = options.examples(
    "plan rules.yaml people.csv",
    "plan rules.yaml people.csv --explore",
    "plan rules.yaml people.csv --explore --k 5,11 --suppress 0,1% --write 3",
)

EXPLORING = "Exploring"
Explore: TypeAlias = Annotated[
    bool, typer.Option("--explore", help="Read the data: what k-anonymity costs.", rich_help_panel=EXPLORING)
]
Write: TypeAlias = Annotated[
    int | None,
    typer.Option("--write", metavar="LINE", help="Put this line of it into RULES.", rich_help_panel=EXPLORING),
]
Ks: TypeAlias = Annotated[
    str | None, typer.Option("--k", metavar="LIST", help="As 5,11.", rich_help_panel=EXPLORING)
]
Limits: TypeAlias = Annotated[
    str | None,
    typer.Option("--suppress", metavar="LIST", help="Shares of rows, as 0,1%.", rich_help_panel=EXPLORING),
]
TimeLimit: TypeAlias = Annotated[
    float, typer.Option("--time-limit", metavar="SECONDS", min=0, rich_help_panel=EXPLORING, help="To search in.")
]

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
    explore: Explore = False,
    write: Write = None,
    k: Ks = None,
    suppress: Limits = None,
    time_limit: TimeLimit = 60,
    threads: options.Threads = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
    manner: Manner = PLAIN,
) -> Answer:
    """Show what will happen to each column.

    And what the result may be called. Needs no key and reads no rows, unless it is to explore.
    """
    if not explore and (write is not None or k is not None or suppress is not None):
        raise UsageError("--write, --k and --suppress go with --explore")
    from anonymize.datasets import open_dataset
    from anonymize.planning.planner import make_plan
    from anonymize.planning.sizing import memory
    from anonymize.rulefile.loading import load_rules
    from anonymize.running.protection import finder

    loaded = load_rules(rules, override or ())
    dataset = open_dataset(inputs, input_format, text, keys=finder(loaded.file))
    if explore:
        with progress(manner, doing="trying recodings"):
            found = _explored(loaded, dataset, threads, time_limit, k, suppress)
        return _explored_answer(found, loaded, rules, write)
    made = make_plan(loaded, dataset.schema, present=dataset.present, open_schema=dataset.open_schema)
    estimated = memory(made, dataset)
    data = {**_plan_data(loaded, made), "memory": asdict(estimated)}
    return Answer("plan", data, result=lambda: _page(made, estimated), warnings=made.warnings)


def _plan_data(loaded: "Rules", made: "Plan") -> dict[str, Any]:
    from anonymize.planning.claims import verdicts

    return {
        "rules": loaded.name,
        "passes": made.passes,
        "columns": [_column_data(column, made) for column in made.columns],
        "rows": _row_steps(made),
        "checks": [str(check) for check in made.checks],
        "keys": list(made.key_names()),
        "result": verdicts(made),
        "output": {field.name: str(field.type) for field in made.schema},
    }


def _explored(
    rules: "Rules", dataset: "Dataset", threads: int | None, seconds: float, ks: str | None, limits: str | None
) -> "Explored":
    from anonymize.cli.exploring import numbers, shares
    from anonymize.engines.local import LocalEngine, processors
    from anonymize.exploring import KS, LIMITS, explore_dataset

    engine = LocalEngine(threads or processors())
    return explore_dataset(rules, dataset, engine, seconds, numbers(ks, KS), shares(limits, LIMITS))


def _explored_answer(found: "Explored", loaded: "Rules", rules: str, write: int | None) -> Answer:
    from anonymize.cli.exploring import explored_data, explored_page, unmet

    data, notes = explored_data(found), []
    if write is not None:
        step = _written(found, rules, write)
        data["written"] = step
        notes = [f"{rules}: {step}", *unmet(found.option(write), loaded.file.checks)]
    return Answer("plan", data, result=lambda: explored_page(found), notes=notes)


def _written(found: "Explored", rules: str, line: int) -> str:
    """Put an option into the rule file; the step as it stands there now."""
    from anonymize.exploring import choose

    path = Path(rules)
    if not path.is_file():
        raise UsageError("--write needs a rule file, not a pack", hint="extend the pack in a file of your own")
    return choose(path, found, line)


def _column_data(column: "ColumnPlan", made: "Plan") -> dict[str, Any]:
    from anonymize.planning.claims import column_claim, step_reversal

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


def _page(made: "Plan", estimated: "Memory") -> Iterator[Any]:
    from rich.text import Text

    from anonymize.cli.console import dim, plain, table
    from anonymize.planning.claims import verdicts

    rows = [_row(column, made) for column in made.columns]
    yield table(["column", "role", "steps", "type", "what survives"], rows, wide={0: 18, 2: 20, 4: 14})
    yield ""
    keys = made.key_names()
    facts = [("rows", call) for call in _row_steps(made)]
    facts += [("check", str(check)) for check in made.checks]
    facts += [("key", name) for name in keys]
    facts += _ways_back(made)
    facts.append(("reads", f"the data {TIMES.get(made.passes, f'{made.passes} times')}{_askers(made)}"))
    facts.append(("memory", _memory(estimated)))
    facts += [("result", verdict) for verdict in verdicts(made)]
    yield _facts([(dim(label if label != previous else ""), plain(said)) for (label, said), (previous, _) in
                  zip(facts, [("", ""), *facts], strict=False)])  # fmt: skip
    if made.awaited:
        yield Text(f"{len(made.awaited)} columns are not in the first rows and must turn up later", style="dim")


def _memory(estimated: "Memory") -> str:
    """Rounded: it is an estimate."""
    growing = f", and what {', '.join(estimated.grows_with)} must keep" if estimated.grows_with else ""
    base, each = (-(-size // 10**7) * 10 for size in (estimated.base, estimated.each_thread))
    return f"about {base:,} MB, {each:,} MB more for each thread{growing}"


def _ways_back(made: "Plan") -> list[tuple[str, str]]:
    """Who can restore which columns, and what the holder of a key can find by trying."""
    from anonymize.planning.claims import NOBODY, column_claim

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

    from anonymize.cli.console import dim, plain
    from anonymize.planning.claims import EVERYTHING, column_claim

    role, kind = ROLES[column.role.value], dim(_type(column))
    if not column.changed and not column.dropped:
        return plain(column.name), dim(role), dim("keep" if column.rule else "unlisted"), kind, dim(EVERYTHING)
    claim = column_claim(column, made)
    flags = {
        "joinable": claim.joinable,
        "unique": claim.unique,
        "reversible": claim.reversible,
        "random": not claim.deterministic,
    }
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
