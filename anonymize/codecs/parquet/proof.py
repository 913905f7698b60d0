"""Proves that a stored column chunk holds nothing but the values of its rows.

A chunk may carry more: a dictionary with values of rows that were removed, bytes between pages or behind the last
value of one, a frame that decompressors skip. So its pages are taken apart and accounted for to the last byte.
Only the bits that pad the last of eight packed numbers may be anything.

Specification: apache/parquet-format, Encodings.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.parquet.file import ParquetInput
from anonymize.codecs.parquet.hybrid import UnprovenError, count_ones, numbers
from anonymize.codecs.parquet.page_statistics import are_right
from anonymize.codecs.parquet.pages import CODECS, DICTIONARY_PAGE, StoredPage, content, stored_pages
from anonymize.kernels.arrays import from_numpy, is_text, to_numpy

PLAIN, PLAIN_DICTIONARY, RLE_DICTIONARY = 0, 2, 8
_INDICES = frozenset({PLAIN_DICTIONARY, RLE_DICTIONARY})


@dataclass(frozen=True)
class Stored:
    """A chunk as it is stored, not yet proven."""

    name: str
    nullable: bool
    codec: str
    pages: Sequence[StoredPage]

    @property
    def is_dictionary(self) -> bool:
        """Whether all its pages refer to a dictionary of texts."""
        is_first = self.pages[0].kind == DICTIONARY_PAGE
        return is_first and all(page.encoding in _INDICES for page in self.pages[1:])


@dataclass(frozen=True)
class Proven:
    """The pages of a chunk that may be copied, and its values."""

    pages: Sequence[StoredPage]
    array: pa.Array
    """A dictionary array if all pages refer to a dictionary of texts."""


def stored(source: ParquetInput, group: int, leaf: int, field: pa.Field) -> Stored:
    """A chunk of a column of texts. Raises UnprovenError if it is nothing that can be proven.

    Numbers are not: to prove what their pages hold takes as long as to encode them.
    """
    column = source.metadata.schema.column(leaf)
    chunk = source.metadata.row_group(group).column(leaf)
    if chunk.compression not in CODECS or chunk.file_path or not _is_text(field.type):
        raise UnprovenError
    pages = list(stored_pages(_bytes_of(source, chunk)))
    found = Stored(field.name, column.max_definition_level == 1, chunk.compression, pages)
    if sum(page.expanded for page in pages) > chunk.total_uncompressed_size:
        raise UnprovenError
    return found


def proven(given: Stored, array: pa.Array) -> Proven:
    """The chunk, if it holds these values and nothing else. Raises UnprovenError if not."""
    if pa.types.is_dictionary(array.type) and not given.is_dictionary:
        array = array.dictionary_decode()
    proof = _Proof(given.nullable, given.codec, array)
    return Proven(list(proof.checked(given.pages)), array)


def _is_text(given: pa.DataType) -> bool:
    if pa.types.is_dictionary(given):
        given = given.value_type
    return is_text(given) or bool(pa.types.is_binary(given) or pa.types.is_large_binary(given))


def _bytes_of(source: ParquetInput, chunk: Any) -> memoryview:
    start = chunk.data_page_offset
    if chunk.has_dictionary_page:
        start = min(start, chunk.dictionary_page_offset)
    size = chunk.total_compressed_size
    if start < 4 or size <= 0 or start + size > source.stream.size():
        raise UnprovenError
    return memoryview(source.stream.read_at(size, start))


@dataclass
class _Proof:
    """Accounts for every byte of the pages by the values that the library decodes."""

    nullable: bool
    codec: str
    array: pa.Array
    sizes: Any = None
    """The bytes that each entry of the dictionary takes; 0 for what no row refers to."""

    def checked(self, pages: Sequence[StoredPage]) -> Iterator[StoredPage]:
        """The pages, with such statistics as are right. Raises UnprovenError if anything is left over."""
        dictionary, data = pages[:1], pages[1:]
        if pages[0].kind != DICTIONARY_PAGE:
            dictionary, data = [], pages
        for page in dictionary:
            if page.values > page.expanded:
                raise UnprovenError
            self.sizes = np.zeros(page.values, np.int64)
            yield page
        row = 0
        for page in data:
            yield self._data(page, self.array.slice(row, page.values))
            row += page.values
        if row != len(self.array):
            raise UnprovenError
        for page in dictionary:
            self._dictionary(page)

    def _data(self, page: StoredPage, rows: pa.Array) -> StoredPage:
        held = content(page, self.codec, self.nullable)
        if page.kind == DICTIONARY_PAGE or len(rows) != page.values or (len(held.levels) and not self.nullable):
            raise UnprovenError
        count = len(rows) - rows.null_count
        if self.nullable and count_ones(held.levels, len(rows)) != count:
            raise UnprovenError
        if page.encoding in _INDICES and self.sizes is not None:
            rows = self._indices(held.values, rows, count)
        elif page.encoding != PLAIN or len(held.values) != int(self._sizes(rows).sum()):
            raise UnprovenError
        claimed = page.claimed
        if claimed is None or not are_right(claimed.value, rows, page.values - count):
            return page
        return page.with_statistics()

    def _indices(self, data: memoryview, rows: pa.Array, count: int) -> pa.Array:
        """Note which entries are used; the values that occur, without the dictionary."""
        if not count and len(data) <= 1:
            return rows.slice(0, 0)
        if not len(data):
            raise UnprovenError
        indices = numbers(bytes(data[1:]), data[0], count)
        if count and int(indices.max()) >= len(self.sizes):
            raise UnprovenError
        if not pa.types.is_dictionary(rows.type):
            self.sizes[indices] = self._sizes(rows)
            return rows
        used = np.zeros(len(self.sizes), bool)
        used[indices] = True
        self.sizes[used] = 1
        return rows.dictionary.filter(from_numpy(used))

    def _dictionary(self, page: StoredPage) -> None:
        """All entries are used, and they fill the page."""
        size = self.sizes.sum()
        if pa.types.is_dictionary(self.array.type):
            if len(self.array.dictionary) != page.values:
                raise UnprovenError
            size = self._sizes(self.array.dictionary).sum()
        is_plain = page.encoding in {PLAIN, PLAIN_DICTIONARY}
        if not is_plain or not self.sizes.all() or size != len(content(page, self.codec, False).values):
            raise UnprovenError

    def _sizes(self, rows: pa.Array) -> NDArray[np.int64]:
        """The bytes that each value takes in the PLAIN encoding, nulls aside."""
        if pa.types.is_dictionary(rows.type):
            raise UnprovenError
        lengths = pc.binary_length(rows.drop_null() if rows.null_count else rows)
        return to_numpy(lengths).astype(np.int64) + 4
