"""Footers are read and written in the Thrift compact protocol without loss, and hostile ones are refused."""

import io
import tracemalloc

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.codecs.parquet.hybrid import UnprovenError, count_ones, numbers
from anonymize.codecs.parquet.thrift import (
    BINARY,
    BYTE,
    DOUBLE,
    FALSE,
    I16,
    I32,
    I64,
    LIST,
    MAP,
    MAX_DEPTH,
    SET,
    STRUCT,
    TRUE,
    UUID,
    Field,
    Items,
    Pairs,
    ThriftError,
    read_struct,
    write_struct,
)
from tests.formats.parquet_tables import everything

WRITERS = (
    {},
    {"data_page_version": "2.0"},
    {"compression": "none", "use_dictionary": False},
    {"compression": "zstd", "write_statistics": False},
    {"compression": "gzip", "write_page_index": True},
    {"compression": "brotli", "write_page_checksum": True, "row_group_size": 100},
    {"compression": "lz4", "store_schema": False, "sorting_columns": [pq.SortingColumn(0)]},
)


def footer_of(data):
    return data[-8 - int.from_bytes(data[-8:-4], "little") : -8]


@pytest.mark.parametrize("options", WRITERS, ids=str)
def test_a_footer_comes_out_as_it_went_in(options):
    """Byte for byte, for nested columns and all that the library can be asked to write."""
    out = io.BytesIO()
    pq.write_table(everything(), out, **options)
    footer = footer_of(out.getvalue())
    metadata, end = read_struct(footer)
    assert end == len(footer)
    assert write_struct(metadata) == footer


def test_footers_of_others_come_out_as_they_went_in(tmp_path):
    """polars and duckdb write them their own way."""
    frame = pl.DataFrame({"a": [1, None, 3], "s": ["x", None, "Zoë"], "l": [[1], None, []]})
    frame.write_parquet(tmp_path / "polars.parquet")
    duckdb.read_parquet(f"{tmp_path}/polars.parquet").write_parquet(f"{tmp_path}/duckdb.parquet")
    for name in ("polars", "duckdb"):
        footer = footer_of((tmp_path / f"{name}.parquet").read_bytes())
        assert write_struct(read_struct(footer)[0]) == footer


INTEGERS = st.integers(-(2**63), 2**63 - 1)
PLAIN = {
    BYTE: st.binary(min_size=1, max_size=1),
    I16: st.integers(-(2**15), 2**15 - 1),
    I32: st.integers(-(2**31), 2**31 - 1),
    I64: INTEGERS,
    DOUBLE: st.binary(min_size=8, max_size=8),
    BINARY: st.binary(max_size=200),
    UUID: st.binary(min_size=16, max_size=16),
}


def items(values):
    kinds = st.sampled_from([*PLAIN, TRUE, STRUCT])
    held = lambda kind: st.integers(1, 2) if kind == TRUE else values if kind == STRUCT else PLAIN[kind]  # noqa: E731
    lists = kinds.flatmap(lambda kind: st.lists(held(kind), max_size=20).map(lambda found: Items(kind, found)))
    pairs = st.lists(st.tuples(PLAIN[BINARY], PLAIN[I32]), min_size=1).map(
        lambda found: Pairs((BINARY, I32), found)
    )
    empty = st.just(Pairs((0, 0), []))
    return st.one_of(st.tuples(st.sampled_from([LIST, SET]), lists), st.tuples(st.just(MAP), pairs | empty)).map(
        lambda pair: Field(*pair)
    )


def structs(values):
    plain = st.sampled_from([*PLAIN]).flatmap(lambda kind: PLAIN[kind].map(lambda value: Field(kind, value)))
    truth = st.sampled_from([Field(TRUE, True), Field(FALSE, False)])
    nested = values.map(lambda value: Field(STRUCT, value))
    return st.dictionaries(st.integers(-40, 2000), st.one_of(plain, truth, nested, items(values)), max_size=8)


STRUCTS = st.recursive(st.just({}), structs, max_leaves=20)


