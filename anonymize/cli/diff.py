"""`anonymize diff`: what a change of the rules means."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anonymize.cli import options
from anonymize.cli.answer import Answer
from anonymize.cli.terminal import counted

if TYPE_CHECKING:
    from anonymize.planning.changes import Difference, Side

EPILOG = options.examples("diff old.yaml rules.yaml", "diff old.yaml rules.yaml --data people.csv")


def command(
    before: Annotated[str, typer.Argument(metavar="A", help="The rules as they were.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The rules as they are.")],
    data: Annotated[
        list[str] | None, typer.Option("--data", metavar="INPUT", help="Compare for the columns of this file.")
    ] = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
) -> Answer:
    """Show what a change of the rules means for each column.

    Who can restore it, what survives, and whether releases made before and after can be joined. Without data, for
    each name and pattern that one of the files holds.
    """
    from anonymize.planning.changes import differ
    from anonymize.rulefile.loading import load_rules

    one, other = load_rules(before), load_rules(after)
    names: list[str] = []
    if data:
        from anonymize.datasets import open_dataset
        from anonymize.running.protection import finder

        names = open_dataset(data, input_format, text, keys=finder(other.file)).schema.names
    found = differ(one, other, names)
    data_found = {"before": one.name, "after": other.name, "is_same": not (found.settings or found.columns)}
    return Answer("diff", {**data_found, **asdict(found)}, result=lambda: _page(found))


def _page(found: "Difference") -> Iterator[Any]:
    from anonymize.cli.console import plain, table

    if not found.settings and not found.columns:
        yield plain("the rules say the same")
        return
    if found.settings:
        rows = [(plain(c.part), c.before or "", c.after or "", c.means) for c in found.settings]
        yield table(["part", "before", "after", "means"], rows)
    if found.settings and found.columns:
        yield ""
    if found.columns:
        rows = [(plain(c.name), _said(c.before), _said(c.after), "\n".join(c.means)) for c in found.columns]
        yield table(["column", "before", "after", "means"], rows)
    yield ""
    parts = [(len(found.columns), "column"), (len(found.settings), "other part")]
    yield plain(", ".join(counted(count, noun) for count, noun in parts if count) + " changed")


def _said(side: "Side | None") -> str:
    return "no rule" if side is None else "\n".join(side.steps)
