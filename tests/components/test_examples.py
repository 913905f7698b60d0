"""Every example in every component file is a test."""

from typing import Any

import pyarrow as pa
import pytest

from anonymize.core.attack import Evidence
from anonymize.core.catalog import examples
from anonymize.core.component import Example
from anonymize.core.transform import Aggregation, ColumnTransform, RowTransform
from tests.harness import answer, batch_of, columns_of, context, run_column


def ids(example: Example) -> str:
    return f"{example.component.use}-{example.component.call()}"[:60]


def same(expected: Any, actual: Any) -> bool:
    """Equal, up to the last bits of floating-point numbers."""
    return bool(expected == pytest.approx(actual, nan_ok=True)) if _has_float(expected) else expected == actual


def _has_float(values: Any) -> bool:
    if isinstance(values, dict):
        return False
    return any(isinstance(value, float) for value in values)


@pytest.mark.parametrize("example", examples("transform"), ids=ids)
def test_transform(example: Example) -> None:
    """The component turns what is given into what is expected."""
    transform = example.component
    batch = batch_of(example)

    if isinstance(transform, ColumnTransform):
        result, found = run_column(transform, batch.column(0), example.columns)
        assert [] == found.rejections
        assert same(example.expect, result.to_pylist())
        assert transform.output_type(batch.schema[0].type) == result.type
        return
    columns = columns_of(transform, example)
    statistic = transform.needs(columns)
    fitted = answer(statistic, batch) if statistic is not None else None
    found = context(transform, fitted, len(batch), column="")
    if isinstance(transform, Aggregation):
        released = transform.release(found)
        assert example.expect == released.to_pydict()
        assert transform.output_schema(batch.select(list(columns)).schema) == released.schema
    elif isinstance(transform, RowTransform):
        changed, kept = transform.apply(batch.select(list(columns)), found)
        for name in columns:
            batch = batch.set_column(batch.schema.get_field_index(name), name, changed[name])
        assert example.expect == (batch if kept is None else batch.filter(kept)).to_pydict()


@pytest.mark.parametrize("example", examples("metric"), ids=ids)
def test_metric(example: Example) -> None:
    """The metric measures what the example says."""
    summary = answer(example.component.needs(example.roles), batch_of(example))

    assert example.expect == pytest.approx(example.component.measure(summary).value)


@pytest.mark.parametrize("example", examples("attack"), ids=ids)
def test_attack(example: Example) -> None:
    """The attack succeeds as often as the example says."""
    original, release = (pa.table(example.given[side]) for side in ("original", "release"))

    trials = example.component.run(Evidence(original, release, example.roles))

    assert example.expect == {trial.target: trial.succeeded for trial in trials}
