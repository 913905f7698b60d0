"""Masks agree with slow masks of one value at a time, whatever stands beside the value."""

import datetime
import re
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.core.calls import parse_call
from anonymize.core.catalog import OneOf
from anonymize.core.transform import ColumnTransform
from anonymize.kernels.arrays import from_numpy
from anonymize.kernels.text.characters import DIGIT, LOWER, OTHER, UPPER, class_of
from anonymize.transforms.masking.drop import Drop
from anonymize.transforms.masking.mask import Mask
from anonymize.transforms.masking.mask_date import MaskDate
from anonymize.transforms.masking.mask_email import MaskEmail
from anonymize.transforms.masking.mask_pattern import MaskPattern
from anonymize.transforms.masking.nullify import Nullify
from anonymize.transforms.masking.redact import Redact
from anonymize.transforms.masking.redact_matches import RedactMatches
from anonymize.transforms.masking.truncate import Truncate
from tests.harness import run_column

LETTERS = st.sampled_from("ab@.-:19é王😀ⅧＡ ")
VALUES = st.one_of(st.none(), st.text(LETTERS, max_size=9), st.text(max_size=5), st.text("ab1@-", max_size=9))
COLUMNS = st.lists(VALUES, max_size=7)
CHARS = st.sampled_from("*x•😀")
COUNTS = st.integers(0, 4)
WAYS = st.one_of(
    st.fixed_dictionaries({"keep_first": COUNTS, "keep_last": COUNTS}),
    st.fixed_dictionaries({"start": st.integers(-4, 4)}),
    st.fixed_dictionaries({"start": st.integers(0, 4), "stop": st.integers(-4, -1)}),
    st.fixed_dictionaries({"start": st.integers(-4, -1), "stop": st.integers(1, 4)}),
    st.fixed_dictionaries({"before": st.sampled_from(["@", "-", "a1", "王", "aa"])}),
    st.fixed_dictionaries({"after": st.sampled_from(["@", "-", "a1", "王", "aa"])}),
)
EXTRAS = st.one_of(
    st.fixed_dictionaries({"fixed_length": st.integers(1, 4)}),
    st.fixed_dictionaries({}, optional={"only": st.sampled_from(["digits", "letters"]), "skip": st.just("-@王")}),
)
MASKS = st.builds(lambda way, extra, char: Mask(char=char, **way, **extra), WAYS, EXTRAS, CHARS)
REPLACEMENTS = st.one_of(st.none(), CHARS)
PATTERNS = st.builds(
    lambda upper, other: MaskPattern(upper=upper, lower="x", digit="9", other=other), REPLACEMENTS, REPLACEMENTS
)
EMAILS = st.builds(MaskEmail, keep_first=COUNTS, keep_domain=st.booleans())
CUTS = st.builds(
    Truncate, length=st.integers(1, 5), side=st.sampled_from(["start", "end"]), pad=st.one_of(st.none(), CHARS)
)
TEXT_MASKS = st.one_of(MASKS, PATTERNS, EMAILS, CUTS, st.just(RedactMatches(pattern="[a王]+", with_="<>")))


def run(transform: ColumnTransform, values: Any, kind: pa.DataType | None = None) -> list[Any]:
    array = values if isinstance(values, pa.Array) else pa.array(values, kind or pa.string())
    result, found = run_column(transform, array)
    result.validate(full=True)
    assert not found.rejections
    assert transform.output_type(array.type) == result.type
    return list(result.to_pylist())


def region(mask: Mask, value: str) -> tuple[int, int]:
    """Where the hidden part of a value begins and ends."""
    first, last = mask.keep_first, len(value) - mask.keep_last
    if mask.before:
        first, last = 0, value.find(mask.before)
    elif mask.after:
        found = value.find(mask.after)
        first, last = (found + len(mask.after) if found >= 0 else 0), len(value)
    elif mask.start is not None or mask.stop is not None:
        first, last, _ = slice(mask.start, mask.stop).indices(len(value))
    return (first, last) if first < last else (0, len(value))


