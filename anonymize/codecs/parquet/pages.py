"""The pages of a column chunk as they are stored.

Specification: apache/parquet-format, README.md (Data Pages) and Compression.md; for zstd frames RFC 8878, 3.1.1.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa

from anonymize.codecs.parquet.hybrid import UnprovenError
from anonymize.codecs.parquet.thrift import (
    FALSE,
    I32,
    STRUCT,
    TRUE,
    Field,
    Struct,
    ThriftError,
    read_struct,
    write_struct,
)

MAX_HEADER = 1 << 16
RLE = 3
DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2 = 0, 2, 3
CODECS = frozenset({"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
"""Codecs whose decompressors tell when bytes are left over, or whose containers are simple enough to check."""


class PageHeader(IntEnum):
    """The struct before each page."""

    TYPE = 1
    UNCOMPRESSED_PAGE_SIZE = 2
    COMPRESSED_PAGE_SIZE = 3
    CRC = 4
    DATA_PAGE_HEADER = 5
    DICTIONARY_PAGE_HEADER = 7
    DATA_PAGE_HEADER_V2 = 8


class Described(IntEnum):
    """Fields that the headers of data and dictionary pages share."""

    NUM_VALUES = 1
    ENCODING = 2
    DEFINITION_LEVEL_ENCODING = 3


class DescribedV2(IntEnum):
    """The header of a data page of version 2."""

    NUM_VALUES = 1
    NUM_NULLS = 2
    NUM_ROWS = 3
    ENCODING = 4
    DEFINITION_LEVELS_BYTE_LENGTH = 5
    REPETITION_LEVELS_BYTE_LENGTH = 6
    IS_COMPRESSED = 7


_KNOWN = {
    DATA_PAGE: (PageHeader.DATA_PAGE_HEADER, frozenset(range(1, 5))),
    DICTIONARY_PAGE: (PageHeader.DICTIONARY_PAGE_HEADER, frozenset(range(1, 4))),
    DATA_PAGE_V2: (PageHeader.DATA_PAGE_HEADER_V2, frozenset(range(1, 8))),
}
"""For each kind of page, its own header and the fields of it that are written again: all but statistics."""
STATISTICS, STATISTICS_V2 = 5, 8


@dataclass(frozen=True)
class StoredPage:
    """A page: a header written anew, and its bytes as they are stored."""

    kind: int
    header: Struct
    """What all pages have: sizes and a checksum."""
    described: Struct
    """What its kind has."""
    stored: memoryview
    claimed: Field | None = None
    """The statistics of the header that was read. They are written only where `described` holds them."""

    @property
    def values(self) -> int:
        """How many values it holds, nulls included."""
        return _count(self.described, Described.NUM_VALUES)

    @property
    def encoding(self) -> int:
        """How the values are written."""
        place = DescribedV2.ENCODING if self.kind == DATA_PAGE_V2 else Described.ENCODING
        return _count(self.described, place)

    @property
    def expanded(self) -> int:
        """Its bytes without compression."""
        return _count(self.header, PageHeader.UNCOMPRESSED_PAGE_SIZE)

    def header_bytes(self) -> bytes:
        """The header as it is written again: nothing in it but sizes, kinds and a checksum."""
        return write_struct(self.header | {_KNOWN[self.kind][0]: Field(STRUCT, self.described)})

    def with_statistics(self) -> "StoredPage":
        """The page with the statistics that it claimed."""
        place = STATISTICS_V2 if self.kind == DATA_PAGE_V2 else STATISTICS
        return self if self.claimed is None else replace(self, described=self.described | {place: self.claimed})


@dataclass(frozen=True)
class Content:
    """What a page holds, apart."""

    levels: bytes
    """Definition levels in the hybrid encoding."""
    values: memoryview


def stored_pages(data: memoryview) -> Iterator[StoredPage]:
    """The pages of a chunk. Raises UnprovenError if they do not fill it from end to end."""
    position = 0
    while position < len(data):
        try:
            header, end = read_struct(bytes(data[position : position + MAX_HEADER]))
        except ThriftError:
            raise UnprovenError from None
        size = _count(header, PageHeader.COMPRESSED_PAGE_SIZE)
        position += end + size
        if position > len(data):
            raise UnprovenError
        yield _page(header, data[position - size : position])


def _page(header: Struct, stored: memoryview) -> StoredPage:
    kind = _count(header, PageHeader.TYPE)
    if kind not in _KNOWN:
        raise UnprovenError
    place, known = _KNOWN[kind]
    if place not in header or header[place].kind != STRUCT:
        raise UnprovenError
    given = header[place].value
    described = {key: field for key, field in given.items() if key in known}
    if any(field.kind not in {TRUE, FALSE, I32} for field in described.values()):
        raise UnprovenError
    checksum = Field(I32, int(np.uint32(zlib.crc32(stored)).astype(np.int32)))
    if header.get(PageHeader.CRC, checksum) != checksum:
        raise UnprovenError
    plain = (PageHeader.TYPE, PageHeader.UNCOMPRESSED_PAGE_SIZE, PageHeader.COMPRESSED_PAGE_SIZE)
    made: Struct = {key: Field(I32, _count(header, key)) for key in plain}
    claimed = given.get(STATISTICS_V2 if kind == DATA_PAGE_V2 else STATISTICS)
    is_struct = claimed is not None and claimed.kind == STRUCT and kind != DICTIONARY_PAGE
    return StoredPage(kind, made | {PageHeader.CRC: checksum}, described, stored, claimed if is_struct else None)


def _count(struct: Struct, place: int) -> int:
    field = struct.get(place)
    if field is None or field.kind != I32 or field.value < 0:
        raise UnprovenError
    return int(field.value)


def content(page: StoredPage, codec: str, nullable: bool) -> Content:
    """A page decompressed and taken apart."""
    if page.kind == DATA_PAGE_V2:
        return _content_v2(page, codec)
    data = _decompressed(page.stored, page.expanded, codec)
    if page.kind == DICTIONARY_PAGE or not nullable:
        return Content(b"", data)
    if _count(page.described, Described.DEFINITION_LEVEL_ENCODING) != RLE or len(data) < 4:
        raise UnprovenError
    end = 4 + int.from_bytes(data[:4], "little")
    if end > len(data):
        raise UnprovenError
    return Content(bytes(data[4:end]), data[end:])


def _content_v2(page: StoredPage, codec: str) -> Content:
    """Levels stand before the compressed part."""
    length = _count(page.described, DescribedV2.DEFINITION_LEVELS_BYTE_LENGTH)
    if _count(page.described, DescribedV2.REPETITION_LEVELS_BYTE_LENGTH) or length > len(page.stored):
        raise UnprovenError
    flag = page.described.get(DescribedV2.IS_COMPRESSED)
    codec = codec if flag is None or flag.value else "UNCOMPRESSED"
    values = _decompressed(page.stored[length:], page.expanded - length, codec)
    return Content(bytes(page.stored[:length]), values)


def _decompressed(data: memoryview, size: int, codec: str) -> memoryview:
    """The bytes that the stored ones stand for, if nothing is hidden between or behind them."""
    if codec == "UNCOMPRESSED":
        if len(data) != size:
            raise UnprovenError
        return data
    if size < 0 or not _CONTAINERS[codec](data):
        raise UnprovenError
    try:
        return memoryview(pa.Codec(codec.lower()).decompress(pa.py_buffer(data), size)).cast("B")
    except (OSError, ValueError, pa.ArrowException):
        raise UnprovenError from None


def _is_one_frame(data: memoryview) -> bool:
    """Whether a zstd frame fills the data: a decompressor would skip frames that hold anything at all."""
    if len(data) < 6 or bytes(data[:4]) != b"\x28\xb5\x2f\xfd":
        return False
    descriptor = data[4]
    single = descriptor >> 5 & 1
    position = 6 - single + (0, 1, 2, 4)[descriptor & 3] + (single, 2, 4, 8)[descriptor >> 6]
    last = 0
    while not last and position + 3 <= len(data):
        block = int.from_bytes(data[position : position + 3], "little")
        last = block & 1
        position += 3 + (1 if block >> 1 & 3 == 1 else block >> 3)
    return bool(last) and position + 4 * (descriptor >> 2 & 1) == len(data)


_CONTAINERS: dict[str, Any] = {
    "SNAPPY": bool,  # the decompressor refuses what is left over
    "GZIP": lambda data: len(data) > 3 and data[3] == 0,  # a header without a name or a comment (RFC 1952)
    "ZSTD": _is_one_frame,
}
