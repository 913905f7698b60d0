"""Whatever is wrong with the input: the right error at the right place, nothing on disk, and no value anywhere."""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from anonymize.core.errors import AnonymizeError, DataError, RuleError, SecretError, UsageError
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from tests.faults.build import (
    CANARY,
    Log,
    assert_none_in,
    assert_silent,
    cells,
    command,
    environment,
    file_bytes,
    rules_file,
    tree,
)
from tests.spine.build import rules_of

RULES = "  id: pseudonymize\n  name: mask(keep_first=1)\n  note: keep"
LINE = f"{CANARY},{CANARY},{CANARY}\n".encode()
HEAD = b"id,name,note\n"
RECORD = json.dumps(dict.fromkeys(("id", "name", "note"), CANARY)).encode() + b"\n"
SHORT_KEY = CANARY * 2
WEAK_KEY = "5a616e7a" * 8  # the canary's first letters, again and again


@dataclass(frozen=True)
class Case:
    """Something that is wrong, and what is said about it."""

    name: str
    error: type[AnonymizeError]
    says: str
    """A pattern: the place and the problem."""
    hint: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    """By default the first file."""
    to: str | None = None
    rules: str = RULES
    rest: str = ""
    key: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    job: dict[str, Any] = field(default_factory=dict)
    folders: tuple[str, ...] = ()


def parquet(table: pa.Table | None = None, suffix: str = ".parquet") -> bytes:
    return file_bytes(suffix, cells() if table is None else table)


def damaged(raw: bytes, wanted: bytes = CANARY.encode()) -> bytes:
    """Other bytes in the middle of a data page."""
    place = raw.index(wanted) + 4
    return raw[:place] + bytes(b ^ 0xFF for b in raw[place : place + 8]) + raw[place + 8 :]


