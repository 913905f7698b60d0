"""Untouched columns are copied as bytes, and nothing comes through that is not a value of their rows."""

import contextlib
import io

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize.codecs.parquet import copier
from anonymize.codecs.parquet.footer import ColumnMetaData
from anonymize.codecs.parquet.pages import PageHeader
from anonymize.codecs.parquet.thrift import BINARY, I64, LIST, STRUCT, Field, Items
from anonymize.codecs.streams.files import PathFile
from anonymize.core.errors import DataError
from anonymize.core.format import Edit
from anonymize.formats.parquet import Parquet
from tests.formats.parquet_forgery import forged, longer, only_chunk, pages_of, written
from tests.formats.parquet_tables import ROWS, SECRET, cycle, everything, reread
from tests.formats.rewriting import layout_of, rewritten

COLUMNS = {
    "text": cycle(["", None, "Zoë", "北京"], pa.string()),
    "unique": pa.array([f"person {i}" for i in range(ROWS)]),
    "large": cycle(["", None, "Zoë"], pa.large_string()),
    "bytes": cycle([b"", None, b"\xff\x00"], pa.binary()),
    "category": cycle(["a", None, "b"], pa.string()).dictionary_encode(),
    "nulls": pa.nulls(ROWS, pa.string()),
    "runs": pa.array(["x"] * 700 + [f"y{i % 3}" for i in range(600)] + ["z"] * (ROWS - 1300)),
}
VARIANTS = (
    {"compression": "none"},
    {"compression": "snappy"},
    {"compression": "gzip"},
    {"compression": "zstd"},
    {"compression": "zstd", "data_page_version": "2.0"},
    {"compression": "none", "data_page_version": "2.0"},
    {"compression": "snappy", "use_dictionary": False},
    {"compression": "none", "write_statistics": False},
    {"compression": "zstd", "dictionary_pagesize_limit": 512},
    {"compression": "zstd", "store_schema": False},
)


@pytest.fixture(autouse=True)
def _small_row_groups(monkeypatch):
    monkeypatch.setattr(copier, "FEWEST_ROWS", 1)


def source_of(tmp_path, data):
    path = tmp_path / "in.parquet"
    path.write_bytes(data)
    return Parquet().source(PathFile(path))


def bodies(data):
    """The stored bytes of each page of the only chunk."""
    return [stored for _, stored in pages_of(only_chunk(data)[1])]


@pytest.mark.parametrize("options", VARIANTS, ids=lambda options: "-".join(map(str, options.values())))
@pytest.mark.parametrize("name", COLUMNS)
def test_a_copied_chunk_is_the_source_s_bytes(tmp_path, name, options):
    """Whatever the codec, the version of the pages and the dictionary. Pages smaller than ours show that they are
    copies; readers of three kinds find the same values, and the statistics are right."""
    table = pa.table({"column": COLUMNS[name]})
    data = written(table, data_page_size=200, max_rows_per_page=300, write_page_checksum=True, **options)
    found = rewritten(source_of(tmp_path, data), Parquet())
    assert only_chunk(data)[1] == only_chunk(found)[1]
    assert reread(found).read().equals(pq.read_table(io.BytesIO(data)))
    assert pl.read_parquet(found)["column"].to_list() == table["column"].to_pylist()
    (tmp_path / "out.parquet").write_bytes(found)
    rows = duckdb.read_parquet(f"{tmp_path}/out.parquet").fetchall()
    assert [row[0] for row in rows] == table["column"].to_pylist()
    statistics = reread(found).metadata.row_group(0).column(0).statistics
    expected = pq.ParquetFile(io.BytesIO(written(table))).metadata.row_group(0).column(0).statistics
    assert (statistics.null_count, statistics.has_min_max) == (expected.null_count, expected.has_min_max)
    assert not expected.has_min_max or (statistics.min, statistics.max) == (expected.min, expected.max)


