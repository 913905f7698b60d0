"""Grouped counts: the state of most statistics."""

from collections.abc import Sequence

import pyarrow as pa

COUNT = "__count"


def count_rows(table: pa.Table, by: tuple[str, ...]) -> pa.Table:
    """Distinct combinations of the columns with the number of rows of each; nulls are values."""
    counts = table.select(by).group_by(list(by), use_threads=False).aggregate([([], "count_all")])
    return counts.rename_columns([*by, COUNT])


def add_counts(tables: Sequence[pa.Table], by: tuple[str, ...]) -> pa.Table:
    """The sum of several such tables."""
    every = pa.concat_tables(tables).group_by(list(by), use_threads=False).aggregate([(COUNT, "sum")])
    return every.rename_columns([*by, COUNT])
