"""`anonymize preview`: before and after."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.progress import progress
from anonymize.cli.reports import require_page, write_text

if TYPE_CHECKING:
    from anonymize.preview import Cell, Counts, Preview, Record

EPILOG = options.examples(
    "preview people.csv -r rules.yaml",
    "preview people.csv -r hipaa_safe_harbor --rows 10",
    "preview people.csv -r rules.yaml --set 'phone=mask(keep_last=4)'",
    "preview people.csv -r rules.yaml --html preview.html",
)

GLANCE = 100
"""Characters of what a row was chosen for; the page of `--html` and `--json` have all of it."""

HtmlFile: TypeAlias = Annotated[
    Path | None, typer.Option("--html", metavar="FILE.html", help="Write the preview as a page, for sharing.")
]


def command(
    inputs: options.Inputs,
    rules: options.Rules,
    rows: Annotated[int, typer.Option("--rows", metavar="N", min=1, max=1000, help="How many rows to show.")] = 3,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show the originals, not just their shapes.")
    ] = False,
    html: HtmlFile = None,
    overwrite: options.Overwrite = False,
    override: options.Set = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
    manner: Manner = PLAIN,
) -> Answer:
    """Show before and after for a few telling rows. Writes nothing, unless --html asks for a page."""
    require_page(html, inputs, overwrite)
    from anonymize.datasets import open_dataset
    from anonymize.preview import preview
    from anonymize.rulefile.loading import load_rules
    from anonymize.running.protection import finder

    with progress(manner):
        loaded = load_rules(rules, override or ())
        dataset = open_dataset(inputs, input_format, text, tolerant=True, keys=finder(loaded.file))
        found = preview(dataset, loaded, rows, show_values)
    if html is not None:
        from anonymize.reporting.preview import preview_page

        write_text(html, preview_page(found, inputs, loaded.name, [*_warnings(found), *_notes(found)]))
    return Answer(
        "preview", _data(found), result=lambda: _page(found), notes=_notes(found), warnings=_warnings(found)
    )


def _data(found: "Preview") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "sampled": found.sampled,
        "passes": found.plan.passes,
        "values": "shown" if found.shown else "shapes",
        "example_key": found.example_key is not None,
        "stops": list(found.stops),
        "released": found.released.to_pylist() if found.released is not None else None,
        "columns": [asdict(counts) for counts in found.counts],
        "records": [asdict(record) for record in found.records],
    }


def _warnings(found: "Preview") -> list[str]:
    key = [f"no key set, pseudonyms shown are examples: {found.example_key}"] if found.example_key else []
    return [*found.plan.warnings, *key, *(f"`run` would stop at {stop}" for stop in found.stops)]


def _notes(found: "Preview") -> list[str]:
    notes = (
        []
        if found.shown or found.released is not None
        else ["originals are shown as shapes; --show-values shows them as they are"]
    )
    if found.plan.passes > 1:
        notes.append(f"what the rules learn from all data was learned from the first {found.sampled:,} rows here")
    return notes


def _page(found: "Preview") -> Iterator[Any]:
    if found.released is not None:
        yield _released(found.released)
    steps = {c.name: c for c in found.plan.columns}
    for index, record in enumerate(found.records):
        if index:
            yield ""
        yield _head(record)
        yield _table(record, steps)
    if found.counts:
        yield ""
        yield from _counts(found)


def _counts(found: "Preview") -> Iterator[Any]:
    """What became of the values of each column that a rule changes."""
    from anonymize.cli.console import table

    shown = [counts for counts in found.counts if counts.steps and counts.steps != ("keep",)]
    rows = [(c.column, *_figures(c), " → ".join(c.steps)) for c in shown]
    if rows:
        heads = [f"of {found.sampled:,} rows", "changed", "to null", "failed", "steps"]
        yield table(heads, rows, right=(1, 2, 3), wide={4: 24})


def _figures(counts: "Counts") -> tuple[str, str, str]:
    if counts.dropped:
        return "dropped", "", ""
    return (
        f"{counts.changed:,}",
        f"{counts.nulls:,}" if counts.nulls else "",
        (f"{counts.failed:,}" if counts.failed else ""),
    )


def _released(rows: Any) -> Any:
    from anonymize.cli.console import table

    names = rows.column_names
    return table(names, [["null" if v is None else str(v) for v in row.values()] for row in rows.to_pylist()])


def _head(record: "Record") -> Any:
    from rich.text import Text

    from anonymize.cli.console import entry, plain

    cases: dict[str, list[str]] = {}
    for reason in record.reasons:
        column, colon, case = reason.rpartition(": ")
        if colon:
            cases.setdefault(column, []).append(case)
    shown = " · ".join(_few([f"{column} {', '.join(said)}" for column, said in cases.items()]))
    dropped = [("  dropped", "bold red")] if record.dropped else []
    return entry(Text.assemble((f"row {record.row:,}", "bold"), *dropped, "  ", plain(shown, "dim")))


def _few(parts: list[str]) -> list[str]:
    """As many as can be read at a glance, and how many more there are."""
    length = count = 0
    for part in parts:
        length, count = length + len(part) + 3, count + 1
        if length > GLANCE:
            break
    rest = len(parts) - count
    return [*parts[:count], f"{rest} more"] if rest > 1 else parts


def _table(record: "Record", steps: dict[str, Any]) -> Any:
    """A line for each value that a step changed; a count for the others."""
    from rich.table import Table

    from anonymize.cli.console import dim, plain
    from anonymize.cli.terminal import safe_name

    lines = Table.grid(padding=(0, 2, 0, 0))
    for width in (2, 20, 20, 22):
        lines.add_column(overflow="fold", max_width=None if width == 2 else width, min_width=2)
    lines.add_column(overflow="ellipsis", no_wrap=True, style="dim", max_width=24)
    kept = 0
    for cell in record.cells:
        column = steps.get(cell.column)
        if cell.state == "kept" and (column is None or not column.changed):
            kept += 1
            continue
        calls = " → ".join(step.transform.call() for step in column.steps) if column is not None else ""
        lines.add_row("", plain(safe_name(cell.column)), _before(cell), _after(cell), plain(calls))
    if kept:
        lines.add_row("", dim(f"{kept} kept"), "", "", "")
    return lines


def _before(cell: "Cell") -> Any:
    from anonymize.cli.console import dim

    return dim(_text(cell.before))


def _after(cell: "Cell") -> Any:
    from anonymize.cli.console import dim, plain

    if cell.state == "failed":
        return plain("cannot be handled", "bold red")
    if cell.state == "dropped":
        return plain("dropped", "yellow")
    if cell.state == "kept":
        return dim("=")
    return plain(_text(cell.after), "dim" if cell.after is None else "green")


def _text(value: str | None) -> str:
    if value is None:
        return "null"
    if not value:
        return '""'
    return value if len(value) <= 60 else value[:59] + "…"
