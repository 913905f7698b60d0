"""The arithmetic that finds e-mail addresses finds what RE2 finds, whatever the text."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anonymize.kernels.text.mail_patterns import mail_pattern
from anonymize.kernels.text.patterns import check_pattern, replace_matches

USUAL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}"
PATTERNS = [
    USUAL,
    r"[a-zA-Z0-9_.+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z0-9-]+",
    r"[\w.+-]+@[\w.-]+\.[\w-]{2,3}",
    r"[-\w.]+@[-\w.]+\.[\d]{1,}",
    r"[ab|]+@[ab.|]+\.[a|]{2,2}",
    r"[.]+@[.a]+\.[a]+",
    r"[a]+@[a.]+\.[a]{16,}",
]
NOT_OF_THE_SHAPE = [
    r"(?i)[a-z]+@[a-z.]+\.[a-z]{2,}",
    r"\b[a-z]+@[a-z.]+\.[a-z]{2,}\b",
    r"[a-z]+?@[a-z.]+\.[a-z]{2,}",
    r"[a-z]*@[a-z.]+\.[a-z]{2,}",
    r"[^ ]+@[a-z.]+\.[a-z]{2,}",
    r"[a-z@]+@[a-z.]+\.[a-z]{2,}",
    r"[a-z]+@[a-z.@]+\.[a-z]{2,}",
    r"[a-z]+@[a-z]+\.[a-z]{2,}",
    r"[a-z]+@[a-z.]+\.[a-z.]{2,}",
    r"[a-z]+@[a-z.]+\.[a-z|]{2,}",
    r"[a-z]+@[a-z.]+.[a-z]{2,}",
    r"[a-z]+@[a-z.]+\.[a-z]{17,}",
    r"[+-.]+@[a-z.]+\.[a-z]{2,}",
    r"[[:alpha:]]+@[a-z.]+\.[a-z]{2,}",
    r"[a-zé]+@[a-z.]+\.[a-z]{2,}",
    r"[a-z]+@[a-z.]+\.[a-z]{2,}|x",
]

AROUND_THE_REACH = ["{a}@b.com", "b@{a}.com", "b@c.{a}", "b@.{a}", "{a}@{a}", "{a}@{a}.", "b@{a}.c"]

letters = st.sampled_from("aaab1@@@...-_|+ é中\n")
parts = st.sampled_from(
    ["a@b.com", "@", ".", "a" * 31, "a" * 32, "a" * 33, "a.a", "b@" + "a" * 28, ".aa", ".aaa", "..", "é", " "]
)
texts = st.one_of(st.text(letters, max_size=90), st.lists(parts, max_size=9).map("".join))
columns = st.lists(st.one_of(st.none(), texts), max_size=12).map(lambda values: pa.array(values, pa.string()))


@settings(max_examples=400)
@given(columns, st.sampled_from(PATTERNS), st.sampled_from(["", "[E]", "\\0 é", "a@b.cc"]))
@example(pa.array(["a@b.com@c.org", "a@b.comx@c.org", "a@a." + "a" * 28, None, "", "é@é.éé"]), USUAL, "[E]")
def test_the_matches_are_those_of_re2(values: pa.Array, pattern: str, replacement: str) -> None:
    """For patterns of the shape, every value comes out as RE2 would make it."""
    assert mail_pattern(pattern) is not None

    expected = pc.replace_substring_regex(values, pattern, replacement.replace("\\", "\\\\"))
    actual = replace_matches(values, pattern, replacement)

    actual.validate(full=True)
    assert expected.to_pylist() == actual.to_pylist()


@given(columns, st.integers(0, 4), st.integers(0, 4))
def test_a_part_of_a_column_is_changed_alone(values: pa.Array, start: int, length: int) -> None:
    """Slices share the bytes of their neighbours and see nothing of them."""
    part = values.slice(start, length)

    expected = pa.array(part.to_pylist(), pa.string())
    assert replace_matches(expected, USUAL, "-").to_pylist() == replace_matches(part, USUAL, "-").to_pylist()


@pytest.mark.parametrize("size", [30, 31, 32, 33, 34])
@pytest.mark.parametrize("around", ["{}", " {} ", "é{}é", "@{}@"])
@pytest.mark.parametrize("address", AROUND_THE_REACH)
def test_runs_about_as_long_as_the_reach(address: str, around: str, size: int) -> None:
    """Nothing is lost at the edge of what is looked at."""
    values = pa.array([around.format(address.format(a="a" * size)), "x"], pa.string())

    assert pc.replace_substring_regex(values, USUAL, "-").equals(replace_matches(values, USUAL, "-"))


@pytest.mark.parametrize("pattern", NOT_OF_THE_SHAPE)
def test_other_patterns_are_left_to_re2(pattern: str) -> None:
    """What is not exactly of the shape is not taken for it."""
    check_pattern(pattern)

    assert mail_pattern(pattern) is None
