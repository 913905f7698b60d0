"""Rows that stand alone."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.kernels.arrays import text
from anonymize.kernels.counting import COUNT, count_rows


def share_alone(columns: Sequence[pa.Array]) -> float | None:
    """The share of rows that no other row equals in all columns; None without columns or rows."""
    if not columns or not len(columns[0]):
        return None
    names = tuple(str(place) for place in range(len(columns)))
    table = pa.Table.from_arrays([text(column) for column in columns], list(names))
    counts = count_rows(table, names)[COUNT]
    return float(pc.equal(counts, 1).combine_chunks().true_count / table.num_rows)
