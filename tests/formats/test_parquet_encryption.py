"""Encrypted Parquet: what is locked, who opens it, and what stays visible."""

import base64
import io
import json
from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anonymize.codecs.parquet.encryption import unwrap, wrap
from anonymize.codecs.streams.files import PathFile
from anonymize.core.errors import DataError, SecretError, UsageError
from anonymize.core.format import Edit
from anonymize.core.protection import Encryption, Unlock, WrappingKey
from anonymize.formats.csv import Csv
from anonymize.formats.parquet import Parquet
from tests.formats.files import MemoryFile, layout_of

FOOTER = WrappingKey("aaaa000000000001", bytes(range(32)))
WARD = WrappingKey("bbbb000000000002", bytes(range(32, 64)))
BOTH = Encryption(FOOTER, {"ssn": WARD})
CANARIES = [b"CANARY_SSN", b"CANARY_ZIP", b"CANARY_CITY", b"CANARY_META", b"CANARY_KIND"]


def table(rows: int = 3) -> pa.Table:
    """Flat, nested and dictionary columns, each with a canary, and one in the metadata."""
    numbers = range(rows)
    columns = {
        "ssn": [f"CANARY_SSN{i}" for i in numbers],
        "zip": [f"CANARY_ZIP{i}" if i else None for i in numbers],
        "home": [{"city": [f"CANARY_CITY{i}"], "floor": i} for i in numbers],
        "kind": pa.array(["CANARY_KIND"] * rows).dictionary_encode(),
    }
    return pa.table(columns).replace_schema_metadata({"k": "CANARY_META"})


def source_of(folder, data, *keys, name="in.parquet"):
    """The file as whoever holds these keys opens it."""
    path = folder / name
    path.write_bytes(data)
    unlock = Unlock(lambda id_: [key for key in keys if key.id == id_])
    return Parquet().source(PathFile(path, unlock=unlock))


def encrypted(folder, encryption=BOTH, given=None, **options):
    """The table as an encrypted file."""
    plain = io.BytesIO()
    pq.write_table(table() if given is None else given, plain, **options)
    source = source_of(folder, plain.getvalue(), name="plain.parquet")
    return rewritten(source, encryption)


def rewritten(source, encryption=None):
    layout, out = layout_of(source, {}, ()), io.BytesIO()
    if encryption is None:
        sink = Parquet().sink(out, layout, source)
    else:
        sink = Parquet().encrypted_sink(out, layout, source, encryption)
    for chunk in source.chunks():
        sink.write(sink.encode(chunk(), Edit(), layout))
    sink.close()
    return out.getvalue()


def found_in(data):
    return [canary for canary in CANARIES if canary in data]


def read(source, *columns):
    pages = [chunk() for chunk in source.chunks()]
    return {name: [v for page in pages for v in page.values(name).to_pylist()] for name in columns}


class Unwrapping(pe.KmsClient):
    """Another implementation of the other side: it holds wrapping keys, and remembers the data keys."""

    def __init__(self, *keys):
        super().__init__()
        self.keys = {key.id: key.key for key in keys}
        self.data_keys = []

    def unwrap_key(self, wrapped, id_):
        raw = base64.b64decode(wrapped)
        self.data_keys.append(AESGCM(self.keys[id_]).decrypt(raw[:12], raw[12:], id_.encode()))
        return self.data_keys[-1]

    def properties(self):
        factory = pe.CryptoFactory(lambda _: self)
        return factory.file_decryption_properties(pe.KmsConnectionConfig(), pe.DecryptionConfiguration())


@pytest.mark.parametrize("encryption", [BOTH, Encryption(FOOTER)], ids=["two keys", "one key"])
@pytest.mark.parametrize("compression", ["none", "zstd"])
def test_nothing_can_be_read_without_the_keys(tmp_path, encryption, compression):
    """Neither a value, nor statistics, nor a column's name, nor metadata stands in the bytes."""
    data = encrypted(tmp_path, encryption, compression=compression, write_page_index=True)
    assert data[:4] == data[-4:] == b"PARE"
    assert [] == found_in(data)
    assert not any(name in data for name in (b"ssn", b"home", b"ARROW:schema"))
    with pytest.raises(SecretError, match="is encrypted"):
        source_of(tmp_path, data)


def test_other_readers_open_it_with_the_keys(tmp_path):
    """The library's reader, with a key management of its own that unwraps as the specification says."""
    data = encrypted(tmp_path)
    found = pq.read_table(pa.BufferReader(data), decryption_properties=Unwrapping(FOOTER, WARD).properties())
    assert found.equals(table())
    assert {b"k": b"CANARY_META"} == found.schema.metadata


