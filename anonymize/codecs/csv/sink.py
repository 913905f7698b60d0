"""Writes CSV: untouched cells as the bytes they were, changed cells as new text, in one gather per page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.csv.cells import Cells, write_cells
from anonymize.codecs.csv.page import CsvPage, CsvStyle
from anonymize.codecs.csv.scan import Bytes, Dialect
from anonymize.codecs.csv.sniff import Head
from anonymize.core.errors import DataError
from anonymize.core.format import Edit, Layout, Page, Sink
from anonymize.kernels.arrays import text_buffers
from anonymize.kernels.segments import Ranges, joined
from anonymize.kernels.text.spelling import spell

FOREIGN_ROWS = 1 << 16  # rows of another format that are turned into text at a time


class CsvSink(Sink):
    """One CSV file. `head` is the header of a CSV source, to be kept byte for byte."""

    def __init__(
        self,
        file: IO[bytes],
        layout: Layout,
        style: CsvStyle,
        head: Head | None,
        names: Sequence[str] | None = None,
    ) -> None:
        self.file, self.style = file, style
        file.write(style.encoding.mark)
        names = names or tuple(column.name for column in layout.columns)
        if head is None or not set(names) <= set(head.names):
            page = _header(names, style)
            file.write(style.encoding.encode(page.text.tobytes()))
        elif head.raw:
            page = CsvPage.of(head.raw, head.names, style)
            file.write(self.encode(page, Edit(), Layout(layout.columns, layout.dropped)))

    def encode(self, page: Page, edit: Edit, layout: Layout) -> Any:
        if isinstance(page, CsvPage) and page.style.dialect == self.style.dialect:
            text = _edited(page, edit, layout)
        else:
            text = self._foreign(page.table(edit, layout))
        if self.style.encoding.is_utf8:
            return text
        try:
            return self.style.encoding.encode(bytes(text))
        except UnicodeEncodeError:
            name = self.style.encoding.name
            raise DataError(
                f"a new value has a character that {name} lacks", hint="convert the input to UTF-8 first"
            ) from None

    def write(self, encoded: Any) -> None:
        self.file.write(encoded)

    def close(self) -> None:
        """CSV has no trailer."""

    def _foreign(self, batch: pa.RecordBatch) -> bytes:
        dialect = self.style.dialect
        pieces = []
        for start in range(0, len(batch), FOREIGN_ROWS):
            part = batch.slice(start, FOREIGN_ROWS)
            rows = _Rows(np.frombuffer(bytes([dialect.delimiter, 10]), np.uint8), len(part))
            for k in range(part.num_columns):
                if k:
                    rows.add(0, 1)
                values = part.column(k) if part.num_columns > 1 else _never_blank(part.column(k))
                rows.add_cells(write_cells(spell(values), dialect, None), dialect)
            rows.add(1, 2)
            pieces.append(bytes(rows.joined(None)))
        return b"".join(pieces)


def _header(names: Sequence[str], style: CsvStyle) -> CsvPage:
    cells = write_cells(pa.array(names, pa.string()), style.dialect, None).texts(style.dialect)
    return CsvPage.of((chr(style.dialect.delimiter).join(cells) + "\n").encode(), names, style)


@dataclass
class _Rows:
    """Rows under construction: for each part of a row, a range of the joined buffers."""

    text: Bytes
    rows: int
    buffers: list[Bytes] = field(default_factory=list)
    parts: list[tuple[Any, Any]] = field(default_factory=list)
    length: int = 0

    def __post_init__(self) -> None:
        self.length = len(self.text)

    def add(self, starts: Any, ends: Any) -> None:
        """A part of every row that stands in the text: arrays of positions, or one range for all."""
        self.parts.append((starts, ends))

    def add_cells(self, cells: Cells, dialect: Dialect) -> None:
        """New cells; the quotes around some of them are parts of their own."""
        if cells.quoted is None or dialect.quote is None:
            self.add_values(cells.values)
            return
        mark = self.length
        self.buffers.append(np.array([dialect.quote], np.uint8))
        self.length += 1
        end = mark + (1 if cells.quoted.all() else cells.quoted.astype(np.int32))
        self.parts.append((mark, end))
        self.add_values(cells.values)
        self.parts.append((mark, end))

    def add_values(self, values: pa.Array) -> None:
        """New values as they are; null adds nothing."""
        offsets, data = text_buffers(values)
        low, high = int(offsets[0]), int(offsets[-1])
        self.buffers.append(data[low:high])
        places = offsets + np.int32(self.length - low)
        self.length += high - low
        starts, ends = places[:-1], places[1:]
        if values.null_count:  # a null may own bytes in the buffer
            ends = np.where(_valid_mask(values), ends, starts)
        self.parts.append((starts, ends))

    def joined(self, kept: NDArray[np.bool_] | None) -> pa.Buffer:
        count = self.rows if kept is None else int(np.count_nonzero(kept))
        ranges = Ranges(count * len(self.parts))
        bounds = ranges.bounds.reshape(count, len(self.parts), 2)
        for k, (starts, ends) in enumerate(self.parts):
            bounds[:, k, 0] = _chosen(starts, kept)
            bounds[:, k, 1] = _chosen(ends, kept)
        buffer = np.concatenate([self.text, *self.buffers]) if self.buffers else self.text
        return joined(ranges.gather(buffer))


def _chosen(positions: Any, kept: NDArray[np.bool_] | None) -> Any:
    return positions if kept is None or isinstance(positions, int) else positions[kept]


def _edited(page: CsvPage, edit: Edit, layout: Layout) -> Any:
    """The page's text with new cells, without dropped columns and rows."""
    gone = layout.dropped
    columns = [i for i, name in enumerate(page.columns) if name not in gone]
    values = {page.index(name): new for name, new in edit.columns.items() if name not in gone}
    if len(columns) == 1 and (values or len(page.columns) > 1):
        values = {columns[0]: _never_blank(values.get(columns[0], page.values(page.columns[columns[0]])))}
    stops = _stops(page)
    if len(columns) == len(page.columns) and not values and edit.kept is None and not page.rejects:
        return page.text[: stops[-1] if page.rows else page.spans.first]
    if not columns:
        return b""
    body = _spliced(page, columns, values, stops).joined(edit.kept)
    return page.text[: page.spans.first].tobytes() + bytes(body) if page.spans.first else body


