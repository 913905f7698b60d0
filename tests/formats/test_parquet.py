"""Parquet comes out as it went in, and nothing that was removed is left in its bytes."""

import datetime
import io
import os
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest

from anonymize.core.errors import DataError, SecretError
from anonymize.core.format import Edit
from anonymize.formats.csv import Csv
from anonymize.formats.parquet import Parquet
from anonymize.kernels import parquet_file, row_groups
from anonymize.kernels.partitions import PartitionedSource
from anonymize.kernels.row_groups import RowGroups
from anonymize.kernels.streams import PathFile, StdinFile
from tests.formats.rewriting import layout_of, rewritten

ROWS = 2_000


def cycle(values, kind):
    return pa.array([values[i % len(values)] for i in range(ROWS)], kind)


def stored(values, storage, extension):
    return pa.ExtensionArray.from_storage(extension, cycle(values, storage))


DAY = datetime.date(1, 1, 1)
TIME = datetime.datetime(9999, 12, 31, 23, 59, 59, 123456)
PERSON = pa.struct(
    [pa.field("name", pa.string(), nullable=False), pa.field("tags", pa.list_(pa.string())), ("age", pa.uint8())]
)
TYPES = {
    "int": cycle([1, None, -(2**63)], pa.int64()),
    "unsigned": cycle([2**64 - 1, None, 0], pa.uint64()),
    "small": cycle([-128, None, 127], pa.int8()),
    "half": cycle([1.5, None, float("inf")], pa.float16()),
    "double": cycle([0.1, None, -0.0, float("nan")], pa.float64()),
    "bool": cycle([True, None, False], pa.bool_()),
    "text": cycle(["", None, "Zoë", "北京"], pa.string()),
    "large": cycle(["", None, "Zoë"], pa.large_string()),
    "view": cycle(["", None, "longer than twelve bytes"], pa.string_view()),
    "bytes": cycle([b"", None, b"\xff\x00"], pa.binary()),
    "large_bytes": cycle([b"", None, b"\xff"], pa.large_binary()),
    "view_bytes": cycle([b"", None, b"\xff"], pa.binary_view()),
    "fixed": cycle([b"abc", None], pa.binary(3)),
    "decimal": cycle([None, 1], pa.int64()).cast(pa.decimal128(38, 10)),
    "decimal256": cycle([None, 1], pa.int64()).cast(pa.decimal256(60, 10)),
    "date": cycle([DAY, None], pa.date32()),
    "time": cycle([1, None], pa.time64("ns")),
    "time_ms": cycle([1, None], pa.time32("ms")),
    "stamp_ms": cycle([1, None], pa.timestamp("ms")),
    "stamp_us": cycle([TIME, None], pa.timestamp("us")),
    "stamp_ns": cycle([1, None, -1], pa.timestamp("ns")),
    "stamp_tz": cycle([1, None], pa.timestamp("ns", "Asia/Shanghai")),
    "duration": cycle([1, None], pa.duration("us")),
    "null": pa.nulls(ROWS),
    "category": pa.DictionaryArray.from_arrays(cycle([1, None, 0], pa.int8()), ["b", "a"]),
    "ordered": pa.DictionaryArray.from_arrays(cycle([1, None, 0], pa.int16()), ["hi", "lo"], ordered=True),
    "list": cycle([[1, None], None, []], pa.list_(pa.field("element", pa.int32(), metadata={"of": "list"}))),
    "item": cycle([[1, None], None, []], pa.list_(pa.int32())),
    "large_list": cycle([["x"], None], pa.large_list(pa.string())),
    "list_view": cycle([["x"], None], pa.list_view(pa.string())),
    "pair": cycle([[1, 2], None], pa.list_(pa.int64(), 2)),
    "map": cycle([[("k", 1)], None, []], pa.map_(pa.string(), pa.int64())),
    "struct": cycle([{"name": "n", "tags": ["t"], "age": 1}, None, {"name": ""}], PERSON),
    "uuid": stored([bytes(16), None], pa.binary(16), pa.uuid()),
    "json": stored(["{}", None], pa.string(), pa.json_()),
    "bool8": stored([1, None], pa.int8(), pa.bool8()),
}


