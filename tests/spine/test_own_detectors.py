"""Detectors that a rule file describes."""

import pytest

from anonymize.core.errors import RuleError
from anonymize.rulefile.loading import parse_rules
from anonymize.selftest import prove
from tests.spine.build import anonymize, rules_of

CASE = "detectors:\n  - {name: CASE_NO, pattern: 'C-\\d{4}', deny: [Blue Lake], examples: %s}"


def outcomes(examples: str) -> list[bool]:
    return [outcome.passed for outcome in prove(rules_of("  a: keep", CASE % examples))]


def test_examples_are_proved():
    """Exactly the parts that are said are found."""
    examples = "[{text: 'C-1234 at blue lake, C-12', found: [C-1234, blue lake]}, {text: C-1, found: []}]"

    assert [True, True] == outcomes(examples)
    assert [False] == outcomes("[{text: C-1234, found: []}]")


def test_redact_text_looks_for_them(tmp_path):
    """By name, or among all."""
    for step in ("redact_text", "redact_text(entities=[CASE_NO])"):
        out, _ = anonymize(tmp_path, rules_of(f"  a: {step}", CASE % "[]"), b"a\nsee C-1234\n")
        assert b"a\nsee <CASE_NO>\n" == out


def test_a_check_must_pass(tmp_path):
    """Letters and digits of a match are checked."""
    rest = "detectors: [{name: CARD, pattern: '\\d{4}-\\d{4}', check: luhn}]"
    out, _ = anonymize(tmp_path, rules_of("  a: redact_text(entities=[CARD])", rest), b"a\n1234-5674 1234-5675\n")

    assert b"a\n<CARD> 1234-5675\n" == out


def test_context_raises_the_score(tmp_path):
    """A weak pattern is found beside its word, or in a column of its name."""
    rest = "detectors: [{name: STAFF, pattern: '\\d{5}', score: 0.2, context: [staff]}]"
    columns = "  '*': redact_text(entities=[STAFF])"
    out, _ = anonymize(tmp_path, rules_of(columns, rest), b"a,staff\nstaff 12345,12345\n12345,\n")

    assert b"a,staff\nstaff <STAFF>,<STAFF>\n12345,\n" == out


@pytest.mark.parametrize("pattern", ["(a)\\1", "a(?=b)", "a*", "("])
def test_patterns_that_cannot_run_are_refused(pattern):
    """Linear time only, and nothing that matches everywhere; said with the line."""
    with pytest.raises(RuleError, match=r"r\.yaml:6.*pattern"):
        rules_of("  a: keep", f"detectors:\n  - {{name: X, pattern: '{pattern}'}}")


def test_a_detector_that_looks_for_nothing_is_refused():
    """It would give a false sense of safety."""
    with pytest.raises(RuleError, match="needs a `pattern`, a `deny` list or a `model`"):
        rules_of("  a: keep", "detectors: [{name: X}]")


def test_a_pack_lends_its_detectors(tmp_path):
    """Those of an extended file count."""
    (tmp_path / "base.yaml").write_text("version: 1\n" + CASE % "[]" + "\n")
    text = "version: 1\nextends: [./base.yaml]\ncolumns: {a: 'redact_text(entities=[CASE_NO])'}\n"

    assert ["CASE_NO"] == [each.name for each in parse_rules(text, "r.yaml", tmp_path).file.detectors]
