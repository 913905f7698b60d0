"""Opens Parquet files with distrust, and reads their row groups column by column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from anonymize.codecs.parquet.encryption import KeyRing, not_authentic
from anonymize.codecs.streams.files import PathFile
from anonymize.codecs.tables.nested import Node, extract, leaves, tree
from anonymize.codecs.tables.page import TablePage, contiguous
from anonymize.core.errors import AnonymizeError, DataError, SecretError, Where

MAX_COLUMNS = 50_000
MAX_GROUP_BYTES = 16 << 30
BOMB_RATIO = 1000
BOMB_FREE = 2 << 30
_NO_KEY = ("FileDecryption is not setup", "no decryption found", "no file decryptor", "key metadata")
SIGNATURE = 28
"""The nonce and the tag behind a footer that is readable, in a file with encrypted columns."""
_WIDTHS = {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4, "INT96": 12}
_MICROSECONDS = 1 << 63  # a timestamp in nanoseconds reaches this far


@dataclass(frozen=True)
class ParquetInput:
    """An open file: its footer, checked, and the tree of its columns."""

    name: str
    stream: Any
    metadata: Any
    schema: pa.Schema
    nodes: tuple[Node, ...]
    spans: tuple[range, ...]
    """The Parquet leaves of each column."""
    int96: frozenset[int]
    """The columns that hold the old 96-bit timestamps."""
    ring: KeyRing | None = None
    """What opens an encrypted file. Of such a file the library must not be asked for the metadata of a column
    chunk: it ends the process if the key is missing."""

    def page(self, group: int) -> "RowGroupPage":
        """The rows of one row group; nothing is read yet."""
        return RowGroupPage(self, group)

    def decoded(self, group: int, columns: Sequence[str], dictionaries: Sequence[str]) -> list[pa.Array]:
        """Columns of a row group that are not nested, some of them as the dictionaries that they are stored as."""
        positions = [self.schema.get_field_index(column) for column in columns]
        return _RowGroup(self, group, {"read_dictionary": dictionaries}).load(positions)

    def columns(self) -> Iterator[Any]:
        """The description of each leaf."""
        return (self.metadata.schema.column(i) for i in range(self.metadata.num_columns))


def open_parquet(file: PathFile) -> ParquetInput:
    """Read and check the footer. Raises DataError, or SecretError for an encrypted file without its key."""
    stream = file.raw_open()
    ring = KeyRing(file.unlock.keys) if _is_locked(stream, file.name) else None
    metadata, schema = _footer(stream, file.name, ring)
    if ring is None and _is_signed(stream, metadata):
        ring = KeyRing(file.unlock.keys)
        metadata, schema = _verified(stream, file.name, ring) or (metadata, schema)
    _check_size(metadata, stream.size(), file.name)
    nodes = tree(schema, file.name)
    spans = _spans(schema, metadata.num_columns, file.name)
    old = _int96_leaves(metadata, file.name)
    int96 = frozenset(i for i, span in enumerate(spans) if old.intersection(span))
    return ParquetInput(file.name, stream, metadata, schema, nodes, spans, int96, ring)


def _footer(stream: Any, name: str, ring: KeyRing | None) -> tuple[Any, pa.Schema]:
    """The metadata, which remember their keys, and the schema."""
    try:
        keys = ring.decryption() if ring is not None else None
        reader = pq.ParquetFile(stream, pre_buffer=False, decryption_properties=keys)
        return reader.metadata, reader.schema_arrow
    except (OSError, ValueError, MemoryError, pa.ArrowException) as error:
        raise _damaged(error, name, ring=ring) from None


def _verified(stream: Any, name: str, ring: KeyRing) -> tuple[Any, pa.Schema] | None:
    """A footer whose signature holds. None if its key is not at hand: then only what is not encrypted is read."""
    try:
        return _footer(stream, name, ring)
    except SecretError:
        return None


def _is_signed(stream: Any, metadata: Any) -> bool:
    """Whether more stands between the metadata and their length than nothing: a signature, most likely."""
    end = stream.read_at(8, stream.size() - 8)
    return int.from_bytes(end[:4], "little") - int(metadata.serialized_size) == SIGNATURE


def _int96_leaves(metadata: Any, name: str) -> set[int]:
    try:
        columns = [metadata.schema.column(i) for i in range(metadata.num_columns)]
        _ = [column.path for column in columns]  # decoded once here, where an error has a name
    except UnicodeDecodeError:
        raise DataError("a column's name is not UTF-8", where=Where(name)) from None
    return {i for i, column in enumerate(columns) if column.physical_type == "INT96"}


class RowGroupPage(TablePage):
    """The rows of one row group, which knows where it stands."""

    def __init__(self, source: ParquetInput, group: int) -> None:
        rows = source.metadata.row_group(group).num_rows
        super().__init__(source.nodes, source.schema, rows, _RowGroup(source, group).load, source.name)
        self.source = source
        self.group = group


@dataclass
class _RowGroup:
    """Reads columns of one row group through its own reader, made when first needed."""

    source: ParquetInput
    group: int
    options: Mapping[str, Any] = field(default_factory=dict)
    reader: Any = None

    def load(self, positions: Sequence[int]) -> list[pa.Array]:
        source = self.source
        wanted = [leaf for position in positions for leaf in source.spans[position]]
        old = source.int96.intersection(positions)
        if old:
            self._check_int96(sorted(old))
        self.reader = self.reader or self._open(**self.options)
        table = self._read(self.reader, wanted)
        order = {position: place for place, position in enumerate(sorted(positions))}
        return [contiguous(table.column(order[p]), source.name) for p in positions]

    def _open(self, **options: Any) -> Any:
        return pq.ParquetFile(
            self.source.stream,
            metadata=self.source.metadata,
            pre_buffer=False,
            page_checksum_verification=True,
            **options,
        )

    def _read(self, reader: Any, indices: list[int]) -> pa.Table:
        rows = self.source.metadata.row_group(self.group).num_rows
        try:
            table = reader.reader.read_row_group(self.group, column_indices=sorted(indices), use_threads=False)
        except (OSError, ValueError, MemoryError, pa.ArrowException) as error:
            part = f"row group {self.group + 1}"
            raise _damaged(error, self.source.name, part, self.source.ring) from None
        if table.num_rows != rows:
            raise _damaged(ValueError(), self.source.name, f"row group {self.group + 1}")
        return table

    def _check_int96(self, positions: list[int]) -> None:
        """Refuse times that the reader would wrap around: a 96-bit timestamp reaches beyond 64 bits of ns."""
        source = self.source
        reader = self._open(coerce_int96_timestamp_unit="us")
        for position in positions:
            column = contiguous(self._read(reader, list(source.spans[position])).column(0), source.name)
            (root,) = tree(pa.schema([pa.field(source.schema.names[position], column.type)]))
            for node in leaves([root]):
                if pa.types.is_timestamp(node.field.type):
                    _check_range(extract(column, root, node.path)[0], source.name, node.path)


def _check_range(values: pa.Array, name: str, path: str) -> None:
    ends = pc.min_max(values.cast(pa.int64())).as_py()
    if any(end is not None and abs(end) * 1000 >= _MICROSECONDS for end in ends.values()):
        message = "a 96-bit timestamp lies outside of the years 1677 to 2262"
        raise DataError(message, hint="rewrite the file with 64-bit timestamps", where=Where(name, column=path))


def _is_locked(stream: Any, name: str) -> bool:
    """Whether the footer is encrypted. Raises DataError for what is no Parquet file."""
    size = stream.size()
    start, end = stream.read_at(4, 0), stream.read_at(4, max(size - 4, 0))
    if start == end == b"PARE":
        return True
    if start != b"PAR1":
        raise DataError("is not a Parquet file", hint="check the suffix, or say the format", where=Where(name))
    if end != b"PAR1" or size < 12:
        raise DataError("truncated Parquet file", hint="the file is incomplete; get it again", where=Where(name))
    return False


def _check_size(metadata: Any, size: int, name: str) -> None:
    """Refuse what would fill the memory, by what the footer says."""
    if metadata.num_columns == 0:
        raise DataError("has no columns", where=Where(name))
    if metadata.num_columns > MAX_COLUMNS:
        raise DataError(f"has {metadata.num_columns:,} columns; {MAX_COLUMNS:,} can be read", where=Where(name))
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    if sum(group.num_rows for group in groups) != metadata.num_rows:
        raise DataError("its row groups do not add up to its rows", where=Where(name))
    expanded = sum(group.total_byte_size for group in groups)
    if expanded > max(BOMB_FREE, BOMB_RATIO * size):
        hint = "rewrite it with another compression if that is meant"
        raise DataError(f"expands to more than {BOMB_RATIO:,} times its size", hint=hint, where=Where(name))
    columns = [metadata.schema.column(i) for i in range(metadata.num_columns)]
    width = sum(_WIDTHS.get(c.physical_type, 8) for c in columns if c.max_repetition_level == 0)
    if any(group.num_rows < 0 or group.num_rows * width > MAX_GROUP_BYTES for group in groups):
        hint = "rewrite it with fewer rows per row group"
        raise DataError("a row group does not fit into memory", hint=hint, where=Where(name))


def _spans(schema: pa.Schema, total: int, name: str) -> tuple[range, ...]:
    spans: list[range] = []
    for column in schema:
        start = spans[-1].stop if spans else 0
        spans.append(range(start, start + leaf_count(column.type)))
    if spans[-1].stop != total:
        raise DataError("its columns and its schema do not agree", where=Where(name))
    return tuple(spans)


def leaf_count(given: pa.DataType) -> int:
    """How many columns Parquet makes of one."""
    if isinstance(given, pa.BaseExtensionType):
        given = given.storage_type
    if pa.types.is_dictionary(given) or not pa.types.is_nested(given):
        return 1
    return sum(leaf_count(given.field(i).type) for i in range(given.num_fields))


def _encrypted(name: str) -> SecretError:
    hint = "name its key under `keys:` in the rules"
    return SecretError("is encrypted, and there is no key for it", hint=hint, where=Where(name))


def _damaged(error: Exception, name: str, part: str = "", ring: KeyRing | None = None) -> AnonymizeError:
    """What the library's message is about, without its text, which may quote values."""
    text = str(error)
    if (locked := _locked(text, name, part or "the footer", ring)) is not None:
        return locked
    if isinstance(error, MemoryError):
        return DataError(f"{part or 'the footer'} does not fit into memory", where=Where(name))
    if "deeply nested" in text:
        return DataError("its columns are nested more than 100 deep", where=Where(name))
    if isinstance(error, pa.ArrowNotImplementedError):
        return DataError(f"{part or 'the file'} uses a type or an encoding that cannot be read", where=Where(name))
    hint = "the file is incomplete or damaged; get it again"
    return DataError(f"{part or 'the footer'} is damaged", hint=hint, where=Where(name))


def _locked(text: str, name: str, part: str, ring: KeyRing | None) -> AnonymizeError | None:
    """The error about what is encrypted; None if it is about something else."""
    if ring is not None and (failure := ring.failure(name)) is not None:
        return failure
    if any(said in text for said in _NO_KEY):
        return _encrypted(name)
    if "decrypt" in text or "signature verification" in text:
        return not_authentic(name, part)
    return None
