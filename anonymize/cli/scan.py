"""`anonymize scan`: which columns hold personal data, and where it stands in text."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.progress import progress
from anonymize.cli.scan_page import by_law, names, page
from anonymize.core.errors import CheckError, UsageError, quoted

if TYPE_CHECKING:
    from anonymize.core.detector import Detector
    from anonymize.datasets import Dataset
    from anonymize.finding.scanning import Scan, ScannedColumn, Spans

EPILOG = options.examples(
    "scan people.csv",
    "scan people.csv --fail-on 'confidence >= 0.8'",
    "scan notes.jsonl --spans --locale zh_CN > spans.jsonl",
    "scan exports/ --sarif findings.sarif --github",
)

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
Sarif: TypeAlias = Annotated[
    Path | None, typer.Option("--sarif", metavar="FILE", help="Write the columns found as SARIF, for code hosts.")
]
ShowValues: TypeAlias = Annotated[bool, typer.Option("--show-values", help="With --spans: the found text too.")]


def command(
    inputs: options.Inputs,
    spans: SpansOption = False,
    sample: Sample = "20000",
    locale: Locale = None,
    entity: Entity = None,
    fail_on: FailOn = None,
    sarif: Sarif = None,
    show_values: ShowValues = False,
    overwrite: options.Overwrite = False,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
    manner: Manner = PLAIN,
) -> Answer:
    """Find personal data: which columns hold what, how sure that is, and the role to give them.

    Nothing is changed, and no value is shown unless asked for.
    """
    gate = _gate(fail_on)
    rows = _sample(sample)
    _agree(spans, sarif, show_values, fail_on)
    from anonymize.datasets import open_dataset
    from anonymize.running.output import check_target

    detectors = _detectors(entity or ())
    dataset = open_dataset(inputs, input_format, text)
    if sarif is not None:
        check_target(sarif, dataset.paths, overwrite)
    if spans:
        lines = _lines(dataset, detectors, locale or (), show_values)
        found = list(lines) if manner.json else None
        return Answer("scan", found, result=lambda: map(_spelled, lines), warnings=_passed_over(dataset))
    with progress(manner, doing="looking for personal data"):
        seen = _seen(dataset, detectors, locale or (), rows)
    if sarif is not None:
        _write_sarif(seen, dataset, sarif)
    if manner.github:
        _annotate(seen, dataset)
    return Answer("scan", _data(seen), result=lambda: page(seen), notes=[_read(seen)], error=_failure(seen, gate))


def _seen(dataset: "Dataset", detectors: "Sequence[Detector]", locales: Sequence[str], rows: int | None) -> "Scan":
    """What the columns hold, if their names may be shown."""
    from anonymize.finding.naming import refuse_data_as_names
    from anonymize.finding.scanning import scan

    found = scan(dataset.sources, detectors, locales, rows)
    refuse_data_as_names(dataset, found)
    return found


def _agree(spans: bool, sarif: Path | None, show_values: bool, fail_on: str | None) -> None:
    """Refuses options that mean nothing together."""
    if spans and sarif is not None:
        raise UsageError("--sarif lists columns, --spans finds", hint="say one of them")
    if spans and fail_on is not None:
        raise UsageError("--fail-on judges columns, --spans lists finds", hint="say one of them")
    if show_values and not spans:
        raise UsageError("--show-values belongs to --spans", hint="no other list of a scan shows values")


def _write_sarif(found: "Scan", dataset: "Dataset", path: Path) -> None:
    from anonymize.cli.sarif import sarif
    from anonymize.running.output import Output, writing

    with writing([Output(path)]) as (file,):
        file.write(sarif(found, list(map(str, dataset.paths)), dataset.format.is_text).encode("utf-8", "replace"))


def _annotate(found: "Scan", dataset: "Dataset") -> None:
    """A remark on the first file for each column that was found."""
    from anonymize.cli.github import annotation
    from anonymize.cli.sarif import told
    from anonymize.core.errors import Problem, Where

    file = str(dataset.paths[0]) if dataset.paths else None
    for column in found.columns:
        if column.decision != "none":
            level = "warning" if column.decision == "auto" else "notice"
            line = 1 if dataset.format.is_text and file else None
            print(annotation(level, Problem(told(column), where=Where(file, line))), file=sys.stderr)  # noqa: T201


def _passed_over(dataset: "Dataset") -> list[str]:
    """A warning for each column that `--spans` cannot look into."""
    from anonymize.finding.scanning import can_be_scanned

    strange = [field for field in dataset.schema if not can_be_scanned(field.type)]
    return [f"column {quoted(field.name)} ({field.type}) cannot be scanned" for field in strange]


def _detectors(entities: Sequence[str]) -> "list[Detector]":
    from anonymize.core.catalog import suggestion
    from anonymize.finding.scanning import all_detectors

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
    said = names([quoted(column.name) for column in over])
    return CheckError(
        f"{len(over)} columns with confidence {sign} {least:g}: {said}",
        hint="write a rule for each, or run `anonymize scan` to see why",
    )


def _read(found: "Scan") -> str:
    rows = f"{found.rows:,} rows"
    return f"read all {rows}" if found.complete else f"read {rows}, spread over all; --sample all reads every row"


def _data(found: "Scan") -> dict[str, Any]:
    return {
        "rows": found.rows,
        "complete": found.complete,
        "columns": [_column(c) for c in found.columns],
        "review": [c.name for c in found.columns if c.decision == "review"],
        "quasi_identifiers": {"columns": list(found.quasi), "rows_alone": _rounded(found.alone)},
        "laws": by_law(found),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _column(found: "ScannedColumn") -> dict[str, Any]:
    about: dict[str, Any] = {
        "column": found.name,
        "type": found.type,
        "entity": found.entity,
        "confidence": round(found.confidence, 4),
        "decision": found.decision,
        "role": found.role.value,
        "about": found.attribute.name if found.attribute is not None else None,
        "laws": list(found.laws),
    }
    verdict = found.verdict
    if verdict is None:
        return about
    outlines = verdict.profile
    named = verdict.detector if found.entity is not None else None
    return about | {
        "header": verdict.header.name.lower() if named is not None else "nothing",
        "share_of_values": round(verdict.hits, 4) if named is not None else 0.0,
        "share_by_chance": named.chance if named is not None else None,
        "neighbours": found.neighbours,
        "nulls": outlines.nulls,
        "distinct": outlines.distinct,
        "free_text": outlines.is_text,
        "unscanned": round(verdict.unscanned, 4),
        "inside": [
            {
                "entity": each.entity,
                "share": round(each.share, 4),
                "score": round(each.score, 4),
                "per_thousand_characters": round(each.density, 2),
            }
            for each in verdict.inside
        ],
    }


def _lines(
    dataset: "Dataset", detectors: "Sequence[Detector]", locales: Sequence[str], show_values: bool
) -> Iterator[dict[str, Any]]:
    """One mapping for each find. Rows count from 1, as in messages; places in characters from 0."""
    from anonymize.finding.scanning import spans

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
