"""`anonymize scan`: which columns hold personal data, and where it stands in text."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.core.errors import CheckError, UsageError, quoted

if TYPE_CHECKING:
    from anonymize.core.detector import Detector
    from anonymize.datasets import Dataset
    from anonymize.scanning import Scan, ScannedColumn, Spans

EPILOG = options.examples(
    "scan people.csv",
    "scan people.csv --fail-on 'confidence >= 0.8'",
    "scan notes.jsonl --spans --locale zh_CN > spans.jsonl",
)

FEW = 4
GATE = re.compile(r"\s*confidence\s*(>=|>)\s*([01](?:\.\d+)?|\.\d+)\s*")


SpansOption: TypeAlias = Annotated[
    bool, typer.Option("--spans", help="List all finds in all rows, one JSON document a line.")
]
Sample: TypeAlias = Annotated[
    str, typer.Option("--sample", metavar="ROWS", help="How many rows decide; all for every row.")
]
Locale: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--locale", metavar="NAME", help="Only what is used there, as zh_CN; repeatable."),
]
Entity: TypeAlias = Annotated[
    list[str] | None, typer.Option("--entity", metavar="NAME", help="Only this, as PHONE_NUMBER; repeatable.")
]
FailOn: TypeAlias = Annotated[
    str | None, typer.Option("--fail-on", metavar="GATE", help="Exit 4 if a column is like 'confidence >= 0.8'.")
]
ShowValues: TypeAlias = Annotated[bool, typer.Option("--show-values", help="With --spans: the found text too.")]


def command(
    inputs: options.Inputs,
    spans: SpansOption = False,
    sample: Sample = "20000",
    locale: Locale = None,
    entity: Entity = None,
    fail_on: FailOn = None,
    show_values: ShowValues = False,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
    manner: Manner = PLAIN,
) -> Answer:
    """Find personal data: which columns hold what, how sure that is, and the role to give them.

    Nothing is changed, and no value is shown unless asked for.
    """
    gate = _gate(fail_on)
    rows = _sample(sample)
    from anonymize.datasets import open_dataset
    from anonymize.scanning import scan

    detectors = _detectors(entity or ())
    dataset = open_dataset(inputs, input_format, text)
    if spans:
        lines = _lines(dataset, detectors, locale or (), show_values)
        found = list(lines) if manner.json else None
        return Answer("scan", found, result=lambda: map(_spelled, lines), warnings=_passed_over(dataset))
    seen = scan(dataset.sources, detectors, locale or (), rows)
    return Answer("scan", _data(seen), result=lambda: _page(seen), notes=[_read(seen)], error=_failure(seen, gate))


def _passed_over(dataset: "Dataset") -> list[str]:
    """A warning for each column that `--spans` cannot look into."""
    from anonymize.scanning import can_be_scanned

    strange = [field for field in dataset.schema if not can_be_scanned(field.type)]
    return [f"column {quoted(field.name)} ({field.type}) cannot be scanned" for field in strange]


def _detectors(entities: Sequence[str]) -> "list[Detector]":
    from anonymize.core.catalog import suggestion
    from anonymize.scanning import all_detectors

    known = {each.entity for each in all_detectors()}
    for name in entities:
        if name not in known:
            hint = suggestion(name, known) or f"there are {', '.join(sorted(known))}"
            raise UsageError(f"no detector finds {quoted(name)}", hint=hint)
    return all_detectors(entities)


def _sample(said: str) -> int | None:
    if said == "all":
        return None
    if not said.isdecimal() or not int(said):
        raise UsageError("--sample takes a number of rows, or all")
    return int(said)


def _gate(said: str | None) -> tuple[str, float] | None:
    if said is None:
        return None
    match = GATE.fullmatch(said)
    if match is None:
        raise UsageError(f"--fail-on cannot be read: {quoted(said)}", hint="as in 'confidence >= 0.8'")
    return match[1], float(match[2])


def _failure(found: "Scan", gate: tuple[str, float] | None) -> CheckError | None:
    if gate is None:
        return None
    sign, least = gate
    over = [c for c in found.columns if c.confidence > least or (sign == ">=" and c.confidence == least)]
    if not over:
        return None
    names = ", ".join(quoted(c.name) for c in over[:FEW]) + (", …" if len(over) > FEW else "")
    return CheckError(
        f"{len(over)} columns with confidence {sign} {least:g}: {names}",
        hint="write a rule for each, or run `anonymize scan` to see why",
    )


def _read(found: "Scan") -> str:
    rows = f"{found.rows:,} rows"
    return f"read all {rows}" if found.complete else f"read the first {rows}; --sample all reads every row"


def _data(found: "Scan") -> dict[str, Any]:
    return {"rows": found.rows, "complete": found.complete, "columns": [_column(c) for c in found.columns]}


def _column(found: "ScannedColumn") -> dict[str, Any]:
    about: dict[str, Any] = {
        "column": found.name,
        "type": found.type,
        "entity": found.entity,
        "confidence": round(found.confidence, 4),
        "decision": found.decision,
        "role": found.role.value,
    }
    verdict = found.verdict
    if verdict is None:
        return about
    outlines = verdict.profile
    named = verdict.detector if found.entity is not None else None
    return about | {
        "header": verdict.header.name.lower() if named is not None else "nothing",
        "share_of_values": round(verdict.hits, 4) if named is not None else 0.0,
        "nulls": outlines.nulls,
        "distinct": outlines.distinct,
        "free_text": outlines.is_text,
        "unscanned": round(verdict.unscanned, 4),
        "laws": list(named.laws) if named is not None else [],
        "inside": [
            {"entity": each.entity, "share": round(each.share, 4), "score": round(each.score, 4)}
            for each in verdict.inside
        ],
    }


def _page(found: "Scan") -> Iterator[Any]:
    from anonymize.cli.console import dim, plain, table
    from anonymize.cli.plan import ROLES

    rows = [
        (
            plain(column.name, "cyan"),
            plain(_what(column), "bold" if column.decision == "auto" else ""),
            f"{column.confidence:.2f}" if column.decision != "none" else "",
            column.decision if column.decision != "none" else "",
            dim(ROLES[column.role.value]),
            dim(_why(column)),
        )
        for column in found.columns
    ]
    yield table(["column", "holds", "confidence", "", "role", "because"], rows, right=(2,), wide={0: 20, 1: 14})


def _what(column: "ScannedColumn") -> str:
    if column.decision == "none":
        return "–"
    if column.entity is not None or column.verdict is None:
        return column.entity or ""
    return "text with " + ", ".join(each.entity for each in column.verdict.inside[:FEW])


def _why(column: "ScannedColumn") -> str:
    verdict = column.verdict
    if verdict is None:
        return f"{column.type} cannot be scanned"
    if column.decision == "none":
        return ""
    if column.entity is None:
        return ", ".join(f"{each.share:.0%}" for each in verdict.inside[:FEW]) + " of values"
    named = {2: "its name, ", 1: "the end of its name, "}.get(int(verdict.header), "")
    return f"{named}{verdict.hits:.0%} of values"


def _lines(
    dataset: "Dataset", detectors: "Sequence[Detector]", locales: Sequence[str], show_values: bool
) -> Iterator[dict[str, Any]]:
    """One mapping for each find. Rows count from 1, as in messages; places in characters from 0."""
    from anonymize.scanning import spans

    for found in spans(dataset, detectors, locales):
        yield from _of_page(found, show_values)


def _of_page(found: "Spans", show_values: bool) -> Iterator[dict[str, Any]]:
    all_ = found.findings
    columns = (all_.row, all_.entity, all_.start, all_.end, all_.score, found.places)
    for row, entity, start, end, score, place in zip(*(c.tolist() for c in columns), strict=True):
        line = {
            "row": found.first_row + row + 1,
            "column": found.column,
            "entity": all_.entities[entity],
            "start": start,
            "end": end,
            "score": round(score, 4),
        }
        yield line | {"value": str(found.values[place])[start:end]} if show_values else line


def _spelled(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False)
