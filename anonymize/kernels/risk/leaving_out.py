"""What each quasi-identifier adds to the risk: the classes without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import one_array
from anonymize.kernels.combining import encode, number_codes
from anonymize.kernels.risk.larger_table import counts_of
from anonymize.kernels.risk.remembering import once


@dataclass(frozen=True)
class Influence:
    """The classes of a table if it lacked one column."""

    column: str
    k: int
    """Rows in the smallest class."""
    unique: int
    """Rows that stand alone."""
    classes: int
    average_risk: float
    """The average prosecutor risk."""


def leave_one_out(summary: pa.Table, columns: Sequence[str]) -> tuple[Influence, ...]:
    """The classes without each column in turn: exact, from the classes of all columns."""
    return once(summary, ("leave_one_out", *columns), lambda: _all_without(summary, columns))


def _all_without(summary: pa.Table, columns: Sequence[str]) -> tuple[Influence, ...]:
    weights = counts_of(summary)
    if not len(weights):
        return ()
    codes = {column: encode(one_array(summary[column])) for column in columns}
    return tuple(_without(codes, column, weights) for column in columns)


def _without(
    codes: Mapping[str, tuple[NDArray[Any], int]], left_out: str, weights: NDArray[np.int64]
) -> Influence:
    others = [found for column, found in codes.items() if column != left_out]
    of, classes = number_codes(others, len(weights))
    sizes = np.bincount(of, weights=weights, minlength=classes).astype(np.int64)
    unique = int((sizes == 1).sum())
    return Influence(left_out, int(sizes.min()), unique, classes, classes / int(sizes.sum()))
