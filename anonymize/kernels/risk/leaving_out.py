"""What each quasi-identifier adds to the risk: the classes without it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from anonymize.kernels.counting import COUNT, add_counts
from anonymize.kernels.risk.larger_table import counts_of


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
    if len(columns) < 2 or not summary.num_rows:
        return ()
    return tuple(_without(summary, column, tuple(c for c in columns if c != column)) for column in columns)


def _without(summary: pa.Table, column: str, others: tuple[str, ...]) -> Influence:
    sizes = counts_of(add_counts([summary.select([*others, COUNT])], others))
    unique = int((sizes == 1).sum())
    return Influence(column, int(sizes.min()), unique, len(sizes), len(sizes) / int(sizes.sum()))
