"""The rule file: both spellings, inheritance, and errors that help."""

from pathlib import Path

import pytest

from anonymize.core.errors import RuleError
from anonymize.rulefile.loading import load_rules, parse_rules


def steps(text: str, column: str = "x") -> list[str]:
    """The steps of a column, spelled as calls."""
    return [step.call() for step in parse_rules(text).file.columns[column].steps]


@pytest.mark.parametrize(
    "spelling",
    [
        "mask(keep_last=4)",
        "[mask(keep_last=4)]",
        "{use: mask, keep_last: 4}",
        "[{use: mask, keep_last: 4}]",
        "{steps: mask(keep_last=4)}",
        "{role: other, steps: [mask(keep_last=4)]}",
    ],
)
def test_spellings_of_one_step(spelling: str) -> None:
    """A call, a mapping, a list and the long form say the same."""
    assert ["mask(keep_last=4)"] == steps(f"version: 1\ncolumns:\n  x: {spelling}\n")


def test_calls_with_several_arguments_in_a_list() -> None:
    """YAML cuts such a list at its commas; the calls are put together again."""
    text = "version: 1\ncolumns:\n  x: [shift_dates(days=180, per=id), truncate_date(month)]\n"

    assert ["shift_dates(days=180, per=id)", "truncate_date(month)"] == steps(text)


def test_all_errors_at_once_with_line_and_hint() -> None:
    """Every wrong line is named, with what was probably meant."""
    text = """version: 1
unlistd: keep
columns:
  a: maks(keep_last=4)
  b: mask(keep_lst=4)
  c: {role: secret, steps: [keep]}
  d: mask(keep_last=-1)
  e: {use: truncate, length: many}
  f: {steps: [keep], when: "level >"}
  g: drop_rows(where="x == 1")
  h: 'mask(keep_last=4'
rows: [mask(4)]
checks: [k_anonymity > many]
"""
    with pytest.raises(RuleError) as error:
        parse_rules(text, "r.yaml")

    said = str(error.value)
    lines = {problem.where.line for problem in error.value.problems}
    assert {2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13} == lines
    assert "did you mean 'mask'?" in said
    assert "did you mean 'keep_last'?" in said
    assert "did you mean 'unlisted'?" in said
    assert "move it under `rows:`" in said


@pytest.mark.matrix("S8")
def test_an_error_never_quotes_a_key() -> None:
    """Somebody writes the key itself instead of a reference."""
    secret = "00112233445566778899aabbccddeeff"
    with pytest.raises(RuleError, match="not a key reference") as error:
        parse_rules(f"version: 1\nkeys: {{default: '{secret}'}}\n")

    assert secret not in str(error.value)


def test_version_is_required() -> None:
    """A file without a version is not a rule file of this tool."""
    with pytest.raises(RuleError, match="the key 'version' is missing"):
        parse_rules("columns: {}\n")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_extends_later_lines_win(tmp_path: Path) -> None:
    """Columns and keys merge line by line, rows and checks add up, tests stay at home."""
    write(
        tmp_path,
        "base.yaml",
        """version: 1
dataset: base
unlisted: drop
keys: {default: env:A, other: env:B}
columns: {a: redact, b: keep}
rows: [drop_rows(where="a is null")]
tests: [{given: {a: x}, expect: {a: "[REDACTED]"}}]
""",
    )
    own = write(
        tmp_path,
        "own.yaml",
        """version: 1
extends: [base.yaml]
keys: {default: env:C}
columns: {b: redact, c: keep}
rows: [drop_rows(where="b is null")]
""",
    )

    rules = load_rules(own)

    assert {"a": "redact", "b": "redact", "c": "keep"} == {
        name: rule.steps[0].use for name, rule in rules.file.columns.items()
    }
    assert {"default": "env:C", "other": "env:B"} == rules.file.keys
    assert ("base", "drop") == (rules.file.dataset, rules.file.unlisted)
    assert 2 == len(rules.file.rows)
    assert () == rules.tests()
    assert frozenset({"a"}) == rules.inherited


def test_a_cycle_is_named(tmp_path: Path) -> None:
    """Files that extend each other are an error at the line that does."""
    write(tmp_path, "a.yaml", "version: 1\nextends: [b.yaml]\n")
    path = write(tmp_path, "b.yaml", "version: 1\nextends: [a.yaml]\n")

    with pytest.raises(RuleError, match="extends this file again"):
        load_rules(path)


def test_a_missing_pack_gets_a_suggestion(tmp_path: Path) -> None:
    """A slip in the name of a pack is met with the nearest one."""
    path = write(tmp_path, "a.yaml", "version: 1\nextends: [hipaa_safe_harbour]\n")

    with pytest.raises(RuleError, match="did you mean 'hipaa_safe_harbor'"):
        load_rules(path)


def test_set_overrides_a_line(tmp_path: Path) -> None:
    """`--set` changes or adds a column and keeps its role."""
    path = write(tmp_path, "a.yaml", "version: 1\ncolumns: {zip: {role: quasi_identifier, steps: [keep]}}\n")

    rules = load_rules(path, ["zip=truncate(3)", "new=redact"])

    assert ["truncate(3)"] == [s.call() for s in rules.file.columns["zip"].steps]
    assert "quasi_identifier" == rules.file.columns["zip"].role
    assert ["redact"] == [s.call() for s in rules.file.columns["new"].steps]


def test_a_bad_set_is_a_rule_error(tmp_path: Path) -> None:
    """It is checked like a line of the file."""
    path = write(tmp_path, "a.yaml", "version: 1\n")

    with pytest.raises(RuleError, match="did you mean 'mask'"):
        load_rules(path, ["x=maks"])


@pytest.mark.matrix("S15")
@pytest.mark.parametrize("name", ["../outside.csv", "/etc/passwd"])
def test_files_stay_beside_the_rules(tmp_path: Path, name: str) -> None:
    """A rule file cannot read what lies outside its folder."""
    (tmp_path / "outside.csv").write_text("a,b\n")
    (tmp_path / "rules").mkdir()
    path = write(tmp_path / "rules", "a.yaml", f"version: 1\ncolumns: {{x: map_values(file='{name}')}}\n")

    with pytest.raises(RuleError, match="rule file's folder"):
        load_rules(path)
