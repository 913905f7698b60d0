"""`anonymize assess`: how exposed the people in a table are."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anonymize.cli import options
from anonymize.cli.answer import Answer
from anonymize.core.errors import UsageError, quoted

if TYPE_CHECKING:
    from anonymize.assessment import Assessment
    from anonymize.core.roles import Roles
    from anonymize.loading import Rules

EPILOG = options.examples(
    "assess safe.csv -r rules.yaml",
    "assess safe.parquet --quasi zip,birth_year --sensitive diagnosis",
    "assess safe.csv --quasi zip,sex --check 'k_anonymity >= 5' --check 'uniqueness == 0'",
)

BAR = 30


def command(
    inputs: options.Inputs,
    rules: options.OptionalRules = None,
    quasi: Annotated[str | None, typer.Option("--quasi", metavar="A,B", help="The quasi-identifiers.")] = None,
    sensitive: Annotated[
        str | None, typer.Option("--sensitive", metavar="C", help="The sensitive columns.")
    ] = None,
    check: Annotated[
        list[str] | None,
        typer.Option("--check", metavar="CHECK", help="A gate, as 'k_anonymity >= 5'; repeatable."),
    ] = None,
    threads: options.Threads = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
) -> Answer:
    """Measure k-anonymity, l-diversity and uniqueness of a table."""
    if rules is None and quasi is None:
        raise UsageError("say the roles: -r RULES, or --quasi COLUMNS and --sensitive COLUMNS")
    from anonymize.assessment import assess, parse_check
    from anonymize.datasets import open_dataset
    from anonymize.engines.local import LocalEngine, processors
    from anonymize.loading import load_rules

    checks = [parse_check(text) for text in check or ()]
    loaded = load_rules(rules) if rules is not None else None
    dataset = open_dataset(inputs, input_format, text)
    roles = _roles(dataset.schema.names, loaded, quasi, sensitive)
    checks += loaded.file.checks if loaded is not None else ()
    found = assess(dataset.sources, roles, checks, LocalEngine(threads or processors()))
    return Answer("assess", _data(found), result=lambda: _page(found), error=found.failure())


def _roles(columns: Sequence[str], rules: "Rules | None", quasi: str | None, sensitive: str | None) -> "Roles":
    """The roles as flags say, else as the rules say."""
    from anonymize.assessment import roles_of
    from anonymize.core.roles import Roles

    known = roles_of(rules, columns) if rules is not None else Roles()
    roles = Roles(
        known.direct, _names(quasi, columns) or known.quasi, _names(sensitive, columns) or known.sensitive
    )
    if not roles.quasi:
        raise UsageError(
            "no column of the data is a quasi-identifier",
            hint="say --quasi COLUMNS, or `role: quasi_identifier` in the rules",
        )
    return roles


def _names(said: str | None, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of a list with commas; a column whose own name has a comma may stand alone."""
    if not said:
        return ()
    names = [said] if said in columns else [name.strip() for name in said.split(",") if name.strip()]
    from anonymize.core.catalog import suggestion

    for name in names:
        if name not in columns:
            raise UsageError(f"the data has no column {quoted(name)}", hint=suggestion(name, columns))
    return tuple(dict.fromkeys(names))


def _data(found: "Assessment") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        **asdict(found),
        "bands": [{"size": b.label, "classes": b.classes, "rows": b.rows} for b in found.bands],
    }


def _page(found: "Assessment") -> Iterator[Any]:
    from anonymize.cli.console import dim, mark, plain, table

    said = f"{found.rows:,} rows in {found.classes:,} classes by {', '.join(found.roles.quasi)}"
    yield plain(said + (f"; sensitive: {', '.join(found.roles.sensitive)}" if found.roles.sensitive else ""))
    yield ""
    rows = [(m.metric, f"{m.value:.4g}", dim(m.detail)) for m in found.measurements]
    yield table(["metric", "value", "meaning"], rows, right=(1,))
    yield ""
    yield table(["class size", "classes", "rows", "share", ""], list(_bands(found)), right=(0, 1, 2, 3))
    if found.checks:
        yield ""
        gates = [(mark(c.holds), c.check, f"{c.value:.4g}") for c in found.checks]
        yield table(["", "check", "measured"], gates, right=(2,))


def _bands(found: "Assessment") -> Iterator[tuple[Any, ...]]:
    """A line for each band, up to the last that is not empty."""
    last = max((i for i, band in enumerate(found.bands) if band.classes), default=0)
    for band in found.bands[: last + 1]:
        share = band.rows / found.rows if found.rows else 0
        yield band.label, f"{band.classes:,}", f"{band.rows:,}", f"{share:.1%}", _bar(share, band.least)


def _bar(share: float, size: int) -> Any:
    """A bar; small classes, where people stand out, are red."""
    from rich.text import Text

    eighths = round(share * BAR * 8)
    bar = "█" * (eighths // 8) + ("" if not eighths % 8 else " ▏▎▍▌▋▊▉"[eighths % 8])
    style = "red" if size == 1 else "yellow" if size < 5 else "green"
    return Text(bar or ("▏" if share else ""), style=style)
