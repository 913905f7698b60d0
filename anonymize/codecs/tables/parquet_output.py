"""Writes Parquet so that what no rule touches looks as it did."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from anonymize.codecs.streams import KeptOpen
from anonymize.codecs.tables.parquet_file import ParquetInput
from anonymize.core.errors import DataError, Where

DEFAULT_COMPRESSION = "zstd"
_CODECS = {"UNCOMPRESSED": "none"}
_WRITABLE = {"none", "snappy", "gzip", "brotli", "zstd", "lz4"}


class Writer(pq.ParquetWriter):  # type: ignore[misc]
    """A writer to an open file, which it leaves open. A file that was not closed gets no footer."""

    def __init__(self, file: IO[bytes], schema: pa.Schema, given: ParquetInput | None) -> None:
        _require_writable(schema)
        stream = pa.PythonFile(KeptOpen(file), mode="w")
        super().__init__(stream, schema, write_page_checksum=True, **_options(schema, given))

    def __del__(self) -> None:
        """Nothing, though the library would write a footer: what was left open has failed."""

    def write_group(self, table: pa.Table) -> None:
        """Write one row group."""
        self.write_table(table, row_group_size=max(table.num_rows, 1))


def _options(schema: pa.Schema, given: ParquetInput | None) -> dict[str, Any]:
    if given is None:
        return {"compression": DEFAULT_COMPRESSION}
    physical = {(c.physical_type, c.logical_type.type) for c in given.columns()}
    times = {kind for kind, logical in physical if logical == "TIMESTAMP" or kind == "INT96"}
    group = given.metadata.row_group(0) if given.metadata.num_row_groups else None
    return {
        "compression": _compression(schema, given),
        "use_compliant_nested_type": False,  # the items of lists are called as they were
        "use_deprecated_int96_timestamps": times == {"INT96"},
        "store_decimal_as_integer": bool({("INT32", "DECIMAL"), ("INT64", "DECIMAL")} & physical),
        "write_page_index": group is not None and group.column(0).has_offset_index,
    }


def _compression(schema: pa.Schema, given: ParquetInput) -> str | dict[str, str]:
    """The codec of each column, as its first row group has it; the commonest one for columns that moved."""
    if not given.metadata.num_row_groups:
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
    """Raises DataError for types that Parquet does not have."""
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
