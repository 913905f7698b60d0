"""Arrow IPC comes out as it went in, and no buffer holds more than what can be seen."""

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from anonymize.codecs.streams.files import PathFile, StdinFile
from anonymize.codecs.tables.ipc_output import scrubbed
from anonymize.core.errors import DataError
from anonymize.core.format import Edit
from anonymize.formats.arrow import Arrow
from anonymize.formats.parquet import Parquet
from tests.formats.parquet_tables import everything
from tests.formats.rewriting import layout_of, rewritten
from tests.kernels.test_nested import batches

SECRET = "canary-7f3a"


def ipc(parts, stream=False, metadata=None, **options):
    out = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(**options)
    schema = parts[0].schema
    extra = {"metadata": metadata} if metadata else {}
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(out, schema, options=options, **extra) as writer:
        for batch in parts:
            writer.write_batch(batch)
    return out.getvalue()


def saved(folder, data, name="in.arrow"):
    (folder / name).write_bytes(data)
    return PathFile(folder / name)


def opened(data, stream=False):
    return (pa.ipc.open_stream if stream else pa.ipc.open_file)(pa.BufferReader(data))


def all_types():
    seconds = pa.array([1, None] * 1000, pa.timestamp("s"))
    runs = pa.RunEndEncodedArray.from_arrays([1500, 2000], ["a", "b"])
    kinds = pa.array([i % 2 for i in range(2000)], pa.int8())
    union = pa.UnionArray.from_sparse(kinds, [pa.array(range(2000)), pa.array(["s"] * 2000)])
    interval = pa.array([pa.MonthDayNano([1, 2, 3]), None] * 1000)
    table = everything()
    for name, column in {"seconds": seconds, "runs": runs, "union": union, "interval": interval}.items():
        table = table.append_column(name, column)
    return table


@pytest.mark.matrix("P3")
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_untouched_columns_of_all_types_stay(tmp_path, stream, compression):
    """Values, types, metadata, batches and compression are those of the input, in files and in streams."""
    parts = all_types().to_batches(max_chunksize=700)
    data = ipc(parts, stream, None if stream else {"made by": "me"}, compression=compression)
    source = Arrow().source(saved(tmp_path, data))
    assert source.input.compression == compression
    found = opened(written := rewritten(source, Arrow()), stream)
    assert found.schema.equals(parts[0].schema, check_metadata=True)
    if not stream:
        assert found.metadata == {b"made by": b"me"}
    again = Arrow().source(saved(tmp_path, written))
    assert again.input.compression == compression
    sizes = [batch.num_rows for batch in opened(written, stream)] if stream else None
    assert sizes in (None, [700, 700, 600])
    assert str(found.read_all().to_pylist()) == str(pa.Table.from_batches(parts).to_pylist())


def test_a_stream_comes_from_standard_input(tmp_path):
    """A pipe can carry a stream; the file format, which needs its end first, is refused."""
    parts = everything().select(["int", "text", "category"]).to_batches(max_chunksize=700)
    source = Arrow().source(StdinFile(io.BytesIO(ipc(parts, stream=True))))
    data = rewritten(source, Arrow(variant="file"))
    assert opened(data).read_all().equals(pa.Table.from_batches(parts))
    with pytest.raises(DataError, match="file format cannot be read from a pipe"):
        Arrow().source(StdinFile(io.BytesIO(ipc(parts))))


@pytest.mark.parametrize("stream", [False, True])
def test_no_rows(tmp_path, stream):
    """A table without rows keeps its columns and its metadata."""
    table = all_types()
    out = io.BytesIO()
    (pa.ipc.new_stream if stream else pa.ipc.new_file)(out, table.schema).close()
    source = Arrow().source(saved(tmp_path, out.getvalue()))
    assert [chunk().rows for chunk in source.chunks()] == [0]
    found = opened(rewritten(source, Arrow()), stream)
    assert found.schema.equals(table.schema, check_metadata=True)


def test_a_stream_from_a_file_can_be_read_again(tmp_path):
    """Each reading gives the same batches."""
    parts = everything().select(["int"]).to_batches(max_chunksize=700)
    source = Arrow().source(saved(tmp_path, ipc(parts, stream=True)))
    for _ in range(3):
        assert [chunk().rows for chunk in source.chunks()] == [700, 700, 600]


