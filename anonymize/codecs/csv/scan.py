"""Finds the cells of CSV text as byte ranges (RFC 4180), without decoding any of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.core.format import Reject

LF, CR = 10, 13

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int32]


@dataclass(frozen=True)
class Dialect:
    """How cells are told apart: one byte each. `quote` None: quotes are ordinary characters."""

    delimiter: int
    quote: int | None

    @cached_property
    def special_bytes(self) -> tuple[int, ...]:
        """A cell that holds one of these must be quoted."""
        return (self.delimiter, LF, CR, *([self.quote] if self.quote is not None else []))


@dataclass(frozen=True)
class Spans:
    """The cells of some rows: column k of row i is `starts[k, i]` to `ends[k, i]`, quotes included."""

    starts: Positions
    ends: Positions
    stops: Positions
    """Where each row ends, its line end (and blank lines after it) included."""
    first: int
    """Where the first row starts; blank lines may stand before it."""
    doubled: Positions = field(default_factory=lambda: np.zeros(0, np.int32))
    """The first of each two quotes that stand for one inside a cell."""

    @property
    def rows(self) -> int:
        return int(self.stops.shape[0])

    def rows_with_quotes(self, k: int) -> Positions:
        """The rows whose cell in column k holds doubled quotes."""
        if not len(self.doubled):
            return self.doubled
        rows = np.minimum(np.searchsorted(self.stops, self.doubled, side="right"), max(self.rows - 1, 0))
        inside = (self.doubled >= self.starts[k].take(rows)) & (self.doubled < self.ends[k].take(rows))
        return distinct(rows[inside]).astype(np.int32)


def distinct(ordered: NDArray[Any]) -> NDArray[Any]:
    """Each of some ordered numbers once."""
    return ordered[np.diff(ordered, prepend=-1) > 0]


@dataclass(frozen=True)
class Fault:
    """Something that is not CSV, and the byte where it stands (for a ragged row: where the row starts)."""

    position: int
    problem: str
    stop: int = 0
    """Where a ragged row ends; 0 when the text cannot be read past the fault."""

    def reject(self, text: bytes, line: int) -> Reject:
        """The ragged row, set aside; `line` is that of the text's start."""
        at = line + text.count(b"\n", 0, self.position)
        return Reject(at, self.problem, text[self.position : self.stop])


def scan(text: Bytes, dialect: Dialect, columns: int) -> tuple[Spans | None, Sequence[Fault]]:
    """The cells of a text that starts at a row and ends with a line end.

    Rows with another number of cells are left out and returned as faults; a fault of quoting has no `stop`, and
    then there are no spans. Blank lines are no rows (unless a row of one column is quoted empty).
    """
    found = text == LF
    found |= text == dialect.delimiter
    if dialect.quote is not None:
        found |= text == dialect.quote
    if has_returns := bool(np.count_nonzero(is_return := text == CR)):
        found |= is_return
    marks = np.flatnonzero(found).astype(np.int32)
    kinds = text.take(marks)
    doubled = marks[:0]
    if dialect.quote is not None and (is_quote := kinds == dialect.quote).any():
        quotes = marks[is_quote]
        fault = _quoting_fault(text, quotes, dialect)
        if fault is not None:
            return None, [fault]
        doubled = quotes[1:-1:2][quotes[2::2] == quotes[1:-1:2] + 1]
        inside = np.bitwise_xor.accumulate(is_quote.view(np.uint8)).view(bool)  # after an odd number of quotes
        marks = marks[~(inside | is_quote)]
        kinds = text.take(marks)
    if has_returns:
        lone = kinds != CR
        lone |= text[np.minimum(marks + 1, len(text) - 1)] != LF
        lone |= marks == len(text) - 1
        marks, kinds = marks[lone], kinds[lone]
    spans, faults = _rows(text, marks, kinds != dialect.delimiter, columns, has_returns)
    return replace(spans, doubled=doubled), faults


