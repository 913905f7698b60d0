"""Encryption of the numbers below any size: cycle walking (Black and Rogaway, 2002, section 3) over FF1.

FF1 with radix 2 permutes the numbers of so many bits. A result that is too large is encrypted again until it is
not; since less than half of the numbers are too large, that takes two rounds on average at most.
"""

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.crypto.ff1 import SMALLEST_DOMAIN, Ff1


class Permutation:
    """A keyed permutation of the numbers below a size."""

    def __init__(self, key: bytes, size: int) -> None:
        if not SMALLEST_DOMAIN <= size <= 1 << 64:
            raise ValueError("the domain must have at least 1,000,000 values")
        self._largest = np.uint64(size - 1)
        self._bits = (size - 1).bit_length()
        self._cipher = Ff1(key, 2)

    def apply(
        self, numbers: NDArray[np.uint64], tweaks: NDArray[np.uint8], *, inverse: bool
    ) -> NDArray[np.uint64]:
        """Each number, under its row of tweak bytes, permuted or (`inverse`) put back."""
        found = self._once(numbers, tweaks, inverse=inverse)
        while len(walking := np.flatnonzero(found > self._largest)):
            found[walking] = self._once(found[walking], tweaks[walking], inverse=inverse)
        return found

    def _once(
        self, numbers: NDArray[np.uint64], tweaks: NDArray[np.uint8], *, inverse: bool
    ) -> NDArray[np.uint64]:
        return self._cipher.permute(numbers, self._bits, tweaks, decrypt=inverse)
