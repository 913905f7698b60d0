"""What `anonymize restore` brings back in each format: bytes, types and metadata."""

import csv
import datetime
import decimal
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import anonymize
from anonymize.keys import Keys
from anonymize.rulefile.loading import parse_rules
from tests.cli.restoring import KEYS, RULES, SECRET, done, prepare, refused

CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40)


TYPED = pa.table(
    {
        "id": pa.array([2**62, None, -1], pa.int64()),
        "real": pa.array([0.1, None, -0.0]),
        "yes": pa.array([True, None, False]),
        "money": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("-3.00")]),
        "day": pa.array([datetime.date(2024, 2, 29), None, datetime.date(1, 1, 1)]),
        "moment": pa.array([datetime.datetime(2024, 1, 2, 3, 4, 5, 6), None, None], pa.timestamp("us", "UTC")),
        "hour": pa.array([datetime.time(1, 2, 3), None, None], pa.time64("us")),
        "bytes": pa.array([b"a\xff", b"", None]),
        "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
        "wide": pa.array([SECRET, "", None], pa.large_string()),
        "deep": pa.array([{"n": 1, "l": ["p", "q"]}, {"n": None, "l": []}, None],
                         pa.struct([("n", pa.int32()), ("l", pa.list_(pa.string()))])),
    }
).replace_schema_metadata({"origin": "ward 3"})  # fmt: skip
TYPED_RULES = """version: 1
keys: {default: "file:old.key"}
columns:
  "*": encrypt_deterministic
  real: [encrypt, encrypt_deterministic]
  id: {steps: [encrypt], when: "yes == true"}
"""


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_typed_columns_come_back_in_their_types(tmp_path, monkeypatch, capfd, suffix):
    """Values, types, nulls and metadata: the file says which key made it and what it was, and no more."""
    rules = TYPED_RULES.replace('id: {steps: [encrypt], when: "yes == true"}', "id: encrypt")
    prepare(tmp_path, monkeypatch, rules)
    pq.write_table(TYPED, "data.parquet")
    done(capfd, "run", "data.parquet", "-r", "rules.yaml", "-o", f"safe.{suffix}")
    safe = pq.read_schema("safe.parquet") if suffix == "parquet" else pa.ipc.open_file("safe.arrow").schema
    note = json.loads(safe.metadata[b"anonymize"])

    assert pa.string() == safe.field("id").type
    assert {"keys": {"default": anonymize_id()}, "type": "int64"} == note["columns"]["id"]
    assert not any(key in str(safe.metadata) for key in KEYS.values())
    done(capfd, "restore", f"safe.{suffix}", "-r", "rules.yaml", "-o", "back.parquet")
    back = pq.read_table("back.parquet")
    assert back.schema.equals(pq.read_schema("data.parquet"), check_metadata=True)
    assert back.equals(pq.read_table("data.parquet"))


def anonymize_id() -> str:
    keys = Keys({"key": "file:old.key"}, "")
    keys.require(["key"])
    return keys.fingerprints()["key"]


@pytest.mark.parametrize("step", ["keep", "encrypt"])
def test_types_come_back_under_conditions(tmp_path, monkeypatch, capfd, step):
    """Some values of a typed column were encrypted and others became text: all are of their type again."""
    columns = {
        "yes": step,
        "id": '{steps: [encrypt], when: "yes == true"}',
        "day": '{steps: [encrypt], when: "id > 5"}',
    }
    columns["moment"] = '{steps: [encrypt], when: "yes is null"}'
    lines = "".join(f"  {name}: {rule}\n" for name, rule in columns.items())
    prepare(tmp_path, monkeypatch, RULES.partition("columns:")[0] + f"columns:\n{lines}")
    pq.write_table(TYPED.select(list(columns)), "data.parquet")
    done(capfd, "run", "data.parquet", "-r", "rules.yaml", "-o", "safe.parquet")
    done(capfd, "restore", "safe.parquet", "-r", "rules.yaml", "-o", "back.parquet")

    assert pq.read_table("back.parquet").equals(pq.read_table("data.parquet"))


def test_a_note_names_the_wrong_key(tmp_path, monkeypatch, capfd):
    """A typed file tells by itself that another key made it."""
    prepare(tmp_path, monkeypatch, TYPED_RULES.rpartition("  id")[0])
    pq.write_table(TYPED, "data.parquet")
    done(capfd, "run", "data.parquet", "-r", "rules.yaml", "-o", "safe.parquet")

    code, error = refused(capfd, "restore", "safe.parquet", "-r", "new.yaml", "-o", "back.parquet")
    assert (5, True) == (code, anonymize_id() in error["message"])


