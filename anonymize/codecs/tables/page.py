"""Pages over Arrow tables of any types."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.tables.nested import (
    Choice,
    Node,
    Shape,
    compact,
    extract,
    leaves,
    map_leaves,
    rebuild,
    replacement,
    shape,
    tree,
)
from anonymize.core.errors import DataError, Where
from anonymize.core.format import Edit, Layout, Page
from anonymize.kernels.arrays import from_numpy, is_text

GEOGRAPHY = b"geo"  # GeoParquet; holds the bounding box of all places
STRUCTURE_KEYS = frozenset(
    {
        b"pandas",
        b"org.apache.spark.sql.parquet.row.metadata",
        b"parquet.avro.schema",
        b"avro.schema",
        b"iceberg.schema",
        b"huggingface",
        GEOGRAPHY,
    }
)
"""Schema metadata that repeats the columns and their types, and is wrong when these change."""

Load = Callable[[Sequence[int]], Sequence[pa.Array]]
"""Reads the columns at these positions."""


class TablePage(Page):
    """The rows of an Arrow table, or of a file that reads its columns when they are asked for."""

    def __init__(self, nodes: tuple[Node, ...], schema: pa.Schema, rows: int, load: Load, name: str) -> None:
        self.rows = rows
        self._nodes = nodes
        self._schema = schema
        self._load = load
        self._name = name
        self._loaded: dict[int, pa.Array] = {}
        self._extracted: dict[str, tuple[pa.Array, NDArray[np.int64] | None]] = {}

    @classmethod
    def of(cls, data: pa.RecordBatch | pa.Table, name: str = "") -> "TablePage":
        """The page over a batch or table in memory."""
        columns = [contiguous(column, name) for column in data.columns]
        return cls(tree(data.schema, name), data.schema, data.num_rows, lambda at: [columns[i] for i in at], name)

    @classmethod
    def empty(cls, nodes: tuple[Node, ...], schema: pa.Schema, name: str) -> "TablePage":
        """The page of a file without rows."""
        return cls(nodes, schema, 0, lambda at: [pa.nulls(0, schema.field(i).type) for i in at], name)

    @property
    def columns(self) -> Sequence[str]:
        return [node.path for node in leaves(self._nodes)]

    @property
    def present(self) -> Collection[str]:
        return self._places.keys()

    @cached_property
    def _places(self) -> dict[str, int]:
        """The column that each path leads into."""
        return {node.path: i for i, root in enumerate(self._nodes) for node in root.walk()}

    def values(self, column: str) -> pa.Array:
        return self._extract(column)[0]

    def parents(self, column: str) -> NDArray[np.int64] | None:
        return self._extract(column)[1]

    def table(self, edit: Edit, layout: Layout) -> pa.RecordBatch:
        shapes = output_shapes(self._nodes, layout)
        self._read([self._places[s.node.path] for s in shapes if not s.replaced])
        arrays = [self._rebuilt(self._places[s.node.path], s, edit) for s in shapes]
        return pa.RecordBatch.from_arrays(arrays, schema=output_schema(self._schema, self._nodes, layout))

    def _rebuilt(self, position: int, column: Shape, edit: Edit) -> pa.Array:
        """The column as it comes out; values that no row has any more must not survive in a dictionary."""
        if column.replaced:
            array = replacement(column, edit.columns, self.rows)
        else:
            array = self._nested(position, column, edit)
        if edit.kept is None and column.whole:
            return array
        if edit.kept is not None:
            array = filtered(array, edit.kept, column.field.name, self._name)
        return compacted(array, column.field)

    def _nested(self, position: int, column: Shape, edit: Edit) -> pa.Array:
        try:
            return rebuild(self._column(position), column, edit.columns)
        except pa.ArrowNotImplementedError:
            raise _unsupported(column.node.field, self._name) from None

    def _extract(self, path: str) -> tuple[pa.Array, NDArray[np.int64] | None]:
        if path not in self._extracted:
            position = self._places[path]
            try:
                found = extract(self._column(position), self._nodes[position], path)
            except pa.ArrowNotImplementedError:
                raise _unsupported(self._nodes[position].field, self._name) from None
            _require_utf8(found[0], path, self._name)
            self._extracted[path] = found
        return self._extracted[path]

    def _column(self, position: int) -> pa.Array:
        self._read([position])
        return self._loaded[position]

    def _read(self, positions: Sequence[int]) -> None:
        missing = [p for p in positions if p not in self._loaded]
        if missing:
            self._loaded.update(zip(missing, self._load(missing), strict=True))


def output_shapes(nodes: Sequence[Node], layout: Layout) -> list[Shape]:
    """The columns that stay, with what becomes of them."""
    unknown = {c.name for c in layout.columns} - {node.path for root in nodes for node in root.walk()}
    if unknown:
        raise KeyError(f"no such columns: {sorted(unknown)}")
    choice = Choice(
        {c.name: c.type for c in layout.columns},
        frozenset(c.name for c in layout.columns if c.changed),
        layout.dropped,
    )
    return [s for node in nodes if (s := shape(node, choice)) is not None]


def output_schema(schema: pa.Schema, nodes: Sequence[Node], layout: Layout) -> pa.Schema:
    """The schema of `TablePage.table`. Metadata that describes types which change is left out."""
    shapes = output_shapes(nodes, layout)
    metadata = schema.metadata or {}
    described = [s.field.type for s in shapes] == schema.types and [s.field.name for s in shapes] == schema.names
    if not described:
        metadata = {key: value for key, value in metadata.items() if key not in STRUCTURE_KEYS}
    if not all(s.whole for s in shapes):
        metadata = {key: value for key, value in metadata.items() if key != GEOGRAPHY}
    return pa.schema([s.field for s in shapes], metadata=metadata or None)


def compacted(array: pa.Array, field: pa.Field) -> pa.Array:
    """The column with only the dictionary values that occur."""
    (root,) = tree(pa.schema([field]))
    return map_leaves(array, root, pa.types.is_dictionary, lambda _, values: compact(values))


def contiguous(column: pa.Array | pa.ChunkedArray, name: str = "") -> pa.Array:
    """One array of a column in pieces."""
    if isinstance(column, pa.Array):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    try:
        pieces = column.chunks or [pa.array([], column.type)]
        return pa.concat_arrays(pieces)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        hint = "write the file with fewer rows per row group"
        message = "holds more text in one row group than fits"
        raise DataError(message, hint=hint, where=Where(name or None)) from None


def filtered(array: pa.Array, kept: NDArray[np.bool_], column: str, name: str) -> pa.Array:
    """The rows that stay. Raises DataError for types that Arrow cannot filter."""
    mask = from_numpy(kept)
    try:
        if pa.types.is_string_view(array.type) or pa.types.is_binary_view(array.type):
            wide = pa.large_string() if pa.types.is_string_view(array.type) else pa.large_binary()
            return pc.cast(pc.cast(array, wide).filter(mask), array.type)
        return array.filter(mask)
    except pa.ArrowNotImplementedError:
        raise _unsupported(pa.field(column, array.type), name) from None


def _require_utf8(values: pa.Array, path: str, name: str) -> None:
    """Parquet readers take the bytes of a text column on trust; transforms must not."""
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if not (is_text(kind) or pa.types.is_string_view(kind)):
        return
    try:
        values.validate(full=True)
    except pa.ArrowInvalid:
        raise DataError("holds text that is not UTF-8", where=Where(name or None, column=path)) from None


def _unsupported(field: pa.Field, name: str) -> DataError:
    return DataError(
        f"a column of type {field.type} can only be kept as it is or dropped",
        hint="drop the column, or convert it to a plain type first",
        where=Where(name or None, column=field.name),
    )


def conformed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch under the output's schema: metadata and nullability of the first file hold for all."""
    if sorted(batch.schema.names) != sorted(schema.names):
        raise DataError("a file does not have the columns of the first one", hint="write it to a file of its own")
    columns = [batch.column(name) for name in schema.names]
    for field, column in zip(schema, columns, strict=True):
        if column.type != field.type:
            message = f"is of type {column.type} here, and of type {field.type} in the first file"
            raise DataError(message, where=Where(column=field.name))
        if column.null_count and not field.nullable:
            message = "holds nulls here, and none are allowed in the first file"
            raise DataError(message, where=Where(column=field.name))
    return pa.RecordBatch.from_arrays(columns, schema=schema)
