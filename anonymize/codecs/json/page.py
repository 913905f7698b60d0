"""The rows of a block of JSON lines as a page."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.codecs.json.arrow import table
from anonymize.codecs.json.check import MalformedError
from anonymize.codecs.json.edit import edited, holds_values, new_values
from anonymize.codecs.json.lines import scan
from anonymize.codecs.json.paths import in_list, removed
from anonymize.codecs.json.regular import Memory
from anonymize.codecs.json.scan import ARRAY, NULL, NUMBER, OBJECT, TEXT, TRUTH, Lines, Scan
from anonymize.codecs.json.text import gathered
from anonymize.core.errors import DataError, Where
from anonymize.core.format import Edit, Layout, Page, Reject

BOM = b"\xef\xbb\xbf"
_STANDING = np.arange(ARRAY + 1) != NULL
_SCALAR = _STANDING & ~np.isin(np.arange(ARRAY + 1), [OBJECT, ARRAY])
"""The kinds that are shown among plain values: there, objects and lists are null."""


class JsonlPage(Page):
    """Rows whose values are ranges of the block; a column is decoded when it is asked for."""

    def __init__(
        self,
        lines: Lines,
        rejects: Sequence[Reject] = (),
        head: bytes = b"",
        schema: Callable[[Layout], pa.Schema] | None = None,
    ) -> None:
        self.lines = lines
        self.rows = lines.rows
        self.rejects = rejects
        self.head = head
        self._schema = schema
        self._values: dict[str, pa.Array] = {}

    @property
    def scan(self) -> Scan:
        """Every value, one by one."""
        return self.lines.scan

    @cached_property
    def columns(self) -> Sequence[str]:
        return [name for path, name in enumerate(self.lines.paths.names) if holds_values(self.lines, path)]

    @property
    def present(self) -> Collection[str]:
        return self.lines.paths.place.keys()

    @property
    def holders(self) -> Collection[str]:
        found = self.lines.kinds[:, [OBJECT, ARRAY]].any(axis=1)
        return [self.lines.paths.names[path] for path in np.flatnonzero(found)]

    def values(self, column: str) -> pa.Array:
        if column not in self._values:
            self._values[column] = self._decoded(column)
        return self._values[column]

    def spellings(self, column: str) -> Mapping[str, int]:
        path = self.lines.paths.place.get(column)
        kinds = self.lines.kinds[path] if path is not None else np.zeros(ARRAY + 1, np.int64)
        return {"text": int(kinds[TEXT]), "bare": int(kinds[NUMBER] + kinds[TRUTH])}

    def parents(self, column: str) -> NDArray[np.int64] | None:
        if not in_list(column):
            return None
        path = self.lines.paths.place.get(column)
        return np.zeros(0, np.int64) if path is None else self.lines.values(path).row.astype(np.int64)

    def table(self, edit: Edit, layout: Layout) -> pa.RecordBatch:
        if self._schema is None:
            self._check_flat(edit, layout)
            return super().table(edit, layout)
        return table(self.scan, edit, layout, self._schema(layout))

    def encoded(self, edit: Edit, layout: Layout) -> tuple[bytes, pa.Buffer]:
        """The bytes of the page after the edit, and a byte order mark if it began with one."""
        return self.head, edited(self.lines, edit, layout, self.values)

    def _check_flat(self, edit: Edit, layout: Layout) -> None:
        """An unsettled source has one text per row for each column of the layout, and can have no more."""
        new_values(self.lines, edit, layout)
        deep = next((column.name for column in layout.columns if in_list(column.name)), None)
        if deep is not None:
            hint = "drop it, or write JSONL or Parquet"
            raise DataError("a list has no place in a flat table", hint=hint, where=Where(column=deep))
        paths = self.lines.paths
        open_, closed = (removed(paths.names, paths.parents, replace(layout, rest=rest)) for rest in (True, False))
        late = [name for name, *gone in zip(paths.names, open_, closed, strict=True) if gone == [False, True]]
        if layout.rest and late:
            raise DataError("the column appears first after the head of the file", where=Where(column=late[0]))

    def _decoded(self, column: str) -> pa.Array:
        path = self.lines.paths.place.get(column)
        if path is None:
            return pa.nulls(0 if in_list(column) else self.rows, pa.string())
        found = self.lines.values(path)
        start, end, shown = found.start, found.end, found.kind == TEXT
        scalar = holds_values(self.lines, path)
        if scalar:
            start, end = start + shown, end - shown
        if not shown.all():
            shown = (_SCALAR if scalar else _STANDING)[found.kind]
        if not in_list(column) and len(found.row) != self.rows:
            start, end = (_spread(part, found.row, self.rows) for part in (start, end))
            shown = _spread(shown, found.row, self.rows).astype(np.bool_)
        if not shown.all():
            start, end = np.where(shown, start, 0), np.where(shown, end, 0)
        return gathered(self.lines.data, start, end, shown, escaped=scalar)


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
    memory: Memory = field(default_factory=Memory)

    def page(self) -> JsonlPage:
        """The rows. Raises DataError at a line that is not JSON, or collects such lines if tolerant."""
        head = BOM if self.line == 1 and self.content.startswith(BOM) else b""
        try:
            return self._checked(_scan(self.content, len(head), self.memory), (), head)
        except MalformedError as error:
            lines = _lines(self.content[len(head) :])
            faults = _faults(lines, self.line)
            if not self.tolerant:
                line, problem = next(faults, (None, str(error)))
                raise DataError(problem, where=Where(self.file, line), hint=_HINT) from None
        bad = dict(faults)
        good = b"".join(line for number, line in enumerate(lines, self.line) if number not in bad)
        rejects = [Reject(number, why, lines[number - self.line].rstrip(b"\r\n")) for number, why in bad.items()]
        return self._checked(_scan(good, 0, self.memory), rejects, head)

    def too_long(self, line: int) -> DataError:
        """The refusal of a line."""
        message = f"a line is longer than {self.longest:,} bytes"
        return DataError(message, hint="`--max-cell` raises the limit", where=Where(self.file, line))

    def _checked(self, found: Lines, rejects: Sequence[Reject], head: bytes) -> JsonlPage:
        lengths = np.diff(found.line_starts)
        if (lengths > self.longest).any():
            raise self.too_long(self.line + int(np.argmax(lengths)))
        return JsonlPage(found, rejects, head, self.schema)


_HINT = "JSONL is UTF-8 with one JSON object on each line; `--rejects FILE` sets other lines aside"


def _scan(content: bytes, start: int, memory: Memory) -> Lines:
    return scan(np.frombuffer(content, np.uint8)[start:], memory)


def _lines(content: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in content.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _faults(lines: list[bytes], number: int) -> Iterator[tuple[int, str]]:
    """The lines that fail, in order, each with its problem: found by halving, as most blocks hold few."""
    try:
        _scan(b"".join(lines), 0, Memory())
    except MalformedError as error:
        if len(lines) == 1:
            yield number, str(error)
            return
        half = len(lines) // 2
        yield from _faults(lines[:half], number)
        yield from _faults(lines[half:], number + half)
