"""Typed files note which key made a column, by its id, and its old type; nothing else, and never a key."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import anonymize
from anonymize.codecs.tables.memory import PageSource
from anonymize.core.format import MARK
from anonymize.rulefile.loading import parse_rules
from anonymize.running.marks import Mark, common_marks, read_marks, write_marks
from tests.key import KEY

TYPES = [
    pa.int8(),
    pa.large_string(),
    pa.decimal128(20, 3),
    pa.timestamp("us", "Europe/Berlin"),
    pa.dictionary(pa.int16(), pa.string()),
    pa.list_(pa.struct([("a", pa.date32())])),
    pa.binary(3),
    None,
]


def source_of(note: bytes | None) -> PageSource:
    source = PageSource.of(pa.table({"a": [1]}))
    source.metadata = {MARK: note} if note is not None else {}
    return source


@given(st.dictionaries(st.text(), st.builds(Mark, st.dictionaries(st.text(), st.text()), st.sampled_from(TYPES))))
def test_marks_read_back(marks: dict[str, Mark]) -> None:
    """Any column names, key names and types."""
    assert marks == read_marks(source_of(write_marks(marks)))


@pytest.mark.parametrize(
    "note",
    [
        None, b"", b"[]", b"{}", b"\xff", b'{"version": 2, "columns": {"a": {"keys": {}}}}', b"[" * 100_000,
        b'{"version": 1, "columns": []}', b'{"version": 1, "columns": {"a": 1}}',
        b'{"version": 1, "columns": {"a": {"keys": {}, "type": "nonsense"}}}',
        b'{"version": 1, "columns": {"a": {"keys": {}, "type": "AAAA"}}}',
    ],
)  # fmt: skip
def test_what_is_no_note_of_ours_says_nothing(note: bytes | None) -> None:
    """Other programs may use the same name for theirs."""
    assert {} == read_marks(source_of(note))


def test_files_that_disagree_leave_no_mark() -> None:
    """A column of two keys has no mark: neither would be true of all of it."""
    first, second = ({"a": Mark({"k": mark}), "b": Mark({"k": "same"})} for mark in ("x", "y"))

    assert {"b": Mark({"k": "same"})} == common_marks([source_of(write_marks(m)) for m in (first, second)])


def test_notes_follow_their_columns(tmp_path: Path) -> None:
    """What is kept keeps its note, what is changed has a new one or none, what is dropped has none."""
    given = pa.table({name: ["x", "y"] for name in "abcd"}).replace_schema_metadata({"other": "stays"})
    pq.write_table(given, tmp_path / "0.parquet")
    run(tmp_path, "0", "1", "'*': encrypt")
    run(tmp_path, "1", "2", "a: keep\n  b: pseudonymize(key=second)\n  c: mask\n  d: drop")
    metadata = pq.read_schema(tmp_path / "2.parquet").metadata
    columns = json.loads(metadata[MARK])["columns"]

    assert {"a": ["default"], "b": ["second"]} == {name: list(mark["keys"]) for name, mark in columns.items()}
    assert b"stays" == metadata[b"other"]
    assert KEY.encode() not in (tmp_path / "2.parquet").read_bytes()


def test_no_key_no_note(tmp_path: Path) -> None:
    """The metadata of a file that no key changed is what it was."""
    pq.write_table(pa.table({"a": ["x"]}).replace_schema_metadata({"other": "stays"}), tmp_path / "0.parquet")
    run(tmp_path, "0", "1", "a: mask")

    assert pq.read_schema(tmp_path / "0.parquet").metadata == pq.read_schema(tmp_path / "1.parquet").metadata


def run(folder: Path, before: str, after: str, columns: str) -> None:
    rules = parse_rules(f"version: 1\nkeys: {{second: env:ANONYMIZE_KEY}}\ncolumns:\n  {columns}\n")
    anonymize.run(folder / f"{before}.parquet", rules=rules, to=folder / f"{after}.parquet", threads=1)
