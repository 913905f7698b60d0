"""How random texts look."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import text_buffers


def bits_per_character(texts: pa.StringArray) -> NDArray[np.float64]:
    """Shannon's entropy of the bytes of each text; 0 for an empty one."""
    offsets, data = text_buffers(texts)
    lengths = np.diff(offsets).astype(np.int64)
    row = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    pairs, counts = np.unique(row * 256 + data[offsets[0] : offsets[-1]], return_counts=True)
    which = pairs // 256
    share = counts / lengths[which]
    return np.bincount(which, -share * np.log2(share), len(texts)).astype(np.float64)