def everything():
    fields = [
        pa.field(name, values.type, metadata={"note": name, "PARQUET:field_id": str(i + 1)})
        for i, (name, values) in enumerate(TYPES.items())
    ]
    fields.append(pa.field("required", pa.int64(), nullable=False))
    schema = pa.schema(fields, metadata={"title": "people", "pandas": "{}"})
    return pa.Table.from_arrays([*TYPES.values(), pa.array(range(ROWS))], schema=schema)


def saved(folder, table, name="in.parquet", **options):
    with (folder / name).open("wb") as file:
        pq.write_table(table, file, **options)
    return PathFile(folder / name)


def reread(data):
    return pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True)


@pytest.mark.parametrize("compliant", [True, False])
def test_untouched_columns_of_all_types_stay(tmp_path, compliant):
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


def test_physical_layout_of_decimals_and_old_timestamps_is_kept(tmp_path):
    decimals = pa.table({"d": cycle([None, Decimal("1.50")], pa.decimal128(9, 2))})
    stamps = pa.table({"t": cycle([1, None, -5_000_000_001], pa.timestamp("ns"))})
    cases = (decimals, {"store_decimal_as_integer": True}), (stamps, {"use_deprecated_int96_timestamps": True})
    for table, options in cases:
        file = saved(tmp_path, table, **options)
        found = reread(rewritten(Parquet().source(file), Parquet()))
        physical = pq.ParquetFile(file.path).schema.column(0).physical_type
        assert found.schema.column(0).physical_type == physical
        assert found.read().equals(table)


def test_an_old_timestamp_that_would_wrap_around_is_refused(tmp_path):
    table = pa.table({"t": pa.array([TIME, None], pa.timestamp("us"))})
    source = Parquet().source(saved(tmp_path, table, use_deprecated_int96_timestamps=True))
    with pytest.raises(DataError, match="1677 to 2262") as caught:
        rewritten(source, Parquet())
    assert "9999" not in str(caught.value)


def test_the_page_index_is_kept(tmp_path):
    file = saved(tmp_path, everything().select(["int"]), write_page_index=True)
    found = reread(rewritten(Parquet().source(file), Parquet())).metadata
    assert found.row_group(0).column(0).has_offset_index


def test_a_large_row_group_stays_one(tmp_path):
    table = pa.table({"i": pa.array(range(1_500_000), pa.int32())})
    file = saved(tmp_path, table, row_group_size=1_500_000)
    assert reread(rewritten(Parquet().source(file), Parquet())).num_row_groups == 1


@pytest.mark.parametrize("groups", [0, 1])
def test_no_rows(tmp_path, groups):
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


# --- changes


SECRET = "canary-7f3a"


