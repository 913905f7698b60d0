"""Finds bytes inside the values of a text column."""

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]

FEW_RUNS = 5


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
    places: Places = np.flatnonzero(hits).astype(np.int32) + origin
    if not len(places):
        return ends
    if len(places) == len(starts) and (places >= starts).all() and (places < ends).all():
        return places  # one each, so nothing must be searched
    places = np.append(places, np.int32(np.iinfo(np.int32).max))
    found: Places = np.minimum(places[np.searchsorted(places, starts)], ends)
    return found


def members(data: NDArray[np.uint8], table: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which bytes belong to a set, given as a table of 256 flags.

    Comparing all bytes with each of a few runs is faster than looking each byte up.
    """
    edges = np.flatnonzero(np.diff(table, prepend=False, append=False))
    if len(edges) > 2 * FEW_RUNS:
        return np.frombuffer(data.tobytes().translate(table.tobytes()), np.bool_)
    found = np.zeros(len(data), np.bool_)
    shifted, inside = np.empty_like(data), np.empty_like(found)
    for first, past in edges.reshape(-1, 2).tolist():
        np.subtract(data, np.uint8(first), out=shifted)
        found |= np.less_equal(shifted, np.uint8(past - first - 1), out=inside)
    return found


def in_ranges(size: int, starts: Places, ends: Places) -> NDArray[np.bool_]:
    """Which of `size` bytes lie in one of the ranges; these are in ascending order and do not overlap."""
    steps = np.zeros(size + 1, np.int8)
    filled = ends > starts
    steps[starts[filled]] += 1
    # a range may end where the next begins
    steps[ends[filled]] -= 1
    return np.cumsum(steps[:-1], dtype=np.int8).view(np.bool_)
