"""Runs a component on plain values, as the pipeline would."""

from typing import Any

import numpy as np
import pyarrow as pa

from anonymize.core.beside import AFTER, BEFORE, KEPT, ROW
from anonymize.core.component import Component, Example
from anonymize.core.transform import Aggregation, ColumnTransform, Context, RowTransform, Transform
from anonymize.kernels.crypto.keys import derive

MASTER = bytes(range(32))


def answer(statistic: Any, *batches: pa.RecordBatch) -> Any:
    """The finished statistic over the batches."""
    return statistic.finish(statistic.merge([statistic.fit(b.select(list(statistic.columns))) for b in batches]))


def context(
    transform: Component, fitted: Any, rows: int, first_row: int = 0, others: Any = None, column: str = "value"
) -> Context[Any]:
    numbers = np.arange(first_row, first_row + rows, dtype=np.int64)
    return Context(
        fitted=fitted,
        column=column,
        rows=numbers,
        slots=np.zeros(rows, np.int64),
        derive=lambda key, purpose, scope: [derive(MASTER, "tests", purpose, scope)],
        read=lambda name: others[name],
    )


def columns_of(transform: Transform, example: Example) -> tuple[str, ...]:
    if isinstance(transform, ColumnTransform):
        return ("value",)
    assert isinstance(transform, RowTransform | Aggregation)
    return transform.columns(example.roles) or tuple(example.given)


def batch_of(example: Example) -> pa.RecordBatch:
    """The given values as a batch: a column called `value`, the columns of the dict, or those of two tables side
    by side."""
    given = example.given if isinstance(example.given, dict) else {"value": example.given}
    if getattr(example.component, "beside_original", False):
        tables = [pa.table(given[side]) for side in ("original", "release")]
        return side_by_side(*tables)
    return pa.record_batch({name: pa.array(values) for name, values in given.items()})


def side_by_side(original: pa.Table, release: pa.Table) -> pa.RecordBatch:
    """The rows of two tables as statistics of both see them; they are in the same places."""
    rows = {ROW: pa.array(range(len(original)), pa.int64()), KEPT: pa.array([True] * len(original), pa.bool_())}
    before = {BEFORE + name: original[name].combine_chunks() for name in original.column_names}
    after = {AFTER + name: release[name].combine_chunks() for name in release.column_names}
    return pa.record_batch({**rows, **before, **after})


def run_column(
    transform: ColumnTransform, values: pa.Array, columns: Any = None, first_row: int = 0, fitted: Any = None
) -> tuple[pa.Array, Context[Any]]:
    """The result of a column transform, and its context with what it rejected."""
    statistic = transform.needs(("value",))
    if statistic is not None and fitted is None:
        fitted = answer(statistic, pa.record_batch({"value": values}))
    others = {name: pa.array(column) for name, column in (columns or {}).items()}
    found = context(transform, fitted, len(values), first_row, others)
    return transform.apply(values, found), found