CSV = [
    Case("missing file", DataError, r"in\.csv: no such file", "check the path", inputs=("in.csv",)),
    Case("pattern without match", DataError, "the pattern matches no file", inputs=("*.csv",)),
    Case("folder without data", DataError, "holds no file of a known format", inputs=("in",), folders=("in",)),
    Case("empty file", DataError, r"in\.csv: the file is empty", "a header line", {"in.csv": b""}),
    Case("short row", DataError, r"in\.csv:3: expected 3 cells, found 2", "--delimiter",
         {"in.csv": HEAD + LINE + LINE[len(CANARY) + 1 :] + LINE}),
    Case("long row", DataError, r"in\.csv:3: expected 3 cells, found 4", "--rejects",
         {"in.csv": HEAD + LINE + CANARY.encode() + b"," + LINE}),
    Case("unclosed quote", DataError, r"in\.csv:3", "--quote", {"in.csv": HEAD + LINE + b'"' + LINE + LINE}),
    Case("stray quote", DataError, r"in\.csv:2", "--quote",
         {"in.csv": HEAD + b'"' + CANARY.encode() + b'"' + LINE}),
    Case("duplicate header", DataError, r"in\.csv:1: columns have the same name as another: number 1, 3",
         "--no-header", {"in.csv": b"id,name,id\n" + LINE}),
    Case("header without name", DataError, "number 2", "--no-header", {"in.csv": b"id,,note\n" + LINE}),
    Case("header that is data", DataError, r"in\.csv:1: the first line looks like data", "--no-header",
         {"in.csv": f"{CANARY},{CANARY}@example.org,2020-01-01\n".encode() * 3}),
    Case("NUL bytes", DataError, "NUL bytes", "--encoding", {"in.csv": HEAD + LINE.replace(b"zi", b"z\0i")}),
    Case("UTF-16 without a mark", DataError, "encoding is not certain", "--encoding utf-16-le",
         {"in.csv": (HEAD + LINE).decode().encode("utf-16-le")}),
    Case("Latin-1", DataError, "it is not UTF-8", "--encoding",
         {"in.csv": HEAD + LINE + b"caf\xe9,\xe9t\xe9,x\n" * 9}),
    Case("not UTF-8 late", DataError, r"line \d.* cannot be decoded: it is not UTF-8", "--encoding",
         {"in.csv": HEAD + LINE * 60_000 + LINE.replace(b"zi", b"\xe9") + LINE}),
    Case("wrong encoding said", DataError, "cannot be decoded: it is not gb18030", "--encoding",
         {"in.csv": HEAD + LINE + CANARY.encode() + b"\xff,b,c\n"}, options={"encoding": "gb18030"}),
    Case("unknown encoding", DataError, "there is no encoding", "try utf-8", {"in.csv": HEAD + LINE},
         options={"encoding": "klingon"}),
    Case("two delimiters", DataError, "the delimiter is not certain", "--delimiter",
         {"in.csv": f"id,na;me,no;te\n{CANARY},{CANARY};1,{CANARY};2\n".encode()}),
    Case("another delimiter", DataError, "no column|no rule covers", None, {"in.csv": HEAD.replace(b",", b"~")}),
    Case("too long a row", DataError, r"in\.csv:2: no row end within", "--max-cell",
         {"in.csv": HEAD + b'"' + LINE * 400 + b'","",""\n'}, options={"max_cell": 1000, "block_bytes": 500}),
    Case("gzip truncated", DataError, r"in\.csv\.gz: truncated gzip stream", "get it again",
         {"in.csv.gz": file_bytes(".csv.gz", cells(5000))[:-900]}, to="out.csv"),
    Case("gzip corrupt", DataError, "gzip stream", "get it again",
         {"in.csv.gz": file_bytes(".csv.gz", cells(5000))[:2000] + b"~" * 50 + file_bytes(".csv.gz",
         cells(5000))[2050:]},
         to="out.csv"),
    Case("zstd truncated", DataError, "zstd stream", "get it again",
         {"in.csv.zst": file_bytes(".csv.zst", cells(5000))[:-60]}, to="out.csv"),
    Case("a zip", DataError, "compressed with zip", "decompress", {"in.csv": b"PK\x03\x04" + LINE}),
    Case("Parquet called CSV", DataError, r"in\.csv", None, {"in.csv": parquet()}),
    Case("unknown suffix", UsageError, "not known by its name", "--input-format", {"in.dat": HEAD + LINE}),
    Case("unknown output suffix", UsageError, "not known by its name", "--output-format",
         {"in.csv": HEAD + LINE}, to="out.dat"),
    Case("option of another format", UsageError, "--delimiter does not apply", None, {"in.jsonl": RECORD},
         options={"delimiter": ";"}),
    Case("number column with text", DataError, r"column 'note', row 2: round_to: not a number", "on_error",
         {"in.csv": HEAD + b"a,b,1\n" + LINE}, rules=RULES.replace("note: keep", "note: round_to(5)")),
    Case("date column with text", DataError, r"column 'note', row 1: truncate_date: not a date", "on_error",
         {"in.csv": HEAD + LINE}, rules=RULES.replace("note: keep", "note: truncate_date(month)")),
    Case("condition that cannot be decided", DataError, "column 'note', row 1: the condition", None,
         {"in.csv": HEAD + LINE}, rules=RULES.replace("note: keep", "note: {steps: [redact], when: 'note > 3'}")),
    Case("row step on text", DataError, "row 1: drop_rows: ", None, {"in.csv": HEAD + LINE},
         rest="rows: ['drop_rows(where=\"note < 3\")']"),
    Case("map without entry", DataError, "column 'note', row 1: map_values", "on_error", {"in.csv": HEAD + LINE},
         rules=RULES.replace("note: keep", "note: 'map_values(mapping={a: b})'")),
]  # fmt: skip

