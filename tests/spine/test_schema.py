"""The JSON Schema of the rule file accepts what `loading` accepts."""

import jsonschema
import pytest

from anonymize.rulefile.documents import parse_document, read_document
from anonymize.rulefile.loading import packs
from anonymize.rulefile.schema import rule_file_schema


@pytest.fixture(scope="module")
def validator():
    schema = rule_file_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("pack", packs())
def test_every_pack_is_valid(pack, validator):
    """An editor underlines nothing in a rule pack."""
    assert [error.message for error in validator.iter_errors(read_document(packs()[pack]).data)] == []


GOOD = """
version: 1
extends: hipaa_safe_harbor
columns:
  a: mask(keep_last=4)
  b: {use: mask, keep_last: 4}
  c: [truncate(3), {use: keep}]
  d: {role: sensitive, steps: keep, when: "a == '1'", on_error: drop_row}
  e: {steps: [{use: mask, keep_last: 4}]}
  f: {steps: {use: redact}}
rows: [drop_rows(where="a == '1'"), {use: sample_rows, share: 0.5}]
checks: [k_anonymity >= 5, {metric: {use: k_anonymity}, operator: ">=", limit: 5}]
tests:
  - {given: {a: "1"}, expect: dropped}
  - {given: {a: {b: [1]}}, expect: {a: null}}
"""


def test_both_spellings_are_valid(validator):
    """A step is a call or a mapping, alone, in a list, or under `steps`."""
    document = parse_document(GOOD, "good").data
    document["rows"].pop()
    assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize(
    "text",
    [
        "columns: {a: keep}",
        "version: 2",
        "{version: 1, colums: {}}",
        "{version: 1, columns: {a: {use: msk}}}",
        "{version: 1, columns: {a: {use: mask, keep_lst: 4}}}",
        "{version: 1, columns: {a: {role: quasi, steps: [keep]}}}",
        "{version: 1, unlisted: no}",
        "{version: 1, checks: [k_anonymity]}",
    ],
)
def test_mistakes_are_found(text, validator):
    """An editor underlines what `lint` would report."""
    assert not validator.is_valid(parse_document(text, "bad").data)
