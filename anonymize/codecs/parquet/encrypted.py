"""Writes encrypted Parquet: nothing is copied or put together from parts; the library writes it all."""

from collections.abc import Sequence
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from anonymize.codecs.parquet.encryption import encryption_properties
from anonymize.codecs.parquet.file import ParquetInput
from anonymize.codecs.parquet.lockable import require_lockable
from anonymize.codecs.parquet.options import writer_options
from anonymize.codecs.parquet.row_groups import RowGroups, joined
from anonymize.codecs.streams.writing import KeptOpen
from anonymize.codecs.tables.page import conformed
from anonymize.core.errors import DataError
from anonymize.core.format import Edit, Layout, Page, Sink
from anonymize.core.protection import Encryption

MOST = 32_767
"""Row groups, and columns, in an encrypted file: their numbers have 16 bits there."""


class _Gate(KeptOpen):
    """Lets pass what the library writes while it is asked to.

    It writes a footer when it is cleared away as well, and a file that was given up would look whole.
    """

    is_open = False

    def __enter__(self) -> None:
        self.is_open = True

    def __exit__(self, *_: object) -> None:
        self.is_open = False

    def write(self, data: Any) -> int:
        return super().write(data) if self.is_open else memoryview(data).nbytes


class EncryptedSink(Sink):
    """Row groups as a Parquet source has them, or of a fixed size from other formats."""

    def __init__(
        self, file: IO[bytes], schema: pa.Schema, given: ParquetInput | None, encryption: Encryption
    ) -> None:
        require_lockable(encryption, schema.names)
        self._schema = schema
        self._groups = RowGroups() if given is None else None
        self._count = 0
        self._gate = _Gate(file)
        if len(schema) > MOST:
            raise _too_large("columns")
        properties = encryption_properties(encryption, schema)
        out = pa.PythonFile(self._gate, mode="w")
        with self._gate:
            options = writer_options(schema, given)
            self._writer: Any = pq.ParquetWriter(out, schema, encryption_properties=properties, **options)

    def encode(self, page: Page, edit: Edit, layout: Layout) -> pa.RecordBatch:
        return conformed(page.table(edit, layout), self._schema)

    def write(self, encoded: pa.RecordBatch) -> None:
        groups = self._groups.add(encoded) if self._groups is not None else [[encoded]] if len(encoded) else []
        for batches in groups:
            self._put(batches)

    def close(self) -> None:
        for batches in self._groups.finish() if self._groups is not None else ():
            self._put(batches)
        with self._gate:
            self._writer.close()

    def _put(self, batches: Sequence[pa.RecordBatch]) -> None:
        """Write a row group."""
        self._count += 1
        if self._count > MOST:
            raise _too_large("row groups")
        columns = [[batch.column(i) for batch in batches] for i in range(len(self._schema))]
        arrays = [joined(pieces, field) for pieces, field in zip(columns, self._schema, strict=True)]
        table = pa.Table.from_arrays(arrays, schema=self._schema)
        with self._gate:
            self._writer.write_table(table, row_group_size=len(table))


def _too_large(what: str) -> DataError:
    return DataError(f"an encrypted Parquet file has at most {MOST:,} {what}", hint="write several files")