JSONL = [
    Case("empty JSONL", DataError, r"in\.jsonl: the file is empty", None, {"in.jsonl": b""}),
    Case("broken JSON", DataError, r"in\.jsonl:2: not valid JSON", "--rejects",
         {"in.jsonl": RECORD + RECORD[:-3] + b"\n" + RECORD}),
    Case("text after the object", DataError, r"in\.jsonl:1", "--rejects", {"in.jsonl": RECORD[:-1] + b" x\n"}),
    Case("a list on top", DataError, r"in\.jsonl:2: not a JSON object", "--rejects",
         {"in.jsonl": RECORD + f'["{CANARY}"]\n'.encode()}),
    Case("blank line", DataError, r"in\.jsonl:2: a blank line", "--rejects",
         {"in.jsonl": RECORD + b"\n" + RECORD}),
    Case("duplicate key", DataError, r"in\.jsonl:2: a key stands twice in one object", "--rejects",
         {"in.jsonl": RECORD + RECORD[:-2] + f', "name": "{CANARY}"}}\n'.encode()}),
    Case("NaN", DataError, r"in\.jsonl:1: not valid JSON", "--rejects",
         {"in.jsonl": RECORD.replace(f'"{CANARY}"'.encode(), b"NaN", 1)}),
    Case("JSON that is not UTF-8", DataError, r"in\.jsonl:1: not UTF-8", "--rejects",
         {"in.jsonl": RECORD.replace(b"zi", b"\xe9")}),
    Case("NUL in JSON", DataError, r"in\.jsonl:1: not valid JSON", "--rejects",
         {"in.jsonl": RECORD.replace(b"zi", b"\0")}),
    Case("too deep", DataError, "nested deeper", "--rejects",
         {"in.jsonl": b'{"id":' + b"[" * 90 + f'"{CANARY}"'.encode() + b"]" * 90 + b"}\n"}),
    Case("too long a line", DataError, r"in\.jsonl:1: a line is longer than", "--max-cell",
         {"in.jsonl": RECORD}, options={"max_cell": 20}),
    Case("number column with text in JSON", DataError, r"column 'note', row 1: round_to: not a number",
         "on_error",
         {"in.jsonl": RECORD}, rules=RULES.replace("note: keep", "note: round_to(5)")),
    Case("misspelled key in JSON", DataError, "has no column 'nmae'", "glob",
         {"in.jsonl": RECORD}, rules=RULES + "\n  nmae: mask"),
    Case("new key late", DataError, "no rule covers the column 'extra'", "add the line",
         {"in.jsonl": RECORD * 50 + RECORD.replace(b'"id"', f'"extra": "{CANARY}", "id"'.encode())},
         options={"block_bytes": 600}),
    Case("gzip of JSON truncated", DataError, "truncated gzip stream", "get it again",
         {"in.jsonl.gz": file_bytes(".jsonl.gz", cells(5000))[:-900]}, to="out.jsonl"),
    Case("mixed kinds for Parquet", DataError, "column 'note'", None,
         {"in.jsonl": RECORD + RECORD.replace(f'"note": "{CANARY}"'.encode(), b'"note": 3')}, to="out.parquet"),
]  # fmt: skip

PARQUET = [
    Case("empty Parquet", DataError, r"in\.parquet", None, {"in.parquet": b""}),
    Case("CSV called Parquet", DataError, "is not a Parquet file", "check the suffix",
         {"in.parquet": HEAD + LINE}),
    Case("truncated Parquet", DataError, "truncated Parquet file", "get it again",
         {"in.parquet": parquet()[:-20]}),
    Case("damaged footer", DataError, r"in\.parquet: the footer is damaged", "get it again",
         {"in.parquet": parquet()[:-60] + b"\xff" * 40 + parquet()[-20:]}),
    Case("damaged page", DataError, r"in\.parquet: row group \d is damaged", "get it again",
         {"in.parquet": damaged(parquet())}),
    Case("misspelled column", RuleError, "has no column 'nmae'", "name", {"in.parquet": parquet()},
         rules=RULES.replace("name:", "nmae:") + "\n  name: keep"),
    Case("new column", DataError, "no rule covers the column 'extra'", "add the line",
         {"in.parquet": parquet(cells().append_column("extra", pa.array([CANARY] * 40)))}),
    Case("text where numbers belong", DataError, "round_to", None, {"in.parquet": parquet()},
         rules=RULES.replace("note: keep", "note: round_to(5)")),
    Case("type a step cannot take", RuleError, "truncate_date cannot be used on 'note'", None,
         {"in.parquet": parquet(pa.table({"id": ["x"], "name": [CANARY], "note": [True]}))},
         rules=RULES.replace("note: keep", "note: truncate_date(month)")),
    Case("schema drift", DataError, r"b\.parquet: its columns differ .*has other types for 'note'",
         "same columns",
         {"a.parquet": parquet(), "b.parquet": parquet(cells().set_column(2, "note", pa.array(range(40))))},
         inputs=("a.parquet", "b.parquet"), to="out.parquet"),
    Case("Arrow called Parquet", DataError, "is not a Parquet file", None,
         {"in.parquet": parquet(suffix=".arrow")}),
    Case("truncated Arrow", DataError, r"in\.arrow", None, {"in.arrow": parquet(suffix=".arrow")[:-300]}),
]  # fmt: skip