def test_a_masked_dropped_or_filtered_value_is_not_in_the_bytes(tmp_path):
    secrets = [f"{SECRET}-{i}" for i in range(ROWS)]
    nested = pa.array([{"keep": i, "gone": [s]} for i, s in enumerate(secrets)])
    index = "canary-index"
    table = pa.table(
        {
            "masked": secrets,
            "category": pa.array(secrets).dictionary_encode(),
            "masked_category": pa.array(secrets).dictionary_encode(),
            "dropped": secrets,
            "nested": nested,
            "kept": pa.array(["open" if i % 2 else SECRET for i in range(ROWS)]).dictionary_encode(),
            "keeps_category": pa.array(["open" if i % 2 else SECRET for i in range(ROWS)]),
        }
    )
    fields = [f.with_metadata({"example": index}) if f.name == "masked" else f for f in table.schema]
    table = table.cast(pa.schema(fields, metadata={"pandas": index}))
    file = saved(tmp_path, table, compression="none", row_group_size=500, write_page_index=True)
    assert file.path.read_bytes().count(SECRET.encode()) > ROWS
    source = Parquet().source(file)
    stars = lambda page: pa.array(["***"] * page.rows)  # noqa: E731
    layout = layout_of(
        source,
        {"masked": pa.string(), "masked_category": table.schema.field("masked_category").type},
        {"dropped", "nested.gone", "nested.gone[*]", "category"},
    )

    def edit(page):
        masked = {"masked": stars(page), "masked_category": stars(page).dictionary_encode()}
        return Edit(masked, np.arange(page.rows) % 2 == 1)

    data = rewritten(source, Parquet(), layout, edit)
    assert SECRET.encode() not in data
    assert index.encode() not in data
    assert reread(data).read().to_pydict() == {
        "masked": ["***"] * (ROWS // 2),
        "masked_category": ["***"] * (ROWS // 2),
        "nested": [{"keep": i} for i in range(1, ROWS, 2)],
        "kept": ["open"] * (ROWS // 2),
        "keeps_category": ["open"] * (ROWS // 2),
    }


def test_a_category_untouched_in_a_filtered_table_loses_the_filtered_values(tmp_path):
    table = pa.table({"c": pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int8()), ["open", SECRET])})
    source = Parquet().source(saved(tmp_path, table, compression="none"))
    data = rewritten(source, Parquet(), edit=lambda page: Edit(kept=np.array([True, False, True])))
    assert SECRET.encode() not in data
    assert reread(data).schema_arrow.field("c").type == table.schema.field("c").type


def nulled(column):
    return lambda page: Edit({column: pa.nulls(page.rows, pa.string())})


def test_metadata_that_describes_the_types_goes_when_they_change(tmp_path):
    table = everything().select(["int", "text"])
    source = Parquet().source(saved(tmp_path, table))
    same = layout_of(source, {"text": pa.string()})
    other = layout_of(source, {"int": pa.string()})
    found = reread(rewritten(source, Parquet(), same, nulled("text"))).schema_arrow
    assert found.metadata == {b"title": b"people", b"pandas": b"{}"}
    assert found.field("int").metadata == {b"note": b"int", b"PARQUET:field_id": b"1"}
    assert found.field("text").metadata == {b"PARQUET:field_id": b"7"}
    changed = reread(rewritten(source, Parquet(), other, nulled("int"))).schema_arrow
    assert changed.metadata == {b"title": b"people"}


def test_a_row_group_that_loses_all_rows_goes(tmp_path):
    source = Parquet().source(saved(tmp_path, everything().select(["int"]), row_group_size=700))
    data = rewritten(source, Parquet(), edit=lambda page: Edit(kept=np.full(page.rows, page.rows == 600)))
    assert (reread(data).num_row_groups, reread(data).metadata.num_rows) == (1, 600)


def test_only_the_columns_that_are_asked_for_are_read(tmp_path):
    file = saved(tmp_path, everything().select(["int", "text"]), compression="none", write_page_checksum=True)
    data = bytearray(file.path.read_bytes())
    at = pq.ParquetFile(file.path).metadata.row_group(0).column(1).data_page_offset
    data[at + 40] ^= 1
    file.path.write_bytes(bytes(data))
    (chunk,) = Parquet().source(PathFile(file.path)).chunks()
    page = chunk()
    assert page.values("int").equals(TYPES["int"])
    with pytest.raises(DataError, match="row group 1 is damaged"):
        page.values("text")


def test_text_that_is_not_utf8_is_refused_where_a_rule_reads_it(tmp_path):
    wrong = pa.Array.from_buffers(pa.string(), 1, pa.array([SECRET.encode() + b"\xff"]).buffers())
    source = Parquet().source(saved(tmp_path, pa.table({"t": wrong, "d": wrong.dictionary_encode()})))
    (chunk,) = source.chunks()
    for column in ("t", "d"):
        with pytest.raises(DataError, match=f"column '{column}': holds text that is not UTF-8") as caught:
            chunk().values(column)
        assert SECRET not in str(caught.value)


def test_row_groups_may_be_read_by_several_threads(tmp_path):
    table = everything()
    source = Parquet().source(saved(tmp_path, table, row_group_size=50))
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda chunk: chunk().table(Edit(), layout_of(source)), source.chunks()))
    assert str(pa.Table.from_batches(pages).to_pylist()) == str(table.to_pylist())


# --- other formats


def cut(table, size):
    made = []
    groups = RowGroups(table.schema, made.append)
    for batch in table.to_batches(max_chunksize=size):
        groups.add(batch)
    groups.finish()
    return made


