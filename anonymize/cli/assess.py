"""`anonymize assess`: how exposed the people in a table are."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.progress import progress
from anonymize.cli.reports import require_report, write_text
from anonymize.core.errors import UsageError, quoted

if TYPE_CHECKING:
    from anonymize.core.protection import FindKeys
    from anonymize.core.roles import Roles
    from anonymize.datasets import Dataset
    from anonymize.releases.assessment import Assessment, Origin
    from anonymize.releases.leaks import Beside
    from anonymize.rulefile.loading import Rules
    from anonymize.rulefile.rules import Check

EPILOG = options.examples(
    "assess safe.csv -r rules.yaml",
    "assess safe.parquet --quasi zip,birth_year --sensitive diagnosis",
    "assess safe.csv -r rules.yaml --original people.csv --population 80000",
    "assess safe.csv --quasi zip,sex --check 'k_anonymity >= 5' --check 'uniqueness == 0'",
)

Original: TypeAlias = Annotated[
    str | None,
    typer.Option("--original", metavar="FILE", help="What the release was made of: tells what was lost."),
]
Population: TypeAlias = Annotated[
    str | None,
    typer.Option("--population", metavar="N|FILE", help="How many people the data is a sample of, or their CSV."),
]
ReportFile: TypeAlias = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write an account: FILE.json, .md or .html.")
]
Quasi: TypeAlias = Annotated[str | None, typer.Option("--quasi", metavar="A,B", help="The quasi-identifiers.")]
Sensitive: TypeAlias = Annotated[
    str | None, typer.Option("--sensitive", metavar="C", help="The sensitive columns.")
]
Checks: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--check", metavar="CHECK", help="A gate, as 'k_anonymity >= 5'; repeatable."),
]

BAR = 30


def command(
    inputs: options.Inputs,
    rules: options.OptionalRules = None,
    quasi: Quasi = None,
    sensitive: Sensitive = None,
    check: Checks = None,
    original: Original = None,
    population: Population = None,
    report: ReportFile = None,
    overwrite: options.Overwrite = False,
    threads: options.Threads = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
    manner: Manner = PLAIN,
) -> Answer:
    """Measure privacy and utility: how people stand out, and what was lost."""
    if rules is None and quasi is None and not check:
        raise UsageError("say the roles: -r RULES, or --quasi COLUMNS and --sensitive COLUMNS")
    from anonymize.datasets import open_dataset
    from anonymize.engines.local import LocalEngine, processors
    from anonymize.releases.assessment import assess
    from anonymize.rulefile.loading import load_rules

    require_report(report, [*inputs, *filter(None, [original])], overwrite)
    loaded = load_rules(rules) if rules is not None else None
    checks = _checks(check or (), loaded)
    dataset = open_dataset(inputs, input_format, text, keys=_keys(loaded))
    roles = _roles(dataset.schema.names, loaded, quasi, sensitive)
    if original is None:
        _require_quasi(roles, checks)
    given = _given(population)
    with progress(manner, doing="measuring") as tracker:
        origin = _origin(dataset, original, input_format, text, loaded, _keys(loaded))
        tracker.expect(dataset, 1)
        engine = LocalEngine(threads or processors(), tracker)
        found = assess(dataset.sources, roles, checks, engine, given | _hierarchies(loaded, roles), origin)
        account = _Account(dataset, found, _beside(dataset, origin, loaded), origin, loaded, given)
        if report is not None:
            write_text(report, account.text(report.suffix))
    return account.answer()


def _keys(rules: "Rules | None") -> "FindKeys":
    from anonymize.core.protection import NO_KEYS
    from anonymize.running.protection import finder

    return finder(rules.file) if rules is not None else NO_KEYS.keys


def _checks(asked: Sequence[str], rules: "Rules | None") -> "list[Check]":
    from anonymize.releases.assessment import parse_check

    return [*map(parse_check, asked), *(rules.file.checks if rules is not None else ())]


@dataclass(frozen=True)
class _Account:
    """What was found, in every form."""

    dataset: "Dataset"
    found: "Assessment"
    beside: "Beside | None"
    origin: "Origin | None"
    rules: "Rules | None"
    given: dict[str, Any]

    def data(self) -> dict[str, Any]:
        return {**_data(self.found), **({"comparison": asdict(self.beside)} if self.beside is not None else {})}

    def answer(self) -> Answer:
        error = self.found.failure()
        return Answer("assess", self.data(), result=self.pages, error=error, summary=self.markdown)

    def pages(self) -> Iterator[Any]:
        return _pages(self.found, self.beside)

    def text(self, suffix: str) -> str:
        """For a file of this suffix."""
        import json

        if suffix == ".json":
            return json.dumps(self.data(), indent=2, ensure_ascii=False)
        return self.markdown() if suffix == ".md" else self._page()

    def markdown(self) -> str:
        from anonymize.reporting.assessment import assess_markdown

        return assess_markdown(self.found, self.beside)

    def _page(self) -> str:
        from anonymize.codecs.streams.digests import sha256_of
        from anonymize.reporting.assessment import assess_page
        from anonymize.reporting.evidence import UNKNOWN_POPULATION, Evidence, evidence_beside

        quasi, people = self.found.roles.quasi, self.given or UNKNOWN_POPULATION
        evidence = evidence_beside(self.origin.pair, quasi, people) if self.origin is not None else Evidence()
        digests = {str(path): sha256_of(path) for path in self.dataset.paths}
        return assess_page(self.found, self.beside, evidence, digests, self.rules.name if self.rules else None)


def _given(population: str | None) -> dict[str, Any]:
    """The population, as metrics take it."""
    if population is None:
        return {}
    if population.isdecimal() and int(population):
        return {"size": int(population)}
    if not Path(population).is_file():
        raise UsageError(
            "--population is neither a number nor a file",
            hint="say how many people there are, as --population 80000",
        )
    return {"population": Path(population)}


def _hierarchies(rules: "Rules | None", roles: "Roles") -> dict[str, Any]:
    """Those of the steps on rows, for what is measured by them."""
    steps = rules.file.rows if rules is not None else ()
    found = {name: given for step in steps for name, given in getattr(step, "hierarchies", {}).items()}
    kept = {name: given for name, given in found.items() if name in roles.quasi}
    return {"hierarchies": kept} if kept else {}


def _origin(
    dataset: "Dataset",
    original: str | None,
    input_format: str | None,
    text: options.Text,
    rules: "Rules | None",
    keys: "FindKeys",
) -> "Origin | None":
    """The original beside the release, and what the rules do to it."""
    if original is None:
        return None
    from anonymize.datasets import open_dataset
    from anonymize.pipeline import plan_dataset
    from anonymize.releases.assessment import Origin
    from anonymize.releases.comparison import Pair
    from anonymize.releases.reading import read_table

    if dataset.is_pipe:
        raise UsageError(
            "--original reads the release twice, and a pipe can be read once", hint="save the release to a file"
        )
    given = open_dataset([original], input_format, text, keys=keys)
    before = read_table(given)
    steps = plan_dataset(rules, given).columns if rules is not None else ()
    done = {column.name: [step.transform for step in column.steps] for column in steps}
    return Origin(Pair.of(before, read_table(dataset)), done)


def _beside(dataset: "Dataset", origin: "Origin | None", rules: "Rules | None") -> "Beside | None":
    """What the original, or the rules alone, tell about the release."""
    from anonymize.releases.leaks import beside, known_beside

    if origin is not None:
        return beside(origin.pair)
    return known_beside(rules.file, dataset.schema.names) if rules is not None else None


def _require_quasi(roles: "Roles", checks: "Sequence[Check]") -> None:
    """Raises UsageError if nothing can be measured; some checks look at all columns, whatever their roles."""
    if not roles.quasi and not (checks and all(check.metric.of_all_columns for check in checks)):
        raise UsageError(
            "no column of the data is a quasi-identifier",
            hint="say --quasi COLUMNS, or `role: quasi_identifier` in the rules",
        )


def _roles(columns: Sequence[str], rules: "Rules | None", quasi: str | None, sensitive: str | None) -> "Roles":
    """The roles as flags say, else as the rules say."""
    from anonymize.core.roles import Roles
    from anonymize.releases.assessment import roles_of

    known = roles_of(rules, columns) if rules is not None else Roles(scanned=tuple(columns))
    return Roles(
        known.direct,
        _names(quasi, columns) or known.quasi,
        _names(sensitive, columns) or known.sensitive,
        known.scanned,
    )


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
    return {
        **_finite(asdict(found)),
        "bands": [{"size": b.label, "classes": b.classes, "rows": b.rows} for b in found.bands],
    }


def _finite(value: Any) -> Any:
    """The same with text for what JSON has no numbers for."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _pages(found: "Assessment", beside: "Beside | None") -> Iterator[Any]:
    from anonymize.cli.comparing import beside_page, without_page

    yield from _page(found)
    yield from without_page(found.without)
    yield from beside_page(beside) if beside is not None else ()


def _page(found: "Assessment") -> Iterator[Any]:
    from anonymize.cli.console import dim, plain, table

    if not found.roles.quasi:
        yield from _gates(found)
        return
    said = f"{found.rows:,} rows in {found.classes:,} classes by {', '.join(found.roles.quasi)}"
    yield plain(said + (f"; sensitive: {', '.join(found.roles.sensitive)}" if found.roles.sensitive else ""))
    yield ""
    rows = [(m.metric, f"{m.value:.4g}", dim(m.detail)) for m in found.measurements]
    yield table(["metric", "value", "meaning"], rows, right=(1,))
    yield ""
    yield table(["class size", "classes", "rows", "share", ""], list(_bands(found)), right=(0, 1, 2, 3))
    if found.checks:
        yield ""
        yield from _gates(found)


def _gates(found: "Assessment") -> Iterator[Any]:
    from anonymize.cli.console import dim, mark, table

    gates = [(mark(c.holds), c.check, f"{c.value:.4g}", dim(c.detail)) for c in found.checks]
    yield table(["", "check", "measured", "meaning"], gates, right=(2,))


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
