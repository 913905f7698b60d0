"""Arrow values as text, for formats that hold nothing else."""

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.kernels.arrays import text


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
        return pa.array([None if v is None else v.hex() for v in values.to_pylist()], pa.string())
    if isinstance(given, pa.ExtensionType):
        return spell(values.storage)
    return text(values)


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
