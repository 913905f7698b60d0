"""Whole columns of a dataset in memory, for what must see two tables side by side."""

from collections.abc import Sequence

import pyarrow as pa

from anonymize.core.errors import DataError
from anonymize.core.format import Page
from anonymize.datasets import Dataset
from anonymize.rulefile.matching import ITEMS

MOST_CELLS = 200_000_000


def read_table(dataset: Dataset, columns: Sequence[str] | None = None) -> pa.Table:
    """The columns with one value per row, by default all. Raises DataError for more than fits into memory."""
    names = [name for name in (columns or dataset.schema.names) if ITEMS not in name]
    pieces: dict[str, list[pa.Array]] = {name: [] for name in names}
    rows = 0
    for source in dataset.sources:
        for chunk in source.chunks():
            page = chunk()
            rows += page.rows
            if rows * len(names) > MOST_CELLS:
                raise DataError(
                    f"the table has more than {MOST_CELLS:,} cells, too many to compare in memory",
                    hint="compare a sample of the rows",
                )
            for name in names:
                pieces[name].append(_values(page, name))
    return pa.table({name: _joined(arrays) for name, arrays in pieces.items()})


def _values(page: Page, name: str) -> pa.Array:
    if name not in page.present and name not in page.columns:
        return pa.nulls(page.rows, pa.string())
    values = page.values(name)
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _joined(arrays: Sequence[pa.Array]) -> pa.ChunkedArray:
    """One column; where pages disagree on the type, as text."""
    if len({array.type for array in arrays}) < 2:
        return pa.chunked_array(arrays)
    return pa.chunked_array([array.cast(pa.string()) for array in arrays])
