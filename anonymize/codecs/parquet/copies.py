"""Column chunks of the source as chunks of the output: pages are copied, what describes them is made anew."""

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.codecs.parquet.chunks import Chunk
from anonymize.codecs.parquet.footer import ColumnMetaData, SizeStatistics, Statistics, number
from anonymize.codecs.parquet.pages import DICTIONARY_PAGE
from anonymize.codecs.parquet.proof import Proven
from anonymize.codecs.parquet.thrift import I32, I64, LIST, STRUCT, Field, Items, Struct

RLE = 3
_STAY = (ColumnMetaData.TYPE, ColumnMetaData.PATH_IN_SCHEMA, ColumnMetaData.CODEC)


def ends_of(proven: Proven) -> pa.Array:
    """The least and the greatest value, or nulls if there is none."""
    array = proven.array
    values = array.dictionary if pa.types.is_dictionary(array.type) else array
    ends = pc.min_max(values)
    return pa.concat_arrays([pa.repeat(ends["min"], 1), pa.repeat(ends["max"], 1)])


def copy_of(proven: Proven, like: Struct) -> Chunk:
    """The copy. `like` is the metadata of a chunk of the same column that holds only the ends."""
    pages = [(page.header_bytes(), page.stored) for page in proven.pages]
    first = proven.pages[0].kind == DICTIONARY_PAGE
    places = {ColumnMetaData.DATA_PAGE_OFFSET: number(sum(map(len, pages[0])) if first else 0)}
    if first:
        places[ColumnMetaData.DICTIONARY_PAGE_OFFSET] = number(0)
    expanded = sum(page.expanded + len(header) for page, (header, _) in zip(proven.pages, pages, strict=True))
    fields: Struct = {key: like[key] for key in _STAY}
    fields |= places | _encodings(proven) | _statistics(proven, like)
    fields |= {
        ColumnMetaData.NUM_VALUES: number(len(proven.array)),
        ColumnMetaData.TOTAL_UNCOMPRESSED_SIZE: number(expanded),
        ColumnMetaData.TOTAL_COMPRESSED_SIZE: number(sum(len(part) for page in pages for part in page)),
    }
    return Chunk(dict(sorted(fields.items())), 0, tuple(part for page in pages for part in page))


def _encodings(proven: Proven) -> Struct:
    """The encodings that occur, levels included, and how many pages have each."""
    kinds = Counter((page.kind, page.encoding) for page in proven.pages)
    ordered = sorted(kinds, key=lambda kind: (kind[0] != DICTIONARY_PAGE, *kind))
    counted: list[Struct] = [{1: Field(I32, k), 2: Field(I32, e), 3: Field(I32, kinds[k, e])} for k, e in ordered]
    return {
        ColumnMetaData.ENCODINGS: Field(LIST, Items(I32, sorted({RLE, *(encoding for _, encoding in kinds)}))),
        ColumnMetaData.ENCODING_STATS: Field(LIST, Items(STRUCT, counted)),
    }


def _statistics(proven: Proven, like: Struct) -> Struct:
    """Those of the ends, with the counts of the whole."""
    array = proven.array
    values = like[ColumnMetaData.STATISTICS].value | {Statistics.NULL_COUNT: number(array.null_count)}
    found: Struct = {ColumnMetaData.STATISTICS: Field(STRUCT, dict(sorted(values.items())))}
    if ColumnMetaData.SIZE_STATISTICS in like:
        sizes = _sizes(array, like[ColumnMetaData.SIZE_STATISTICS].value)
        found[ColumnMetaData.SIZE_STATISTICS] = Field(STRUCT, sizes)
    return found


def _sizes(array: pa.Array, like: Struct) -> Struct:
    """The bytes of all texts, and how many values are null and how many are not."""
    sizes = dict(like)
    if SizeStatistics.UNENCODED_BYTES in like:
        sizes[SizeStatistics.UNENCODED_BYTES] = number(_text_bytes(array))
    histogram = like.get(SizeStatistics.DEFINITION_LEVELS)
    if histogram is not None and len(histogram.value.values) == 2:
        counts = [array.null_count, len(array) - array.null_count]
        sizes[SizeStatistics.DEFINITION_LEVELS] = Field(LIST, Items(I64, counts))
    return sizes


def _text_bytes(array: pa.Array) -> int:
    if pa.types.is_dictionary(array.type):
        lengths = pc.binary_length(array.dictionary).take(array.indices)
    else:
        lengths = pc.binary_length(array)
    return pc.sum(lengths).as_py() or 0
