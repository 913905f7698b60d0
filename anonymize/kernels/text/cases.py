"""Letters in lower case."""

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.kernels.arrays import text_buffers


def lower(values: pa.Array) -> pa.Array:
    """A string array in lower case; text without foreign letters takes a tenth of the time."""
    offsets, data = text_buffers(values)
    is_ascii = data[offsets[0] : offsets[-1]].max(initial=0) < 0x80
    return pc.ascii_lower(values) if is_ascii else pc.utf8_lower(values)
