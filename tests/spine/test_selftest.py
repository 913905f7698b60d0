"""The tests of a rule file: what passes, what does not, and what one record cannot say."""

import pytest

from anonymize.rulefile.loading import parse_rules
from anonymize.selftest import prove, same

RULES = """
version: 1
columns:
  phone: mask(keep_last=4)
  age: {role: quasi_identifier, steps: [round_to(10)]}
  born: {steps: [truncate_date(year)], on_error: drop_row}
  ssn: drop
  id: pseudonymize
  who.name: redact
  "who.tags[*]": mask
  level: {steps: [mask], when: "consent == 'no'"}
  consent: keep
rows:
  - drop_rows(where="consent == 'no'")
  - suppress_small_classes(k=5)
checks: [k_anonymity >= 5]
"""


def outcome(test):
    (found,) = prove(parse_rules(f"{RULES}tests:\n  - {test}\n"))
    return found


@pytest.mark.parametrize(
    "test",
    [
        '{given: {phone: "13812345678"}, expect: {phone: "*******5678"}}',
        "{given: {phone: null}, expect: {phone: null}}",
        '{given: {age: "44"}, expect: {age: "40"}}',
        "{given: {age: 44}, expect: {age: 40}}",
        '{given: {consent: "no"}, expect: dropped}',
        '{given: {consent: "yes", level: "1"}, expect: {level: "1"}}',
        '{given: {born: "13/05/2024"}, expect: dropped}',
        "{given: {who: {name: Ada, tags: [ab, null]}}, expect: {who: {name: '[REDACTED]', tags: ['**', null]}}}",
        "{given: {who: {name: Ada, tags: [ab]}}, expect: {who: {name: '[REDACTED]'}}}",
        '{given: {ssn: "1"}, expect: {}}',
    ],
)
def test_what_holds_passes(test):
    """Checks, and steps about all rows or about columns that the record lacks, do not stand in the way."""
    assert outcome(test).passed


@pytest.mark.parametrize(
    ("test", "actual"),
    [
        ('{given: {phone: "1234"}, expect: {phone: "1234"}}', "****"),
        ('{given: {age: "44"}, expect: {age: 40}}', "40"),
        ('{given: {phone: "1"}, expect: {phon: "*"}}', "(no such column)"),
        ('{given: {phone: "1"}, expect: dropped}', "the row stays"),
        ('{given: {consent: "no"}, expect: {consent: "no"}}', "dropped"),
    ],
)
def test_what_does_not_hold_is_told(test, actual):
    """A failed test says what came out instead."""
    found = outcome(test)
    assert not found.passed
    assert [d.actual for d in found.differences] == [actual]


def test_a_record_that_stops_a_run_fails():
    """The reason is the error that a run would end with."""
    found = outcome('{given: {stranger: "1"}, expect: {}}')
    assert found.error is not None
    assert "no rule covers" in found.error


def test_pseudonyms_need_no_key(monkeypatch):
    """Tests use the public test key, so that they come out the same everywhere."""
    monkeypatch.delenv("ANONYMIZE_KEY", raising=False)
    found = outcome('{given: {id: "1"}, expect: {id: "?"}}')
    assert [d.actual for d in found.differences] == [
        d.actual for d in outcome('{given: {id: "1"}, expect: {id: "?"}}').differences
    ]
    assert found.error is None


@pytest.mark.parametrize(
    ("expected", "actual", "is_same"),
    [
        ("1", 1, False),
        (1, True, False),
        (1, 1.0, True),
        (0.3, 0.1 + 0.2, True),
        (None, None, True),
        (None, "", False),
    ],
)
def test_equality_is_of_value_and_kind(expected, actual, is_same):
    """Text is no number, a truth value is none either, and null is not empty."""
    assert same(expected, actual) is is_same
