"""`anonymize test`: prove the tests of a rule file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from anonymize.cli import options
from anonymize.cli.answer import Answer
from anonymize.core.errors import CheckError

if TYPE_CHECKING:
    from anonymize.selftest import Outcome

EPILOG = options.examples("test rules.yaml", "test hipaa_safe_harbor")


def command(rules: options.RulesArgument, override: options.Set = None) -> Answer:
    """Prove the `tests:` of a rule file. Needs no data and no key."""
    from dataclasses import asdict

    from anonymize.rulefile.loading import load_rules
    from anonymize.selftest import prove

    outcomes = prove(load_rules(rules, override or ()))
    failed = sum(not outcome.passed for outcome in outcomes)
    error = None
    if failed:
        error = CheckError(f"{failed} of {len(outcomes)} tests failed", hint="correct the rules or the test")
    data = {"passed": len(outcomes) - failed, "failed": failed, "tests": [_data(asdict(o)) for o in outcomes]}
    notes = ["the file has no `tests:`"] if not outcomes else []
    return Answer("test", data, result=lambda: _lines(outcomes), notes=notes, error=error)


def _data(outcome: dict[str, Any]) -> dict[str, Any]:
    passed = not outcome["differences"] and outcome["error"] is None
    differences = [{**d, "actual": _plain(d["actual"])} for d in outcome["differences"]]
    return {**outcome, "differences": differences, "passed": passed}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def _lines(outcomes: "list[Outcome]") -> Iterator[Any]:
    """A line for each test; expected and actual where they differ (a rule file's own values, no data)."""
    from rich.table import Table
    from rich.text import Text

    from anonymize.cli.console import mark, plain

    for number, outcome in enumerate(outcomes, 1):
        line = Table.grid(padding=(0, 1))
        line.add_column(width=1)
        line.add_column(width=3, justify="right", style="dim")
        line.add_column(overflow="fold")
        given = ", ".join(f"{name}: {_spelled(value)}" for name, value in outcome.given.items())
        line.add_row(mark(outcome.passed), str(number), plain(given))
        if outcome.error is not None:
            line.add_row("", "", plain(outcome.error, "red"))
        for d in outcome.differences:
            line.add_row("", "", Text.assemble((f"{d.column}: ", "bold"), "expected ", _spelled(d.expected)))
            line.add_row(
                "", "", Text.assemble(" " * (len(d.column) + 2), "but got  ", (_spelled(d.actual), "red"))
            )
        yield line
    passed = sum(outcome.passed for outcome in outcomes)
    if outcomes:
        yield plain(f"{passed} of {len(outcomes)} tests passed", "green" if passed == len(outcomes) else "bold")


def _spelled(value: Any) -> str:
    import json

    from anonymize.cli.terminal import safe

    return safe(json.dumps(_plain(value), ensure_ascii=False, default=str))
