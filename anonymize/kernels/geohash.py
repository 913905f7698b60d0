"""Coordinates as geohashes (Niemeyer, 2008): cells of the globe in base 32."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import fixed_width_text

ALPHABET = np.frombuffer(b"0123456789bcdefghjkmnpqrstuvwxyz", np.uint8)


def geohash(latitude: NDArray[np.float64], longitude: NDArray[np.float64], length: int) -> pa.Array:
    """The cell of each place, for latitudes within ±90 and longitudes within ±180 degrees.

    The bits of longitude and latitude alternate, longitude first; five make one character.
    """
    bits = 5 * length
    east = _cell(longitude, 180.0, (bits + 1) // 2)
    north = _cell(latitude, 90.0, bits // 2)
    characters = np.empty((length, len(latitude)), np.uint8)
    for place in range(length):
        code = np.zeros(len(latitude), np.int64)
        for bit in range(5 * place, 5 * place + 5):
            source, width = (north, bits // 2) if bit % 2 else (east, (bits + 1) // 2)
            code = code * 2 + (source >> (width - 1 - bit // 2) & 1)
        characters[place] = ALPHABET[code]
    return fixed_width_text(np.ascontiguousarray(characters.T).reshape(-1), length)


def _cell(degrees: NDArray[np.float64], limit: float, bits: int) -> NDArray[np.int64]:
    """The number of the part of [-limit, limit] that holds each angle, of 2**bits equal parts."""
    cell = np.floor((degrees + limit) / (2 * limit) * 2.0**bits).astype(np.int64)
    return np.clip(cell, 0, 2**bits - 1)
