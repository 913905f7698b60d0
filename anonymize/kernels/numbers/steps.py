"""Multiples of a base, exact in decimals: 0.3 is the third multiple of 0.1."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.numbers.parsing import EXACT

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Steps:
    """The multiples of `numerator / denominator`.

    A decimal such as 0.1 has no exact float64, but a quotient of two exact integers is rounded correctly, so
    every multiple here is the float64 that its decimal spelling reads as.
    """

    numerator: int
    denominator: int = 1

    @classmethod
    def of(cls, base: float) -> "Steps":
        """The multiples of a number as it is spelled. Raises ValueError if they would not be exact."""
        fraction = Fraction(repr(base))
        if fraction.numerator >= 2**40 or fraction.denominator >= 2**40:
            raise ValueError("needs fewer digits")
        return cls(fraction.numerator, fraction.denominator)

    @property
    def whole(self) -> bool:
        """Whether all multiples are integers."""
        return self.denominator == 1

    def multiple(self, index: Integers) -> Floats:
        """The multiples with these numbers."""
        return (index * self.numerator) / np.float64(self.denominator)

    def far(self, numbers: Floats) -> NDArray[np.bool_]:
        """Where a number is so large that its multiples would not be exact."""
        return ~(np.abs(numbers) < EXACT / 4 / self.denominator)

    def below(self, numbers: Floats) -> Integers:
        """The number of the greatest multiple that is not above; for numbers that are not `far`."""
        index = np.floor(numbers * (self.denominator / self.numerator)).astype(np.int64)
        index += numbers >= self.multiple(index + 1)  # the quotient may have been rounded over a multiple
        index -= numbers < self.multiple(index)
        return index

    def nearest(self, numbers: Floats) -> Integers:
        """The number of the nearest multiple; halves go away from zero."""
        index = self.below(numbers)
        middle = ((2 * index + 1) * self.numerator) / np.float64(2 * self.denominator)
        return index + np.where(numbers >= 0, numbers >= middle, numbers > middle)

    def nearest_integers(self, numbers: Integers) -> tuple[Integers, NDArray[np.bool_]]:
        """The nearest multiple of each 64-bit integer, and where it would not fit 64 bits; for whole steps."""
        above = numbers % self.numerator
        up = (2 * above > self.numerator) | ((2 * above == self.numerator) & (numbers >= 0))
        bounds = np.iinfo(np.int64)
        over = up & (numbers > bounds.max - (self.numerator - above))
        under = ~up & (numbers < bounds.min + above)
        change = np.where(over | under, 0, np.where(up, self.numerator - above, -above))
        return numbers + change, over | under
