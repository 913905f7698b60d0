"""Hierarchies that are computed: coarser never divides what finer has joined."""

from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.hierarchy_builders import Flat, Intervals, Prefix, automatic, parse_builder

NUMBERS = st.lists(st.integers(-200, 200).map(str) | st.floats(-50, 50).map(lambda x: f"{x:.3f}"), min_size=1)
DATES = st.lists(st.dates().map(str), min_size=1)
TEXT = st.lists(st.text(max_size=6), min_size=1)


@pytest.mark.parametrize(
    ("call", "values"),
    [
        ("intervals(widths=[0.5, 5, 20])", NUMBERS),
        ("intervals(widths=[5, 10], lower=0, upper=90)", NUMBERS),
        ("intervals(edges=[[-10, 0, 18, 65], [0, 65], [0]])", NUMBERS),
        ("bounds(lower=[-90, -50], upper=[90, 80, 10])", NUMBERS),
        ("rounding([0.5, 10, 100])", NUMBERS),
        ("prefix", TEXT),
        ("prefix(cut=[2, 4])", TEXT),
        ("dates", DATES),
        ("dates([day, week])", DATES),
        ("flat", TEXT),
    ],
)
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_levels_are_monotone(call: str, values: Any, data: Any) -> None:
    """Equal labels stay equal on every level above."""
    given_values = pa.array(data.draw(values)).unique()
    levels = [given_values, *parse_builder(call).levels(given_values)]
    for finer, coarser in pairwise(levels):
        pairs = set(zip(finer.to_pylist(), coarser.to_pylist(), strict=True))

        assert len({label for label, _ in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["17", "40", "90"], Intervals((5.0, 10.0, 20.0, 40.0))),
        ([1990, 2001], Intervals((2.0, 4.0, 8.0))),
        (["90210", "01234", "75008"], Prefix()),
        (["SW1A 1AA", "E1 6AN"], Prefix()),
        (["flu", "cold"], Flat()),
        ([True, False], Flat()),
        (["5", "5"], Flat()),
    ],
)
def test_automatic_levels_fit_the_values(values: list[Any], expected: Any) -> None:
    """Numbers in doubling intervals, codes by prefix, everything else flat."""
    assert expected == automatic(pa.array(values))


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ("intervals(widths=[5, 12])", "multiple"),
        ("intervals(edges=[[1, 2], [3]])", "part of the one before"),
        ("intervals", "either"),
        ("bounds(upper=[80, 90])", "inwards"),
        ("rounding([10, 5])", "ascending"),
        ("prefix(cut=[2, 1])", "ascend"),
        ("dates([year, month])", "within"),
        ("dates([fortnight])", "periods"),
        ("ladder(3)", "no hierarchy"),
        ("flat(3)", "nothing"),
        ("intervals(widths=abc)", "needs"),
        ("rounding('x')", "needs"),
    ],
)
def test_wrong_builders_are_refused(call: str, problem: str) -> None:
    """With what is wrong."""
    with pytest.raises(ValueError, match=problem):
        parse_builder(call)