def test_one_data_key_opens_it_elsewhere(tmp_path):
    """Where one key locks all, pyarrow and DuckDB read the file with the data key itself."""
    path = tmp_path / "out.parquet"
    path.write_bytes(encrypted(tmp_path, Encryption(FOOTER), table().select(["ssn", "zip"])))
    client = Unwrapping(FOOTER)
    pq.ParquetFile(path, decryption_properties=client.properties())
    (data_key,) = set(client.data_keys)
    properties = pe.create_decryption_properties(data_key)
    assert table()["ssn"].to_pylist() == pq.read_table(path, decryption_properties=properties)["ssn"].to_pylist()
    with duckdb.connect() as database:
        database.execute(f"PRAGMA add_parquet_key('k', '{base64.b64encode(data_key).decode()}')")
        query = "SELECT ssn, zip FROM read_parquet(?, encryption_config={footer_key: 'k'})"
        rows = database.execute(query, [str(path)]).fetchall()
    assert list(zip(table()["ssn"].to_pylist(), table()["zip"].to_pylist(), strict=True)) == rows


def test_it_comes_back_as_it_was(tmp_path):
    """With both keys, through four threads, from several row groups: rows, types, metadata and groups."""
    data = encrypted(tmp_path, given=table(100), row_group_size=10)
    source = source_of(tmp_path, data, WARD, FOOTER)
    back = pq.ParquetFile(pa.BufferReader(rewritten(source)))
    assert back.read().equals(table(100))
    assert {b"k": b"CANARY_META"} == back.schema_arrow.metadata
    assert 10 == back.num_row_groups
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda chunk: chunk().table(Edit(), layout_of(source, {}, ())), source.chunks()))
    assert pa.Table.from_batches(pages).equals(table(100))


def test_large_groups_are_never_copied(tmp_path):
    """Untouched columns of an encrypted file are decrypted and encoded, not copied as they stand."""
    given = pa.table({"ssn": [f"CANARY_SSN{i}" for i in range(5000)]})
    data = encrypted(tmp_path, given=given)
    back = rewritten(source_of(tmp_path, data, FOOTER, WARD))
    assert pq.read_table(pa.BufferReader(back)).equals(given)
    again = rewritten(source_of(tmp_path, back), BOTH)
    assert [] == found_in(again)


def test_a_column_opens_with_its_key_alone(tmp_path):
    """Who has the footer's key reads all columns but the one with a key of its own."""
    source = source_of(tmp_path, encrypted(tmp_path), FOOTER)
    assert {"zip": table()["zip"].to_pylist()} == read(source, "zip")
    with pytest.raises(SecretError, match="is encrypted") as caught:
        read(source, "ssn")
    assert WARD.id in str(caught.value)
    assert "CANARY" not in str(caught.value)


@pytest.mark.matrix("P7")
def test_the_footer_takes_its_key(tmp_path):
    """The key of a column does not open the file."""
    with pytest.raises(SecretError, match="no key for it") as caught:
        source_of(tmp_path, encrypted(tmp_path), WARD)
    assert FOOTER.id in str(caught.value)


@pytest.mark.matrix("P7")
def test_a_key_of_the_same_id_that_does_not_fit(tmp_path):
    """As another data set derives it: told apart from a key that is missing."""
    with pytest.raises(SecretError, match="does not fit"):
        source_of(tmp_path, encrypted(tmp_path), WrappingKey(FOOTER.id, WARD.key))


def test_a_plaintext_footer_shows_the_schema_and_no_value(tmp_path):
    """Names, types and metadata can be read by all; no value, and no statistics of what is encrypted."""
    encryption = Encryption(FOOTER, {"ssn": WARD}, plaintext_footer=True)
    data = encrypted(tmp_path, encryption, compression="none")
    assert data[:4] == b"PAR1"
    assert [b"CANARY_META"] == found_in(data)
    assert b"ssn" in data
    assert table()["zip"].to_pylist() == read(source_of(tmp_path, data, FOOTER), "zip")["zip"]
    with pytest.raises(SecretError, match="is encrypted"):
        read(source_of(tmp_path, data), "zip")


def test_plain_columns_are_for_everybody(tmp_path):
    """`unlisted: plain` with a readable footer: readers without keys find what is not encrypted."""
    encryption = Encryption(FOOTER, {"ssn": WARD, "home": WARD}, is_partial=True, plaintext_footer=True)
    data = encrypted(tmp_path, encryption, compression="none")
    assert [b"CANARY_ZIP", b"CANARY_META", b"CANARY_KIND"] == found_in(data)
    assert table()["zip"].to_pylist() == pq.read_table(pa.BufferReader(data), columns=["zip"])["zip"].to_pylist()
    assert table()["zip"].to_pylist() == read(source_of(tmp_path, data), "zip")["zip"]
    for column in ("ssn", "home.floor"):
        with pytest.raises(SecretError):
            read(source_of(tmp_path, data), column)


def test_a_changed_footer_is_noticed(tmp_path):
    """The signature of a readable footer is checked by who has its key."""
    encryption = Encryption(FOOTER, {"ssn": WARD}, is_partial=True, plaintext_footer=True)
    data = encrypted(tmp_path, encryption).replace(b"CANARY_META", b"CANARY_FAKE")
    with pytest.raises(DataError, match="does not authenticate"):
        source_of(tmp_path, data, FOOTER, WARD)


