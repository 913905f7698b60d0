"""Scanning files: columns, spans, samples."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize.datasets import open_dataset
from anonymize.scanning import all_detectors, scan, spans


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    lines = [f"{n:05},user{n}@mail.example.com,call 138{n:08} now" for n in range(300)]
    path.write_text("id,email,notes\n" + "\n".join(lines) + "\n")
    return open_dataset([str(path)])


def test_columns(people) -> None:
    """Each column has an entity or entities inside, a decision and a role."""
    found = {column.name: column for column in scan(people.sources).columns}

    assert ["none", "auto"] == [found[name].decision for name in ("id", "email")]
    assert ["other", "direct_identifier"] == [found[name].role.value for name in ("id", "email")]
    assert "EMAIL_ADDRESS" == found["email"].entity
    assert found["notes"].is_text


def test_samples_say_so(people) -> None:
    """The rows that were read are counted, and whether they are all."""
    assert (300, True) == ((whole := scan(people.sources)).rows, whole.complete)
    assert (10, False) == ((some := scan(people.sources, sample=10)).rows, some.complete)
    assert (300, True) == ((exact := scan(people.sources, sample=300)).rows, exact.complete)


def test_spans_count_rows_over_pages(people) -> None:
    """Every row's finds, with the number of the row in the dataset."""
    rows = [
        found.first_row + row
        for found in spans(people, all_detectors(["PHONE_NUMBER"]))
        if found.column == "notes"
        for row in found.findings.row.tolist()
    ]

    assert list(range(300)) == rows


def test_lists_belong_to_rows(tmp_path) -> None:
    """A find in a list is in the row of the list."""
    path = tmp_path / "chat.jsonl"
    turns = [{"turns": ["hello", "x@qq.com"]}, {"turns": []}, {"turns": ["a", "b", "y@qq.com"]}]
    path.write_text("\n".join(map(json.dumps, turns)) + "\n")
    (found,) = [each for each in spans(open_dataset([str(path)]), all_detectors()) if len(each.findings)]

    assert [0, 2] == found.findings.row.tolist()
    assert ["x@qq.com", "y@qq.com"] == [found.values[place].as_py() for place in found.places.tolist()]


def test_binary_columns_are_not_waved_through(tmp_path) -> None:
    """What cannot be read as text counts as found."""
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"photo": pa.array([b"\x00\xff"])}), path)
    (column,) = scan(open_dataset([str(path)]).sources).columns

    assert ("UNSCANNED", 1.0, "auto") == (column.entity, column.confidence, column.decision)
