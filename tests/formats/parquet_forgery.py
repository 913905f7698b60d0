"""Parquet files with things in them that no writer should leave, made by taking a good one apart."""

import io

import pyarrow.parquet as pq

from anonymize.codecs.parquet.footer import (
    MAGIC,
    ColumnChunk,
    ColumnMetaData,
    FileMetaData,
    RowGroup,
    footer_bytes,
    number,
    read_footer,
)
from anonymize.codecs.parquet.pages import PageHeader
from anonymize.codecs.parquet.thrift import I32, Field, read_struct, write_struct


def written(table, **options):
    """The table as the bytes of a file, uncompressed unless asked for."""
    out = io.BytesIO()
    pq.write_table(table, out, **{"compression": "none", **options})
    return out.getvalue()


def only_chunk(data):
    """The metadata of the only chunk of a file of one column and one row group, and its bytes."""
    (group,) = read_footer(data)[FileMetaData.ROW_GROUPS].value.values
    (column,) = group[RowGroup.COLUMNS].value.values
    metadata = column[ColumnChunk.META_DATA].value
    places = (ColumnMetaData.DICTIONARY_PAGE_OFFSET, ColumnMetaData.DATA_PAGE_OFFSET)
    start = min(metadata[place].value for place in places if place in metadata)
    return metadata, data[start : start + metadata[ColumnMetaData.TOTAL_COMPRESSED_SIZE].value]


def pages_of(chunk):
    """The headers and the stored bytes of all pages."""
    pages, position = [], 0
    while position < len(chunk):
        header, end = read_struct(chunk[position:])
        size = header[PageHeader.COMPRESSED_PAGE_SIZE].value
        position += end
        pages.append((header, chunk[position : position + size]))
        position += size
    return pages


def forged(data, change_page=None, change_metadata=None, between=b""):
    """The file with other pages, other metadata of its chunk, or something behind each page."""
    metadata, chunk = only_chunk(data)
    parts = []
    for index, (header, stored) in enumerate(pages_of(chunk)):
        new_header, new = change_page(index, header, stored) if change_page else (header, stored)
        sizes = {PageHeader.COMPRESSED_PAGE_SIZE: Field(I32, len(new))}
        parts.append(
            write_struct({k: v for k, v in (new_header | sizes).items() if k != PageHeader.CRC}) + new + between
        )
    whole = b"".join(parts)
    first = len(parts[0]) if ColumnMetaData.DICTIONARY_PAGE_OFFSET in metadata else 0
    metadata[ColumnMetaData.DATA_PAGE_OFFSET] = number(len(MAGIC) + first)
    metadata[ColumnMetaData.TOTAL_COMPRESSED_SIZE] = number(len(whole))
    metadata[ColumnMetaData.TOTAL_UNCOMPRESSED_SIZE] = number(
        metadata[ColumnMetaData.TOTAL_UNCOMPRESSED_SIZE].value + len(whole)
    )
    if change_metadata:
        change_metadata(metadata)
    footer = read_footer(data)
    (group,) = footer[FileMetaData.ROW_GROUPS].value.values
    group[RowGroup.COLUMNS].value.values[0][ColumnChunk.META_DATA] = Field(12, dict(sorted(metadata.items())))
    return MAGIC + whole + footer_bytes(footer)


def longer(secret, only):
    """Makes pages longer by some bytes behind the last value: those whose index is in `only`."""

    def change(index, header, stored):
        if index not in only:
            return header, stored
        size = header[PageHeader.UNCOMPRESSED_PAGE_SIZE].value
        return header | {PageHeader.UNCOMPRESSED_PAGE_SIZE: Field(I32, size + len(secret))}, stored + secret

    return change
