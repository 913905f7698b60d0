"""Which rule decides about a column."""

import pytest

from anonymize.core.errors import RuleError
from anonymize.rulefile.matching import ancestors, find_rule, is_glob, looks, matches


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        (["zip", "z*"], "zip", "zip"),
        (["z*", "zi*"], "zip", "zi*"),
        (["contact", "contact.*"], "contact.city", "contact"),
        (["contact.city", "contact"], "contact.city", "contact.city"),
        (["contact.phones[*].number"], "contact.phones[*].number", "contact.phones[*].number"),
        (["contact.phones"], "contact.phones[*].number", "contact.phones"),
        (["messages[*].*"], "messages[*].content", "messages[*].*"),
        (["visit_?"], "visit_1", "visit_?"),
        (["visit_[ab]"], "visit_a", "visit_[ab]"),
        (["visit_[!ab]"], "visit_a", None),
        (["姓*"], "姓名", "姓*"),
        (["name"], "surname", None),
        (["a.b"], "a.bc", None),
        (["Zip"], "zip", None),
    ],
)
def test_precedence(patterns: list[str], path: str, expected: str | None) -> None:
    """Exact name, then path, then the longer glob."""
    assert expected == find_rule({pattern: pattern for pattern in patterns}, path)
    assert expected == find_rule({pattern: pattern for pattern in patterns[::-1]}, path)


def test_a_tie_is_an_error() -> None:
    """Two globs of one length leave the choice to the user."""
    with pytest.raises(RuleError, match="matches both"):
        find_rule({"*name": "mask", "user*": "keep"}, "username")


def test_globs_that_say_the_same_do_not_tie() -> None:
    """Nothing hangs on the choice."""
    assert "*name" == find_rule({"*name": "mask", "user*": "mask"}, "username")


def test_list_items_are_no_wildcard() -> None:
    """`[*]` in a path stands for itself."""
    assert not is_glob("messages[*].content")
    assert is_glob("messages[*].con*")
    assert not matches("messages[*].content", "messages.content")


def test_a_class_stands_for_one_character() -> None:
    """Of several, of one, and a bracket that opens none is a bracket."""
    assert matches("v[1]", "v1")
    assert not matches("v[1]", "v[1]x")
    assert matches("*[a", "x[a")
    assert matches("*[", "x[")


def test_a_path_is_held_by_what_stands_before_it() -> None:
    """Nothing stands before a leading dot."""
    assert ["a.b[*]", "a.b", "a"] == list(ancestors("a.b[*].c"))
    assert [] == list(ancestors(".a"))


@pytest.mark.parametrize(
    "twin", ["NAME", "ｎａｍｅ", "n\u0430me", "na\u200bme", " name", "n\u03b1m\u0435", "\u202ename", "na\u00adme"]
)
def test_names_of_one_look(twin: str) -> None:
    """Case, width, blanks, letters of other scripts, and marks that nobody sees."""
    assert looks("name") == looks(twin)
    assert looks("name") != looks(twin + "s")


def test_special_characters_are_literal() -> None:
    """A column name is no regular expression."""
    assert matches("a.b (c)*", "a.b (c) d")
    assert not matches("a.b*", "axb")
