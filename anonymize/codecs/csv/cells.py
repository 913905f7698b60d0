"""Cells of CSV text as values, and values as cells."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.csv.scan import Bytes, Dialect, Positions
from anonymize.core.errors import DataError
from anonymize.kernels.arrays import from_numpy, text_buffers
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


@dataclass(frozen=True)
class Cells:
    """Values ready to be written: quotes inside them are doubled."""

    values: pa.Array
    quoted: NDArray[np.bool_] | None
    """Which ones go between quotes; None if none does."""

    def texts(self, dialect: Dialect) -> list[str]:
        """Each cell as it stands in the file, for a few of them."""
        mark = chr(dialect.quote) if dialect.quote is not None else ""
        quoted = [False] * len(self.values) if self.quoted is None else self.quoted.tolist()
        values = self.values.to_pylist()
        return [f"{mark}{v}{mark}" if q else v or "" for v, q in zip(values, quoted, strict=True)]


def write_cells(values: pa.Array, dialect: Dialect, quoted: NDArray[np.bool_] | None) -> Cells:
    """Values as cells: quoted where they must be or where `quoted` says so; null is an empty cell.

    Raises DataError when a value needs quotes and the dialect has none.
    """
    offsets, data = text_buffers(values)
    valid = _valid(values) if values.null_count else None
    needed = np.diff(offsets) == 0
    if _may_need_quotes(data[offsets[0] : offsets[-1]], dialect):
        needed |= _special_cells(offsets, data, dialect)
    if quoted is not None:
        needed |= quoted
    if valid is not None:
        needed &= valid
    if not needed.any():
        return Cells(values, None)
    if dialect.quote is None:
        if (needed & (np.diff(offsets) > 0)).any():
            raise DataError("a value needs quotes, and the file has none", hint="say --quote, or change the rule")
        return Cells(values, None)
    mark = chr(dialect.quote)
    if data[offsets[0] : offsets[-1]].tobytes().find(dialect.quote) >= 0:
        values = pc.replace_substring(values, mark, mark * 2)
    return Cells(values, needed)


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