@pytest.mark.parametrize("limit", [5_000, 40_000])
def test_row_groups_do_not_depend_on_the_batches(monkeypatch, limit):
    monkeypatch.setattr(row_groups, "STEP", 64)
    monkeypatch.setattr(row_groups, "GROUP_ROWS", 512)
    monkeypatch.setattr(row_groups, "GROUP_BYTES", limit)
    table = everything().select(["int", "text", "list", "struct", "map", "category"])
    written = set()
    for size in (1, 17, 64, 1000, ROWS):
        groups = cut(table, size)
        assert pa.concat_tables(groups).unify_dictionaries().to_pylist() == table.to_pylist()
        out = io.BytesIO()
        with pq.ParquetWriter(out, table.schema) as writer:
            for group in groups:
                writer.write_table(group, row_group_size=len(group))
        written.add((tuple(map(len, groups)), out.getvalue()))
    assert len(written) == 1


def test_parquet_from_csv_does_not_depend_on_the_blocks(tmp_path):
    (tmp_path / "people.csv").write_text("id,name\n" + "".join(f'{i},"Zoë {i % 7}"\n' for i in range(3_000)))
    made = set()
    for size in (1 << 10, 1 << 14, 1 << 20):
        source = Csv(block_bytes=size).source(PathFile(tmp_path / "people.csv"))
        made.add(rewritten(source, Parquet()))
    (data,) = made
    found = reread(data)
    assert found.read().to_pylist()[2_999] == {"id": "2999", "name": "Zoë 3"}
    assert found.metadata.row_group(0).column(0).compression == "ZSTD"


def test_partition_columns_stand_behind_the_own_ones(tmp_path):
    table = everything().select(["int", "text"])
    inner = Parquet().source(saved(tmp_path, table, row_group_size=700))
    source = PartitionedSource(inner, {"year": "2024", "x": None})
    assert [chunk().values("year").to_pylist()[:1] for chunk in source.chunks()] == [["2024"]] * 3

    def edit(page):
        return Edit({"year": pa.array([2000] * page.rows, pa.int16())}, np.arange(page.rows) > 0)

    found = reread(rewritten(source, Parquet(), layout_of(source, {"year": pa.int16()}), edit))
    assert found.num_row_groups == 3
    assert found.schema_arrow.names == ["int", "text", "year", "x"]
    assert found.schema_arrow.metadata[b"title"] == b"people"
    assert found.metadata.num_rows == ROWS - 3
    assert set(found.read()["year"].to_pylist()) == {2000}
    assert set(found.read()["x"].to_pylist()) == {None}


def test_a_pipe_can_be_written(tmp_path):
    table = everything()
    readable, writable = os.pipe()
    received = []
    thread = threading.Thread(target=lambda: received.append(os.fdopen(readable, "rb").read()))
    thread.start()
    with os.fdopen(writable, "wb") as pipe:
        rewritten(Parquet().source(saved(tmp_path, table)), Parquet(), file=pipe)
    thread.join()
    assert reread(received[0]).read().num_rows == ROWS


def test_a_full_disk_is_not_hidden_and_leaves_no_footer(tmp_path):
    class Full(io.RawIOBase):
        written = b""

        def writable(self):
            return True

        def write(self, data):
            if len(self.written) > 20_000:
                raise OSError(28, "No space left on device")
            self.written += bytes(data)
            return len(data)

    full = Full()
    with pytest.raises(OSError, match="No space left"):
        rewritten(Parquet().source(saved(tmp_path, everything())), Parquet(), file=full)
    assert not full.written.endswith(b"PAR1")


# --- bad input


def test_a_pipe_cannot_be_read():
    with pytest.raises(DataError, match="cannot be read from a pipe"):
        Parquet().source(StdinFile(io.BytesIO(b"PAR1")))


def broken(tmp_path, data):
    path = tmp_path / "bad.parquet"
    path.write_bytes(data)
    return PathFile(path)