def can_hide(mask: Mask, character: str) -> bool:
    found = class_of(character)
    fits = {None: True, "digits": found == DIGIT, "letters": found in (UPPER, LOWER)}[mask.only]
    return fits and character not in (mask.skip or "")


def masked(mask: Mask, value: str) -> str:
    if mask.fixed_length:
        first, last = region(mask, value)
        return value[:first] + mask.char * mask.fixed_length + value[last:]
    able = [place for place, character in enumerate(value) if can_hide(mask, character)]
    if mask.before or mask.after:
        first, last = region(mask, value)
        hidden = {place for place in able if first <= place < last}
    else:
        first, last = region(mask, "".join(value[place] for place in able))
        hidden = set(able[first:last])
    return "".join(mask.char if place in hidden else character for place, character in enumerate(value))


def masked_email(mask: MaskEmail, value: str) -> str:
    local, _, domain = value.rpartition("@")
    if not local or not domain or not all(c in ".-_" or class_of(c) != OTHER for c in domain):
        return "***"
    first = local[: mask.keep_first] if len(local) > mask.keep_first else ""
    return f"{first}***@{domain if mask.keep_domain else '***'}"


def truncated(cut: Truncate, value: str) -> str:
    kept = value[: cut.length] if cut.side == "start" else value[-cut.length :]
    padding = (cut.pad or "") * (len(value) - len(kept))
    return kept + padding if cut.side == "start" else padding + kept


@given(MASKS, COLUMNS)
def test_mask(mask: Mask, values: list[str | None]) -> None:
    """A column is masked as its values are, one by one."""
    assert [None if value is None else masked(mask, value) for value in values] == run(mask, values)


@given(MASKS.filter(lambda mask: not (mask.only or mask.skip)), st.text(st.sampled_from("ab@1王"), min_size=1))
def test_mask_never_shows_a_value_whole(mask: Mask, value: str) -> None:
    """However short a value is, some of it is hidden."""
    assert [value] != run(mask, [value])


@given(EMAILS, COLUMNS)
def test_mask_email(mask: MaskEmail, values: list[str | None]) -> None:
    """A column of addresses is masked as they are, one by one."""
    assert [None if value is None else masked_email(mask, value) for value in values] == run(mask, values)


@given(CUTS, COLUMNS)
def test_truncate(cut: Truncate, values: list[str | None]) -> None:
    """A column is cut as its values are, one by one."""
    assert [None if value is None else truncated(cut, value) for value in values] == run(cut, values)


@given(PATTERNS, COLUMNS)
def test_mask_pattern(pattern: MaskPattern, values: list[str | None]) -> None:
    """A column's characters are replaced one by one."""
    shown = {UPPER: pattern.upper, LOWER: pattern.lower, DIGIT: pattern.digit, OTHER: pattern.other}
    expected = [None if value is None else "".join(shown[class_of(c)] or c for c in value) for value in values]

    assert expected == run(pattern, values)


MOMENTS = st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31))
NAMES = {"day": "d", "month": "m", "year": "Y", "hour": "H", "minute": "M", "second": "S"}
DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y年%-m月%-d日"]
TIMES = ["", "T%H:%M", " %H:%M:%S", "T%H:%M:%S.%fZ", " %H:%M+02:00", "T%H:%M:%S,%f +0200"]
OTHERS = ["%d/%m/%Y", "%B %-d, %Y %-H:%M", "%m%d%y%H", "%d %b %Y, %I.%M %p", "%d%B%Y王"]
PARTS = st.lists(st.sampled_from(list(NAMES)), min_size=1, unique=True)


def spell(moment: datetime.datetime, format: str, hidden: tuple[str, ...] = ()) -> str:
    """The moment in a format, with directives of the hidden parts as stars."""
    stars = {**dict.fromkeys("ymdHIMSp", "**"), **dict.fromkeys("bB", "***"), "Y": "****", "f": "******"}
    part = {"y": "year", "b": "month", "B": "month", "I": "hour", "p": "hour", "f": "second"}
    part |= {letter: name for name, letter in NAMES.items()}

    def write(found: re.Match[str]) -> str:
        if part[found[1]] in hidden:
            return stars[found[1]]
        return f"{moment.year:04}" if found[1] == "Y" else moment.strftime(found[0])

    return re.sub(r"%-?(.)", write, format)