def hidden(kind, *buffers):
    """Four values of which only the first and the third can be seen."""
    return pa.Array.from_buffers(kind, 4, [pa.py_buffer(b"\x05"), *map(pa.py_buffer, buffers)])


def test_what_lies_under_nulls_and_beside_slices_is_not_written(tmp_path):
    """Bytes that no value shows do not leave with those that are shown."""
    secret = SECRET.encode()
    visible = b"v" * len(secret)
    offsets = (np.arange(5) * len(secret)).astype(np.int32)
    text = hidden(pa.string(), offsets, visible + secret + visible + secret)
    fixed = hidden(pa.binary(len(secret)), visible + secret + visible + secret)
    member = pa.array([SECRET, "open", SECRET, "open"])
    some = pa.StructArray.from_arrays([member], ["m"], mask=pa.array([True, False, True, False]))
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 3, 4], pa.int32()), member, mask=some.is_null())
    long = pa.array([SECRET * 3, "open" * 9, SECRET * 3, "open" * 9], pa.string_view())
    columns = {"text": text, "fixed": fixed, "struct": some, "list": lists, "view": long}
    batch = pa.record_batch(columns)
    given = batch.to_pylist()
    data = ipc([batch])
    assert secret in data
    source = Arrow().source(saved(tmp_path, data))
    data = rewritten(source, Arrow(), edit=lambda page: Edit(kept=np.array([False, True, False, True])))
    assert secret not in data
    assert opened(data).read_all().to_pylist() == given[1::2]
    columns.pop("view")
    source = Arrow().source(saved(tmp_path, ipc([pa.record_batch(columns)])))
    assert secret not in rewritten(source, Arrow())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches())
def test_copying_value_by_value_changes_nothing(batch):
    """The copy is valid and equal, whatever the types; dictionaries may have lost what no row has."""
    copied = scrubbed(batch)
    copied.validate(full=True)
    assert copied.schema.equals(batch.schema)
    if "dictionary" in str(batch.schema):
        assert str(copied.to_pylist()) == str(batch.to_pylist())
    else:
        assert copied.equals(batch)


def test_batches_of_a_file_may_be_read_by_several_threads(tmp_path):
    """Four threads read what one would."""
    table = everything()
    source = Arrow().source(saved(tmp_path, ipc(table.to_batches(max_chunksize=50), compression="zstd")))
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda chunk: chunk().table(Edit(), layout_of(source)), source.chunks()))
    assert str(pa.Table.from_batches(pages).to_pylist()) == str(table.to_pylist())


@pytest.mark.matrix("P2")
@pytest.mark.parametrize("stream", [False, True])
def test_dictionaries_hold_what_occurs(tmp_path, stream):
    """A value that was filtered away is in no dictionary, and the type stays."""
    words = pa.array(["open", SECRET, "shut", "ajar"])
    numbers = [[0, 1, 0], [1, 2, None], [3, 0, 1]]
    parts = [
        pa.record_batch(
            {
                "c": (c := pa.DictionaryArray.from_arrays(pa.array(n, pa.int8()), words)),
                "l": pa.ListArray.from_arrays([0, 1, 2, 3], c),
                "s": pa.StructArray.from_arrays([c], ["m"]),
            }
        )
        for n in numbers
    ]
    source = Arrow().source(saved(tmp_path, ipc(parts, stream)))
    keep = lambda page: Edit(kept=np.array([v != SECRET for v in page.values("c").to_pylist()]))  # noqa: E731
    data = rewritten(source, Arrow(), edit=keep)
    assert SECRET.encode() not in data
    table = opened(data, stream).read_all()
    assert table.schema.equals(parts[0].schema)
    assert table["c"].to_pylist() == ["open", "open", "shut", None, "ajar", "open"]
    assert table["l"].to_pylist() == [[v] for v in table["c"].to_pylist()]


def test_an_order_that_cannot_be_kept_is_refused(tmp_path):
    """Ordered categories stay whole, or the run stops without quoting one."""
    words = pa.array(["low", "middle", "high"])
    parts = [
        pa.record_batch({"c": pa.DictionaryArray.from_arrays(pa.array(n, pa.int8()), words, ordered=True)})
        for n in ([0, 2], [1, 2])
    ]
    source = Arrow().source(saved(tmp_path, ipc(parts)))
    assert opened(rewritten(source, Arrow())).read_all()["c"].chunk(1).dictionary.equals(words)
    with pytest.raises(DataError, match="order of this column's categories") as caught:
        rewritten(source, Arrow(), edit=lambda page: Edit(kept=np.array([True, True])))
    assert "middle" not in str(caught.value)


