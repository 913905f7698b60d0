"""Numbers in any spelling, in and out."""

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.numbers.parsing import numeric_output, parse, parse_integers, restore, spell
from anonymize.kernels.numbers.steps import Steps
from anonymize.transforms.masking.keep import Keep
from tests.harness import context

SPELLINGS = st.one_of(
    st.none(),
    st.text(alphabet="0123456789+-.eE x٣", max_size=8),
    st.integers(-(2**60), 2**60).map(str),
    st.floats(allow_nan=True).map(repr),
)


def read(values: list[Any], type: pa.DataType | None = None) -> tuple[list[Any], list[str]]:
    array = pa.array(values, type or pa.string())
    found = context(Keep(), None, len(array))
    return parse(array, found).to_pylist(), [r.problem for r in found.rejections]


@pytest.mark.parametrize("text", ["12", "007", "-1.5", "+5", ".5", "5.", "1e5", "1E-3", "-0"])
def test_reads_plain_numbers(text: str) -> None:
    """Decimal and exponent notation are numbers."""
    assert ([float(text)], []) == read([text])


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "1,234", "1_000", "0x10", "٣", "--1", "1e", ".", "-", "1.2.3", "12kg", "\n1", "1\n"]
)
def test_rejects_everything_else(text: str) -> None:
    """What only some programs would read is no number, alone or beside others."""
    assert read([text]) == ([None], ["not a number"])
    assert read(["1", text, "2"]) == ([1.0, None, 2.0], ["not a number"])


@pytest.mark.parametrize("text", ["inf", "-Infinity", "nan", "1e999"])
def test_rejects_what_is_not_finite(text: str) -> None:
    """No infinity and no NaN, under whichever message."""
    values, problems = read(["1", text])
    assert values == [1.0, None]
    assert len(problems) == 1


def test_rejects_integers_that_would_lose_digits() -> None:
    """2**53 + 1 is not read as 2**53; exponent notation promises no digits."""
    assert read(["9007199254740991", "9007199254740993", "1e20"]) == (
        [2.0**53 - 1, None, 1e20],
        ["too large a number to be exact"],
    )
    assert read([2**53 + 1], pa.int64()) == ([None], ["too large a number to be exact"])


def test_typed_columns_are_read_and_refused_by_type() -> None:
    """Floats must be finite; booleans and dates are no numbers."""
    assert read([1.5, float("nan"), None], pa.float64()) == ([1.5, None, None], ["not a finite number"])
    assert read([Decimal("1.25")], pa.decimal128(5, 2)) == ([1.25], [])
    for given_type in (pa.bool_(), pa.date32(), pa.list_(pa.int8()), pa.null()):
        with pytest.raises(TypeError, match="needs numbers or text"):
            numeric_output(given_type)


@given(st.lists(SPELLINGS, max_size=12), st.integers(0, 12))
@settings(deadline=None)
def test_reading_does_not_depend_on_the_neighbours(values: list[str | None], cut: int) -> None:
    """A value is a number or not, however the column is cut."""
    assert read(values)[0] == read(values[:cut])[0] + read(values[cut:])[0]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
@settings(deadline=None)
def test_spelling_reads_back_as_the_same_number(numbers: list[float]) -> None:
    """The text is decimal, and reads back as the same float."""
    texts = spell(pa.array(numbers, pa.float64())).to_pylist()
    assert numbers == [float(text) for text in texts]
    assert all("e" not in text and not text.endswith(".0") for text in texts)


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
@settings(deadline=None)
def test_integers_pass_exactly(numbers: list[int]) -> None:
    """64-bit columns do not go through floats."""
    array = pa.array(numbers, pa.int64())
    found = context(Keep(), None, len(array))
    assert numbers == restore(parse_integers(array, found), array, found).to_pylist()


@pytest.mark.parametrize("type", [pa.int8(), pa.uint16(), pa.int64(), pa.uint64(), pa.decimal128(4, 1)])
def test_results_that_do_not_fit_are_rejected(type: pa.DataType) -> None:
    """Nothing wraps around or saturates, and no exception quotes a value."""
    array = pa.array([1.0, 1e20, float("nan"), None])
    found = context(Keep(), None, 4)
    assert restore(array, pa.array([], type), found).to_pylist() == [1, None, None, None]
    assert found.rejections[0].bad.to_pylist() == [False, True, True, False]
    with pytest.raises(DataError, match="does not fit") as caught:
        restore(array, pa.array([], type))
    assert "100000" not in str(caught.value)


DECIMALS = st.decimals(-1_000_000, 1_000_000, places=3, allow_nan=False)


@given(DECIMALS, st.sampled_from(["0.1", "0.3", "0.25", "7", "10", "0.001", "2.5"]))
@settings(max_examples=300, deadline=None)
def test_multiples_are_those_of_decimal_arithmetic(number: Decimal, base: str) -> None:
    """The multiple below and the nearest one are what exact arithmetic says."""
    steps, exact = Steps.of(float(base)), Decimal(base)
    floats = np.array([float(number)])
    below = int((number / exact).to_integral_value("ROUND_FLOOR"))
    nearest = int((number / exact).to_integral_value("ROUND_HALF_UP"))

    assert below == steps.below(floats)[0]
    assert nearest == steps.nearest(floats)[0]
    assert float(nearest * exact) == steps.multiple(steps.nearest(floats))[0]


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1), st.integers(1, 2**39))
@settings(deadline=None)
def test_integer_multiples_are_exact_or_said_not_to_fit(numbers: list[int], base: int) -> None:
    """No overflow goes unnoticed."""
    rounded, outside = Steps(base).nearest_integers(to_numpy(pa.array(numbers, pa.int64())))
    for number, result, unfit in zip(numbers, rounded.tolist(), outside.tolist(), strict=True):
        expected = (abs(number) + base // 2) // base * base
        expected = expected if number >= 0 else -expected
        assert unfit == (not -(2**63) <= expected < 2**63)
        assert unfit or expected == result


def test_nulls_are_never_read() -> None:
    """What stands at a null is not looked at."""
    hidden = from_numpy(np.array([np.nan, 1.0]), pa.array([None, 1]))
    found = context(Keep(), None, 2)
    assert parse(hidden, found).to_pylist() == [None, 1.0]
    assert found.rejections == []
