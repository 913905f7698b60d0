"""Cells of CSV text as values, and values as cells."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.csv.scan import Bytes, Dialect, Positions, Spans, distinct
from anonymize.core.errors import DataError
from anonymize.kernels.arrays import from_numpy, text_buffers
from anonymize.kernels.segments import gather, replaced


def read_cells(text: Bytes, spans: Spans, k: int, dialect: Dialect, quoted: NDArray[np.bool_] | None) -> pa.Array:
    """The values of a column: unquoted, null for an empty cell without quotes. `quoted` is from `was_quoted`."""
    starts, ends = spans.starts[k], spans.ends[k]
    filled = ends > starts
    if quoted is not None:
        starts, ends = starts + quoted, ends - quoted
    raw = gather(text, starts, ends)
    bits = None if filled.all() else from_numpy(filled).buffers()[1]
    values = pa.StringArray.from_buffers(len(raw), raw.buffers()[1], raw.buffers()[2], bits)
    if quoted is None or dialect.quote is None:
        return values
    mark = chr(dialect.quote)
    return _respelled(values, spans.rows_with_quotes(k), mark * 2, mark)


def was_quoted(text: Bytes, spans: Spans, k: int, dialect: Dialect) -> NDArray[np.bool_] | None:
    """Which cells of a column stand in quotes; None if none does."""
    if dialect.quote is None or not spans.rows:
        return None
    starts, ends = spans.starts[k], spans.ends[k]
    quoted = (text.take(starts, mode="clip") == dialect.quote) & (ends > starts)
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
    needed = np.diff(offsets) == 0
    marked = None
    if _may_need_quotes(data[offsets[0] : offsets[-1]], dialect):
        special, marked = _special_cells(offsets, data, dialect)
        needed |= special
    if quoted is not None:
        needed |= quoted
    if values.null_count:
        needed &= _valid(values)
    if not needed.any():
        return Cells(values, None)
    if dialect.quote is None:
        if (needed & (np.diff(offsets) > 0)).any():
            raise DataError("a value needs quotes, and the file has none", hint="say --quote, or change the rule")
        return Cells(values, None)
    mark = chr(dialect.quote)
    return Cells(values if marked is None else _respelled(values, marked, mark, mark * 2), needed)


def _may_need_quotes(data: Bytes, dialect: Dialect) -> bool:
    """Whether a special byte occurs at all; four searches at memory speed."""
    raw = data.tobytes()
    return any(raw.find(byte) >= 0 for byte in dialect.special_bytes)


def _special_cells(offsets: Positions, data: Bytes, dialect: Dialect) -> tuple[NDArray[np.bool_], Positions]:
    """Which cells hold a special byte, and the rows of those that hold a quote."""
    used = data[offsets[0] : offsets[-1]]
    special = np.zeros(len(used), bool)
    for byte in dialect.special_bytes:  # four comparisons are cheaper than one look-up in a table
        special |= used == byte
    places = np.flatnonzero(special).astype(np.int32)
    rows = np.searchsorted(offsets, places + offsets[0], side="right") - 1
    cells = np.zeros(len(offsets) - 1, bool)
    cells[rows] = True
    return cells, distinct(rows[used.take(places) == dialect.quote]).astype(np.int32)


def _respelled(values: pa.Array, rows: Positions, old: str, new: str) -> pa.Array:
    """The values with a text replaced in some rows; nearly always they are few."""
    if not len(rows):
        return values
    return replaced(values, rows, pc.replace_substring(values.take(from_numpy(rows)), old, new))


def _valid(values: pa.Array) -> NDArray[np.bool_]:
    bits = np.frombuffer(values.is_valid().buffers()[1], np.uint8)
    return np.unpackbits(bits, count=len(values), bitorder="little").view(bool)