def test_masked_and_dropped_values_are_gone(tmp_path):
    """They are in no byte of the output."""
    batch = pa.record_batch({"a": [SECRET, "x"], "b": [{"c": SECRET, "d": 1}, None], "e": [SECRET, None]})
    source = Arrow().source(saved(tmp_path, ipc([batch])))
    layout = layout_of(source, {"a": pa.string()}, {"b.c", "e"})
    data = rewritten(source, Arrow(), layout, lambda page: Edit({"a": pa.array(["*", "*"])}))
    assert SECRET.encode() not in data
    assert opened(data).read_all().to_pydict() == {"a": ["*", "*"], "b": [{"d": 1}, None]}


def test_arrow_to_parquet_and_back(tmp_path):
    """Every value comes back; a type that Parquet lacks is refused by name."""
    table = everything()
    source = Arrow().source(saved(tmp_path, ipc(table.to_batches(max_chunksize=300), compression="zstd")))
    (tmp_path / "t.parquet").write_bytes(rewritten(source, Parquet()))
    back = opened(rewritten(Parquet().source(PathFile(tmp_path / "t.parquet")), Arrow())).read_all()
    assert str(back.to_pylist()) == str(table.to_pylist())
    runs = pa.record_batch({"r": pa.RunEndEncodedArray.from_arrays([2], ["x"])})
    source = Arrow().source(saved(tmp_path, ipc([runs])))
    with pytest.raises(DataError, match="Parquet cannot hold a column of type run_end_encoded"):
        rewritten(source, Parquet())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not an Arrow file"),
        (b"id,name\n", "is not an Arrow file"),
        (b"FEA1rest", "Feather version 1"),
        (b"ARROW1\0\0rest of it", "is truncated or damaged"),
        (b"\xff\xff\xff\xff\x10\0\0\0" + bytes(16), "is truncated or damaged"),
        (b"\xff\xff\xff\xff\0\0\0\0", "is truncated or damaged"),
    ],
)
def test_a_file_that_is_no_arrow_is_refused(tmp_path, data, message):
    """The error says which file, and what it seems to be."""
    with pytest.raises(DataError, match=message) as caught:
        Arrow().source(saved(tmp_path, data))
    assert "in.arrow" in str(caught.value)


@pytest.mark.parametrize("change", [lambda d: d[:-8], lambda d: d + b"x", lambda d: d + d])
def test_a_stream_without_its_end_or_with_more_behind_it_is_refused(tmp_path, change):
    """A stream is read whole or not at all."""
    data = ipc(everything().select(["int"]).to_batches(), stream=True)
    source = Arrow().source(StdinFile(io.BytesIO(change(data))))
    with pytest.raises(DataError, match="truncated or damaged"):
        rewritten(source, Arrow())


def outcome(file):
    try:
        return None, rewritten(Arrow().source(file), Arrow())
    except DataError as error:
        return error, None


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("compression", [None, "zstd"])
def test_damage_is_found_or_harmless_and_never_quoted(tmp_path, stream, compression):
    """A flipped bit never shows a value in an error, and a cut file never passes."""
    texts = pa.array([f"{SECRET}-{i}" for i in range(200)])
    batch = pa.record_batch(
        {"t": texts, "d": texts.dictionary_encode(), "l": pa.ListArray.from_arrays(range(201), texts)}
    )
    good = ipc([batch, batch], stream, compression=compression)
    random = np.random.default_rng(1)
    for place in random.integers(0, len(good), 200):
        data = bytearray(good)
        data[place] ^= 1 << int(random.integers(0, 8))
        error, _ = outcome(saved(tmp_path, bytes(data)))
        assert error is None or SECRET not in str(error)
        assert error is None or error.__suppress_context__ or error.__context__ is None
    for size in random.integers(8, len(good) - 8, 50):
        error, _ = outcome(saved(tmp_path, good[:size]))
        assert error is not None, f"{size} of {len(good)} bytes passed"
