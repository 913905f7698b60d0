"""The gate that scans what comes out."""

import json

import pyarrow as pa
import pytest

from anonymize.core.errors import CheckError, RuleError
from anonymize.statistics.residual_finds import ResidualFinds
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
