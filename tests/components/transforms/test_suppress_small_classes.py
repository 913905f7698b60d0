"""After suppression every class has k rows, whatever the data."""

from collections import Counter
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from anonymize.transforms.masking.suppress_small_classes import SuppressSmallClasses
from tests.harness import answer, context

ROWS = st.lists(st.tuples(st.sampled_from(["a", "", None]), st.sampled_from([1, 2, None])), max_size=25)


@pytest.mark.parametrize("cells", [False, True])
@settings(max_examples=80, deadline=None)
@given(rows=ROWS, k=st.integers(2, 5))
def test_k_anonymous(cells: bool, rows: list[Any], k: int) -> None:
    """What is left stands in classes of k rows, and a row that had such a class is as it was."""
    assume(not rows or max(Counter(rows).values()) >= k)  # otherwise it is an error
    batch = pa.record_batch(
        [pa.array([r[0] for r in rows], pa.string()), pa.array([r[1] for r in rows], pa.int64())], ["a", "b"]
    )
    transform = SuppressSmallClasses(k=k, cells=cells)
    fitted = answer(transform.needs(("a", "b")), batch[3:], batch[:3])

    changed, kept = transform.apply(batch, context(transform, fitted, len(rows), column=""))

    stays = [True] * len(rows) if kept is None else kept.to_pylist()
    left = [tuple(row.values()) for row, stay in zip(changed.to_pylist(), stays, strict=True) if stay]
    assert all(size >= k for size in Counter(left).values())
    for row, new, stay in zip(rows, changed.to_pylist(), stays, strict=True):
        if rows.count(row) >= k:
            assert stay
            assert tuple(new.values()) == row
