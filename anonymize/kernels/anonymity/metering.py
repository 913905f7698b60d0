"""Figures of the classes of a table, for metrics: which is the worst, and in how many classes."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from anonymize.core.metric import Measurement
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.models import Figures, Spread
from anonymize.kernels.anonymity.releasing import ordered_codes
from anonymize.kernels.arrays import one_array, to_numpy
from anonymize.kernels.combining import encode, number_codes
from anonymize.kernels.counting import COUNT

VALUE = "__value"


def sensitive_columns(roles: Roles, column: str | None) -> tuple[str, ...]:
    """The sensitive columns to measure. Raises ValueError when the roles do not allow it."""
    if not roles.quasi:
        raise ValueError("no column has the role quasi_identifier")
    sensitive = roles.sensitive if column is None else (column,)
    if not sensitive:
        raise ValueError("no column has the role sensitive")
    if column in roles.quasi:
        raise ValueError("the sensitive column has the role quasi_identifier")
    return sensitive


def spread_of(counts: pa.Table) -> Spread:
    """The spread of a sensitive column from its counts: the columns that make the classes, `__value` and
    `__count`."""
    by = [name for name in counts.column_names if name not in (VALUE, COUNT)]
    of, classes = number_codes([encode(one_array(counts[name])) for name in by], counts.num_rows)
    codes, _ = ordered_codes(one_array(counts[VALUE]))
    weights = to_numpy(one_array(counts[COUNT])).astype(np.int64)
    return Spread.make(of, codes.astype(np.int64), weights, classes)


def worst(
    spreads: Sequence[Spread], figure: Callable[[Spread], Figures], choose: Callable[[Figures], float]
) -> Measurement:
    """The worst figure of any class and any sensitive column."""
    found: list[tuple[float, int, int]] = []
    for spread in spreads:
        if not len(spread.of):
            return Measurement(0, "there are no rows")
        figures = figure(spread)
        extreme = choose(figures)
        found.append((extreme, int(np.isclose(figures, extreme, rtol=1e-9, atol=1e-12).sum()), len(figures)))
    value = choose(np.array([extreme for extreme, _, _ in found]))
    classes = max(times for extreme, times, _ in found if extreme == value)
    of = max(total for extreme, _, total in found if extreme == value)
    return Measurement(value, f"{classes:,} of {of:,} classes {'is' if classes == 1 else 'are'} at {value:.4g}")


def greatest(figures: Figures) -> float:
    """The greatest, infinity included."""
    return float(figures.max())


def least(figures: Figures) -> float:
    """The least."""
    return float(figures.min())