@given(STRUCTS)
def test_any_struct_comes_back(given_struct):
    """Whatever the types, field numbers and sizes; unknown fields included."""
    data = write_struct(given_struct)
    assert read_struct(data) == (given_struct, len(data))
    assert read_struct(b"x" + data + b"y", 1) == (given_struct, len(data) + 1)


@given(STRUCTS, st.data())
def test_what_is_cut_off_is_refused(given_struct, draw):
    """Never an IndexError, never a shorter struct."""
    data = write_struct(given_struct)
    with pytest.raises(ThriftError):
        read_struct(data[: draw.draw(st.integers(0, len(data) - 1))])


@given(st.binary(max_size=300))
def test_any_bytes_are_a_struct_or_refused(data):
    """And what is read is written again without an error."""
    try:
        found, _ = read_struct(data)
    except ThriftError:
        return
    assert read_struct(write_struct(found))[0] == found


def test_hostile_structs_cost_neither_memory_nor_the_stack():
    """Depth is bounded, and sizes by the bytes that are there."""
    nested = b"\x1c" * 10_000
    lists = b"\x19" + b"\x19" * 10_000
    huge = [b"\x19\xfc\xff\xff\xff\xff\x0f", b"\x18\xff\xff\xff\xff\x0f", b"\x1b\xff\xff\xff\xff\x0f\x88"]
    endless = b"\x16" + b"\xff" * 20
    tracemalloc.start()
    for data in (nested, lists, endless, *huge, b"\x1e", b"\x1d\x00"):
        with pytest.raises(ThriftError):
            read_struct(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
    deep = {}
    for _ in range(MAX_DEPTH):
        deep = {1: Field(STRUCT, deep)}
    assert read_struct(write_struct(deep))[0] == deep
    with pytest.raises(ThriftError, match="too deep"):
        read_struct(write_struct({1: Field(STRUCT, deep)}))


def test_the_example_of_the_specification_is_understood():
    """Encodings.md: the numbers 0 to 7 in three bits each, and runs before and behind them."""
    packed = bytes([0b10001000, 0b11000110, 0b11111010])
    assert numbers(b"\x03" + packed, 3, 8).tolist() == list(range(8))
    assert numbers(b"\x0a\x04\x03" + packed + b"\x06\x07", 3, 16).tolist() == [4] * 5 + [*range(8)] + [7] * 3
    assert count_ones(b"\x0a\x01\x03\xff\x04\x00", 15) == 13
    assert count_ones(b"\x03\xff", 3) == 3


@given(st.integers(1, 32), st.data())
def test_packed_numbers_of_any_width(width, draw):
    """As an independent reading of the bits, number by number, has them."""
    count = draw.draw(st.integers(1, 40))
    data = draw.draw(st.binary(min_size=-(-count // 8) * width, max_size=-(-count // 8) * width))
    bits = int.from_bytes(data, "little")
    expected = [bits >> width * i & (1 << width) - 1 for i in range(count)]
    found = numbers(bytes([-(-count // 8) << 1 | 1]) + data, width, count)
    assert found.tolist() == expected


@pytest.mark.parametrize("data", [b"", b"\x0a", b"\x0a\x01\x00", b"\x0b\x01", b"\x00\x01", b"\x01", b"\xff" * 9])
def test_runs_that_do_not_fit_are_refused(data):
    """Cut off, too long, empty, or with something behind the last number."""
    with pytest.raises(UnprovenError):
        count_ones(data, 4)


def test_arrow_reads_a_footer_that_was_taken_apart():
    """The library understands what we write as it understood what it wrote."""
    out = io.BytesIO()
    pq.write_table(everything(), out)
    data, footer = out.getvalue(), footer_of(out.getvalue())
    again = data[: -8 - len(footer)] + write_struct(read_struct(footer)[0]) + data[-8:]
    found = pq.ParquetFile(pa.BufferReader(again))
    assert found.schema_arrow.equals(everything().schema, check_metadata=False)
