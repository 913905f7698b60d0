"""Arrow arrays as buffers, and buffers as Arrow arrays, without copies and without pandas.

`pa.array()` on a NumPy array imports pandas the first time (0.25 s); building from buffers does not.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_TYPES = {
    np.dtype(np.int8): pa.int8(),
    np.dtype(np.uint8): pa.uint8(),
    np.dtype(np.int16): pa.int16(),
    np.dtype(np.uint16): pa.uint16(),
    np.dtype(np.int32): pa.int32(),
    np.dtype(np.uint32): pa.uint32(),
    np.dtype(np.int64): pa.int64(),
    np.dtype(np.uint64): pa.uint64(),
    np.dtype(np.float32): pa.float32(),
    np.dtype(np.float64): pa.float64(),
}


def from_numpy(values: NDArray[Any], like: pa.Array | None = None) -> pa.Array:
    """An Arrow array over a one-dimensional NumPy array; null where `like` is null."""
    if values.dtype == np.bool_:
        bits = pa.py_buffer(np.packbits(values, bitorder="little"))
        return pa.BooleanArray.from_buffers(pa.bool_(), len(values), [validity(like), bits])
    data = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(_TYPES[values.dtype], len(values), [validity(like), data])


def to_numpy(values: pa.Array) -> NDArray[Any]:
    """The values of a numeric or boolean array; what stands at nulls is undefined (False for booleans)."""
    if pa.types.is_boolean(values.type):
        filled = pc.fill_null(values, False) if values.null_count else values
        data = np.frombuffer(filled.buffers()[1], np.uint8)
        return np.unpackbits(data, count=filled.offset + len(filled), bitorder="little")[filled.offset :].view(
            bool
        )
    width = values.type.to_pandas_dtype()
    data = np.frombuffer(values.buffers()[1], width) if values.buffers()[1] is not None else np.zeros(0, width)
    return data[values.offset : values.offset + len(values)]


def validity(like: pa.Array | None) -> pa.Buffer | None:
    """The validity bitmap of an array, starting at bit 0; None when nothing is null."""
    if like is None or not like.null_count:
        return None
    if like.offset == 0 and not pa.types.is_null(like.type):
        return like.buffers()[0]
    return like.is_valid().buffers()[1]


def one_array(column: Any) -> pa.Array:
    """The column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def is_text(given: pa.DataType) -> bool:
    """Whether a type holds text."""
    return bool(pa.types.is_string(given) or pa.types.is_large_string(given))


def text(values: pa.Array) -> pa.Array:
    """The values as a plain string array (dictionaries decoded, numbers and dates spelled out)."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_boolean(values.type):
        return pc.if_else(values, "true", "false")
    return values if pa.types.is_string(values.type) else pc.cast(values, pa.string())


def text_buffers(values: pa.Array) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """(n + 1 offsets, bytes) of a string or binary array; the offsets point into the bytes."""
    offsets = np.frombuffer(values.buffers()[1], np.int32) if len(values) else np.zeros(1, np.int32)
    offsets = offsets[values.offset : values.offset + len(values) + 1] if len(values) else offsets
    data = values.buffers()[2] if len(values) else None
    return offsets, np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)


def text_array(offsets: NDArray[np.int32], data: Any, like: pa.Array | None = None) -> pa.Array:
    """A string array over n + 1 offsets and their bytes (trusted to be UTF-8); null where `like` is null."""
    return pa.StringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(data), validity(like)
    )


def fixed_width_text(data: NDArray[np.uint8], width: int, like: pa.Array | None = None) -> pa.Array:
    """A string array of equally long values from their joined bytes."""
    rows = data.size // width if width else 0
    return text_array(np.arange(0, rows * width + 1, width, dtype=np.int32), data, like)


def where(mask: pa.Array, new: pa.Array, old: pa.Array) -> pa.Array:
    """`new` where the mask is true, else `old`; both of one type."""
    return pc.if_else(mask, new, old)


def constant(value: str | None, like: pa.Array) -> pa.Array:
    """The same text for every value; null where `like` is null."""
    filled = pa.repeat(pa.scalar(value, pa.string()), len(like))
    return pc.if_else(like.is_valid(), filled, pa.scalar(None, pa.string())) if like.null_count else filled
