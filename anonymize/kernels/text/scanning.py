"""Finds bytes inside the values of a text column."""

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]


def first_of(data: NDArray[np.uint8], wanted: bytes, starts: Places, ends: Places) -> Places:
    """Where one of the wanted bytes first stands in each range of the data; the range's end if nowhere.

    Ranges are in ascending order and do not overlap, as those of the values of one array.
    """
    if not len(starts):
        return ends
    origin = starts[0]
    piece = data[origin : ends[-1]]
    hits = piece == wanted[0]
    for byte in wanted[1:]:
        hits |= piece == byte
    places = np.flatnonzero(hits).astype(np.int32) + origin
    places = np.append(places, np.int32(np.iinfo(np.int32).max))
    found: Places = np.minimum(places[np.searchsorted(places, starts)], ends)
    return found


def in_ranges(size: int, starts: Places, ends: Places) -> NDArray[np.bool_]:
    """Which of `size` bytes lie in one of the ranges; these are in ascending order and do not overlap."""
    steps = np.zeros(size + 1, np.int8)
    filled = ends > starts
    steps[starts[filled]] += 1
    # a range may end where the next begins
    steps[ends[filled]] -= 1
    return np.cumsum(steps[:-1], dtype=np.int8).view(np.bool_)
