"""Whatever the file and the rules: no crash, no value in an error, nothing lost, nothing that no rule let pass."""

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from anonymize.core.errors import AnonymizeError, RuleError
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from anonymize.rulefile.loading import parse_rules
from anonymize.running.report import Report
from tests.faults.build import assert_silent
from tests.fuzz.drawn import PIECES, STEPS, Drawn, bounded, csv_files, jsonl_files
from tests.fuzz.found import FOUND, FOUND_RULES

BUG = AnonymizeError.exit_code

files = csv_files() | jsonl_files()


def attempt(file: Drawn, folder: Path, name: str, threads: int = 1, **options: Any) -> Report | AnonymizeError:
    """A run to a file of this name; what it reports, or the error it ends with."""
    (folder / f"in{file.suffix}").write_bytes(file.raw)
    to = folder / f"{name}{file.suffix}"
    rules = parse_rules(file.rules)
    try:
        job = Job(rules, (str(folder / f"in{file.suffix}"),), str(to), options={**file.options, **options})
        return run(job, LocalEngine(threads))
    except AnonymizeError as error:
        assert not to.exists()
        assert_silent(error)
        found = error
    assert BUG != found.exit_code, str(found)
    return found


def read(file: Drawn, raw: bytes) -> list[dict[str, str | None]]:
    """The rows as Python's own readers find them."""
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in raw.decode().split("\n") if line]
    encoding = file.options["encoding"]
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\0\0": "utf-32", b"\xff\xfe": "utf-16"}
    text = raw.decode(encoding or next((found for mark, found in marks.items() if raw.startswith(mark)), "utf-8"))
    given = {"delimiter": file.options["delimiter"], "quotechar": file.options["quote"], "strict": True}
    head, *rows = [row for row in csv.reader(io.StringIO(text, newline=""), **given) if row]
    return [dict(zip(head, row, strict=True)) for row in rows]


def with_found(test: Any) -> Any:
    """The property, tried on what was found before first."""
    for file in FOUND:
        test = example(file)(test)
    return test


@with_found
@bounded
@given(files)
def test_any_file_any_rules(file: Drawn) -> None:
    """It ends with an error of ours that shows nothing, or with an output of which everything is true."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = attempt(file, folder, "out")
        event(type(report).__name__)
        if isinstance(report, AnonymizeError):
            return
        rows = read(file, (folder / f"out{file.suffix}").read_bytes())

        assert report.rows_in == report.rows_out + report.rows_rejected + report.rows_dropped
        assert report.rows_out == len(rows)
        assert {key for row in rows for key in row} <= set(file.columns) - file.dropped
        if not file.damaged and file.keeps_rows:
            given = [dict(zip(file.columns, row, strict=True)) for row in file.rows]
            for column in file.untouched:
                assert [row[column] or "" for row in given] == [row[column] or "" for row in rows]


@with_found
@bounded
@given(files)
def test_the_way_it_is_cut_does_not_matter(file: Drawn) -> None:
    """Blocks of a few bytes in two threads give the bytes that one block gives, or an error if it does. Of several
    things that are wrong, another one may be met first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = attempt(file, folder, "whole")
        pieces = attempt(file, folder, "pieces", threads=2, block_bytes=7)

        assert isinstance(whole, Report) == isinstance(pieces, Report)
        if isinstance(whole, Report):
            first, second = (folder / f"{name}{file.suffix}" for name in ("whole", "pieces"))
            assert first.read_bytes() == second.read_bytes()


@bounded
@given(csv_files())
def test_a_second_run_gives_the_same(file: Drawn) -> None:
    """Nothing comes from chance, and an untouched file passes through byte for byte."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = Drawn(
            file.suffix, file.raw, file.columns, (), {}, 'version: 1\ncolumns: {"*": keep}\n', file.options
        )
        if isinstance(attempt(kept, folder, "kept"), Report):
            assert file.raw == (folder / f"kept{file.suffix}").read_bytes()


FRAGMENTS = [
    *(
        "version: 1\n",
        "columns:\n",
        "  a: ",
        "  b: {steps: [",
        "]}\n",
        "rows: [",
        "]\n",
        "checks: [k_anonymity >= 2]\n",
    ),
    *(
        "unlisted: keep\n",
        "extends: x\n",
        "keys: {default: 'env:K'}\n",
        "tests:\n",
        "  - {given: {a: 1}}\n",
        "{",
        "}",
    ),
    *(
        "&a ",
        "*a",
        "!!str ",
        "? ",
        "- ",
        ": ",
        "\t",
        "'",
        '"',
        "#",
        "|\n",
        "\n",
        "()",
        "mask(",
        ")",
        "when: 'a >'",
    ),
    *STEPS,
    *PIECES,
]


@example(FOUND_RULES[0])
@bounded
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=14).map("".join))
def test_any_rule_text(text: str) -> None:
    """It is read, or refused as a wrong rule file."""
    try:
        parse_rules(text)
    except RuleError:
        event("refused")


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_one(step: str) -> None:
    """The steps that are drawn exist: a misspelled one would test nothing."""
    rules = parse_rules(f"version: 1\ncolumns:\n  a: {json.dumps([step])}\n")

    assert 1 == len(rules.file.columns["a"].steps)
