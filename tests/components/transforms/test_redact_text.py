"""Redaction of free text, on its own and in the pipeline."""

import json
import re

import pyarrow as pa
import pytest

from anonymize.core.errors import RuleError
from anonymize.engines.local import LocalEngine
from anonymize.kernels.detection import finding
from anonymize.pipeline import Job, run
from anonymize.releases.restoring import restore
from anonymize.transforms.masking.redact_text import RedactText
from tests.harness import context, run_column
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
    rules = rules_of(columns, "rows: ['suppress_small_classes(k=2, cells=true)']")

    out, _ = anonymize(tmp_path, rules, b"id,notes\n10017,see 10017\n10018,\n10018,\n10019,\n")

    assert out.startswith(b"id,notes\n,see <ID")
    assert re.search(rb"see .*[0-9a-f]{32}", out) is None


def test_what_row_steps_suppress_leaves_the_text(tmp_path):
    """A quasi-identifier that is kept, but may be suppressed for its row, is looked for."""
    columns = "  job: {role: quasi_identifier, steps: [keep]}\n  notes: redact_text(known=row)"
    rules = rules_of(columns, "rows: ['suppress_small_classes(k=2, cells=true)']")

    out, _ = anonymize(tmp_path, rules, b"job,notes\nastronaut,an astronaut\nclown,a clown\nclerk,\nclerk,\n")

    assert out == b"job,notes\n,an <IDENTIFIER>\n,a <IDENTIFIER>\nclerk,\nclerk,\n"


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


def test_codes_are_the_same_in_all_rows():
    """Beyond a row the same value has the same code, whatever its case, order or batch; columns differ unless
    they share a file's."""
    within = {width: RedactText(with_="numbered", numbered_within=width) for width in ("column", "file")}
    texts = ["b@example.com to A@example.com", "a@example.com", "a@example.com, c@example.com"]

    whole = redacted(within["column"], *texts)
    assert whole == [each for text in texts for each in redacted(within["column"], text)]
    assert whole[0].endswith(whole[1])
    assert whole[2].startswith(whole[1])
    assert 3 == len(set(re.findall("<EMAIL_ADDRESS_[A-Z2-7]{8}>", " ".join(whole))))
    assert whole != redacted(within["file"], *texts)


CHAT = """{"messages": [{"role": "user", "content": "I am Anna Smith, mail anna@example.com"}, {"content": null}]}
{"messages": [{"role": "user", "content": "<PERSON:AQI4NoOgQ9kqMTGp45toqxn8exPZ> and nobody"}]}
"""


@pytest.mark.parametrize("option", ["scope=chat", "known=row"])
def test_encrypted_finds_come_back(tmp_path, option):
    """Every text is restored to the letter, those that hold something like a token too; nothing shows between."""
    given, hidden, back = (tmp_path / name for name in ("chat.jsonl", "hidden.jsonl", "back.jsonl"))
    given.write_text(CHAT, "utf-8")
    step = f"redact_text(with=encrypt, {option})"
    rules = rules_of(f"  'messages[*].content': {step}\n  'messages[*].role': keep")

    run(Job(rules, (str(given),), str(hidden)), LocalEngine(1))
    shown = hidden.read_text("utf-8")
    restore(Job(rules, (str(hidden),), str(back)), LocalEngine(1))

    assert "Anna" not in shown
    assert "anna@" not in shown
    assert "AQI4NoOgQ9kqMTGp45toqxn8exPZ" not in shown
    assert CHAT == back.read_text("utf-8")


def test_an_answer_is_restored():
    """Tokens are opened wherever they went, changed ones stay; a cell without one that opens is refused."""
    step = RedactText(entities=("EMAIL_ADDRESS",), with_="encrypt", scope="chat")
    token = redacted(step, "anna@example.com")[0]
    answer = pa.array([f"Dear {token}, dear {token}!", f"{token} {token[:-3]}AA>", "none", None])

    restored = step.restore(answer, context(step, None, 4, column="answers"))
    refused = context(step, None, 4, column="answers")
    step.restore(pa.array([f"{token[:-3]}AA>", "x", "y", None]), refused)

    opened = "Dear anna@example.com, dear anna@example.com!"
    assert [opened, f"anna@example.com {token[:-3]}AA>", "none", None] == restored.to_pylist()
    assert [[True, False, False, False]] == [each.bad.to_pylist() for each in refused.rejections]


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


@pytest.mark.parametrize(
    ("with_", "expected"),
    [
        ("entity", "<REDACTED> met <EMAIL_ADDRESS>"),
        ("mask", "*** **** met *@*.***"),
        ("numbered", "<REDACTED_1> met <EMAIL_ADDRESS_1>"),
    ],
)
def test_each_way_to_replace(with_, expected):
    """What was found and what is on a list; a text in which nothing is found stays, and so does null."""
    step = RedactText(entities=["EMAIL_ADDRESS"], deny=["Zoë Smit"], **{"with": with_})
    found = redacted(step, "Zoë Smit met a@b.org", "nothing", None, "")

    assert [expected, "nothing", None, ""] == found


@pytest.mark.parametrize(
    "options", [{"with": "numbered"}, {"with": "numbered", "numbered_within": "file"}, {"with": "pseudonym"}]
)
def test_where_nothing_is_found_nothing_changes(options):
    """Also null and the empty text, and a column of nothing else."""
    step = RedactText(entities=["EMAIL_ADDRESS"], **options)

    assert ["nothing", None, ""] == redacted(step, "nothing", None, "")
    assert [None] == redacted(step, None)
