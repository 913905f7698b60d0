"""The canonical form of rule files: comments and meaning stay, and formatting twice changes nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.core.errors import RuleError
from anonymize.kernels.text.yaml_text import scalar
from anonymize.rulefile.documents import parse_document
from anonymize.rulefile.formatting import formatted
from anonymize.rulefile.loading import packs, parse_rules

HERE = Path(__file__).parent

UNTIDY = """\
# head


version:   1
dataset: 'clinic'   # part of keys
extends: [ hipaa_safe_harbor ]
columns:
    # who
    id:    {use: pseudonymize}
    phone: mask( keep_last = 4 )   # four
    ssn: [ keep ]
    zip: {steps: truncate(3), role: quasi_identifier}
    born: [shift_dates(days=180, per=id), truncate_date(month)]
    note:
        steps:
          # why
          - redact
    vip: {steps: [redact], when: "level > 3", on_error: fail}
    level: {steps: [keep]}
    "visit_*": keep
    # last of columns

    # much later
rows: ["drop_rows(where=\\"level == '1'\\")"]
checks: [k_anonymity>=2]
tests:
    - given: {phone: "13812345678"}
      expect: {phone: "*******5678"}
# tail
"""

TIDY = """\
# head

version: 1
dataset: clinic  # part of keys
extends: [hipaa_safe_harbor]
columns:
  # who
  id: pseudonymize
  phone: mask(keep_last=4)  # four
  ssn: keep
  zip: {role: quasi_identifier, steps: [truncate(3)]}
  born: ["shift_dates(days=180, per=id)", truncate_date(month)]
  note:
    steps:
      # why
      - redact
  vip: {steps: [redact], when: level > 3, on_error: fail}
  level: keep
  "visit_*": keep
  # last of columns

  # much later
rows:
  - 'drop_rows(where="level == ''1''")'
checks:
  - k_anonymity >= 2
tests:
  - {given: {phone: "13812345678"}, expect: {phone: "*******5678"}}
# tail
"""


def form(text):
    return formatted(text, "rules.yaml", HERE)


def test_one_form():
    """Spaces, quotes, spellings and brackets become one; comments stay where they were."""
    assert TIDY == form(UNTIDY)


def test_twice_is_once():
    """The canonical form is its own."""
    assert TIDY == form(TIDY)


@pytest.mark.parametrize("pack", packs())
def test_packs_say_the_same(pack):
    """The packs, with anchors, comments and long steps, say the same in canonical form, and have one."""
    text = packs()[pack].read_text()
    once = formatted(text, pack, packs()[pack].parent)
    assert once == formatted(once, pack, packs()[pack].parent)
    assert parse_rules(text).file == parse_rules(once).file
    assert text.count("# ") == once.count("# ")


def test_long_lines_are_broken():
    """A rule that is too long for a line stands in several, each with its key."""
    names = ", ".join(f"'value number {n}'" for n in range(12))
    rule = f'{{role: sensitive, steps: [{{use: nullify}}, keep], when: "a in [{names}]"}}'
    text = f"version: 1\ncolumns:\n  a: {rule}\n"
    found = form(text)
    assert found.splitlines()[2:6] == [
        "  a:",
        "    role: sensitive",
        "    steps: [nullify, keep]",
        found.splitlines()[5],
    ]
    assert parse_rules(text).file == parse_rules(found).file


def test_wrong_files_are_refused_with_all_problems():
    """Nothing is formatted that does not load."""
    with pytest.raises(RuleError) as error:
        form("version: 1\nunlistd: keep\ncolumns: {a: maks}\n")
    assert len(error.value.problems) == 2


@given(st.text(max_size=12))
def test_any_text_survives_its_quotes(text):
    """What is written is read again as the same text, alone and between brackets."""
    try:
        parse_document(f"a: {scalar(text)}\n", "x")
    except RuleError:  # YAML has no way to say lone surrogates
        assert any(0xD800 <= ord(c) < 0xE000 for c in text)
        return
    found = parse_document(f"a: {scalar(text)}\nb: [{scalar(text)}, {{c: {scalar(text)}}}]\n", "x").data
    assert found == {"a": text, "b": [text, {"c": text}]}


MARKS = "~ 1 1.0 0x1f !a &a *a @a %a a,b [a {a a: ? | > yes No null 2026-01-31 1_000 12:30 .inf".split()  # noqa: SIM905


@pytest.mark.parametrize("text", [*MARKS, "", " a", "a ", "a: b", "a #b", "- a", '"'])
def test_text_that_reads_as_something_else_is_quoted(text):
    """Numbers, dates, truth values and marks stay text."""
    assert {"a": [text]} == parse_document(f"a: [{scalar(text)}]\n", "x").data
