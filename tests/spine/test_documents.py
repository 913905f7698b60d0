"""YAML with positions: what is read, what is refused, and where."""

import pytest

from anonymize.core.errors import RuleError
from anonymize.rulefile.documents import parse_document


def test_every_part_knows_its_place() -> None:
    """A path leads to the line and column of its part."""
    document = parse_document("a: 1\nb:\n  - x\n  - {c: y}\n", "r.yaml")

    assert {"a": 1, "b": ["x", {"c": "y"}]} == document.data
    assert (4, 6) == document.marks[("b", 1, "c")]
    assert (4, 6) == (document.where(("b", 1, "c", "deeper")).line, document.where(("b", 1, "c")).column)


def test_scalars_are_yaml_1_2() -> None:
    """`no` is a word, a date is a text, numbers are numbers."""
    document = parse_document("a: no\nb: 2026-01-01\nc: 1.5\nd: 07\ne: ~\nf: true\n", "r.yaml")

    assert {"a": "no", "b": "2026-01-01", "c": 1.5, "d": 7, "e": None, "f": True} == document.data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "r.yaml:3:1: the key 'a' stands twice"),
        ("a: !!python/object:os.system {}\n", "r.yaml:1:4: tags are not allowed"),
        ("a: [1, 2\nb: 3\n", "r.yaml:2:"),
        ("a:\n\t- x\n", "r.yaml:2:1"),
        ("[x]: 1\n", "a key must be plain text"),
        ("a: " + "[" * 60 + "]" * 60, "too deep"),
        ("a: " + "[" * 5000, "r.yaml"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    """The message names the line."""
    with pytest.raises(RuleError) as error:
        parse_document(text, "r.yaml")

    assert said in str(error.value)


@pytest.mark.matrix("S13")
def test_an_alias_bomb_is_refused() -> None:
    """Aliases are written out, and what they multiply to is bounded."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]

    with pytest.raises(RuleError, match="aliases are too many"):
        parse_document("\n".join(lines), "r.yaml")


def test_all_problems_are_reported_together() -> None:
    """One run shows every duplicate and every tag."""
    with pytest.raises(RuleError) as error:
        parse_document("a: 1\na: 2\nb: !x y\n", "r.yaml")

    assert 2 == len(error.value.problems)
