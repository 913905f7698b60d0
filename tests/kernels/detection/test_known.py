"""Known values are found in text however they are written there."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.detection.known import KnownColumn, find_known


def found(text: str, value: str, is_name: bool = False) -> list[str]:
    """The parts of a text in which a value of its row is found."""
    return found_in([text], [0], [value], [0], is_name)[0]


def found_in(texts, rows, values, value_rows, is_name=False) -> list[list[str]]:
    cells = pa.array(texts, pa.string())
    column = KnownColumn(pa.array(values, pa.string()), np.array(value_rows, np.int64), is_name)
    spans = find_known(cells, np.array(rows, np.int64), [column])
    parts = [[] for _ in texts]
    for cell, start, end in sorted(
        zip(spans.cell.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True)
    ):
        parts[cell].append(texts[cell].encode()[start:end].decode())
    return parts


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Kováč",
        "ZOE KOVAC",
        "zoe kovac",
        "Kováč, Zoë",
        "Kovac Zoe",
        "zoe.kovac",
        "Zoë_Kováč",
        "Zoe\u0308 Kovac",
    ],
)
def test_names_in_any_spelling(text):
    """Case, accents, order and what stands between do not matter."""
    assert text in found(f"met {text} today", "Zoë Kováč", is_name=True)


def test_parts_of_names_and_initials():
    """Each part alone, and an initial with the surname."""
    assert ["Z. Kovac", "Kovac", "zoe", "Kovač"] == found(
        "Z. Kovac; met zoe and Mr Kovač", "Zoë Kováč", is_name=True
    )


def test_chinese_names():
    """No spaces are needed; the given name alone counts if it has two characters."""
    assert {"欧阳小红", "阳小红", "小红"} == set(found("联系人欧阳小红先生", "欧阳小红", is_name=True))
    assert ["李娜"] == found("找李娜。", "李娜", is_name=True)


@pytest.mark.parametrize(
    "text", ["13812345678", "138-1234-5678", "138 1234 5678", "+8613812345678", "１３８12345678"]
)
def test_numbers_with_other_separators(text):
    """Digits count; a long number is found within a longer one."""
    assert 1 == len(found(f"tel {text}.", "138 12345678"))


@pytest.mark.parametrize(
    "text", ["1990-03-07", "7 March 1990", "March 7th, 1990", "07/03/1990", "1990年3月7日", "7.3.1990"]
)
def test_dates_in_other_layouts(text):
    """Day, month and year, in words or numbers."""
    assert text in found(f"born {text}", "1990-03-07")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("zoology", "Zoo Kent"),
        ("in 2024 and 20245", "202"),
        ("is it true", "true"),
        ("de la", "de la Cruz"),
        ("12345", "1234"),
    ],
)
def test_what_merely_looks_alike_stays(text, value):
    """Parts of longer words, words of everyday and values of few characters are not taken."""
    assert [] == found(text, value, is_name=True)


def test_values_of_other_rows_do_not_count():
    """Each text is searched for what stands in its own row."""
    texts = ["Anna Lee", "Anna Lee", "", "Bob Ray"]

    assert [["Anna Lee", "Anna", "Lee"], [], [], []] == [
        sorted(part, key=lambda p: (-len(p), p))
        for part in found_in(texts, [0, 1, 2, 3], ["Anna Lee", "Bob Ray"], [0, 2], True)
    ]


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20),
    st.text(st.sampled_from("abcxyzÄé王小0123456789"), min_size=5, max_size=14),
    st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20),
)
def test_a_value_between_spaces_is_always_found(before, value, after):
    """Whatever stands around it."""
    assert value in found(f"{before} {value} {after}", value)
