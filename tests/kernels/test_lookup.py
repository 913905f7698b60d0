"""Rows found in a table, against a dict."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels import lookup
from anonymize.kernels.lookup import RowLookup

ROWS = st.lists(st.tuples(st.sampled_from(["a", "", "王", None]), st.sampled_from([0, 1, None])), max_size=12)
SCHEMA = pa.schema([("a", pa.string()), ("b", pa.int64())])


@pytest.mark.parametrize("room", [2**62, 1])  # 1: ranks are taken at every column
@settings(max_examples=60, deadline=None)
@given(table=ROWS, asked=ROWS)
def test_places(room: int, table: list[Any], asked: list[Any]) -> None:
    """Each row is found where it first stands in the table, or nowhere; nulls equal nulls."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookup, "_ROOM", room)
        found = RowLookup(as_table(table), ("a", "b")).places(as_table(asked))

    assert [table.index(row) if row in table else -1 for row in asked] == found.tolist()


def test_dictionaries_are_compared_by_value() -> None:
    """Two dictionaries may number the same values differently."""
    table = pa.table({"a": pa.array(["x", "y"]).dictionary_encode()})
    batch = pa.record_batch({"a": pa.array(["z", "y", None]).dictionary_encode()})

    assert RowLookup(table, ("a",)).contains(batch).tolist() == [False, True, False]


def as_table(rows: list[Any]) -> pa.Table:
    return pa.table([pa.array([r[i] for r in rows], SCHEMA[i].type) for i in range(2)], schema=SCHEMA)