@pytest.fixture
def good(tmp_path):
    table = pa.table({"a": range(ROWS), "s": [f"{SECRET}-{i}" for i in range(ROWS)]})
    return saved(tmp_path, table, compression="none", write_page_checksum=True).path.read_bytes()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda d: b"", "is not a Parquet file"),
        (lambda d: b"PAR1", "truncated"),
        (lambda d: b"id,name\n1,x\n", "is not a Parquet file"),
        (lambda d: b"XXXX" + d[4:], "is not a Parquet file"),
        (lambda d: d[:-5], "truncated"),
        (lambda d: d[: len(d) // 2], "truncated"),
        (lambda d: d[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1", "the footer is damaged"),
        (lambda d: d[:-60] + bytes(50) + d[-10:], "the footer is damaged"),
        (lambda d: d[:-8] + struct.pack("<I", 3) + b"PAR1", "the footer is damaged"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(tmp_path, good, damage, message):
    with pytest.raises(DataError, match=message) as caught:
        Parquet().source(broken(tmp_path, damage(good)))
    assert "bad.parquet" in str(caught.value)
    assert SECRET not in str(caught.value)


def outcome(tmp_path, data):
    try:
        return None, rewritten(Parquet().source(broken(tmp_path, data)), Parquet())
    except DataError as error:
        return error, None


def test_damage_anywhere_is_found_or_harmless_and_never_quoted(tmp_path, good):
    random = np.random.default_rng(1)
    whole = reread(good).read()
    for place in random.integers(0, len(good), 150):
        data = bytearray(good)
        data[place] ^= 1 << int(random.integers(0, 8))
        error, found = outcome(tmp_path, bytes(data))
        if error is None:
            assert reread(found).metadata.num_columns == whole.num_columns
        else:
            assert SECRET not in str(error)
            assert error.__suppress_context__ or error.__context__ is None


def test_encrypted_files_are_refused_by_name(tmp_path):
    table = pa.table({"a": range(10)})
    for options in ({}, {"plaintext_footer": True}):
        secret = pe.create_encryption_properties(footer_key=b"0" * 16, **options)
        file = saved(tmp_path, table, encryption_properties=secret)
        with pytest.raises(SecretError, match="is encrypted"):
            rewritten(Parquet().source(file), Parquet())


def test_bombs_are_refused_before_they_are_read(tmp_path, monkeypatch):
    file = saved(tmp_path, pa.table({"t": ["x" * 1000] * 100_000}), use_dictionary=False, compression="zstd")
    monkeypatch.setattr(parquet_file, "BOMB_FREE", 1 << 20)
    monkeypatch.setattr(parquet_file, "BOMB_RATIO", 500)
    with pytest.raises(DataError, match="expands to more than 500 times"):
        Parquet().source(file)
    monkeypatch.setattr(parquet_file, "BOMB_FREE", 2 << 30)
    monkeypatch.setattr(parquet_file, "MAX_GROUP_BYTES", 100_000)
    with pytest.raises(DataError, match="does not fit into memory"):
        Parquet().source(file)


def test_shapes_that_rules_cannot_handle_are_refused(tmp_path, monkeypatch):
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"])
    deep = pa.int64()
    for _ in range(120):
        deep = pa.struct([("a", deep)])
    cases = {
        "two columns are called 'x'": twice,
        "has no columns": pa.table({}),
        "more than 100 deep": pa.schema([("c", deep)]).empty_table(),
        "has 6 columns": pa.table({f"c{i}": [1] for i in range(6)}),
    }
    monkeypatch.setattr(parquet_file, "MAX_COLUMNS", 5)
    for message, table in cases.items():
        with pytest.raises(DataError, match=message) as caught:
            Parquet().source(saved(tmp_path, table))
        assert "in.parquet" in str(caught.value)


def test_another_file_with_other_columns_or_nulls_does_not_fit(tmp_path):
    required = pa.schema([pa.field("a", pa.int64(), nullable=False)])
    first = Parquet().source(saved(tmp_path, pa.table({"a": [1]}, schema=required)))
    others = {
        "none are allowed": pa.table({"a": pa.array([None], pa.int64())}),
        "is of type string": pa.table({"a": ["x"]}),
        "does not have the columns": pa.table({"b": [1]}),
    }
    for message, table in others.items():
        second = Parquet().source(saved(tmp_path, table, "second.parquet"))
        sink = Parquet().sink(io.BytesIO(), layout_of(first), first)
        (chunk,) = second.chunks()
        with pytest.raises(DataError, match=message):
            sink.encode(chunk(), Edit(), layout_of(second))
