"""What the library's Parquet writer is told, so that what no rule touches looks as it did."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from anonymize.codecs.parquet.file import ParquetInput
from anonymize.core.errors import DataError, Where

DEFAULT_COMPRESSION = "zstd"
_CODECS = {"UNCOMPRESSED": "none"}
_WRITABLE = {"none", "snappy", "gzip", "brotli", "zstd", "lz4"}

Options: TypeAlias = Mapping[str, Any]
"""What `pyarrow.parquet.ParquetWriter` is told beside the schema."""


def writer_options(schema: pa.Schema, given: ParquetInput | None) -> Options:
    """As the given file was written, as far as it says. Raises DataError for types that Parquet does not have."""
    _require_writable(schema)
    if given is None:
        return {"write_page_checksum": True, "compression": DEFAULT_COMPRESSION}
    physical = {(c.physical_type, c.logical_type.type) for c in given.columns()}
    times = {kind for kind, logical in physical if logical == "TIMESTAMP" or kind == "INT96"}
    readable = given.metadata.num_row_groups and given.ring is None
    group = given.metadata.row_group(0) if readable else None
    return {
        "write_page_checksum": True,
        "compression": _compression(schema, given),
        "use_compliant_nested_type": False,  # the items of lists are called as they were
        "use_deprecated_int96_timestamps": times == {"INT96"},
        "store_decimal_as_integer": bool({("INT32", "DECIMAL"), ("INT64", "DECIMAL")} & physical),
        "write_page_index": group is not None and group.column(0).has_offset_index,
    }


def _compression(schema: pa.Schema, given: ParquetInput) -> str | dict[str, str]:
    """The codec of each column, as its first row group has it; the commonest one for columns that moved."""
    if not given.metadata.num_row_groups or given.ring is not None:
        return DEFAULT_COMPRESSION
    group = given.metadata.row_group(0)
    codecs = {c.path: _codec(group.column(i).compression) for i, c in enumerate(given.columns())}
    ((usual, _),) = Counter(codecs.values()).most_common(1)
    if set(codecs.values()) == {usual}:
        return usual
    return {path: codecs.get(path, usual) for path in _written_paths(schema)}


def _codec(name: str) -> str:
    codec = _CODECS.get(name, name.lower())
    return codec if codec in _WRITABLE else DEFAULT_COMPRESSION


def _written_paths(schema: pa.Schema) -> Iterator[str]:
    """The leaves as Parquet will name them, found by writing no rows."""
    trial = io.BytesIO()
    pq.write_table(schema.empty_table(), trial, use_compliant_nested_type=False)
    written = pq.ParquetFile(trial).metadata.schema
    return (written.column(i).path for i in range(len(written)))


def _require_writable(schema: pa.Schema) -> None:
    if _is_writable(schema):
        return
    field = next((field for field in schema if not _is_writable(pa.schema([field]))), schema.field(0))
    raise DataError(
        f"Parquet cannot hold a column of type {field.type}",
        hint="drop the column, or write Arrow (.arrow)",
        where=Where(column=field.name),
    )


def _is_writable(schema: pa.Schema) -> bool:
    try:
        pq.ParquetWriter(io.BytesIO(), schema).close()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return False
    return True