OTHERS = [
    Case("schema drift of CSV", DataError, r"b\.csv: its columns differ .*adds 'extra'", "same columns",
         {"a.csv": HEAD + LINE, "b.csv": b"extra," + HEAD + b"x," + LINE}, inputs=("a.csv", "b.csv"),
         to="out.csv"),
    Case("bad row in the last file", DataError, r"b\.csv:2", None,
         {"a.csv": HEAD + LINE, "b.csv": HEAD + b"x," + LINE}, inputs=("a.csv", "b.csv"), to="safe/"),
    Case("input is output", UsageError, "one of the inputs", "another file", {"in.csv": HEAD + LINE}, to="in.csv",
         job={"overwrite": True}),
    Case("output exists", UsageError, r"out\.csv: the output exists", "--overwrite",
         {"in.csv": HEAD + LINE, "out.csv": b"old"}),
    Case("output folder missing", DataError, "there is no folder", "create it", {"in.csv": HEAD + LINE},
         to="no/out.csv"),
    Case("output is a folder's name", DataError, "there is no folder", "create it", {"in.csv": HEAD + LINE},
         to="in.csv/out.csv"),
    Case("rejects is the output", UsageError, "the rejects would replace the output", "another file",
         {"in.csv": HEAD + LINE},
         job={"rejects": "out.csv", "overwrite": True}),
    Case("key missing", SecretError, "environment variable 'ANONYMIZE_KEY' is not set", "set it",
         {"in.csv": HEAD + LINE}, key=""),
    Case("key short", SecretError, "64 hexadecimal digits", "keys new", {"in.csv": HEAD + LINE}, key=SHORT_KEY),
    Case("key weak", SecretError, "too weak", "keys new", {"in.csv": HEAD + LINE}, key=WEAK_KEY),
    Case("key unnamed", SecretError, "there is no key 'other'", "default", {"in.csv": HEAD + LINE},
         rules=RULES.replace("pseudonymize", "pseudonymize(key=other)")),
    Case("failed check", AnonymizeError, "k_anonymity >= 5 does not hold", "no output", {"in.csv": HEAD + LINE},
         rules=RULES.replace("note: keep", "note: {role: quasi_identifier, steps: [keep]}"),
         rest="checks: [k_anonymity >= 5]"),
]  # fmt: skip


def prepare(folder: Path, case: Case, patch: pytest.MonkeyPatch) -> tuple[tuple[str, ...], str]:
    """Lay out the files; the names of the inputs and of the output."""
    for name in case.folders:
        (folder / name).mkdir()
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    if case.key is not None:
        patch.setenv("ANONYMIZE_KEY", case.key)
        if not case.key:
            patch.delenv("ANONYMIZE_KEY")
    patch.chdir(folder)
    inputs = case.inputs or (next(iter(case.files)),)
    return inputs, case.to or "out" + Path(inputs[0]).suffix


