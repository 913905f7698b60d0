"""Writes Arrow IPC such that no buffer holds more than the values that can be seen."""

from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.codecs.streams.writing import KeptOpen
from anonymize.codecs.tables.ipc_file import IpcInput
from anonymize.codecs.tables.nested import compact, map_leaves, tree
from anonymize.core.errors import DataError, Where
from anonymize.kernels.arrays import from_numpy, to_numpy


class IpcWriter:
    """Writes batches to an open file, which it leaves open."""

    def __init__(self, file: IO[bytes], schema: pa.Schema, as_file: bool, given: IpcInput | None) -> None:
        self._schema = schema
        self._roots = tree(schema)
        self._dictionaries: dict[str, pa.Array] = {}
        options = pa.ipc.IpcWriteOptions(
            compression=given.compression if given else None, use_threads=False, emit_dictionary_deltas=True
        )
        stream = pa.PythonFile(KeptOpen(file), mode="w")
        metadata = {"metadata": given.metadata} if as_file and given and given.metadata else {}
        make = pa.ipc.new_file if as_file else pa.ipc.new_stream
        self._writer: Any = make(stream, schema, options=options, **metadata)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a batch. A file has one dictionary per column, to which later batches may only add."""
        columns = [
            map_leaves(column, root, pa.types.is_dictionary, self._unified)
            for column, root in zip(batch.columns, self._roots, strict=True)
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()

    def _unified(self, path: str, values: pa.Array) -> pa.Array:
        """The values over the column's common dictionary."""
        known = self._dictionaries.get(path)
        if known is None or known.equals(values.dictionary):
            self._dictionaries[path] = values.dictionary
            return values
        new = values.dictionary.filter(pc.invert(pc.is_in(values.dictionary, known)))
        known = self._dictionaries[path] = pa.concat_arrays([known, new]) if len(new) else known
        places = pc.index_in(values.dictionary, known)
        if values.type.ordered and (to_numpy(places)[1:] < to_numpy(places)[:-1]).any():
            raise DataError(
                "the order of this column's categories cannot be kept",
                hint="write Parquet, or keep all rows",
                where=Where(column=path),
            )
        try:
            indices = places.take(values.indices).cast(values.type.index_type)
        except pa.ArrowInvalid:
            message = f"has more categories than {values.type.index_type} can number"
            raise DataError(message, where=Where(column=path)) from None
        return pa.DictionaryArray.from_arrays(indices, known, ordered=values.type.ordered)


def scrubbed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch copied value by value: what lay under nulls, beside slices or between lists stays behind.

    So do values of dictionaries that no row has. Ordered categories keep all their levels: they are the order.
    """
    columns = [
        map_leaves(column, root, lambda _: True, lambda _, values: _copied(values))
        for column, root in zip(batch.columns, tree(batch.schema), strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _copied(values: pa.Array) -> pa.Array:
    given = values.type
    if pa.types.is_string_view(given) or pa.types.is_binary_view(given):
        wide = pa.large_string() if pa.types.is_string_view(given) else pa.large_binary()
        return pc.cast(_copied(pc.cast(values, wide)), given)
    if pa.types.is_dictionary(given):
        seen = values if given.ordered else compact(values)
        return pa.DictionaryArray.from_arrays(_copied(seen.indices), seen.dictionary, ordered=given.ordered)
    try:
        return values.take(from_numpy(np.arange(len(values), dtype=np.int64)))
    except pa.ArrowNotImplementedError:  # run-end encoded: there are no nulls to hide under
        return values
