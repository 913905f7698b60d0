"""Previews choose telling rows, show no original, and go on where a run would stop."""

import pytest

from anonymize.datasets import open_dataset
from anonymize.kernels.text.telling import shape
from anonymize.preview import preview
from anonymize.rulefile.loading import parse_rules

RULES = """
version: 1
columns:
  id: pseudonymize
  name: {steps: [redact], when: "level > 3"}
  born: truncate_date(year)
  ssn: drop
  level: keep
rows: ["drop_rows(where=\\"level == '9'\\")"]
"""
ROWS = ["1,Ada,1990-01-01,x1,1"] * 50 + [
    '2,"",1990-01-01,x2,1',
    "3,,1990-01-01,x3,5",
    "4,Zoë 🙂,1990-01-01,x4,1",
    "5,Maximiliane,someday,x5,1",
    "6,Bo,1990-01-01,x6,9",
    "7,Al",
]


@pytest.fixture
def dataset(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("id,name,born,ssn,level\n" + "\n".join(ROWS) + "\n")
    return open_dataset([str(path)], tolerant=True)


def cells(record):
    return {cell.column: cell for cell in record.cells}


def test_every_case_is_shown(dataset):
    """Null, empty, non-ASCII, longest, failing, dropped and both sides of `when` are all among few rows."""
    found = preview(dataset, parse_rules(RULES), rows=8)
    reasons = {reason for record in found.records for reason in record.reasons}
    assert {
        "name: null", "name: empty", "name: not ASCII", "name: longest", "born: fails", "row dropped",
        "name: `when` holds", "name: `when` does not hold",
    } <= reasons  # fmt: skip
    assert {51, 52, 53, 54, 55} <= {record.row for record in found.records}


def test_states_and_shapes(dataset):
    """A cell is changed, kept, dropped or failed; originals are shapes."""
    found = preview(dataset, parse_rules(RULES), rows=9)
    records = {record.row: cells(record) for record in found.records}
    assert (records[54]["born"].before, records[54]["born"].after, records[54]["born"].state) == (
        "aaaaaaa",
        None,
        "failed",
    )
    assert (records[53]["name"].before, records[53]["name"].after, records[53]["name"].state) == (
        "Aaa ◦",
        "Aaa ◦",
        "kept",
    )
    assert records[55]["ssn"].state == "dropped"
    assert records[55]["name"].after == "[REDACTED]"
    assert [record.row for record in found.records if record.dropped] == [55]


def test_what_a_run_would_stop_at(dataset):
    """Rows that cannot be read and values that fail are told, by place and not by value."""
    found = preview(dataset, parse_rules(RULES))
    assert len(found.stops) == 2
    assert "line 57" in found.stops[0]
    assert "column 'born', row 54" in found.stops[1]
    assert "someday" not in "".join(found.stops)


def test_values_on_request(dataset):
    """Only then are the values themselves part of the preview."""
    found = preview(dataset, parse_rules(RULES), rows=9, show_values=True)
    assert "Maximiliane" in {cells(record)["name"].before for record in found.records}


def test_a_preview_needs_no_key(dataset, monkeypatch):
    """Pseudonyms are examples then, and it says so."""
    monkeypatch.delenv("ANONYMIZE_KEY", raising=False)
    assert preview(dataset, parse_rules(RULES)).example_key is not None


def test_an_empty_file(tmp_path):
    """A header alone has no rows to show, and no error."""
    (tmp_path / "people.csv").write_text("id,name,born,ssn,level\n")
    found = preview(open_dataset([str(tmp_path / "people.csv")]), parse_rules(RULES))
    assert found.records == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Alice 2024", "Aaaaa 9999"),
        ("a.b@c-d", "a.a@a-a"),
        ("王小明，Ⅷ½", "文文文，99"),
        ("\u3000\x1b🙂", " ◦◦"),
        ("", ""),
    ],
)
def test_shapes(text, shown):
    """A shape keeps length, kinds and punctuation."""
    assert shape(text) == shown


def test_an_aggregation_shows_its_table(dataset):
    """The table about the sample stands in for records."""
    text = "version: 1\nunlisted: drop\ncolumns: {level: keep}\nrows:\n  - aggregate([level], min_group=1)\n"
    found = preview(dataset, parse_rules(text), rows=2)
    assert found.records == ()
    assert found.released.column_names == ["level", "count"]
    assert found.released.num_rows == 2
