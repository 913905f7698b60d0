"""Format: reads one kind of file as pages of rows, and writes edited pages."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO, Any, ClassVar, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.component import Component
from anonymize.core.errors import UsageError
from anonymize.core.protection import Encryption


class File(Protocol):
    """An input file, or standard input."""

    @property
    def name(self) -> str:
        """For messages."""
        ...

    def open(self) -> IO[bytes]:
        """The decompressed bytes from the start. Standard input opens once."""
        ...

    def head(self, size: int) -> bytes:
        """The first bytes, without consuming them."""
        ...


@dataclass(frozen=True)
class Reject:
    """A row that could not be read."""

    line: int
    problem: str
    raw: bytes = field(repr=False)


class Page(ABC):
    """The rows of one chunk. Columns are decoded when they are asked for, and only then.

    A column is named by its path: `zip`, `contact.city`, `contact.phones[*].number`. A path with `[*]` has any
    number of values per row, and `parents` tells the row of each.
    """

    rows: int
    rejects: Sequence[Reject] = ()

    @property
    @abstractmethod
    def columns(self) -> Sequence[str]:
        """The columns present, in order."""

    @abstractmethod
    def values(self, column: str) -> pa.Array:
        """The decoded values: one per row (null where missing), or one per list item for a `[*]` path."""

    @property
    def present(self) -> Collection[str]:
        """All paths that occur in any way: also those of objects, lists, and values that are all null."""
        return self.columns

    @property
    def holders(self) -> Collection[str]:
        """Paths of objects and lists, in formats where other rows may have plain values there."""
        return ()

    def spellings(self, column: str) -> Mapping[str, int]:
        """How many values stand as `text`, and how many `bare` (numbers and truth values), in formats that tell
        them apart."""
        return {}

    def parents(self, column: str) -> NDArray[np.int64] | None:
        """The row of each value; None when there is one value per row."""
        return None

    def table(self, edit: "Edit", layout: "Layout") -> pa.RecordBatch:
        """The edited rows as whole Arrow columns, with the schema `source.output_schema(layout)`, for a sink
        of another format."""
        arrays = [edit.columns[c.name] if c.name in edit.columns else self.values(c.name) for c in layout.columns]
        batch = pa.RecordBatch.from_arrays(arrays, schema=layout.schema)
        if edit.kept is None:
            return batch
        bits = pa.py_buffer(np.packbits(edit.kept, bitorder="little"))
        return batch.filter(pa.BooleanArray.from_buffers(pa.bool_(), len(edit.kept), [None, bits]))


Chunk: TypeAlias = Callable[[], Page]
"""Parses one piece of a file. Called in a worker thread; cheap to make."""


@dataclass(frozen=True)
class Edit:
    """What becomes of a page: new values for some columns, and the rows that stay."""

    columns: Mapping[str, pa.Array] = field(default_factory=dict)
    """New values, each as many as `page.values(column)` gave, dropped rows included."""
    kept: NDArray[np.bool_] | None = None
    """Which rows stay; None for all."""


@dataclass(frozen=True)
class OutputColumn:
    """A column of the output."""

    name: str
    type: pa.DataType
    changed: bool
    """False: no step touches it, its bytes are to come out as they came in."""
    bare: bool = False
    """A text format may write a result that reads as a number as a number, where a number stood before."""
    unquoted: bool = False
    """JSON is to write text that reads as a number or truth value as one, whatever stood there before."""


MARK = b"anonymize"
"""The only key of ours in the schema metadata of typed formats."""


@dataclass(frozen=True)
class Layout:
    """The columns of the output, in order. Columns of the source that are not listed are dropped."""

    columns: tuple[OutputColumn, ...]
    dropped: frozenset[str] = frozenset()
    """Paths to remove; a path here covers everything beneath it."""
    rest: bool = False
    """Columns that appear on a page but stand in neither list pass unchanged (open schemas only)."""
    mark: bytes | None = None
    """What the output of a typed format says under `MARK`, whatever stood there before."""

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([pa.field(c.name, c.type) for c in self.columns])

    def marked(self, schema: pa.Schema) -> pa.Schema:
        """The schema of an output with the mark in its metadata."""
        metadata = {key: value for key, value in (schema.metadata or {}).items() if key != MARK}
        return schema.with_metadata(metadata | ({MARK: self.mark} if self.mark is not None else {}) or None)


class Source(ABC):
    """A readable file with a known schema."""

    schema: pa.Schema
    """Leaf paths and their types; columns of a text format are strings."""
    open_schema: bool = False
    """Pages may hold columns that the schema lacks (JSONL)."""
    containers: Mapping[str, pa.DataType] = MappingProxyType({})
    """Paths that the schema does not list, objects and lists above all, and their types."""
    metadata: Mapping[bytes, bytes] = MappingProxyType({})
    """The schema metadata of a typed format."""
    row_count: int | None = None
    """The rows of the file, where it says so before they are read."""

    @abstractmethod
    def chunks(self) -> Iterator[Chunk]:
        """A fresh pass over the file, in order: at least one chunk, of no rows if there are none."""

    def settle(self, typed: bool) -> None:  # noqa: B027  (most formats know their schema and have nothing to do)
        """Learn all columns by reading the whole file, where the schema is open, for a sink that must know them
        before the first row; typed: their types too, for a sink that is no text."""

    def output_schema(self, layout: "Layout") -> pa.Schema:
        """The schema of the batches that `page.table` makes."""
        return layout.schema


class Sink(ABC):
    """Writes pages to an open file. `encode` runs in worker threads, `write` in order."""

    @abstractmethod
    def encode(self, page: Page, edit: Edit, layout: Layout) -> Any:
        """The edited page as it will stand in the file, fit for `write`."""

    @abstractmethod
    def write(self, encoded: Any) -> None: ...

    @abstractmethod
    def close(self) -> None:
        """Finish the file (footers, trailers). The file itself stays open."""


class Format(Component, ABC):
    """One kind of file. Its fields are the options that describe a file which detection must not guess."""

    kind: ClassVar[str] = "format"
    suffixes: ClassVar[tuple[str, ...]]
    is_text: ClassVar[bool] = False
    """Text formats may be compressed as a whole (.gz, .zst)."""

    @abstractmethod
    def source(self, file: File, *, tolerant: bool = False) -> Source:
        """Open for reading. Tolerant sources collect rows that cannot be read in `page.rejects` instead of
        raising. Raises DataError when the file is not of this format or its description is uncertain."""

    @abstractmethod
    def sink(self, file: IO[bytes], layout: Layout, source: Source) -> Sink:
        """Start an output file. `source` is what is being converted; a source of the same format hands on its
        dialect, metadata and layout."""

    def encrypted_sink(self, file: IO[bytes], layout: Layout, source: Source, encryption: Encryption) -> Sink:
        """Start an output file whose parts are encrypted. Raises UsageError if the format knows no such thing."""
        self.require_encrypting()
        raise NotImplementedError

    @classmethod
    def require_encrypting(cls) -> None:
        """Raises UsageError unless the parts of such files can be encrypted."""
        if cls.encrypted_sink is Format.encrypted_sink:
            hint = "write Parquet, or take `encrypt:` out of the rules" + (
                " and seal the whole file: --seal-to RECIPIENT" if cls.is_text else ""
            )
            raise UsageError(f"the rules encrypt the output, which {cls.name()} files cannot be", hint=hint)
