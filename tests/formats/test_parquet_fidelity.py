"""Parquet comes out as it went in: types, metadata, row groups, compression and physical layout."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize.core.errors import DataError
from anonymize.core.format import Edit
from anonymize.formats.parquet import Parquet
from tests.formats.parquet_tables import TIME, cycle, everything, reread, saved
from tests.formats.rewriting import layout_of, rewritten


@pytest.mark.matrix("P3")
@pytest.mark.parametrize("compliant", [True, False])
def test_untouched_columns_of_all_types_stay(tmp_path, compliant):
    """Values, types, metadata and row groups are those of the input."""
    table = everything()
    file = saved(tmp_path, table, row_group_size=700, use_compliant_nested_type=compliant)
    given = pq.ParquetFile(file.path)
    found = reread(rewritten(Parquet().source(file), Parquet()))
    assert found.schema_arrow.equals(given.schema_arrow, check_metadata=True)
    assert found.schema.equals(given.schema)
    assert found.read().drop_columns("double").equals(table.drop_columns("double"))
    assert str(found.read()["double"].to_pylist()) == str(table["double"].to_pylist())
    assert [found.metadata.row_group(i).num_rows for i in range(3)] == [700, 700, 600]


def test_compression_is_kept_for_each_column_and_each_page_has_a_checksum(tmp_path):
    """Also where the columns of one file, or parts of one column, differ in it."""
    table = everything().select(["int", "text", "list", "struct", "map"])
    codecs = {"int": "gzip", "text": "zstd", "list.list.element": "snappy", "map.key_value.key": "brotli"}
    file = saved(tmp_path, table, compression=codecs, row_group_size=700)
    found = reread(rewritten(Parquet().source(file), Parquet())).metadata
    given = pq.ParquetFile(file.path).metadata
    for group in range(3):
        pairs = [(found.row_group(group).column(i), given.row_group(group).column(i)) for i in range(8)]
        assert [a.compression for a, _ in pairs] == [b.compression for _, b in pairs]
        assert [a.path_in_schema for a, _ in pairs] == [b.path_in_schema for _, b in pairs]
    assert {found.row_group(0).column(i).compression for i in range(8)} == {
        "GZIP", "ZSTD", "SNAPPY", "BROTLI", "UNCOMPRESSED"
    }  # fmt: skip


@pytest.mark.matrix("P3")
def test_physical_layout_of_decimals_and_old_timestamps_is_kept(tmp_path):
    """Readers that know only the old layout can still read the file."""
    decimals = pa.table({"d": cycle([None, Decimal("1.50")], pa.decimal128(9, 2))})
    stamps = pa.table({"t": cycle([1, None, -5_000_000_001], pa.timestamp("ns"))})
    cases = (decimals, {"store_decimal_as_integer": True}), (stamps, {"use_deprecated_int96_timestamps": True})
    for table, options in cases:
        file = saved(tmp_path, table, **options)
        found = reread(rewritten(Parquet().source(file), Parquet()))
        physical = pq.ParquetFile(file.path).schema.column(0).physical_type
        assert found.schema.column(0).physical_type == physical
        assert found.read().equals(table)


@pytest.mark.matrix("P3")
def test_an_old_timestamp_that_would_wrap_around_is_refused(tmp_path):
    """A year that INT96 cannot hold in nanoseconds stops the run, and is not quoted."""
    table = pa.table({"t": pa.array([TIME, None], pa.timestamp("us"))})
    source = Parquet().source(saved(tmp_path, table, use_deprecated_int96_timestamps=True))
    with pytest.raises(DataError, match="1677 to 2262") as caught:
        rewritten(source, Parquet())
    assert "9999" not in str(caught.value)


def test_the_page_index_is_kept(tmp_path):
    """A file that had one has one."""
    file = saved(tmp_path, everything().select(["int"]), write_page_index=True)
    found = reread(rewritten(Parquet().source(file), Parquet())).metadata
    assert found.row_group(0).column(0).has_offset_index


def test_a_large_row_group_stays_one(tmp_path):
    """More rows than the library's own limit do not split it."""
    table = pa.table({"i": pa.array(range(1_500_000), pa.int32())})
    file = saved(tmp_path, table, row_group_size=1_500_000)
    assert reread(rewritten(Parquet().source(file), Parquet())).num_row_groups == 1


@pytest.mark.matrix("P4")
@pytest.mark.parametrize("groups", [0, 1])
def test_no_rows(tmp_path, groups):
    """With an empty row group or without any, columns and metadata stay."""
    empty = everything().slice(0, 0)
    file = saved(tmp_path, empty)
    if not groups:
        with file.path.open("wb") as out:
            pq.ParquetWriter(out, empty.schema).close()
    assert pq.ParquetFile(file.path).num_row_groups == groups
    source = Parquet().source(file)
    assert [chunk().rows for chunk in source.chunks()] == [0]
    found = reread(rewritten(source, Parquet()))
    assert found.schema_arrow.equals(pq.ParquetFile(file.path).schema_arrow, check_metadata=True)
    assert found.metadata.num_rows == 0


def test_row_groups_may_be_read_by_several_threads(tmp_path):
    """Four threads read what one would."""
    table = everything()
    source = Parquet().source(saved(tmp_path, table, row_group_size=50))
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda chunk: chunk().table(Edit(), layout_of(source)), source.chunks()))
    assert str(pa.Table.from_batches(pages).to_pylist()) == str(table.to_pylist())
