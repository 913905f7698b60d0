"""How many rows of a larger table each class of a sample has."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.anonymity.releasing import POPULATION, with_population
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.counting import COUNT


def class_sizes(
    summary: pa.Table, fraction: float | None, path: Path | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The rows of each class here and in the population: there as a CSV file says, else so many more as the
    sampling fraction says (a crude estimate, and the least there can be: as many as here). Raises DataError."""
    if path is None:
        here = counts_of(summary)
        return here, here / (fraction or 1.0)
    here, there = sizes_beside(summary, path)
    return here[here > 0], np.maximum(here, there)[here > 0].astype(float)


def sizes_beside(summary: pa.Table, path: Path) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of each class here and in a CSV file of the population, classes that are only there included.
    Raises DataError."""
    names = list(names_of(summary))
    joined = with_population(summary.combine_chunks(), path, names)
    sums = joined.group_by(names, use_threads=False).aggregate([(COUNT, "sum"), (POPULATION, "sum")])
    return _numbers(sums, f"{COUNT}_sum"), _numbers(sums, f"{POPULATION}_sum")


def counts_of(summary: pa.Table) -> NDArray[np.int64]:
    """The rows of each class."""
    return _numbers(summary, COUNT)


def _numbers(table: pa.Table, name: str) -> NDArray[np.int64]:
    column = table[name]
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return to_numpy(whole).astype(np.int64)


def sampling_fraction(rows: int, size: int | None, fraction: float | None) -> float:
    """The share of the population that the rows are, from whichever is given."""
    if size is not None:
        return min(1.0, rows / size) if rows else 1.0
    return 1.0 if fraction is None else fraction


def names_of(summary: pa.Table) -> Sequence[str]:
    """The columns that make the classes."""
    return [name for name in summary.column_names if name != COUNT]
