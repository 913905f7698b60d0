"""Hundreds of nasty files through the command line: what no rule touches comes out byte for byte."""

import csv
import io
from pathlib import Path

import duckdb
import polars as pl
import pytest

from anonymize.cli import obey
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from anonymize.rulefile.loading import load_rules
from tests.faults.build import rules_file
from tests.matrix.corpus import Nasty, csv_file, jsonl_file

pytestmark = pytest.mark.slow

FILES = 300
COMPARED = 40
MAKERS = {".csv": csv_file, ".jsonl": jsonl_file}
EACH = pytest.mark.parametrize("suffix", MAKERS)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules_for(folder: Path, nasty: Nasty, suffix: str) -> Path:
    """The last column is redacted, all others are kept."""
    last = "last" if suffix == ".jsonl" else f"c{_columns(nasty) - 1}"
    return rules_file(
        folder, f'  "{last}": redact\n  "*": keep' if suffix == ".csv" else '  "l*": redact\n  "*": keep'
    )


def _columns(nasty: Nasty) -> int:
    encoding = nasty.options[-1] if "--encoding" in nasty.options else "utf-8"
    bom = {b"\xff\xfe": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    found = next((name for mark, name in bom.items() if nasty.head.startswith(mark)), encoding)
    return nasty.head.decode(found).count(nasty.options[1]) + 1


@EACH
@pytest.mark.matrix("C8", "C17", "J4")
def test_every_byte_is_known(folder: Path, suffix: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Dialects, encodings, spellings, blanks and escapes by chance."""
    wrong = []
    for seed in range(FILES):
        nasty = MAKERS[suffix](seed)
        (folder / f"in{suffix}").write_bytes(nasty.raw)
        rules_for(folder, nasty, suffix)
        arguments = [
            "run",
            f"in{suffix}",
            "-r",
            "rules.yaml",
            "-o",
            f"out{suffix}",
            *nasty.options,
            "--threads",
            str(1 + seed % 3),
        ]
        code = obey([*arguments, "--overwrite", "--quiet"])
        if code or (folder / f"out{suffix}").read_bytes() != nasty.expected:
            wrong.append((seed, code))

    assert [] == wrong, capfd.readouterr().err


@EACH
@pytest.mark.matrix("W15")
def test_blocks_threads_and_files_do_not_matter(folder: Path, suffix: str) -> None:
    """Blocks of 16 bytes to a megabyte, one to three threads, one file or its two halves."""
    wrong = []
    for seed in range(1000, 1000 + FILES // 3):
        nasty = MAKERS[suffix](seed)
        (folder / "set").mkdir(exist_ok=True)
        half = len(nasty.rows) // 2
        (folder / "set" / f"1{suffix}").write_bytes(
            nasty.head + b"".join(nasty.rows[:half]) if half else nasty.raw
        )
        (folder / "set" / f"2{suffix}").unlink(missing_ok=True)
        marked = nasty.raw.startswith(
            (b"\xff\xfe", b"\xef\xbb\xbf")
        )  # each line was encoded with a mark of its own
        if half and not marked:
            (folder / "set" / f"2{suffix}").write_bytes(nasty.head + b"".join(nasty.rows[half:]))
        source = "set" if half and not marked else str(folder / f"in{suffix}")
        (folder / f"in{suffix}").write_bytes(nasty.raw)
        rules = load_rules(rules_for(folder, nasty, suffix))
        pairs = dict(zip(nasty.options[::2], nasty.options[1::2], strict=False)) if nasty.options else {}
        options = {"delimiter": pairs.get("--delimiter"), "encoding": nasty.options[-1] if "--encoding" in nasty.options else None,
                   "header": True} if suffix == ".csv" else {}  # fmt: skip
        block = 16 << (seed % 17)
        run(
            Job(
                rules,
                (source,),
                str(folder / f"out{suffix}"),
                options={**options, "block_bytes": block},
                overwrite=True,
            ),
            LocalEngine(1 + seed % 3),
        )
        found = (folder / f"out{suffix}").read_bytes()
        if found.rstrip(b"\r\n\0") != nasty.expected.rstrip(b"\r\n\0"):  # halves end in a line break each
            wrong.append((seed, block, source))

    assert [] == wrong


def strict_rows(name: str, delimiter: str) -> list[list[str | None]]:
    text = io.StringIO(Path(name).read_bytes().decode(), newline="")
    return [list(row) for row in csv.reader(text, delimiter=delimiter, strict=True)][1:]


def duckdb_rows(name: str, delimiter: str) -> list[list[str | None]]:
    found = duckdb.read_csv(
        name, sep=delimiter, quotechar='"', escapechar='"', header=True, all_varchar=True, na_values=["\0"],
        parallel=False,
    )  # fmt: skip
    return [list(row) for row in found.fetchall()]


def polars_rows(name: str, delimiter: str) -> list[list[str | None]]:
    return [list(row) for row in pl.read_csv(name, separator=delimiter, infer_schema=False).rows()]


READERS = {"csv": strict_rows, "duckdb": duckdb_rows, "polars": polars_rows}


@pytest.mark.matrix("C8")
def test_other_readers_agree(folder: Path) -> None:
    """The rows that Python's strict reader, DuckDB and Polars find before are those that they find after."""
    compared = 0
    for seed in range(2000, 2000 + 10 * FILES):
        nasty = csv_file(seed)
        text = nasty.raw.decode("utf-8", "replace")
        if "--encoding" in nasty.options or nasty.raw.startswith(b"\xff\xfe") or "\ufeff" in text or "\r" in text:
            continue  # they do not agree among themselves
        (folder / "in.csv").write_bytes(nasty.raw)
        rules_for(folder, nasty, ".csv")
        assert 0 == obey(
            ["run", "in.csv", "-r", "rules.yaml", "-o", "out.csv", *nasty.options, "--overwrite", "--quiet"]
        )
        for name, read in READERS.items():
            before, after = (
                [[cell or "" for cell in row] for row in read(file, nasty.options[1])]
                for file in ("in.csv", "out.csv")
            )
            expected = [
                [*row[:-1], "[REDACTED]" if new[-1] else row[-1]] for row, new in zip(before, after, strict=True)
            ]
            assert expected == after, (name, seed)
        compared += 1
        if compared == COMPARED:
            break

    assert COMPARED == compared
