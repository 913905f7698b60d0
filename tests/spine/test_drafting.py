"""Drafted rule files run as they are, and leave nothing behind."""

import csv
import json
import re
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from anonymize.datasets import open_dataset
from anonymize.engines.local import LocalEngine
from anonymize.finding.drafted_file import rule_file
from anonymize.finding.drafting import draft
from anonymize.pipeline import Job, run
from anonymize.rulefile.loading import load_rules, parse_rules
from tests.key import KEY

SAMPLES = Path(__file__).parents[2] / "sample_data"
FILES = ["people.csv", "people_zh.csv", "visits.csv", "payments.csv", "chat.jsonl", "contacts.parquet"]

IDENTIFYING = {
    "people.csv": ["id", "full_name", "email", "phone", "ssn", "credit_card", "birth_date", "ip"],
    "people_zh.csv": ["用户编号", "姓名", "身份证号", "手机号", "邮箱", "地址", "银行卡号", "出生日期"],
    "visits.csv": ["patient_id", "name", "birth_date", "visit_date"],
    "payments.csv": ["payment_id", "card_number", "cardholder", "created_at"],
}


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)


def drafted(path: Path, pack: str | None = None) -> str:
    found = draft(open_dataset([str(path)]), load_rules(pack) if pack else None)
    return rule_file(found, "sample", pack)


def planted(name: str) -> set[str]:
    """The values that identify somebody in a sample file."""
    if name == "contacts.parquet":
        rows = pq.read_table(SAMPLES / name).to_pylist()
        contacts = [row["contact"] for row in rows if row["contact"]]
        numbers = [p["number"] for c in contacts for p in c["phones"] or () if p]
        found = [*(c["name"] for c in contacts), *(c["email"] for c in contacts), *numbers]
    elif name == "chat.jsonl":
        records = [json.loads(line) for line in (SAMPLES / name).read_text("utf-8").splitlines()]
        text = " ".join(m["content"] or "" for r in records for m in r["messages"])
        found = re.findall(r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx]", text)
        found += [r["user_id"] for r in records]
    else:
        with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        others = {value for row in rows for column, value in row.items() if column not in IDENTIFYING[name]}
        found = [row[column] for row in rows for column in IDENTIFYING[name] if row[column] not in others]
    return {value.strip() for value in found if value and len(value.strip()) > 2}


@pytest.mark.parametrize("name", FILES)
def test_a_drafted_rule_file_leaves_no_planted_identifier(name, tmp_path):
    """It can be read, covers every column, runs, and what identified somebody is nowhere in the output."""
    rules = parse_rules(drafted(SAMPLES / name), "drafted.yaml")
    output = tmp_path / name

    report = run(Job(rules, (str(SAMPLES / name),), str(output)), LocalEngine(1))

    assert report.rows_in == report.rows_out
    text = str(pq.read_table(output).to_pylist()) if name.endswith("parquet") else output.read_text("utf-8")
    values = planted(name)
    assert len(values) > 50
    assert [] == sorted(value for value in values if re.search(rf"(?<![\w.]){re.escape(value)}(?![\w.])", text))


@pytest.mark.parametrize("name", FILES)
def test_a_drafted_rule_file_holds_no_value(name):
    """Names of columns, counts and shares: nothing of the data."""
    text = drafted(SAMPLES / name)

    assert [] == [value for value in planted(name) if value in text and not value.isdigit()]


def test_every_kept_column_says_why():
    """`keep` never stands without a reason above it."""
    lines = drafted(SAMPLES / "people.csv").splitlines()

    kept = [before for before, line in pairwise(lines) if "[keep]" in line]
    assert kept
    assert all(line.strip().startswith("# kept") for line in kept)


def test_a_pack_keeps_its_lines(tmp_path):
    """What the pack covers is left to it; what it lacks, or passes although it identifies, gets a line."""
    path = tmp_path / "a.csv"
    path.write_text("patient_name,colour,diagnosis\nAnna Lee,red,a@example.com\nBob Ray,red,b@example.com\n")

    text = drafted(path, "hipaa_safe_harbor")
    rules = parse_rules(text, "drafted.yaml")

    assert "# patient_name: the pack says redact" in text
    assert {"colour", "diagnosis"} == set(rules.file.columns) - rules.inherited


@pytest.mark.parametrize("header", ["price [EUR]", "a*b", "what?", "yes", 'a "b": c', "#x", "日期", "a\tb"])
def test_any_column_name_survives(header, tmp_path):
    """Names that mean something to YAML or to globs are written so that they mean themselves."""
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[header, "b"], ["1.5", "x"], ["2.5", "y"]])

    rules = parse_rules(drafted(path), "drafted.yaml")
    run(Job(rules, (str(path),), str(tmp_path / "out.csv")), LocalEngine(1))


def step_of(rules, column):
    return rules.file.columns[column].steps[0].use


def test_dates_are_read_as_they_are_written(tmp_path):
    """A day above twelve tells which part it is; where none does nothing is guessed, and the value goes."""
    path = tmp_path / "a.csv"
    path.write_text(
        "DOB,Geburtsdatum,birth_date\n12/31/1980,31.12.1980,01/02/2003\n01/30/1981,01.02.1999,03/04/2003\n"
    )
    rules = parse_rules(drafted(path), "drafted.yaml")

    run(Job(rules, (str(path),), str(tmp_path / "out.csv")), LocalEngine(1))

    assert "DOB,Geburtsdatum,birth_date\n1980,1980,\n1981,1999,\n" == (tmp_path / "out.csv").read_text()


def test_nested_records_and_late_columns(tmp_path):
    """Parts of names in nested records, and what only the last record has, get their line too."""
    people = [
        {
            "person": {
                "name": {"first": f"Xu{chr(97 + i % 26)}{chr(97 + i // 26)}"},
                "emails": [f"a{i}@example.com"],
            },
            "n": i,
        }
        for i in range(300)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in [*people, {"late": {"ssn": "536-22-8726"}}]))
    rules = parse_rules(drafted(path), "drafted.yaml")

    run(Job(rules, (str(path),), str(tmp_path / "out.jsonl")), LocalEngine(1))

    assert ["pseudonymize"] * 2 == [step_of(rules, name) for name in ("person.name.first", "late.ssn")]
    assert not re.search(r"Xu[a-z]|@|536-22", (tmp_path / "out.jsonl").read_text())


def test_a_wide_table(tmp_path):
    """Two hundred columns, most of them numbers of which some pass a check by chance: the gate holds."""
    numbers = {f"metric_{i}": [str(10 ** (i % 15) + 7919 * i * row) for row in range(150)] for i in range(195)}
    people = {
        "Tel. Nr": [f"0171 {row:07}" for row in range(150)],
        "Salary (USD)": [str(40_000 + 37 * row) for row in range(150)],
        "cvv": [f"{row:03}" for row in range(150)],
        "Kunde": [f"kunde{row}@example.org" for row in range(150)],
        "leer": [""] * 150,
    }
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[*numbers, *people], *zip(*numbers.values(), *people.values(), strict=True)])
    rules = parse_rules(drafted(path), "drafted.yaml")

    report = run(Job(rules, (str(path),), str(tmp_path / "out.csv")), LocalEngine(1))

    assert [0] == [check.value for check in report.checks]
    steps = [step_of(rules, name) for name in ("Tel. Nr", "Salary (USD)", "cvv")]
    assert ["pseudonymize", "round_to", "drop"] == steps
    assert not re.search(r"kunde\d|0171 ", (tmp_path / "out.csv").read_text())
