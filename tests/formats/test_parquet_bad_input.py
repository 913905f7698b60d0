"""Parquet that is damaged, encrypted or not made for rules is refused by name, and never quoted."""

import io
import struct

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest

from anonymize.codecs.parquet import file as parquet_file
from anonymize.codecs.streams.files import PathFile, StdinFile
from anonymize.core.errors import DataError, SecretError
from anonymize.core.format import Edit
from anonymize.formats.parquet import Parquet
from tests.formats.parquet_tables import ROWS, SECRET, TYPES, everything, reread, saved
from tests.formats.rewriting import layout_of, rewritten


def test_a_pipe_cannot_be_read():
    """The footer comes last, so a pipe is refused at once."""
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


@pytest.mark.matrix("P4")
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
    """The error says which file and what is wrong with it, and quotes nothing."""
    with pytest.raises(DataError, match=message) as caught:
        Parquet().source(broken(tmp_path, damage(good)))
    assert "bad.parquet" in str(caught.value)
    assert SECRET not in str(caught.value)


def outcome(tmp_path, data):
    try:
        return None, rewritten(Parquet().source(broken(tmp_path, data)), Parquet())
    except DataError as error:
        return error, None


@pytest.mark.matrix("P4")
def test_damage_anywhere_is_found_or_harmless_and_never_quoted(tmp_path, good):
    """A flipped bit never shows a value, neither in an error nor in what led to it."""
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


@pytest.mark.matrix("P7")
def test_encrypted_files_are_refused_by_name(tmp_path):
    """Also where the footer is open and only the columns are encrypted."""
    table = pa.table({"a": range(10)})
    for options in ({}, {"plaintext_footer": True}):
        secret = pe.create_encryption_properties(footer_key=b"0" * 16, **options)
        file = saved(tmp_path, table, encryption_properties=secret)
        with pytest.raises(SecretError, match="is encrypted"):
            rewritten(Parquet().source(file), Parquet())


@pytest.mark.matrix("P5")
def test_bombs_are_refused_before_they_are_read(tmp_path, monkeypatch):
    """By their ratio and by what would have to fit into memory."""
    file = saved(tmp_path, pa.table({"t": ["x" * 1000] * 100_000}), use_dictionary=False, compression="zstd")
    monkeypatch.setattr(parquet_file, "BOMB_FREE", 1 << 20)
    monkeypatch.setattr(parquet_file, "BOMB_RATIO", 500)
    with pytest.raises(DataError, match="expands to more than 500 times"):
        Parquet().source(file)
    monkeypatch.setattr(parquet_file, "BOMB_FREE", 2 << 30)
    monkeypatch.setattr(parquet_file, "MAX_GROUP_BYTES", 100_000)
    with pytest.raises(DataError, match="does not fit into memory"):
        Parquet().source(file)


@pytest.mark.matrix("P5")
def test_shapes_that_rules_cannot_handle_are_refused(tmp_path, monkeypatch):
    """Two columns of one name, none at all, too deep or too many: the error names the file."""
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


@pytest.mark.matrix("P8")
def test_another_file_with_other_columns_or_nulls_does_not_fit(tmp_path):
    """Files that are written as one must agree on columns, types and nulls."""
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


def test_only_the_columns_that_are_asked_for_are_read(tmp_path):
    """Damage in another column does not matter; in one that is read it is an error."""
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
    """The error names the column and quotes nothing, for plain text and for categories."""
    wrong = pa.Array.from_buffers(pa.string(), 1, pa.array([SECRET.encode() + b"\xff"]).buffers())
    source = Parquet().source(saved(tmp_path, pa.table({"t": wrong, "d": wrong.dictionary_encode()})))
    (chunk,) = source.chunks()
    for column in ("t", "d"):
        with pytest.raises(DataError, match=f"column '{column}': holds text that is not UTF-8") as caught:
            chunk().values(column)
        assert SECRET not in str(caught.value)