def test_a_flipped_bit_is_noticed(tmp_path):
    """Anywhere in the file: an error that quotes nothing, and never another value."""
    data, noticed = encrypted(tmp_path), []
    for place in np.random.default_rng(1).integers(4, len(data) - 8, 60):
        changed = bytearray(data)
        changed[place] ^= 1
        try:
            found = read(source_of(tmp_path, bytes(changed), FOOTER, WARD), "ssn")
        except (DataError, SecretError) as error:
            noticed.append(str(error))
        else:
            assert table()["ssn"].to_pylist() == found["ssn"]
    assert len(noticed) > 30
    assert not any("CANARY" in said for said in noticed)


def test_each_file_and_column_has_its_own_data_key(tmp_path):
    """Of 32 random bytes: two files of one table have none in common."""
    client = Unwrapping(FOOTER, WARD)
    for _ in range(2):
        pq.read_table(pa.BufferReader(encrypted(tmp_path)), decryption_properties=client.properties())
    assert {32} == {len(data_key) for data_key in client.data_keys}
    columns = 4
    assert 2 * (1 + columns) == len(set(client.data_keys))


def test_a_file_that_was_given_up_has_no_footer(tmp_path):
    """What the library writes when it is cleared away does not reach the file."""
    source = source_of(tmp_path, encrypted(tmp_path), FOOTER, WARD)
    layout, out = layout_of(source, {}, ()), io.BytesIO()
    sink = Parquet().encrypted_sink(out, layout, source, BOTH)
    sink.write(sink.encode(next(source.chunks())(), Edit(), layout))
    before = out.getvalue()
    del sink
    assert before == out.getvalue()
    assert not before.endswith(b"PARE")


def test_from_text(tmp_path):
    """CSV becomes row groups of our size."""
    source = Csv().source(MemoryFile(b"ssn,zip\nCANARY_SSN1,CANARY_ZIP1\nCANARY_SSN2,\n"))
    layout, out = layout_of(source, {}, ()), io.BytesIO()
    sink = Parquet().encrypted_sink(out, layout, source, BOTH)
    for chunk in source.chunks():
        sink.write(sink.encode(chunk(), Edit(), layout))
    sink.close()
    assert [] == found_in(out.getvalue())
    back = source_of(tmp_path, out.getvalue(), FOOTER, WARD)
    assert {"ssn": ["CANARY_SSN1", "CANARY_SSN2"], "zip": ["CANARY_ZIP1", None]} == read(back, "ssn", "zip")


def test_no_rows(tmp_path):
    """A file without rows keeps its schema."""
    data = encrypted(tmp_path, given=table(0))
    source = source_of(tmp_path, data, FOOTER, WARD)
    assert table(0).schema.names == source.input.schema.names
    assert {"ssn": []} == read(source, "ssn")


def test_columns_that_do_not_exist_are_refused(tmp_path):
    """A name with a slip would leave a column to the footer's key."""
    with pytest.raises(UsageError, match="'snn'") as caught:
        encrypted(tmp_path, Encryption(FOOTER, {"snn": WARD}))
    assert "ssn" in str(caught.value)


def test_names_that_the_library_would_take_apart_are_refused(tmp_path):
    """By column; with one key for all they are encrypted as any other."""
    strange = pa.table({"a": ["x"], "b, c": ["CANARY_SSN"]})
    with pytest.raises(UsageError, match="characters in its name"):
        encrypted(tmp_path, Encryption(FOOTER, {"a": WARD}), strange)
    assert [] == found_in(encrypted(tmp_path, Encryption(FOOTER), strange, compression="none"))


def test_other_formats_cannot():
    """The error says what to do instead."""
    with pytest.raises(UsageError, match="csv files cannot be") as caught:
        Csv.require_encrypting()
    assert "--seal-to" in str(caught.value)


def test_wrapped_keys():
    """A wrapped key opens with its key under its id only."""
    wrapped = wrap(WARD, b"k" * 32)
    assert b"k" * 32 == unwrap(WARD, wrapped)
    assert unwrap(FOOTER, wrapped) is None
    assert unwrap(WrappingKey("other", WARD.key), wrapped) is None
    assert [None, None] == [unwrap(WARD, "?"), unwrap(WARD, "")]
    assert "key=" not in repr(WARD)


def test_the_keys_in_the_file_are_named_by_their_ids(tmp_path):
    """The material in a readable footer names ids, and no name of a key."""
    encryption = Encryption(FOOTER, {"ssn": WARD}, plaintext_footer=True)
    data = encrypted(tmp_path, encryption)
    start = data.index(b'{"')
    material = json.loads(data[start : data.index(b"}", start) + 1])
    assert {"PKMT1", False} <= {material["keyMaterialType"], material["doubleWrapping"]}
    assert FOOTER.id.encode() in data
