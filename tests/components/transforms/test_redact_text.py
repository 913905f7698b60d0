"""Redaction of free text, on its own and in the pipeline."""

import json
import re

import pyarrow as pa
import pytest
from pydantic import ValidationError

from anonymize.core.errors import RuleError
from anonymize.kernels.detection import finding
from anonymize.transforms.masking.redact_text import RedactText
from tests.harness import run_column
from tests.key import KEY
from tests.spine.build import anonymize, rules_of


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)


def redacted(transform, *texts):
    return run_column(transform, pa.array(texts, pa.string()))[0].to_pylist()


RECORD = """id,name,phone,born,notes
10017,Zoë Kováč,13812345678,1990-03-07,"Z. Kovac (10017) of 7 March 1990, 138-1234 5678, zoë"
10018,Li Wei,,,
""".encode()


def test_known_values_are_replaced_as_their_columns_are(tmp_path):
    """The pseudonym, the fake and the shifted date of the row's columns stand in its text."""
    rules = rules_of(
        "  id: pseudonymize\n  name: fake(person)\n  phone: drop\n  born: shift_dates(days=30, per=id)\n"
        "  notes: redact_text(entities=[EMAIL_ADDRESS], known=row)"
    )

    out, _ = anonymize(tmp_path, rules, RECORD)
    identifier, name, born, notes = out.decode().splitlines()[1].split(",", 3)

    assert notes == f'"{name} ({identifier}) of {born}, <PHONE_NUMBER>, {name}"'
    assert b"10018" not in out


@pytest.mark.parametrize("step", ["redact", "drop", "nullify", "mask(keep_last=2)"])
def test_values_of_hidden_columns_leave_the_text(tmp_path, step):
    """Whatever hides the column, the text does not give it away."""
    rules = rules_of(f"  '*': {step}\n  notes: redact_text(entities=[US_SSN], known=row)")

    out, _ = anonymize(tmp_path, rules, RECORD)

    assert not re.search(r"Kov|Zo|10017|1990|5678,", out.decode().splitlines()[1].rpartition(",<")[2])


def test_columns_that_pass_are_not_looked_for(tmp_path):
    """What the release shows anyway stays in the text; naming the column hides it."""
    data = b"shelf,notes\nquizlo,moved to quizlo\n"
    known = {
        known: anonymize(tmp_path, rules_of(f"  shelf: keep\n  notes: redact_text(known={known})"), data)[0]
        for known in ("row", "[shelf]")
    }

    assert b"shelf,notes\nquizlo,moved to quizlo\n" == known["row"]
    assert b"quizlo,moved to <IDENTIFIER>\n" in known["[shelf]"]


def test_row_steps_may_not_be_given_away(tmp_path):
    """If a row step may still change a column, the text gets a label and not the column's substitute."""
    columns = "  id: {role: quasi_identifier, steps: [pseudonymize]}\n  notes: redact_text(known=row)"
    rules = rules_of(columns, "rows: [suppress_small_classes(k=2)]")

    out, _ = anonymize(tmp_path, rules, b"id,notes\n10017,see 10017\n")

    assert re.search(rb"[0-9a-f]{32}", out) is None


def test_what_row_steps_suppress_leaves_the_text(tmp_path):
    """A quasi-identifier that is kept, but may be suppressed for its row, is looked for."""
    columns = "  job: {role: quasi_identifier, steps: [keep]}\n  notes: redact_text(known=row)"
    rules = rules_of(columns, "rows: ['suppress_small_classes(k=2, cells=true)']")

    out, _ = anonymize(tmp_path, rules, b"job,notes\nastronaut,an astronaut\nclown,a clown\n")

    assert out == b"job,notes\n,an <IDENTIFIER>\n,a <IDENTIFIER>\n"


def test_nested_text_and_nested_names(tmp_path):
    """Every message of a conversation is searched for what stands in its row, also in lists."""
    record = {
        "people": [{"name": "Anna Lee"}, {"name": "Bo Ray"}],
        "messages": [{"content": "Ray met ANNA"}, {"content": None}],
    }
    rules = rules_of('  "people[*].name": redact\n  "messages[*].content": redact_text(known=row, with=numbered)')

    out, _ = anonymize(tmp_path, rules, json.dumps(record).encode() + b"\n", suffix=".jsonl")

    assert [{"content": "<PERSON_1> met <PERSON_2>"}, {"content": None}] == json.loads(out)["messages"]


def test_numbers_start_again_in_each_row():
    """The same value has the same number within its row, in the order of the text."""
    one = "b@example.com a@example.com b@example.com"

    assert ["<EMAIL_ADDRESS_1> <EMAIL_ADDRESS_2> <EMAIL_ADDRESS_1>", "<EMAIL_ADDRESS_1>"] == redacted(
        RedactText(with_="numbered"), one, "a@example.com"
    )
    with pytest.raises(ValidationError):
        RedactText(with_="numbered", numbered_within="column")


def test_pseudonyms_are_those_of_the_column(tmp_path):
    """A token in the text equals that of a column of the same scope and key."""
    step = "redact_text(entities=[EMAIL_ADDRESS], with=pseudonym, scope=mail)"
    rules = rules_of(f"  email: pseudonymize(scope=mail)\n  notes: {step}")

    out, _ = anonymize(tmp_path, rules, b"email,notes\na@example.com,to a@example.com\n")
    token, notes = out.decode().splitlines()[1].split(",")

    assert f"to {token}" == notes


def test_a_cell_that_cannot_be_scanned_goes_as_a_whole(monkeypatch):
    """Too long a cell is not passed unread."""
    monkeypatch.setattr(finding, "LONGEST_CELL", 10)

    assert ["<UNSCANNED>", "short"] == redacted(RedactText(entities=("US_SSN",)), "nothing found in this", "short")


def test_overlapping_finds_leave_nothing_between():
    """What the loser of an overlap covers goes as well."""
    (text,) = redacted(RedactText(), "see https://example.com/a@example.com/b now")

    assert re.fullmatch("see <[A-Z_]+> now", text)


def test_unknown_entities_are_refused_with_their_line():
    """Before any data is read, with a suggestion."""
    with pytest.raises(RuleError, match=r"r\.yaml:4.*\n?.*PERSN.*\n?.*PERSON"):
        rules_of("  notes: redact_text(entities=[PERSN])")