def _quoting_fault(text: Bytes, quotes: Positions, dialect: Dialect) -> Fault | None:
    """Quotes come in pairs; a pair opens at a cell's start and closes at its end or before a doubled quote."""
    if len(quotes) % 2:
        return Fault(int(quotes[-1]), "a quote is opened and never closed")
    opening, closing = quotes[0::2], quotes[1::2]
    before = text[np.maximum(opening - 1, 0)]
    borders = np.zeros(256, bool)
    borders[[dialect.delimiter, LF, CR]] = True
    opens_cell = borders[before] | (opening == 0)
    opens_cell[1:] |= opening[1:] == closing[:-1] + 1
    after = text[np.minimum(closing + 1, len(text) - 1)]
    closes_cell = borders[after]
    closes_cell[:-1] |= opening[1:] == closing[:-1] + 1
    stray = np.flatnonzero(~opens_cell | ~closes_cell)
    if not len(stray):
        return None
    first = stray[0]
    position = opening[first] if not opens_cell[first] else closing[first]
    return Fault(int(position), "a quote stands inside a cell that is not quoted, or text follows a closing quote")


def _rows(
    text: Bytes, marks: Positions, ends_row: NDArray[np.bool_], columns: int, has_returns: bool
) -> tuple[Spans, Sequence[Fault]]:
    count = int(np.count_nonzero(ends_row))
    if count * columns == len(marks):
        table = marks.reshape(-1, columns)
        if ends_row.reshape(-1, columns)[:, -1].all() and columns > 1:
            stops = (table[:, -1] + 1).astype(np.int32)
            starts = np.concatenate([np.zeros(min(1, count), np.int32), stops[:-1]])
            return _spans(text, table, starts, stops, 0, has_returns), ()
    return _uneven_rows(text, marks, ends_row, columns)


def _uneven_rows(
    text: Bytes, marks: Positions, ends_row: NDArray[np.bool_], columns: int
) -> tuple[Spans, Sequence[Fault]]:
    """As `_rows`, where blank lines or rows of another length occur."""
    last = np.flatnonzero(ends_row)
    cells = np.diff(last, prepend=-1)
    stops = marks[last] + 1
    begins = np.concatenate([np.zeros(min(1, len(stops)), np.int64), stops[:-1]])
    width = stops - begins - 1
    width -= (width > 0) & (text[np.maximum(stops - 2, 0)] == CR) & (text[np.maximum(stops - 1, 0)] == LF)
    blank = (cells == 1) & (width == 0)
    good = (cells == columns) & ~blank
    faults = [
        Fault(int(begins[i]), f"expected {columns} cells, found {int(cells[i])}", int(stops[i]))
        for i in np.flatnonzero(~good & ~blank)
    ]
    rows = np.flatnonzero(good)
    table = marks[(last[rows] - columns + 1)[:, None] + np.arange(columns)]
    bad = np.flatnonzero(~blank)
    follows = np.append(begins[bad], stops[-1] if len(stops) else 0)  # a row owns the blank lines after it
    tails = follows[np.searchsorted(bad, rows) + 1] if len(rows) else stops[:0]
    first = int(begins[bad[0]]) if len(bad) else int(stops[-1]) if len(stops) else 0
    return _spans(text, table, begins[rows].astype(np.int32), tails.astype(np.int32), first, True), faults


def _spans(
    text: Bytes, table: Positions, begins: Positions, stops: Positions, first: int, has_returns: bool
) -> Spans:
    ends = np.ascontiguousarray(table.T, np.int32)
    starts = np.empty_like(ends)
    if len(begins):
        starts[0] = begins
        np.add(ends[:-1], 1, out=starts[1:])
        if has_returns:
            last = ends[-1]
            last -= (text[np.maximum(last - 1, 0)] == CR) & (text[last] == LF) & (last > starts[-1])
    return Spans(starts, ends, stops, first)
