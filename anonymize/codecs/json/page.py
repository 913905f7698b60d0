"""The rows of a block of JSON lines as a page."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.codecs.json.arrow import table
from anonymize.codecs.json.check import MalformedError
from anonymize.codecs.json.edit import edited, holds_values, new_values
from anonymize.codecs.json.paths import in_list, removed
from anonymize.codecs.json.scan import ARRAY, NULL, OBJECT, TEXT, Scan, scan
from anonymize.codecs.json.text import gathered
from anonymize.core.errors import DataError, Where
from anonymize.core.format import Edit, Layout, Page, Reject

BOM = b"\xef\xbb\xbf"


class JsonlPage(Page):
    """Rows whose values are ranges of the block; a column is decoded when it is asked for."""

    def __init__(
        self,
        found: Scan,
        rejects: Sequence[Reject] = (),
        head: bytes = b"",
        schema: Callable[[Layout], pa.Schema] | None = None,
    ) -> None:
        self.scan = found
        self.rows = found.rows
        self.rejects = rejects
        self.head = head
        self._schema = schema
        self._values: dict[str, pa.Array] = {}

    @cached_property
    def columns(self) -> Sequence[str]:
        return [name for path, name in enumerate(self.scan.paths.names) if holds_values(self.scan, path)]

    @property
    def present(self) -> Collection[str]:
        return self.scan.paths.place.keys()

    def values(self, column: str) -> pa.Array:
        if column not in self._values:
            self._values[column] = self._decoded(column)
        return self._values[column]

    def parents(self, column: str) -> NDArray[np.int64] | None:
        if not in_list(column):
            return None
        path = self.scan.paths.place.get(column)
        if path is None:
            return np.zeros(0, np.int64)
        return self.scan.row.take(self.scan.places(path)).astype(np.int64)

    def table(self, edit: Edit, layout: Layout) -> pa.RecordBatch:
        if self._schema is None:
            self._check_flat(edit, layout)
            return super().table(edit, layout)
        return table(self.scan, edit, layout, self._schema(layout))

    def encoded(self, edit: Edit, layout: Layout) -> tuple[bytes, pa.Buffer]:
        """The bytes of the page after the edit, and a byte order mark if it began with one."""
        return self.head, edited(self.scan, edit, layout, self.values)

    def _check_flat(self, edit: Edit, layout: Layout) -> None:
        """An unsettled source has one text per row for each column of the layout, and can have no more."""
        new_values(self.scan, edit, layout)
        deep = next((column.name for column in layout.columns if in_list(column.name)), None)
        if deep is not None:
            hint = "drop it, or write JSONL or Parquet"
            raise DataError("a list has no place in a flat table", hint=hint, where=Where(column=deep))
        paths = self.scan.paths
        open_, closed = (removed(paths.names, paths.parents, replace(layout, rest=rest)) for rest in (True, False))
        late = [name for name, *gone in zip(paths.names, open_, closed, strict=True) if gone == [False, True]]
        if layout.rest and late:
            raise DataError("the column appears first after the head of the file", where=Where(column=late[0]))

    def _decoded(self, column: str) -> pa.Array:
        path = self.scan.paths.place.get(column)
        if path is None:
            return pa.nulls(0 if in_list(column) else self.rows, pa.string())
        places = self.scan.places(path)
        start, end = self.scan.start.take(places), self.scan.end.take(places)
        kind = self.scan.kind.take(places)
        shown = kind != NULL
        scalar = holds_values(self.scan, path)
        if scalar:
            shown &= (kind != OBJECT) & (kind != ARRAY)
            quotes = kind == TEXT
            start, end = start + quotes, end - quotes
        if not in_list(column) and len(places) != self.rows:
            rows = self.scan.row.take(places)
            start, end = (_spread(part, rows, self.rows) for part in (start, end))
            shown = _spread(shown, rows, self.rows).astype(np.bool_)
        if not shown.all():
            start, end = np.where(shown, start, 0), np.where(shown, end, 0)
        return gathered(self.scan.data, start, end, shown, escaped=scalar)


def _spread(values: NDArray[np.generic], rows: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    result = np.zeros(count, np.int64)
    result[rows] = values
    return result


@dataclass(frozen=True, repr=False)
class Block:
    """Whole lines of a file, and where they stand in it."""

    file: str
    content: bytes
    line: int
    """The number of its first line."""
    tolerant: bool
    longest: int
    """The greatest length of a line."""
    schema: Callable[[Layout], pa.Schema] | None = None

    def page(self) -> JsonlPage:
        """The rows. Raises DataError at a line that is not JSON, or collects such lines if tolerant."""
        head = BOM if self.line == 1 and self.content.startswith(BOM) else b""
        try:
            return self._checked(_scan(self.content, len(head)), (), head)
        except MalformedError as error:
            lines = _lines(self.content[len(head) :])
            faults = _faults(lines, self.line)
            if not self.tolerant:
                line, problem = next(faults, (None, str(error)))
                raise DataError(problem, where=Where(self.file, line), hint=_HINT) from None
        bad = dict(faults)
        good = b"".join(line for number, line in enumerate(lines, self.line) if number not in bad)
        rejects = [Reject(number, why, lines[number - self.line].rstrip(b"\r\n")) for number, why in bad.items()]
        return self._checked(_scan(good, 0), rejects, head)

    def too_long(self, line: int) -> DataError:
        """The refusal of a line."""
        message = f"a line is longer than {self.longest:,} bytes"
        return DataError(message, hint="`--max-cell` raises the limit", where=Where(self.file, line))

    def _checked(self, found: Scan, rejects: Sequence[Reject], head: bytes) -> JsonlPage:
        lengths = np.diff(found.line_starts)
        if (lengths > self.longest).any():
            raise self.too_long(self.line + int(np.argmax(lengths)))
        return JsonlPage(found, rejects, head, self.schema)


_HINT = "JSONL is UTF-8 with one JSON object on each line; `--rejects FILE` sets other lines aside"


def _scan(content: bytes, start: int) -> Scan:
    return scan(np.frombuffer(content, np.uint8)[start:])


def _lines(content: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in content.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _faults(lines: list[bytes], number: int) -> Iterator[tuple[int, str]]:
    """The lines that fail, in order, each with its problem: found by halving, as most blocks hold few."""
    try:
        _scan(b"".join(lines), 0)
    except MalformedError as error:
        if len(lines) == 1:
            yield number, str(error)
            return
        half = len(lines) // 2
        yield from _faults(lines[:half], number)
        yield from _faults(lines[half:], number + half)
