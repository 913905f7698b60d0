"""Cells of CSV text as values, and values as cells."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, text_buffers
from anonymize.kernels.csv_scan import Bytes, Dialect, Positions
from anonymize.kernels.segments import gather


def read_cells(
    text: Bytes, starts: Positions, ends: Positions, dialect: Dialect, quoted: NDArray[np.bool_] | None
) -> pa.Array:
    """The values of cells: unquoted, null for an empty cell without quotes. `quoted` is from `was_quoted`."""
    filled = ends > starts
    if quoted is not None:
        starts, ends = starts + quoted, ends - quoted
    raw = gather(text, starts, ends)
    bits = None if filled.all() else from_numpy(filled).buffers()[1]
    values = pa.StringArray.from_buffers(len(raw), raw.buffers()[1], raw.buffers()[2], bits)
    if quoted is None or dialect.quote is None:
        return values
    mark = chr(dialect.quote)
    return pc.replace_substring(values, mark * 2, mark) if _holds(values, dialect.quote) else values


def was_quoted(text: Bytes, starts: Positions, ends: Positions, dialect: Dialect) -> NDArray[np.bool_] | None:
    """Which cells stand in quotes; None if none does."""
    if dialect.quote is None or not len(starts):
        return None
    quoted = (text[np.minimum(starts, len(text) - 1)] == dialect.quote) & (ends > starts)
    return quoted if quoted.any() else None


def write_cells(values: pa.Array, dialect: Dialect, quoted: NDArray[np.bool_] | None) -> pa.Array:
    """Values as cells: quoted where they must be or where `quoted` says so; null is an empty cell.

    Raises ValueError when a value needs quotes and the dialect has none.
    """
    offsets, data = text_buffers(values)
    lengths = np.diff(offsets)
    valid = np.ones(len(values), bool) if not values.null_count else _valid(values)
    needed = valid & (lengths == 0)
    if _may_need_quotes(data[offsets[0] : offsets[-1]], dialect):
        needed |= _special_cells(offsets, data, dialect)
    if quoted is not None:
        needed |= quoted
    needed &= valid
    if not needed.any():
        return values
    if dialect.quote is None:
        if (needed & (lengths > 0)).any():
            raise ValueError("a value needs quotes, and the file has none")
        return values
    mark = chr(dialect.quote)
    mask = from_numpy(needed)
    inner = pc.replace_substring(values.filter(mask), mark, mark * 2)
    return pc.replace_with_mask(values, mask, pc.binary_join_element_wise(mark, inner, mark, ""))


def _may_need_quotes(data: Bytes, dialect: Dialect) -> bool:
    """Whether a special byte occurs at all; four searches at memory speed are cheaper than one table look-up."""
    raw = data.tobytes()
    return any(raw.find(byte) >= 0 for byte in dialect.special_bytes)


def _special_cells(offsets: Positions, data: Bytes, dialect: Dialect) -> NDArray[np.bool_]:
    places = np.flatnonzero(dialect.special[data[offsets[0] : offsets[-1]]]) + offsets[0]
    cells = np.zeros(len(offsets) - 1, bool)
    cells[np.searchsorted(offsets, places, side="right") - 1] = True
    return cells


def _holds(values: pa.Array, byte: int) -> bool:
    offsets, data = text_buffers(values)
    return bool((data[offsets[0] : offsets[-1]] == byte).any())


def _valid(values: pa.Array) -> NDArray[np.bool_]:
    bits = np.frombuffer(values.is_valid().buffers()[1], np.uint8)
    return np.unpackbits(bits, count=len(values), bitorder="little").view(bool)
