"""Cuts a stream of batches into row groups whose borders depend on the rows alone."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.tables.nested import as_list, is_list
from anonymize.codecs.tables.page import compacted

STEP = 1024  # a border can only stand at a multiple of this, so that rows are weighed in a few large steps
GROUP_ROWS = 128 * STEP
GROUP_BYTES = 64 << 20


class RowGroups:
    """Collects batches, and hands on the batches of a row group whenever one is full.

    Batches are cut at the borders, so it makes no difference where they end.
    """

    def __init__(self) -> None:
        self._batches: list[pa.RecordBatch] = []
        self._rows = 0
        self._weight = 0

    def add(self, batch: pa.RecordBatch) -> Iterator[list[pa.RecordBatch]]:
        """Take a batch; the row groups that it fills."""
        if not batch.num_rows:
            return
        first = STEP - self._rows % STEP
        cuts = np.array([0, *range(first, batch.num_rows, STEP), batch.num_rows], np.int64)
        weights = np.sum([weights_between(column, cuts) for column in batch.columns], axis=0)
        start = 0
        for end, weight in zip(cuts[1:].tolist(), weights, strict=True):
            self._weight += int(weight)
            rows = self._rows + end - start
            if rows % STEP == 0 and (rows >= GROUP_ROWS or self._weight >= GROUP_BYTES):
                yield self._full(batch.slice(start, end - start))
                start = end
        if start < batch.num_rows:
            self._batches.append(batch.slice(start))
            self._rows += batch.num_rows - start

    def finish(self) -> Iterator[list[pa.RecordBatch]]:
        """What is left."""
        if self._batches:
            yield self._batches

    def _full(self, last: pa.RecordBatch) -> list[pa.RecordBatch]:
        full = [*self._batches, last]
        self._batches, self._rows, self._weight = [], 0, 0
        return full


def joined(pieces: Sequence[pa.Array], field: pa.Field) -> pa.Array | pa.ChunkedArray:
    """A column in one piece, because a Parquet writer's pages end where pieces end. Its dictionary holds what
    occurs."""
    if len(pieces) == 1:
        return compacted(pieces[0], field)
    column = pa.chunked_array(pieces, field.type)
    try:
        return compacted(pa.concat_arrays(column.unify_dictionaries().chunks), field)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # more than 2 GB of text, or types that do not join
        return column


def weights_between(values: pa.Array, cuts: NDArray[np.int64]) -> NDArray[np.int64]:
    """About the bytes that the values between the cuts take: 8 for each, and the text."""
    if pa.types.is_string(values.type) or pa.types.is_binary(values.type):
        offsets = np.frombuffer(values.buffers()[1], np.int32)[values.offset :][cuts]
        if not values.null_count or int(offsets[-1] - offsets[0]) == _text_bytes(values):
            return 8 * np.diff(cuts) + np.diff(offsets)
    parts = zip(cuts[:-1].tolist(), np.diff(cuts).tolist(), strict=True)
    return np.array([weight(values.slice(start, length)) for start, length in parts], np.int64)


def weight(values: pa.Array) -> int:
    """About the bytes that the values take, the same however they are cut."""
    given = values.type
    own = 8 * len(values)
    if pa.types.is_struct(given):
        return own + sum(weight(pc.struct_field(values, [i])) for i in range(given.num_fields))
    if pa.types.is_map(given):
        return own + weight(as_list(values))
    if is_list(given):
        return own + weight(values.flatten())
    if pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_binary(given):
        return own + _text_bytes(values)
    return own


def _text_bytes(values: pa.Array) -> int:
    return pc.sum(pc.binary_length(values)).as_py() or 0
