"""How a release differs from its original: what was lost, and what still tells about what was taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.roles import Roles
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.risk.columns import codes_of, common_codes, is_numeric, numbers_of, one_array, spelling
from anonymize.kernels.risk.distances import Propensity, correlations, propensity, total_variation, wasserstein
from anonymize.kernels.risk.pairs import Joint, loss_of_groups, loss_of_ranges

SAMPLE = 20_000
"""Rows of each table that the classifier sees."""
COMMON = 8
"""Most frequent values of a text column that the classifier sees."""
STARS = "*"


@dataclass(frozen=True)
class ColumnLoss:
    """What became of one column."""

    name: str
    total_variation: float
    """Half the sum of the differences of the shares of all values."""
    wasserstein: float | None
    """For numbers: how far they were moved on average, as a share of the original range."""
    certainty_penalty: float | None = None
    """NCP: how much of the domain stands behind a released value on average (paired rows only)."""
    entropy_loss: float | None = None
    """The share of the column's information that is gone (non-uniform entropy, paired rows only)."""


@dataclass(frozen=True)
class Comparison:
    """Two tables side by side."""

    rows: int
    original_rows: int
    is_paired: bool
    """The tables have as many rows, so that rows in the same place are taken to be of the same person."""
    columns: tuple[ColumnLoss, ...]
    global_penalty: float | None
    """GCP: the mean of the quasi-identifiers' certainty penalties."""
    correlation_change: float | None
    """The greatest change of a correlation between two columns of numbers."""
    propensity: Propensity | None


def paired(original: pa.Table, release: pa.Table) -> tuple[pa.Table, pa.Table] | None:
    """The tables with the same rows in the same places: as they are if they have as many, else by a column that
    passes as it is and whose values are all different; None if there is none."""
    if len(original) == len(release):
        return original, release
    for name in release.column_names:
        if name not in original.column_names:
            continue
        wanted, known = spelling(release[name]), spelling(original[name])
        if wanted.null_count or len(wanted.unique()) < len(wanted) or len(known.unique()) < len(known):
            continue
        places = pc.index_in(wanted, known)
        if not places.null_count:
            return original.take(places), release
    return None


def compare(original: pa.Table, release: pa.Table, roles: Roles) -> Comparison:
    """The losses of the columns that both tables have."""
    shared = [name for name in release.column_names if name in original.column_names]
    paired = len(original) == len(release)
    columns = tuple(_column(name, original[name], release[name], paired) for name in shared)
    penalties = [c.certainty_penalty for c in columns if c.name in roles.quasi and c.certainty_penalty is not None]
    numeric = [n for n in shared if is_numeric(original[n]) and is_numeric(release[n])]
    return Comparison(
        len(release),
        len(original),
        paired,
        columns,
        float(np.mean(penalties)) if penalties else None,
        _correlation_change(original, release, numeric) if len(numeric) > 1 else None,
        _propensity(original, release, shared, numeric) if shared and len(original) and len(release) else None,
    )


def _column(name: str, before: Any, after: Any, paired: bool) -> ColumnLoss:
    one, other, count = common_codes(before, after)
    variation = total_variation(np.bincount(one, minlength=count), np.bincount(other, minlength=count))
    numeric = is_numeric(before)
    moved = _moved(numbers_of(before), numbers_of(after)) if numeric and is_numeric(after) else None
    if not paired or not len(before):
        return ColumnLoss(name, variation, moved)
    given, target = codes_of(after), codes_of(before)
    joint = Joint.of(given, target)
    whole = np.zeros(int(given.max()) + 1, np.bool_)
    whole[given[_suppressed(before, after)]] = True
    penalty = loss_of_ranges(given, numbers_of(before), whole) if numeric else loss_of_groups(joint, whole)
    bits = joint.entropy()
    return ColumnLoss(name, variation, moved, penalty, joint.conditional_entropy() / bits if bits else 0.0)


def _suppressed(before: Any, after: Any) -> NDArray[np.bool_]:
    """Cells that became null or stars."""
    gone = pc.or_kleene(pc.is_null(one_array(after)), pc.equal(spelling(after), STARS))
    return np.asarray(to_numpy(gone) & to_numpy(pc.is_valid(one_array(before))))


def _moved(before: NDArray[np.float64], after: NDArray[np.float64]) -> float | None:
    one, other = before[~np.isnan(before)], after[~np.isnan(after)]
    if not len(one) or not len(other):
        return None
    width = float(one.max() - one.min())
    return wasserstein(one, other) / (width or 1.0)


def _correlation_change(original: pa.Table, release: pa.Table, numeric: Sequence[str]) -> float:
    before, after = (
        correlations(np.column_stack([numbers_of(table[n]) for n in numeric])) for table in (original, release)
    )
    return float(np.abs(before - after).max())


def _propensity(
    original: pa.Table, release: pa.Table, shared: Sequence[str], numeric: Sequence[str]
) -> Propensity | None:
    before, after = (_sampled(table.select(list(shared))) for table in (original, release))
    pairs = [_features(before[name], after[name], name in numeric) for name in shared]
    one, other = (np.column_stack([pair[i] for pair in pairs]) for i in (0, 1))
    return propensity(one, other) if one.shape[1] else None


def _sampled(table: pa.Table) -> pa.Table:
    """Rows at equal distances."""
    if len(table) <= SAMPLE:
        return table
    places = np.linspace(0, len(table) - 1, SAMPLE).astype(np.int64)
    return table.take(pa.Array.from_buffers(pa.int64(), len(places), [None, pa.py_buffer(places)]))


def _features(before: Any, after: Any, numeric: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Numbers with whether they are missing; of text whether it is each of the most frequent values."""
    if numeric:
        one, other = numbers_of(before), numbers_of(after)
        middle = float(np.nanmean(np.concatenate([one, other])))
        return _filled(one, middle), _filled(other, middle)
    one_code, other_code, count = common_codes(before, after)
    frequent = np.argsort(-np.bincount(np.concatenate([one_code, other_code]), minlength=count), kind="stable")
    chosen = frequent[: min(COMMON, max(count - 1, 0))]
    return (one_code[:, None] == chosen).astype(float), (other_code[:, None] == chosen).astype(float)


def _filled(numbers: NDArray[np.float64], middle: float) -> NDArray[np.float64]:
    missing = np.isnan(numbers)
    return np.column_stack([np.where(missing, middle, numbers), missing.astype(float)])
