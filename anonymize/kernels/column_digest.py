"""Digests of columns that do not depend on how the rows are cut, typed or stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, text_buffers, to_numpy
from anonymize.kernels.text.spelling import spell

NULL = -1
STEP = 1 << 20
LITTLE = np.dtype("<i4")


@dataclass(frozen=True)
class Extract:
    """What some rows of a column hand to its digest."""

    lengths: NDArray[np.int32]
    """Bytes of each value; -1 for null."""
    data: memoryview = field(repr=False)
    """The values, one behind the other, in UTF-8."""
    counts: NDArray[np.int32] | None = None
    """Values in each row, for a column of lists."""


def extract(
    values: pa.Array, parents: NDArray[np.int64] | None, rows: int, kept: NDArray[np.bool_] | None
) -> Extract:
    """The extract of a page's column: of the rows that are kept, if they are not all."""
    counts = None if parents is None else np.bincount(parents, minlength=rows).astype(LITTLE)
    told = spell(values)
    if kept is not None:
        told = told.filter(from_numpy(kept if parents is None else kept[parents]))
        counts = None if counts is None else counts[kept]
    present = told.drop_null() if told.null_count else told
    offsets, data = text_buffers(present)
    sizes = np.diff(offsets).astype(LITTLE, copy=False) if len(present) else np.zeros(0, LITTLE)
    lengths = sizes
    if told.null_count:
        lengths = np.full(len(told), NULL, LITTLE)
        lengths[to_numpy(told.is_valid())] = sizes
    return Extract(lengths, data[offsets[0] : offsets[-1]].data, counts)


class ColumnDigest:
    """SHA-256 over the SHA-256 digests of all lengths (4 bytes each, little-endian), of all bytes, and for a
    column of lists of how many values each row has (4 bytes each)."""

    def __init__(self, of_lists: bool) -> None:
        self._lengths, self._data = sha256(), sha256()
        self._counts = sha256() if of_lists else None

    def add(self, piece: Extract) -> None:
        """The next rows."""
        self._lengths.update(np.ascontiguousarray(piece.lengths).data)
        self._data.update(piece.data)
        if self._counts is not None and piece.counts is not None:
            self._counts.update(np.ascontiguousarray(piece.counts).data)

    def add_missing(self, rows: int) -> None:
        """Rows that lack the column: null, or no values."""
        missing, value = (self._lengths, NULL) if self._counts is None else (self._counts, 0)
        for size in _steps(rows):
            missing.update(np.full(size, value, LITTLE).data)

    def hexdigest(self) -> str:
        parts = [self._lengths, self._data, *([self._counts] if self._counts is not None else [])]
        return sha256(b"".join(part.digest() for part in parts)).hexdigest()


class ColumnDigests:
    """The digests of several columns, fed page by page, in order. A column may turn up late."""

    def __init__(self) -> None:
        self.rows = 0
        self._digests: dict[str, ColumnDigest] = {}

    def add(self, rows: int, pieces: Mapping[str, Extract]) -> None:
        """The next rows; columns that are not among the pieces are missing there."""
        for name in pieces:
            if name not in self._digests:
                self._digests[name] = ColumnDigest(of_lists="[*]" in name)
                self._digests[name].add_missing(self.rows)
        for name, digest in self._digests.items():
            if name in pieces:
                digest.add(pieces[name])
            else:
                digest.add_missing(rows)
        self.rows += rows

    def hexdigests(self) -> dict[str, str]:
        """The digest of each column."""
        return {name: digest.hexdigest() for name, digest in self._digests.items()}


def _steps(rows: int) -> Iterator[int]:
    """The rows in portions."""
    return (min(STEP, rows - start) for start in range(0, rows, STEP))
