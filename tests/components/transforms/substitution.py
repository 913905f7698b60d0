"""How the tests of the substitution family run a step."""

from typing import Any

import numpy as np
import pyarrow as pa

from anonymize.core.transform import ColumnTransform
from tests.harness import run_column

IDS = pa.array([str(number) for number in range(3000)])


def results(transform: ColumnTransform, values: Any, **columns: Any) -> list[Any]:
    """What becomes of the values, none of which is rejected."""
    found, known = run_column(transform, values if isinstance(values, pa.Array) else pa.array(values), columns)
    assert known.rejections == []
    return list(found.to_pylist())


def rejected(transform: ColumnTransform, values: pa.Array, **more: Any) -> list[bool]:
    """Which values are rejected; they are null in the result."""
    found, known = run_column(transform, values, **more)
    bad = np.any([rejection.bad.to_pylist() for rejection in known.rejections], axis=0)
    assert all(value is None for value, is_bad in zip(found.to_pylist(), bad, strict=True) if is_bad)
    return list(bad)