def test_pages_without_a_checksum_get_one(tmp_path):
    """Damage that comes later can be told."""
    data = written(pa.table({"column": COLUMNS["text"]}), data_page_size=200, max_rows_per_page=300)
    found = rewritten(source_of(tmp_path, data), Parquet())
    assert bodies(data) == bodies(found)
    assert [PageHeader.CRC in header for header, _ in pages_of(only_chunk(data)[1])] == [False] * 8
    assert [PageHeader.CRC in header for header, _ in pages_of(only_chunk(found)[1])] == [True] * 8


def test_copies_stand_beside_changed_dropped_and_nested_columns(tmp_path):
    """In the order of the schema, with everything that the table says of itself."""
    table = everything()
    source = source_of(tmp_path, written(table, row_group_size=700, compression="zstd"))
    layout = layout_of(source, {"text": pa.string()}, {"int"})
    found = reread(
        rewritten(source, Parquet(), layout, lambda page: Edit({"text": pa.nulls(page.rows, pa.string())}))
    )
    expected = table.drop_columns(["int", "double"]).to_pydict() | {"text": [None] * ROWS}
    assert found.read().drop_columns("double").to_pydict() == expected
    assert found.schema_arrow.names == [name for name in table.schema.names if name != "int"]
    assert found.schema_arrow.metadata[b"title"] == b"people"
    assert [found.metadata.row_group(i).num_rows for i in range(3)] == [700, 700, 600]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_files_of_others_come_out_whole(tmp_path, engine):
    """Copied or not, each value is there for each reader."""
    frame = pl.DataFrame(
        {name: values.to_pylist() for name, values in COLUMNS.items() if name not in {"bytes", "nulls"}}
    )
    path = tmp_path / "in.parquet"
    if engine == "polars":
        frame.write_parquet(path, row_group_size=700)
    else:
        frame.write_parquet(tmp_path / "given.parquet")
        duckdb.sql(f"COPY (FROM '{tmp_path}/given.parquet') TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    found = rewritten(Parquet().source(PathFile(path)), Parquet())
    assert pl.read_parquet(found).equals(frame)
    assert reread(found).read().equals(pq.read_table(path))


def rewrites(tmp_path, data):
    """The bytes that become of a file; none if it is refused."""
    with contextlib.suppress(DataError):
        return rewritten(source_of(tmp_path, data), Parquet())
    return b""


CANARY = SECRET.encode()


def table_of(*values):
    return pa.table({"column": cycle(list(values), pa.string())})


@pytest.mark.matrix("P2")
@pytest.mark.parametrize("store_schema", [True, False])
@pytest.mark.parametrize("category", [True, False])
def test_a_dictionary_value_that_no_row_has_does_not_come_through(tmp_path, category, store_schema):
    """Neither for text nor for categories, whose type stays."""
    column = pa.DictionaryArray.from_arrays(cycle([0, None, 2], pa.int8()), ["a", SECRET, "b"])
    data = written(pa.table({"column": column}), store_schema=store_schema)
    assert CANARY in data
    found = rewrites(tmp_path, data)
    assert CANARY not in found
    assert reread(found).read()["column"].to_pylist() == column.to_pylist()
    assert reread(found).schema_arrow.field("column").type == pq.read_schema(io.BytesIO(data)).field("column").type


@pytest.mark.matrix("P6")
@pytest.mark.parametrize(
    ("options", "page"),
    [
        ({}, 0),
        ({}, 1),
        ({"use_dictionary": False}, 0),
        ({"use_dictionary": False, "data_page_version": "2.0"}, 0),
        ({"data_page_version": "2.0"}, 1),
    ],
)
@pytest.mark.parametrize("values", [("a", "bc"), ("a", None, "bc")])
def test_bytes_behind_the_last_value_of_a_page_do_not_come_through(tmp_path, options, page, values):
    """In dictionaries, indices and plain pages of both versions."""
    data = forged(written(table_of(*values), **options), longer(CANARY, {page}))
    assert CANARY in data
    found = rewrites(tmp_path, data)
    assert CANARY not in found
    assert reread(found).read().equals(table_of(*values))


@pytest.mark.matrix("P6")
def test_bytes_between_pages_do_not_come_through(tmp_path):
    """Such a file is refused, or its values are encoded anew."""
    data = forged(written(table_of("a", "bc")), between=CANARY)
    assert CANARY in data
    assert CANARY not in rewrites(tmp_path, data)


def test_a_frame_that_decompressors_skip_does_not_come_through(tmp_path):
    """zstd allows any bytes in a skippable frame (RFC 8878, 3.1.2)."""
    frame = b"\x50\x2a\x4d\x18" + len(CANARY).to_bytes(4, "little") + CANARY
    data = forged(
        written(table_of("a", "bc"), compression="zstd"), lambda _, header, stored: (header, stored + frame)
    )
    assert CANARY in data
    found = rewrites(tmp_path, data)
    assert CANARY not in found
    assert reread(found).read().equals(table_of("a", "bc"))


@pytest.mark.matrix("P6")
def test_statistics_and_metadata_of_pages_and_chunks_do_not_come_through(tmp_path):
    """Statistics are made anew from the values; what writers add to chunks and headers goes."""
    stale = Field(STRUCT, {5: Field(BINARY, CANARY), 6: Field(BINARY, CANARY)})

    def header_with_statistics(_, header, stored):
        place = PageHeader.DATA_PAGE_HEADER
        if place in header:
            header = header | {place: Field(STRUCT, header[place].value | {5: stale}), 40: Field(BINARY, CANARY)}
        return header, stored

    def metadata_with_more(metadata):
        pair = {1: Field(BINARY, CANARY), 2: Field(BINARY, CANARY)}
        metadata[8] = Field(LIST, Items(STRUCT, [pair]))
        metadata[ColumnMetaData.STATISTICS] = stale
        metadata[ColumnMetaData.BLOOM_FILTER_OFFSET] = Field(I64, 4)

    data = forged(written(table_of("a", "bc"), data_page_size=200), header_with_statistics, metadata_with_more)
    assert data.count(CANARY) >= 5
    found = rewrites(tmp_path, data)
    assert CANARY not in found
    assert [stored for _, stored in pages_of(only_chunk(found)[1])] == [
        s for _, s in pages_of(only_chunk(data)[1])
    ]
    statistics = reread(found).metadata.row_group(0).column(0).statistics
    assert (statistics.min, statistics.max, statistics.null_count) == ("a", "bc", 0)


@pytest.mark.matrix("P6")
def test_dropped_rows_and_columns_do_not_come_through(tmp_path):
    """Where a row goes, no column is copied."""
    table = pa.table({"gone": cycle([SECRET], pa.string()), "column": cycle(["a", SECRET], pa.string())})
    source = source_of(tmp_path, written(table))
    edit = Edit(kept=np.arange(ROWS) % 2 == 0)
    found = rewritten(source, Parquet(), layout_of(source, {}, {"gone"}), lambda page: edit)
    assert CANARY not in found
    assert reread(found).read().to_pydict() == {"column": ["a"] * (ROWS // 2)}


@pytest.mark.matrix("P5")
def test_a_hostile_page_header_costs_no_memory(tmp_path):
    """Sizes that nothing bears out are refused or not believed."""
    huge = Field(5, 2**31 - 1)
    for place in (PageHeader.UNCOMPRESSED_PAGE_SIZE, PageHeader.COMPRESSED_PAGE_SIZE):
        data = forged(
            written(table_of("a"), compression="zstd"), lambda _, h, s, place=place: (h | {place: huge}, s)
        )
        found = rewrites(tmp_path, data)
        assert not found or reread(found).read().equals(table_of("a"))
    claims = Field(STRUCT, {1: huge, 2: Field(5, 0)})
    place = PageHeader.DICTIONARY_PAGE_HEADER
    data = forged(written(table_of("a")), lambda _, h, s: (h | {place: claims} if place in h else h, s))
    found = rewrites(tmp_path, data)
    assert not found or reread(found).read().equals(table_of("a"))
