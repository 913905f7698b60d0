"""Hive-partitioned directories: columns whose values stand in folder names, as in `year=2024/part-0.parquet`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.codecs.streams.remote import AnyPath, beneath
from anonymize.core.errors import DataError, Where, quoted
from anonymize.core.format import Chunk, Edit, Layout, OutputColumn, Page, Sink, Source
from anonymize.kernels.arrays import from_numpy

NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__"


def partition_values(root: AnyPath, path: AnyPath) -> dict[str, str | None]:
    """The columns that the folders between the root and a file stand for; None is null."""
    found: dict[str, str | None] = {}
    for folder in beneath(root, path).parts[:-1]:
        name, equals, value = folder.partition("=")
        if not (name and equals):
            continue
        name = _decoded(name, path)
        if name in found:
            raise DataError(f"two folders stand for the column {quoted(name)}", where=Where(str(root)))
        found[name] = None if value == NULL_FOLDER else _decoded(value, path)
    return found


def _decoded(text: str, path: AnyPath) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise DataError("a partition folder is not UTF-8", where=Where(path.name)) from None


def inner_source(source: Source) -> Source:
    """The source without its partition columns."""
    return source.inner if isinstance(source, PartitionedSource) else source


class PartitionedSource(Source):
    """A file of a partitioned directory, with its folders' values as columns of text behind its own."""

    def __init__(self, inner: Source, values: Mapping[str, str | None], name: str = "") -> None:
        clashes = sorted(set(values) & set(inner.schema.names))
        if clashes:
            message = f"the column {quoted(clashes[0])} stands in the file and in a folder's name"
            raise DataError(message, hint="drop one of them", where=Where(name or None))
        self.inner = inner
        self.values = dict(values)
        self.open_schema = inner.open_schema
        self.containers = inner.containers
        self.row_count = inner.row_count
        self.schema = _extended(inner.schema, [pa.field(name, pa.string()) for name in values])

    def chunks(self) -> Iterator[Chunk]:
        return (partial(self._page, chunk) for chunk in self.inner.chunks())

    def settle(self, typed: bool) -> None:
        self.inner.settle(typed)
        self.schema = _extended(self.inner.schema, [pa.field(name, pa.string()) for name in self.values])

    def output_schema(self, layout: Layout) -> pa.Schema:
        own, added = split(layout, self.values)
        return _extended(self.inner.output_schema(own), [pa.field(c.name, c.type) for c in added])

    def _page(self, chunk: Chunk) -> "PartitionedPage":
        return PartitionedPage(chunk(), self.values)


class PartitionedPage(Page):
    """A page with constant columns."""

    def __init__(self, inner: Page, constants: Mapping[str, str | None]) -> None:
        self.inner = inner
        self.constants = constants
        self.rows = inner.rows
        self.rejects = inner.rejects

    @property
    def columns(self) -> Sequence[str]:
        return [*self.inner.columns, *self.constants]

    @property
    def present(self) -> Collection[str]:
        return {*self.inner.present, *self.constants}

    def values(self, column: str) -> pa.Array:
        if column in self.constants:
            return pa.repeat(pa.scalar(self.constants[column], pa.string()), self.rows)
        return self.inner.values(column)

    def parents(self, column: str) -> NDArray[np.int64] | None:
        return None if column in self.constants else self.inner.parents(column)

    def table(self, edit: Edit, layout: Layout) -> pa.RecordBatch:
        own, added = split(layout, self.constants)
        batch = self.inner.table(edit, own)
        arrays = [edit.columns[c.name] if c.changed else self.values(c.name) for c in added]
        if edit.kept is not None:
            arrays = [array.filter(from_numpy(edit.kept)) for array in arrays]
        schema = _extended(batch.schema, [pa.field(c.name, c.type) for c in added])
        return pa.RecordBatch.from_arrays([*batch.columns, *arrays], schema=schema)


class FolderSink(Sink):
    """A file whose folders' names go on holding the partition columns: they are not written into it again."""

    def __init__(self, inner: Sink, names: Collection[str]) -> None:
        self.inner = inner
        self.names = names

    def encode(self, page: Page, edit: Edit, layout: Layout) -> Any:
        own, _ = split(layout, self.names)
        return self.inner.encode(page.inner if isinstance(page, PartitionedPage) else page, edit, own)

    def write(self, encoded: Any) -> None:
        self.inner.write(encoded)

    def close(self) -> None:
        self.inner.close()


def split(layout: Layout, names: Collection[str]) -> tuple[Layout, list[OutputColumn]]:
    """The layout of the file's own columns, and the columns that stand in folder names."""
    own = tuple(c for c in layout.columns if c.name not in names)
    added = [c for c in layout.columns if c.name in names]
    return Layout(own, layout.dropped, layout.rest), added


def _extended(schema: pa.Schema, fields: list[pa.Field]) -> pa.Schema:
    return pa.schema([*schema, *fields], metadata=schema.metadata)
