"""How alike a sample of rows is before and after: correlations, and what a classifier can tell."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.beside import AFTER, BEFORE, KEPT, compared
from anonymize.kernels.arrays import from_numpy, one_array, to_numpy
from anonymize.kernels.risk.columns import codes_of, common_codes, is_numeric, numbers_of
from anonymize.kernels.risk.distances import Matrix, Propensity, correlations, propensity

Mask = NDArray[np.bool_]
COMMON = 8
"""Most frequent values of a text column that the classifier sees."""


class Sides:
    """The sampled rows of the original and those of the release."""

    def __init__(self, sample: pa.Table) -> None:
        kept = one_array(sample[KEPT])
        known = to_numpy(kept.is_valid())
        self.stays: Mask = to_numpy(kept) | ~known
        self.given: Mask = known
        self.columns = {
            name: (one_array(sample[BEFORE + name]), one_array(sample[AFTER + name]))
            for name in compared(sample.column_names)
        }

    def pair(self, name: str) -> tuple[pa.Array, pa.Array]:
        """A column of the original and of the release, each with its own rows."""
        before, after = self.columns[name]
        return before.filter(from_numpy(self.given)), after.filter(from_numpy(self.stays))

    def change_of_correlation(self) -> tuple[float, int]:
        """The greatest change of a correlation between two columns of numbers, and how many such columns there
        are."""
        before, after = [], []
        for name in self.columns:
            one, other = self.pair(name)
            if is_numeric(one):
                before.append(numbers_of(one))
                after.append(numbers_of(other) if is_numeric(other) else self._expected(name))
        if len(before) < 2:
            return 0.0, len(before)
        one_matrix, other_matrix = (correlations(np.column_stack(side)) for side in (before, after))
        return float(np.abs(one_matrix - other_matrix).max()), len(before)

    def _expected(self, name: str) -> Matrix:
        """For labels such as ranges, the mean of the numbers behind each: the best guess that they leave."""
        before, after = self.columns[name]
        both = self.given & self.stays
        labels = codes_of(after)
        numbers = numbers_of(before)
        known = both & ~np.isnan(numbers)
        count = np.bincount(labels[known], minlength=int(labels.max(initial=-1)) + 1)
        sums = np.bincount(labels[known], weights=numbers[known], minlength=len(count))
        means = np.divide(sums, count, out=np.full(len(count), np.nan), where=count > 0)
        found: Matrix = means[labels][self.stays]
        return found

    def propensity(self) -> Propensity | None:
        """How well a classifier tells the rows apart; None without rows on both sides."""
        if not self.given.any() or not self.stays.any():
            return None
        pairs = [_features(*self.pair(name)) for name in self.columns]
        one, other = (np.column_stack([pair[i] for pair in pairs]) for i in (0, 1))
        return propensity(one, other) if one.shape[1] else Propensity(0.0, 0.0)


def _features(before: Any, after: Any) -> tuple[Matrix, Matrix]:
    """Numbers with whether they are missing; of text whether it is each of the most frequent values."""
    if is_numeric(before) and is_numeric(after):
        one, other = numbers_of(before), numbers_of(after)
        middle = float(np.nanmean(np.concatenate([one, other])))
        return _filled(one, middle), _filled(other, middle)
    one_code, other_code, count = common_codes(before, after)
    frequent = np.argsort(-np.bincount(np.concatenate([one_code, other_code]), minlength=count), kind="stable")
    chosen = frequent[: min(COMMON, max(count - 1, 0))]
    return (one_code[:, None] == chosen).astype(float), (other_code[:, None] == chosen).astype(float)


def _filled(numbers: Matrix, middle: float) -> Matrix:
    missing = np.isnan(numbers)
    return np.column_stack([np.where(missing, middle, numbers), missing.astype(float)])


def columns_to_compare(chosen: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
    """The chosen columns, else the usual ones. Raises ValueError if there is none."""
    if not (columns := tuple(dict.fromkeys(chosen or usual))):
        raise ValueError("no column has a role; name some in `columns`")
    return columns
