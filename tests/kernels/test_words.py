"""Spellings read by words are those that are read byte by byte."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.dates.layouts import layouts
from anonymize.kernels.dates.words import windows

BY_WORDS = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d", "%d/%m/%y", "%Y-%m-%dT%H:%M", "%d%m%Y%H%M%S"]
BYTE_BY_BYTE = ["%-d.%m.%Y", "%d-%b-%Y", "%Y-%m-%d %I:%M %p", "%Y-%m-%d %H:%M:%S", "a%d/%m/%Y", "%Y年%m月%d日"]

edits = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 255)), max_size=3)
rows = st.lists(st.tuples(st.lists(st.integers(0, 9), min_size=16, max_size=16), edits, st.booleans()), max_size=6)


@pytest.mark.parametrize("format", BY_WORDS)
@given(rows)
def test_words_and_bytes_agree(format: str, rows: list[tuple[list[int], list[tuple[int, int]], bool]]) -> None:
    """Good spellings and spoilt ones, side by side or apart."""
    (layout,) = layouts(format)
    pieces, starts = [], []
    for digits, edits, apart in rows:
        spelled = bytearray(digit + ord("0") for digit in digits[: layout.width])
        for place, byte in (*layout.literals, *edits):
            spelled[place % layout.width] = byte
        pieces += [b"9" * apart, bytes(spelled)]
        starts.append(sum(map(len, pieces)) - layout.width)
    if not rows:
        return
    assert layout.words is not None
    table = np.frombuffer(b"".join(pieces[1::2]), np.uint8).reshape(-1, layout.width)

    data = np.frombuffer(b"".join(pieces), np.uint8)
    numbers, good = layout.words.read(windows(data), np.array(starts, np.int32))
    expected, expected_good = layout.read(np.ascontiguousarray(table.T))

    assert expected_good.tolist() == good.tolist()
    for name, each in expected.items():
        assert each[good].tolist() == numbers[name][good].tolist()


@pytest.mark.parametrize("format", BYTE_BY_BYTE)
def test_others_are_read_byte_by_byte(format: str) -> None:
    """Names, odd widths, long spellings and digits across two words have no such reader."""
    assert {None} == {layout.words for layout in layouts(format)}
