"""The gate that scans what comes out."""

import json

import pyarrow as pa
import pytest

from anonymize.core.errors import CheckError, RuleError
from anonymize.statistics.residual_finds import ResidualFinds, total
from tests.key import KEY
from tests.spine.build import anonymize, rules_of

DATA = b"id,email,notes\n1,a@example.com,call 13812345678\n2,b@example.com,nothing\n"
GATE = "checks: [residual_identifiers == 0]"


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)


def test_personal_data_stops_the_run(tmp_path):
    """Counts by column and entity are told, values never; no output appears."""
    with pytest.raises(CheckError) as caught:
        anonymize(tmp_path, rules_of("  '*': keep", GATE), DATA)

    assert "2 EMAIL_ADDRESS in email, 1 PHONE_NUMBER in notes" == caught.value.report.checks[0].detail
    assert "13812345678" not in json.dumps(caught.value.report.to_dict())
    assert not (tmp_path / "out.csv").exists()


def test_redacted_data_passes(tmp_path):
    """Pseudonyms are not taken for leftovers."""
    rules = rules_of("  id: keep\n  email: pseudonymize\n  notes: redact_text", GATE)

    assert 0 == anonymize(tmp_path, rules, DATA)[1].checks[0].value


def test_lists_are_scanned_too(tmp_path):
    """A column with several values in a row is no exception."""
    data = b'{"a": [{"t": "call 13812345678"}, {"t": "x"}], "b": "a@example.com"}\n'
    with pytest.raises(CheckError) as caught:
        anonymize(tmp_path, rules_of("  '*': keep", GATE), data, suffix=".jsonl")

    assert "1 PHONE_NUMBER in a[*].t, 1 EMAIL_ADDRESS in b" == caught.value.report.checks[0].detail


def test_nothing_to_scan_is_an_error(tmp_path):
    """A gate that looks at nothing would always be open."""
    with pytest.raises(RuleError, match="no column"):
        anonymize(tmp_path, rules_of("  '*': pseudonymize", GATE), DATA)


def test_pieces_add_up():
    """However the data is cut, the counts are the same."""
    batch = pa.record_batch({"t": ["a@example.com", "13812345678 x", None, "b@example.com"]})
    asked = ResidualFinds(("t",))
    whole = asked.merge([asked.fit(batch)])

    assert whole.equals(
        asked.merge([asked.fit(batch.slice(0, 1)), asked.fit(batch.slice(1)), asked.fit(batch.slice(0, 0))])
    )
    assert {
        "column": ["t", "t"],
        "entity": ["EMAIL_ADDRESS", "PHONE_NUMBER"],
        "count": [2, 1],
    } == whole.to_pydict()


def numbers(count, *planted):
    return [str(10**11 + 7919 * place) for place in range(count)] + list(planted)


@pytest.mark.parametrize(
    ("values", "counted"),
    [
        (numbers(2000), False),
        (["4111111111111111"], True),
        (numbers(150, *["4111111111111111"] * 30), True),
        (numbers(2000, "4111111111111111"), True),
        (numbers(2000, "card 4111111111111111"), True),
    ],
)
def test_chance_is_no_find(values, counted):
    """Of many numbers some pass a check; few of a length, more than by chance, and those beside a word count."""
    asked = ResidualFinds(("amount",))
    halves = [asked.fit(pa.record_batch({"amount": half})) for half in (values[:100], values[100:])]
    state = asked.merge(halves)

    assert state.num_rows > 1
    assert bool(total(asked.finish(state))) is counted


def test_a_name_is_no_context(tmp_path):
    """What a name says of a number beside it is nothing: the gate behind the redaction finds no more than it."""
    rules = rules_of("  id: keep\n  note: redact_text", GATE)
    data = b"id,note\n1,spoke to Robert Price DVM at (490)929-9333\n2,mail from Ms. Emily Order 212-555-0147\n"

    out, report = anonymize(tmp_path, rules, data)

    assert 0 == report.checks[0].value
    assert b"9333" not in out
    assert b"0147" not in out