@given(PARTS, st.lists(st.tuples(MOMENTS, st.sampled_from(DATES), st.sampled_from(TIMES))))
def test_mask_date(parts: Any, column: list[tuple[datetime.datetime, str, str]]) -> None:
    """Every known spelling keeps its form and loses the hidden parts, beside any other."""
    mask = MaskDate(parts=parts)
    expected = [spell(moment, date + time, mask.parts) for moment, date, time in column]

    assert expected == run(mask, [spell(moment, date + time) for moment, date, time in column])


@given(PARTS, st.sampled_from(OTHERS), st.lists(MOMENTS))
def test_mask_date_in_a_format(parts: Any, format: str, moments: list[datetime.datetime]) -> None:
    """So does a spelling that is told."""
    mask = MaskDate(parts=parts, format=format)

    assert [spell(each, format, mask.parts) for each in moments] == run(
        mask, [spell(each, format) for each in moments]
    )


def test_mask_date_refuses_other_text() -> None:
    """What is no date is rejected and does not pass."""
    values = pa.array(["2024-05-17", "17/05/2024", "2024-02-30", "soon", "", None])

    result, found = run_column(MaskDate(), values)

    expected = ["2024-**-**", *[None] * 5]
    assert expected == result.to_pylist()
    assert {1, 2, 3, 4} == {
        row for bad in found.rejections for row, is_bad in enumerate(bad.bad.to_pylist()) if is_bad
    }


def test_mask_date_of_date_columns() -> None:
    """Date columns are masked as they are spelled."""
    moment = datetime.datetime(2024, 5, 17, 10, 30)
    spelled = [
        (pa.date32(), "2024-**-**"),
        (pa.date64(), "2024-**-**"),
        (pa.timestamp("s"), "2024-**-** 10:30:00"),
    ]
    spelled += [(pa.timestamp("us", "UTC"), "2024-**-** 10:30:00.000000Z")]
    for kind, expected in spelled:
        assert [expected, None] == run(MaskDate(), pa.array([moment, None]).cast(kind))


@given(TEXT_MASKS, COLUMNS, st.integers(0, 7))
def test_neighbours_do_not_matter(transform: ColumnTransform, values: list[str | None], cut: int) -> None:
    """Cut anywhere, sliced, as large text or a dictionary: each value has the same result."""
    expected = run(transform, values)
    surrounded = pa.array(["é", None, "abc", *values, "王", "x"], pa.string())

    assert expected == run(transform, values[:cut]) + run(transform, values[cut:])
    assert expected == [result for value in values for result in run(transform, [value])]
    assert expected == run(transform, surrounded.slice(3, len(values)))
    assert expected == run(transform, values, pa.large_string())
    assert expected == run(transform, pa.array(values, pa.string()).dictionary_encode())


