"""What became of the values of a column, and how much of them is lost."""

from dataclasses import dataclass, field
from functools import cached_property
from math import fsum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.combining import Numbers, encode
from anonymize.kernels.risk.columns import CODE, common_codes, numbers_of
from anonymize.kernels.risk.distances import total_variation, weighted_wasserstein

Floats = NDArray[np.float64]
BOTH, GONE, NEW = range(3)
"""In both tables, in the original only, in the release only."""
STARS = "*"
MOSTLY = 0.9


@dataclass(frozen=True)
class Changes:
    """The distinct pairs of an original and a released value of one column."""

    before: pa.Array = field(repr=False)
    after: pa.Array = field(repr=False)
    places: NDArray[np.int8]
    """For each pair `BOTH`, `GONE` or `NEW`."""
    counts: Numbers
    """The rows of each pair."""

    @property
    def is_paired(self) -> bool:
        """Whether every released row belongs to an original one."""
        return not (self.places == NEW).any()

    @cached_property
    def is_numeric(self) -> bool:
        """Whether nine of ten original values are numbers, and none is a code such as `007`."""
        return self._numeric(self.before, self._numbers_before, self.places != NEW)

    @cached_property
    def stays_numeric(self) -> bool:
        """Whether nine of ten released values are numbers."""
        return self._numeric(self.after, self._numbers_after, self.places != GONE)

    @cached_property
    def _numbers_before(self) -> Floats:
        return numbers_of(self.before)

    @cached_property
    def _numbers_after(self) -> Floats:
        return numbers_of(self.after)

    def _numeric(self, values: pa.Array, numbers: Floats, here: NDArray[np.bool_]) -> bool:
        weights = np.where(here & to_numpy(pc.is_valid(values)), self.counts, 0)
        is_code = to_numpy(pc.fill_null(pc.match_substring_regex(values, CODE), False))
        if (weights[is_code] > 0).any() or not weights.sum():
            return False
        return bool(weights[~np.isnan(numbers)].sum() >= MOSTLY * weights.sum())

    @cached_property
    def lost(self) -> NDArray[np.bool_]:
        """Pairs of which nothing is left: the row went, or its value became null or stars."""
        gone = pc.or_kleene(pc.is_null(self.after), pc.equal(self.after, STARS))
        suppressed = to_numpy(pc.fill_null(gone, True)) & to_numpy(pc.is_valid(self.before))
        return np.asarray((self.places == GONE) | (suppressed & (self.places == BOTH)))

    def certainty_penalty(self, by_range: bool = True) -> float:
        """Normalized certainty penalty: how much of the domain stands behind a released value, 0 where it is the
        original value and 1 where it may be any (J. Xu et al., "Utility-based anonymization using local recoding",
        KDD 2006).

        For numbers the range behind the value as a share of the whole range, else the values behind it but one as
        a share of all but one.
        """
        if not self.counts.sum():
            return 0.0
        hidden = self._ranges() if by_range and self.is_numeric else self._values()
        return fsum((np.where(self.lost, 1.0, hidden) * self.counts).tolist()) / int(self.counts.sum())

    def _values(self) -> Floats:
        (targets, domain), (given, released) = self._codes
        left = ~self.lost
        own = given[left]
        if not self.is_paired:  # else each pair stands there once
            own = np.unique(own * np.int64(domain) + targets[left]) // max(domain, 1)
        behind = np.bincount(own, minlength=released)
        shares: Floats = (np.maximum(behind, 1) - 1) / max(domain - 1, 1)
        return shares[given]

    def _ranges(self) -> Floats:
        numbers, (given, released) = self._numbers_before, self._codes[1]
        known = ~np.isnan(numbers)
        width = float(np.ptp(numbers[known])) if known.any() else 0.0
        left = known & ~self.lost
        low, high = np.full(released, np.inf), np.full(released, -np.inf)
        np.minimum.at(low, given[left], numbers[left])
        np.maximum.at(high, given[left], numbers[left])
        shares = np.where(high > low, high - low, 0.0) / (width or 1.0)
        return np.where(known, shares[given], 0.0)

    def entropy_loss(self) -> float:
        """The share of the column's information that is gone: non-uniform entropy (A. Gionis and T. Tassa,
        "k-anonymization with minimal loss of information", 2009). A value costs -ln of its share among the rows
        that have the same released value; a suppressed one, of its share among all."""
        (targets, domain), (given, released) = self._codes
        rows = self.counts.sum()
        alone = np.bincount(targets, weights=self.counts, minlength=domain)[targets]
        whole = np.log(rows / np.maximum(alone, 1))
        left = np.where(self.lost, 0, self.counts)
        together = np.bincount(given, weights=left, minlength=released)[given]
        pair = left if self.is_paired else np.bincount(pairs := self._pairs, weights=left)[pairs]
        hidden = np.where(self.lost, whole, np.log(np.maximum(together, 1) / np.maximum(pair, 1)))
        most = fsum((whole * self.counts).tolist())  # the same in whatever order the pairs come
        return fsum((hidden * self.counts).tolist()) / most if most else 0.0

    @cached_property
    def _pairs(self) -> Numbers:
        (targets, domain), (given, _) = self._codes
        pairs: Numbers = np.unique(given * np.int64(max(domain, 1)) + targets, return_inverse=True)[1]
        return pairs

    @cached_property
    def _codes(self) -> tuple[tuple[Numbers, int], tuple[Numbers, int]]:
        (targets, domain), (given, released) = encode(self.before), encode(self.after)
        return (targets.astype(np.int64), domain), (given.astype(np.int64), released)

    def variation(self) -> float:
        """The total variation distance of the distributions: 0 for equal ones, 1 for disjoint ones."""
        one, other, count = common_codes(self.before, self.after)
        before, after = (np.where(self.places != without, self.counts, 0) for without in (NEW, GONE))
        shares = (
            np.bincount(codes, weights=weights, minlength=count)
            for codes, weights in ((one, before), (other, after))
        )
        return total_variation(*shares)

    def moved(self) -> float | None:
        """How far numbers moved on average, as a share of their original range (the 1-Wasserstein distance); None
        where one side has no numbers."""
        sides = []
        for numbers, without in ((self._numbers_before, NEW), (self._numbers_after, GONE)):
            here = ~np.isnan(numbers) & (self.places != without)
            sides.append((numbers[here], self.counts[here]))
        (one, ones), (other, others) = sides
        if not len(one) or not len(other):
            return None
        return weighted_wasserstein(one, ones, other, others) / (float(np.ptp(one)) or 1.0)
