"""Arrow values as text, for formats that hold nothing else."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import text, text_array, text_buffers


def spell(values: pa.Array) -> pa.Array:
    """The values as a string array: numbers in shortest spelling, dates and times as ISO 8601, nested values
    as JSON, binary as hex."""
    given = values.type
    if pa.types.is_string(given):
        return values
    if pa.types.is_timestamp(given):
        return _timestamps(values)
    if pa.types.is_nested(given):
        return _json(values)
    if pa.types.is_binary(given) or pa.types.is_large_binary(given) or pa.types.is_fixed_size_binary(given):
        return _hexadecimal(values)
    if isinstance(given, pa.ExtensionType):
        return spell(values.storage)
    return text(values)


def _hexadecimal(values: pa.Array) -> pa.Array:
    offsets, data = text_buffers(values.cast(pa.binary()))
    digits = data[offsets[0] : offsets[-1]].tobytes().hex().encode()
    if len(digits) > np.iinfo(np.int32).max:
        raise DataError("a batch of binary values is too large to be spelled")
    return text_array((offsets - offsets[0]) * np.int32(2), digits, values)


def _timestamps(values: pa.Array) -> pa.Array:
    """ISO 8601 with `T`; times with a zone in UTC with `Z`."""
    zone = values.type.tz
    naive = (
        values.cast(pa.timestamp(values.type.unit, "UTC")).cast(pa.timestamp(values.type.unit)) if zone else values
    )
    spelled = pc.replace_substring(pc.cast(naive, pa.string()), " ", "T")
    return pc.binary_join_element_wise(spelled, "Z", "") if zone else spelled


def _json(values: pa.Array) -> pa.Array:
    import msgspec  # noqa: PLC0415

    rows = values.to_pylist()
    return pa.array([None if v is None else msgspec.json.encode(v).decode() for v in rows], pa.string())