@pytest.mark.matrix("S4")
@pytest.mark.parametrize("case", [*CSV, *JSONL, *PARQUET, *OTHERS], ids=lambda case: case.name)
def test_what_is_wrong_is_told_and_nothing_else(
    tmp_path: Path, case: Case, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Class, place, problem and hint; the folder is as it was; no value or key in any text."""
    inputs, to = prepare(tmp_path, case, monkeypatch)
    before, folders = tree(tmp_path), sorted(p for p in tmp_path.rglob("*") if p.is_dir())
    options = {**case.options}
    rejects = case.job.get("rejects")
    given = {**case.job, **({"rejects": Path(rejects)} if rejects else {})}
    log = Log()
    logging.getLogger().addHandler(log)
    try:
        with pytest.raises(case.error, match=case.says) as caught:
            run(Job(rules_of(case.rules, case.rest), inputs, to, options=options, **given), LocalEngine(2))
    finally:
        logging.getLogger().removeHandler(log)

    assert_silent(caught.value, SHORT_KEY, WEAK_KEY)
    hints = "\n".join(problem.hint or "" for problem in caught.value.problems)
    assert (case.hint or "") in hints
    assert before == tree(tmp_path)
    assert folders == sorted(p for p in tmp_path.rglob("*") if p.is_dir())
    assert_none_in("\n".join([*log.lines, *capfd.readouterr()]))


SHOWN = [
    "short row",
    "number column with text",
    "not UTF-8 late",
    "broken JSON",
    "damaged page",
    "key weak",
    "text where numbers belong",
]


@pytest.mark.parametrize("name", SHOWN)
def test_what_the_command_prints(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of stdout and stderr, with --verbose and as JSON, and the exit code."""
    (case,) = (case for case in [*CSV, *JSONL, *PARQUET, *OTHERS] if case.name == name)
    inputs, to = prepare(tmp_path, case, monkeypatch)
    rules = rules_file(tmp_path, case.rules, case.rest)
    before = tree(tmp_path)
    given = {**environment(), **({"ANONYMIZE_KEY": case.key} if case.key else {})}
    arguments = ["run", *inputs, "-r", str(rules), "-o", to, "--verbose", *(["--json"] if len(name) % 2 else [])]
    done = command(*arguments, cwd=tmp_path, env=given)

    assert case.error.exit_code == done.returncode
    assert_none_in(done.stdout + done.stderr, SHORT_KEY, WEAK_KEY)
    assert "Traceback" not in done.stderr
    assert before == tree(tmp_path)


class LeakyError(Exception):
    """A library's error that quotes a value."""


def leak(*_: object, **__: object) -> Any:
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        raise LeakyError(f"cannot convert {CANARY!r}") from error


@pytest.mark.matrix("S3", "S4")
@pytest.mark.parametrize(
    "place",
    [
        "anonymize.transforms.masking.mask.Mask.apply",
        "anonymize.codecs.csv.page.CsvPage.values",
        "anonymize.codecs.csv.sink.CsvSink.encode",
        "anonymize.codecs.csv.sink.CsvSink.write",
        "anonymize.formats.csv.scan",
        "anonymize.formats.csv.blocks",
        "anonymize.formats.csv.find_encoding",
        "anonymize.running.frame.Frame.edit",
        "anonymize.statistics.class_sizes.ClassSizes.fit",
        "anonymize.statistics.class_sizes.ClassSizes.finish",
        "anonymize.metrics.k_anonymity.KAnonymity.measure",
        "anonymize.pipeline.make_plan",
        "anonymize.pipeline.make_report",
        "anonymize.keys.read_generations",
        "anonymize.datasets.Dataset.changed",
    ],
)
def test_no_library_error_gets_out_whole(tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw, anywhere on the way: its text and its causes stay inside."""
    (tmp_path / "in.csv").write_bytes(HEAD + LINE * 5)
    monkeypatch.setattr(place, leak)
    columns = RULES.replace("note: keep", "note: {role: quasi_identifier, steps: [group_rare(2)]}")
    job = Job(
        rules_of(columns, "checks: [k_anonymity >= 1]"), (str(tmp_path / "in.csv"),), str(tmp_path / "out.csv")
    )
    with pytest.raises(AnonymizeError) as caught:
        run(job, LocalEngine(2))

    assert_silent(caught.value)
    assert ["in.csv"] == os.listdir(tmp_path)


def test_frames_in_memory_are_as_silent() -> None:
    """The Python interface, too."""
    import anonymize

    columns = {"id": "keep", "name": "round_to(5)", "note": "keep"}
    with pytest.raises(AnonymizeError) as caught:
        anonymize.transform(
            cells(), rules=rules_of("\n".join(f"  {name}: {step}" for name, step in columns.items()))
        )
    assert_silent(caught.value)


@pytest.mark.matrix("C1", "J1")
def test_rejects_hold_what_could_not_be_read_and_the_output_the_rest(tmp_path: Path) -> None:
    """Rows that are set aside are counted, private, and nowhere else."""
    for suffix, good, bad, head in [(".csv", LINE, b"x," + LINE, HEAD), (".jsonl", RECORD, b"[" + RECORD, b"")]:
        path = tmp_path / f"in{suffix}"
        path.write_bytes(head + good + bad + good * 2 + bad)
        aside = tmp_path / f"bad{suffix}"
        output = tmp_path / f"out{suffix}"
        arguments = [
            "-r",
            str(rules_file(tmp_path, RULES.replace("note: keep", "note: mask"))),
            "--rejects",
            str(aside),
            "--json",
        ]
        done = command("run", str(path), "-o", str(output), *arguments)

        assert 0 == done.returncode
        assert_none_in(done.stdout + done.stderr)
        assert (3, 2) == tuple(json.loads(done.stdout)["data"][key] for key in ("rows_out", "rows_rejected"))
        assert 0o600 == aside.stat().st_mode & 0o777
        assert bad.strip() in aside.read_bytes()
        assert CANARY.encode() not in output.read_bytes()


def test_header_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table without rows comes out as one, in every format."""
    makers: dict[str, Callable[[], bytes]] = {".csv": lambda: HEAD, ".parquet": lambda: parquet(cells(0))}
    for suffix, make in makers.items():
        (tmp_path / f"in{suffix}").write_bytes(make())
        report = run(
            Job(rules_of(RULES), (str(tmp_path / f"in{suffix}"),), str(tmp_path / f"out{suffix}")), LocalEngine()
        )
        assert (0, 0) == (report.rows_in, report.rows_out)
        assert (tmp_path / f"out{suffix}").stat().st_size