@given(TEXT_MASKS, COLUMNS)
def test_nothing_stands_below_nulls(transform: ColumnTransform, values: list[str | None]) -> None:
    """A null holds no bytes in the result, even where the column has some."""
    present = pa.array([value or "" for value in values], pa.string())
    validity = from_numpy(np.zeros(len(values), bool)).buffers()[1]
    column = pa.StringArray.from_buffers(len(values), *present.buffers()[1:], validity)

    result, _ = run_column(transform, column)

    assert len(values) == result.null_count
    if values:
        assert not np.frombuffer(result.buffers()[1], np.int32).any()


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        *zip("ÉǅⒶ", [UPPER] * 3, strict=True),
        *zip("é王ا\u0301\ue000\U0003fffd⒜", [LOWER] * 7, strict=True),
        *zip("７٣Ⅷ①½", [DIGIT] * 5, strict=True),
        *zip("-。 😀\u200d", [OTHER] * 5, strict=True),
    ],
)
def test_class_of(character: str, expected: int) -> None:
    """Whatever can be read is a letter or a digit."""
    assert expected == class_of(character)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([12345, -7, None]), ["***45", "**", None]),
        (pa.array([True, None]), ["**ue", None]),
        (pa.array([datetime.date(2024, 5, 17)]), ["********17"]),
        (pa.array([Decimal("1.50")]), ["**50"]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_other_types_are_spelled_out(values: pa.Array, expected: list[str | None]) -> None:
    """Numbers, dates and booleans are masked as they are spelled."""
    assert expected == run(Mask(keep_last=2), values)


@pytest.mark.parametrize("kind", [pa.binary(), pa.list_(pa.string()), pa.struct({"a": pa.string()}), pa.uuid()])
def test_types_without_spelling_are_refused(kind: pa.DataType) -> None:
    """Binary and nested columns are refused by name; constants and nulls go anywhere."""
    for transform in (
        Mask(),
        MaskEmail(),
        MaskPattern(),
        Truncate(length=1),
        RedactMatches(pattern="a"),
        MaskDate(),
    ):
        with pytest.raises(TypeError, match=f"not {re.escape(str(kind))}"):
            transform.output_type(kind)
    column = pa.nulls(2, kind)

    for transform in (Redact(), Nullify(), Drop()):
        assert column.to_pylist() == run(transform, column)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("mask(keep_last=4, start=1)", "in one way"),
        ("mask(before='@', after='@')", "in one way"),
        ("mask(keep_last=-1)", "greater than or equal to 0"),
        ("mask(char='**')", "at most 1 character"),
        ("mask(char='')", "at least 1 character"),
        ("mask(only=digits, fixed_length=3)", "one hidden part"),
        ("mask(start=3, stop=3)", "nothing between"),
        ("mask(stop=0)", "nothing between"),
        ("mask(start=-2, stop=-3)", "nothing between"),
        ("mask(before='')", "at least 1 character"),
        ("mask_pattern(upper=null, lower=null, digit=null)", "nothing would be hidden"),
        ("truncate", "Field required"),
        ("truncate(0)", "greater than or equal to 1"),
        ("redact(with=x, with_entity=PERSON)", "either with or with_entity"),
        ("mask_date(parts=[])", "at least 1 item"),
        ("mask_date(parts=[days])", "should be 'year'"),
        ("mask_date(format='%d/%m')", "names a year"),
        (r"redact_matches('(?=a)')", "cannot run in linear time"),
        (r"redact_matches('(a)\\1')", "cannot run in linear time"),
        ("redact_matches('a{1001}')", "cannot run in linear time"),
        ("redact_matches('(a')", "malformed"),
        ("redact_matches('')", "at least 1 character"),
    ],
)
def test_nonsense_is_refused(call: str, message: str) -> None:
    """Parameters that make no sense are refused before any data is read, with the reason."""
    with pytest.raises(ValidationError, match=re.escape(message)):
        OneOf("transform").build(call)


@pytest.mark.parametrize(
    "pattern", ["a*", "a|", "^", "$", r"\b", r"\B", "(?m)^", "(?m)$", r"\bx*", "b|(?:a?)", r"\A|zz"]
)
def test_patterns_that_match_nothing_are_refused(pattern: str) -> None:
    """A pattern that matches between characters is refused, also if that depends on what stands beside."""
    with pytest.raises(ValidationError, match="matches the empty string"):
        RedactMatches(pattern=pattern)


@pytest.mark.parametrize("pattern", ["(?s)a.*", "(?i)(?:A|b)+", r"\bab\b", "^x", r"\p{Han}", "a{1000}"])
def test_patterns_that_match_something_are_taken(pattern: str) -> None:
    """Flags, anchors and classes are fine."""
    assert pattern == RedactMatches(pattern=pattern).pattern


@pytest.mark.parametrize("call", ["redact('x')", "redact_matches(pattern='a+', with='\\\\1')", "truncate(3)"])
def test_calls_are_printed_as_they_are_typed(call: str) -> None:
    """`with`, a Python keyword, is spelled so, and what is printed can be read again."""
    built = OneOf("transform").build(call)

    assert parse_call(call) == parse_call(built.call())
    assert built == OneOf("transform").build(built.call())