def test_jsonl_globs_and_nested_paths(tmp_path, monkeypatch, capfd):
    """Patterns that match several columns, items of lists, and keys that turn up late."""
    rules = RULES.partition("columns:")[0] + "columns:\n  '*': keep\n  'c_*': encrypt\n  'a.b[*].x': encrypt\n"
    people = (
        f'{{"c_1": "{SECRET}", "k": 1.10, "a": {{"b": [{{"x": "p"}}, {{"x": ""}}, {{}}]}}}}\n'
        + '{"k": 2}\n' * 3
        + '{"c_1": null, "c_late": "\\"q\\"\\n"}\n'
    )
    prepare(tmp_path, monkeypatch, rules)
    (tmp_path / "people.jsonl").write_text(people)
    done(capfd, "run", "people.jsonl", "-r", "rules.yaml", "-o", "safe.jsonl")
    assert not any(text in (tmp_path / "safe.jsonl").read_text() for text in (SECRET, '"p"', "q\\"))
    done(capfd, "restore", "safe.jsonl", "-r", "rules.yaml", "-o", "back.jsonl")

    assert people == (tmp_path / "back.jsonl").read_text()


NUMBERS = '{"n": 1.10, "t": "1.10", "b": true, "m": 1, "l": [{"x": 30000000000000000000000001}]}\n' \
          '{"n": -0, "t": "\\"", "b": null, "m": "1", "l": []}\n'  # fmt: skip


def test_json_numbers_come_back_as_numbers(tmp_path, monkeypatch, capfd):
    """As they were spelled, where the run's report says that a column held nothing else; else as text, with a
    warning."""
    rules = RULES.partition("columns:")[0] + "columns:\n  '*': encrypt\n"
    prepare(tmp_path, monkeypatch, rules)
    (tmp_path / "people.jsonl").write_text(NUMBERS)
    done(capfd, "run", "people.jsonl", "-r", "rules.yaml", "-o", "safe.jsonl", "--report", "run.json")
    data = done(capfd, "restore", "safe.jsonl", "-r", "rules.yaml", "-o", "back.jsonl", "--run-report", "run.json")
    assert NUMBERS.replace('"m": 1,', '"m": "1",') == (tmp_path / "back.jsonl").read_text()
    assert ["m held numbers and text: all of it comes back as text"] == data["warnings"]

    data = done(capfd, "restore", "safe.jsonl", "-r", "rules.yaml", "-o", "text.jsonl")
    assert (tmp_path / "text.jsonl").read_text().startswith('{"n": "1.10", "t": "1.10", "b": "true", "m": "1"')
    assert "n, t, b, m, l[*].x: numbers come back as text" in data["warnings"][0]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_any_text_comes_back(tmp_path, rows):
    """Whatever characters and quotes, through every cipher that proves itself."""
    columns = "{a: encrypt, b: encrypt_deterministic, c: [encrypt, encrypt_deterministic(context=a)]}"
    rules = parse_rules(f"version: 1\ncolumns: {columns}\n")
    with (tmp_path / "given.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    anonymize.run(tmp_path / "given.csv", rules=rules, to=tmp_path / "safe.csv", overwrite=True, threads=1)
    anonymize.restore(tmp_path / "safe.csv", rules=rules, to=tmp_path / "back.csv", overwrite=True, threads=1)

    assert (tmp_path / "given.csv").read_bytes() == (tmp_path / "back.csv").read_bytes()


def test_files_of_different_keys_are_refused(tmp_path, monkeypatch, capfd):
    """A folder whose files were made by different keys has no single way back."""
    prepare(tmp_path, monkeypatch, TYPED_RULES.rpartition("  id")[0])
    pq.write_table(TYPED, "data.parquet")
    Path("safe").mkdir()
    for name in ("rules", "new"):
        done(capfd, "run", "data.parquet", "-r", f"{name}.yaml", "-o", f"safe/{name}.parquet")

    code, error = refused(capfd, "restore", "safe", "-r", "rules.yaml", "-o", "back.parquet")
    assert (2, True) == (code, "different keys" in error["message"])
