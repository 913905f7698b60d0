"""Random numbers that depend only on a secret and on the place of a value, never on how the data was cut.

AES-256 in counter fashion: the block is the row number (64 bits), the slot within the row and the number of the
draw (32 bits each), so every place and draw has a block of its own (compare CTR_DRBG in NIST SP 800-90A).
"""

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.crypto.aes import BlockCipher

_FRACTION = 2.0**-53
_SLICE = 1 << 15  # blocks at once: what stays in the processor's cache


def words(secret: bytes, rows: NDArray[np.int64], slots: NDArray[np.int64], draw: int = 0) -> NDArray[np.uint64]:
    """64 random bits for each place. Different draws are independent."""
    cipher = BlockCipher(secret)
    found = np.empty(len(rows), np.uint64)
    for start in range(0, len(rows), _SLICE):
        places = slice(start, start + _SLICE)
        blocks = np.empty((len(rows[places]), 2), np.uint64)
        blocks[:, 0] = rows[places]
        blocks[:, 1] = slots[places]
        blocks[:, 1] |= np.uint64(draw) << np.uint64(32)
        found[places] = cipher.encrypt(blocks)[:, 0]
    return found


def uniforms(
    secret: bytes, rows: NDArray[np.int64], slots: NDArray[np.int64], draw: int = 0
) -> NDArray[np.float64]:
    """A number in [0, 1) for each place: a multiple of 2**-53, all equally likely."""
    return (words(secret, rows, slots, draw) >> np.uint64(11)).astype(np.float64) * _FRACTION


def choices(
    secret: bytes, rows: NDArray[np.int64], slots: NDArray[np.int64], bound: int, draw: int = 0
) -> NDArray[np.int64]:
    """An integer in [0, bound) for each place; no integer is likelier than another by more than bound / 2**64."""
    if not 0 < bound <= 1 << 32:
        raise ValueError("the bound must be between 1 and 2**32")
    return (words(secret, rows, slots, draw) % np.uint64(bound)).astype(np.int64)
