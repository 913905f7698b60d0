"""Aggregates against Python's own arithmetic, and what is refused."""

import statistics
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.core.errors import DataError
from anonymize.transforms.aggregation.aggregate import Aggregate
from tests.harness import answer, context

MEASURES = {
    "count": "count",
    "total": "sum(x)",
    "mean": "mean(x)",
    "low": "min(x)",
    "high": "max(x)",
    "middle": "median(x)",
    "q": "quantile(x, 0.3)",
    "kinds": "distinct(x)",
}


def release(transform: Aggregate, batch: pa.RecordBatch) -> pa.Table:
    fitted = answer(transform.needs(()), batch.select(list(transform.needs(()).columns)))
    return transform.release(context(transform, fitted, 0, column=""))


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(["a", "王", None]), st.none() | st.integers(-9, 9)), max_size=30),
    as_text=st.booleans(),
    least=st.integers(1, 4),
)
def test_figures(rows: list[Any], as_text: bool, least: int) -> None:
    """Every figure equals that of Python's statistics, and groups or figures of too few rows are withheld."""
    cells = [None if x is None else str(x) if as_text else x for _, x in rows]
    batch = pa.record_batch({"g": pa.array([g for g, _ in rows], pa.string())})
    batch = batch.append_column("x", pa.array(cells, pa.string() if as_text else pa.int64()))

    released = release(Aggregate(by=("g",), measures=MEASURES, min_group=least), batch).to_pylist()

    for found in released:
        values = [x for g, x in rows if g == found["g"] and x is not None]
        assert found["count"] == sum(1 for g, _ in rows if g == found["g"]) >= least
        if len(values) < least:
            assert {found[name] for name in MEASURES if name != "count"} == {None}
            continue
        assert (found["total"], found["low"], found["high"]) == (sum(values), min(values), max(values))
        assert found["mean"] == statistics.fmean(values)
        assert found["middle"] == statistics.median(values)
        assert found["q"] == pytest.approx(np.quantile(values, 0.3))
        assert found["kinds"] == len(set(values))
    sizes = {g: sum(1 for other, _ in rows if other == g) for g, _ in rows}
    assert {g for g, size in sizes.items() if size >= least} == {found["g"] for found in released}


def test_sums_are_exact() -> None:
    """No digit is lost on the way, in whatever order large and small numbers come."""
    floats = pa.record_batch({"g": ["a"] * 5, "x": [1e16, 1.0, -1e16, 1.0, 0.5]})
    integers = pa.record_batch({"g": ["a"] * 5, "x": [2**62, 1, -(2**62), 1, 3]})
    decimals = pa.record_batch({"g": ["a"] * 5, "x": pa.array([Decimal("0.10")] * 5)})

    transform = Aggregate(by=("g",), measures={"total": "sum(x)"})
    assert [release(transform, b)["total"][0].as_py() for b in (floats, integers, decimals)] == [2.5, 5, 0.5]


def test_problems_name_counts_and_no_values() -> None:
    """Text that is no number and sums out of range stop the release, and are not quoted."""
    words = pa.record_batch({"g": ["a"] * 6, "x": ["1", "secret", "secret", "2", "3", None]})
    large = pa.record_batch({"g": ["a"] * 5, "x": [2**63 - 1] * 5})
    transform = Aggregate(by=("g",), measures={"total": "sum(x)"})

    with pytest.raises(DataError, match=r"column 'x': .*: 2") as error:
        release(transform, words)
    assert "secret" not in str(error.value)
    with pytest.raises(DataError, match="too large") as error:
        release(transform, large)
    assert "9223372036854775807" not in str(error.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": []},
        {"by": ["g", "g"]},
        {"by": ["g"], "measures": {}},
        {"by": ["g"], "measures": {"g": "count"}},
        {"by": ["g"], "measures": {"n": "total(x)"}},
        {"by": ["g"], "measures": {"n": "count(x)"}},
        {"by": ["g"], "measures": {"n": "sum(x, y)"}},
        {"by": ["g"], "measures": {"n": "quantile(x, 2)"}},
        {"by": ["g"], "min_group": 0},
    ],
)
def test_wrong_parameters(wrong: dict[str, Any]) -> None:
    """Groups and figures are named once, known, and complete."""
    with pytest.raises(ValidationError):
        Aggregate.model_validate(wrong)


@pytest.mark.parametrize("measure", ["sum(x)", "mean(x)", "median(x)"])
def test_figures_of_dates_are_refused(measure: str) -> None:
    """Only numbers can be added up or averaged."""
    with pytest.raises(TypeError):
        Aggregate(by=("g",), measures={"m": measure}).output_schema(
            pa.schema([("g", pa.string()), ("x", pa.date32())])
        )
