"""`anonymize attack`: try to break a release."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.progress import progress
from anonymize.core.errors import UsageError

if TYPE_CHECKING:
    from anonymize.releases.attacking import Outcome, Result

EPILOG = options.examples(
    "attack people.csv safe.csv -r rules.yaml",
    "attack people.csv safe.csv -r rules.yaml --only linkage --only inference --most 5%",
)

WORST = 3
"""Targets of each attack that are shown."""


def command(
    original: Annotated[str, typer.Argument(metavar="ORIGINAL", help="What the release was made of.")],
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="What the run wrote.")],
    rules: options.Rules,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ATTACK", help="Only this attack; repeatable.")
    ] = None,
    most: Annotated[
        str | None, typer.Option("--most", metavar="SHARE", help="Fail if an attack adds more risk, as 5%.")
    ] = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
    manner: Manner = PLAIN,
) -> Answer:
    """Try to undo a release: how often do known attacks succeed?"""
    from anonymize.datasets import open_dataset
    from anonymize.pipeline import plan_dataset
    from anonymize.releases.attacking import attack
    from anonymize.releases.reading import read_table
    from anonymize.rulefile.loading import load_rules
    from anonymize.running.protection import finder

    limit = _share(most)
    loaded = load_rules(rules)
    before, after = (
        open_dataset([name], input_format, text, keys=finder(loaded.file)) for name in (original, release)
    )
    plan = plan_dataset(loaded, before)
    if plan.released is not None:
        raise UsageError("the rules aggregate: a table about groups has no rows to attack")
    with progress(manner, doing="attacking"):
        found = attack(read_table(before), read_table(after), plan, only or ())
    return Answer("attack", asdict(found), result=lambda: _page(found), error=found.failure(limit))


def _share(said: str | None) -> float | None:
    """`5%` or `0.05`."""
    if said is None:
        return None
    try:
        share = float(said.rstrip("%")) / (100 if said.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UsageError("--most is not a share", hint="say it as 5% or 0.05")
    return share


def _page(found: "Outcome") -> Iterator[Any]:
    from anonymize.cli.console import dim, plain, table

    yield plain(f"{found.rows:,} rows attacked")
    if found.results:
        shown, more = _worst(found.results)
        yield ""
        head = ["attack", "on", "right", "95 %", "control", "added risk"]
        yield table(head, [_line(result) for result in shown], right=(2, 3, 4, 5))
        yield ""
        how = [(result.attack, result.target, dim(result.detail)) for result in shown]
        yield table(["attack", "on", "how"], how)
        if more:
            left = ", ".join(f"{count:,} of {name}" for name, count in more.items())
            yield dim(f"and more, where it adds no more risk than in those: {left}; --json has all")
    if found.work:
        yield ""
        work = [(w.column, w.with_key, w.without_key) for w in found.work]
        yield table(["tokens of", "search with the key", "without a key"], work)
    if found.not_applicable:
        yield ""
        yield dim(f"found no target: {', '.join(found.not_applicable)}")


def _worst(results: "Sequence[Result]") -> tuple[list["Result"], dict[str, int]]:
    """The targets of each attack at which it adds most risk, and how many more each has."""
    shown: list[Result] = []
    more: dict[str, int] = {}
    for attack, found in groupby(results, key=lambda result: result.attack):
        worst = sorted(found, key=lambda result: (-result.risk, -result.low))
        shown += worst[:WORST]
        if len(worst) > WORST:
            more[attack] = len(worst) - WORST
    return shown, more


def _line(result: "Result") -> tuple[str, ...]:
    right = f"{result.succeeded:,} of {result.tried:,}"
    between = f"{result.low:.1%}–{result.high:.1%}"
    return result.attack, result.target, right, between, f"{result.control:.1%}", f"{result.risk:.1%}"
