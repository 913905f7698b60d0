"""The classes of a release in a larger table."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.anonymity.releasing import POPULATION, column_of, with_population
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.counting import COUNT


def sizes_beside(summary: pa.Table, population: Path) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of each class here and in a CSV file of the population, classes that are only there included.
    Raises DataError."""
    names = [name for name in summary.column_names if name != COUNT]
    joined = with_population(summary.combine_chunks(), population, names)
    sums = joined.group_by(names, use_threads=False).aggregate([(COUNT, "sum"), (POPULATION, "sum")])
    here, there = (to_numpy(column_of(sums, f"{name}_sum")).astype(np.int64) for name in (COUNT, POPULATION))
    return here, there
