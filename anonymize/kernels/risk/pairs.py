"""What one column tells about another: from how often their values occur together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.combining import Numbers, number_codes


@dataclass(frozen=True)
class Joint:
    """The distinct pairs of values of two columns of the same rows."""

    given: Numbers
    """The number of the first column's value, one per pair."""
    target: Numbers
    counts: Numbers
    """The rows of each pair."""

    @classmethod
    def of(cls, given: Numbers, target: Numbers) -> "Joint":
        """From the numbers of the values of every row."""
        wide, other = (int(codes.max(initial=-1)) + 1 for codes in (given, target))
        of, count = number_codes([(given, wide), (target, other)], len(given))
        one = np.zeros(count, np.int64)
        one[of] = np.arange(len(of))
        return cls(given[one], target[one], np.bincount(of, minlength=count))

    @property
    def rows(self) -> int:
        return int(self.counts.sum())

    def entropy(self) -> float:
        """The uncertainty about the target in bits."""
        return entropy(np.bincount(self.target, weights=self.counts))

    def conditional_entropy(self) -> float:
        """The uncertainty about the target that is left for who knows the other value, in bits. It is too small
        where most values of the other column occur once."""
        return max(entropy(self.counts) - entropy(np.bincount(self.given, weights=self.counts)), 0.0)

    def guessed(self) -> int:
        """For how many rows the target is what most of the *other* rows with the same value have; a tie counts as
        no guess, and so does a value that occurs once."""
        order = np.lexsort((-self.counts, self.given))
        given, counts = self.given[order], self.counts[order]
        first = np.ones(len(given), np.bool_)
        first[1:] = given[1:] != given[:-1]
        starts = np.flatnonzero(first)
        ends = np.append(starts[1:], len(given))
        best = counts[starts]
        second = np.where(ends - starts > 1, counts[np.minimum(starts + 1, len(counts) - 1)], 0)
        return int(best[best - 1 > second].sum())

    def baseline(self) -> int:
        """Rows that have the most frequent target: what one guesses who knows nothing else."""
        return int(np.bincount(self.target, weights=self.counts).max(initial=0))


def entropy(counts: NDArray[np.float64] | Numbers) -> float:
    """The entropy in bits of a distribution given by counts."""
    present = counts[counts > 0].astype(float)
    total = present.sum()
    return float(np.log2(total) - (present * np.log2(present)).sum() / total) if total else 0.0


def loss_of_groups(joint: Joint, whole: NDArray[np.bool_]) -> float:
    """Normalized certainty penalty of categories (J. Xu et al., "Utility-based anonymization using local
    recoding", KDD 2006), scaled so that no generalization loses nothing: the mean over rows of the share of the
    other original values that stand behind a released one. `given` is released, `target` original; where
    `whole`, the released value is a suppressed one and stands for everything."""
    values = int(joint.target.max(initial=-1)) + 1
    if values < 2 or not joint.rows:
        return 0.0
    behind = (np.bincount(joint.given) - 1) / (values - 1)
    behind[whole[: len(behind)]] = 1.0
    return float((behind[joint.given] * joint.counts).sum() / joint.rows)


def loss_of_ranges(given: Numbers, numbers: NDArray[np.float64], whole: NDArray[np.bool_]) -> float:
    """Normalized certainty penalty of numbers: the mean over rows of the range that stands behind a released
    value, as a share of the range of all. NaN where there is no number."""
    known = ~np.isnan(numbers)
    if not known.any() or numbers[known].max() == numbers[known].min():
        return 0.0
    size = int(given.max(initial=-1)) + 1
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, given[known], numbers[known])
    np.maximum.at(high, given[known], numbers[known])
    spread = np.where(high >= low, high - low, 0.0) / (numbers[known].max() - numbers[known].min())
    spread[whole[:size]] = 1.0
    return float(spread[given].mean())
