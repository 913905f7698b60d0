"""Runs ciphers there and back under keys, columns and data sets of choice."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from anonymize.core.transform import ColumnTransform, Context
from anonymize.kernels.crypto.keys import derive

OLD, NEW = bytes(range(32)), bytes(range(1, 33))


def context(
    rows: int, keys: Sequence[bytes] = (OLD,), dataset: str = "clinic", column: str = "value", others: Any = None
) -> Context[Any]:
    return Context(
        fitted=None,
        column=column,
        rows=np.arange(rows, dtype=np.int64),
        slots=np.zeros(rows, np.int64),
        derive=lambda _, purpose, scope: [derive(key, dataset, purpose, scope) for key in keys],
        read=lambda name: pa.array(others[name]),
    )


def there(step: ColumnTransform, values: Any, **given: Any) -> pa.Array:
    """The result of a step that rejects nothing."""
    column = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    found = context(len(column), **given)
    result = step.apply(column, found)
    assert [] == found.rejections
    return result


def rejections(step: ColumnTransform, values: Any, **given: Any) -> tuple[list[Any], dict[str, list[int]]]:
    """The result of a step, and the places that it rejects by the reason."""
    return _judged(step.apply, values, given)


def back(step: ColumnTransform, values: Any, **given: Any) -> tuple[list[Any], dict[str, list[int]]]:
    """What is restored, and the places that are rejected by the reason."""
    return _judged(step.restore, values, given)


def _judged(work: Any, values: Any, given: dict[str, Any]) -> tuple[list[Any], dict[str, list[int]]]:
    column = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    found = context(len(column), **given)
    result = work(column, found)
    places = {
        rejection.problem: [place for place, bad in enumerate(rejection.bad.to_pylist()) if bad]
        for rejection in found.rejections
    }
    return result.to_pylist(), places
