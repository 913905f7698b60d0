"""The footer of a Parquet file: which fields of its structs are counted, measured or placed.

Specification: apache/parquet-format, src/main/thrift/parquet.thrift and README.md (File format).
"""

from enum import IntEnum

from anonymize.codecs.parquet.thrift import I64, Field, Struct, read_struct, write_struct

MAGIC = b"PAR1"
TAIL = 8  # the footer's length in four bytes, and the magic once more


class FileMetaData(IntEnum):
    """The struct at the end of a file."""

    SCHEMA = 2
    NUM_ROWS = 3
    ROW_GROUPS = 4


class RowGroup(IntEnum):
    """The column chunks of some rows."""

    COLUMNS = 1
    TOTAL_BYTE_SIZE = 2
    NUM_ROWS = 3
    FILE_OFFSET = 5
    TOTAL_COMPRESSED_SIZE = 6


class ColumnChunk(IntEnum):
    """Where a chunk and its page index are."""

    FILE_OFFSET = 2
    META_DATA = 3
    OFFSET_INDEX_OFFSET = 4
    OFFSET_INDEX_LENGTH = 5
    COLUMN_INDEX_OFFSET = 6
    COLUMN_INDEX_LENGTH = 7


class ColumnMetaData(IntEnum):
    """What a chunk holds."""

    TYPE = 1
    ENCODINGS = 2
    PATH_IN_SCHEMA = 3
    CODEC = 4
    NUM_VALUES = 5
    TOTAL_UNCOMPRESSED_SIZE = 6
    TOTAL_COMPRESSED_SIZE = 7
    DATA_PAGE_OFFSET = 9
    INDEX_PAGE_OFFSET = 10
    DICTIONARY_PAGE_OFFSET = 11
    STATISTICS = 12
    ENCODING_STATS = 13
    BLOOM_FILTER_OFFSET = 14
    SIZE_STATISTICS = 16


class Statistics(IntEnum):
    """What is known of the values of a chunk."""

    MAX = 1
    MIN = 2
    NULL_COUNT = 3
    MAX_VALUE = 5
    MIN_VALUE = 6
    IS_MAX_EXACT = 7
    IS_MIN_EXACT = 8


class SizeStatistics(IntEnum):
    """How large the values of a chunk are."""

    UNENCODED_BYTES = 1
    DEFINITION_LEVELS = 3


class OffsetIndex(IntEnum):
    """Where the pages of a chunk are."""

    PAGE_LOCATIONS = 1


class PageLocation(IntEnum):
    """Where a page is."""

    OFFSET = 1


PLACES = (
    ColumnMetaData.DATA_PAGE_OFFSET,
    ColumnMetaData.INDEX_PAGE_OFFSET,
    ColumnMetaData.DICTIONARY_PAGE_OFFSET,
    ColumnMetaData.BLOOM_FILTER_OFFSET,
)


def read_footer(file: bytes | memoryview) -> Struct:
    """The footer of a whole file. Raises ThriftError if it is none."""
    length = int.from_bytes(file[-TAIL:-4], "little")
    metadata, _ = read_struct(bytes(file[max(len(file) - TAIL - length, 0) : -TAIL]))
    return metadata


def footer_bytes(metadata: Struct) -> bytes:
    """What stands behind the last page."""
    data = write_struct(metadata)
    return data + len(data).to_bytes(4, "little") + MAGIC


def moved_metadata(metadata: Struct, distance: int) -> Struct:
    """A chunk's ColumnMetaData, so many bytes further back in the file."""
    return metadata | {place: number(metadata[place].value + distance) for place in PLACES if place in metadata}


def moved_offset_index(index: Struct, distance: int) -> Struct:
    """An OffsetIndex whose pages are so many bytes further back."""
    kind, given = index[OffsetIndex.PAGE_LOCATIONS]
    place = PageLocation.OFFSET
    pages = [page | {place: number(page[place].value + distance)} for page in given.values]
    return index | {OffsetIndex.PAGE_LOCATIONS: Field(kind, given._replace(values=pages))}


def number(value: int) -> Field:
    """A 64-bit field."""
    return Field(I64, value)
