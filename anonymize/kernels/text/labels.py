"""Names for numbered groups, made once per group."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy

NARROW = 1 << 16  # numbers in such a range are tabulated; others are sorted


def labelled(groups: NDArray[np.int64], valid: NDArray[np.bool_], name: Callable[[int], str]) -> pa.Array:
    """The name of each value's group; null where not valid. `name` is asked once for each group that occurs."""
    if not valid.any():
        return pa.nulls(len(groups), pa.string())
    if not valid.all():
        groups = np.where(valid, groups, groups[np.argmax(valid)])
    first, last = int(groups.min()), int(groups.max())
    if last - first < NARROW:
        places = groups - first
        present = first + np.flatnonzero(np.bincount(places))
        numbers = np.zeros(last - first + 1, np.int32)
        numbers[present - first] = np.arange(len(present))
        chosen = numbers.take(places)
    else:
        present, inverse = np.unique(groups, return_inverse=True)
        chosen = inverse.astype(np.int32)
    names = pa.array([name(group) for group in present.tolist()], pa.string())
    bits = None if valid.all() else from_numpy(valid).buffers()[1]
    return names.take(pa.Array.from_buffers(pa.int32(), len(chosen), [bits, pa.py_buffer(chosen)]))
