"""For pytest: only the tests that are marked with one row of the matrix, which stands in `MATRIX_ROW`."""

import os

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the others out."""
    row = os.environ.get("MATRIX_ROW")
    kept = [item for item in items if any(row in mark.args for mark in item.iter_markers("matrix"))]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