def _spliced(page: CsvPage, columns: Sequence[int], values: Mapping[int, pa.Array], stops: Any) -> _Rows:
    """What stays of each row, one range for all that lies between two changes, and the new values."""
    rows = _Rows(page.text, page.rows)
    starts, ends = list(page.spans.starts), list(page.spans.ends)
    staying = frozenset(columns)
    reached = starts[0]  # the text before is settled
    for k in range(len(starts)):
        if k in values:
            reached = _add_changed(rows, page, k, values[k], starts[k], ends[k], reached)
        elif k not in staying:
            has_next = k < columns[-1]  # it takes along the delimiter after it, at the end that before it
            cut, end = (starts[k], starts[k + 1]) if has_next else (ends[max(columns[-1], k - 1)], ends[k])
            if cut is not reached:
                rows.add(reached, cut)
            reached = end
    rows.add(reached, stops)
    return rows


def _add_changed(rows: _Rows, page: CsvPage, k: int, new: pa.Array, starts: Any, ends: Any, reached: Any) -> Any:
    """The text up to a cell, and its new value; where the text goes on. Quotes that stay come from the text."""
    quoted, dialect = page.quoted(k), page.style.dialect
    cells = write_cells(spell(new), dialect, quoted)
    if quoted is not None and cells.quoted is not None and np.array_equal(cells.quoted, quoted):
        rows.add(reached, starts + quoted)
        rows.add_values(cells.values)
        return ends - quoted
    if starts is not reached:
        rows.add(reached, starts)
    rows.add_cells(cells, dialect)
    return ends


def _never_blank(values: pa.Array) -> pa.Array:
    """A row of one empty cell would be a blank line, which readers skip: write it as an empty text."""
    return pc.fill_null(spell(values), "")


def _stops(page: CsvPage) -> Any:
    stops = page.spans.stops
    if page.is_unterminated and page.rows:
        stops = stops.copy()
        stops[-1] = min(int(stops[-1]), len(page.text) - 1)
    return stops


def _valid_mask(values: pa.Array) -> NDArray[np.bool_]:
    bits = np.frombuffer(values.is_valid().buffers()[1], np.uint8)
    return np.unpackbits(bits, count=len(values), bitorder="little").view(bool)
