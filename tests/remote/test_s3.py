"""Data in an object store is read where it is, and what is written there appears whole or not at all."""

import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import anonymize as library
from anonymize.codecs.streams.remote import RemotePath
from anonymize.core.errors import DataError, UsageError
from tests.remote.conftest import BUCKET, body, keys_of

RULES = 'version: 1\ndataset: cases\ncolumns: {name: mask, "*": keep}\n'
CSV = "id,name\n1,Ada\n2,王小明\n"
MASKED = "id,name\n1,***\n2,***\n"


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return str(path)


def put(store, key: str, data: bytes | str) -> str:
    store.put_object(Bucket=BUCKET, Key=key, Body=data.encode() if isinstance(data, str) else data)
    return f"s3://{BUCKET}/{key}"


def test_a_file_there_becomes_a_file_there(store, rules, anonymize):
    """`run s3://… -o s3://…` reads and writes; the keys of the store are told to nobody."""
    given = put(store, "in/people.csv", CSV)
    done = anonymize("run", given, "-r", rules, "-o", "s3://clinic/out/safe.csv", "--json")
    assert 0 == done.returncode, done.stderr
    assert MASKED.encode() == body(store, "out/safe.csv")
    assert '"s3://clinic/in/people.csv"' in done.stdout


@pytest.mark.parametrize("suffix", ["csv.gz", "parquet", "arrow", "jsonl"])
def test_every_format(store, rules, suffix):
    """Formats that jump in a file and those that stream give what they give for a file here."""
    library.run(put(store, "people.csv", CSV), rules=rules, to=f"s3://clinic/safe.{suffix}")
    library.run(f"s3://clinic/safe.{suffix}", rules=rules, to="s3://clinic/again.csv")
    assert MASKED.encode() == body(store, "again.csv")
    if suffix == "csv.gz":
        assert MASKED.encode() == gzip.decompress(body(store, "safe.csv.gz"))


def test_a_folder_and_a_pattern(store, rules):
    """A folder keeps its shape, its partitions are columns; a pattern is one dataset."""
    table = io.BytesIO()
    pq.write_table(pa.table({"name": ["Ada", "Bob"]}), table)
    for year in (2024, 2025):
        put(store, f"data/year={year}/part.parquet", table.getvalue())
    put(store, "data/_SUCCESS", "")
    library.run("s3://clinic/data/", rules=rules, to="s3://clinic/safe/")
    assert ["safe/year=2024/part.parquet", "safe/year=2025/part.parquet"] == keys_of(store)[3:]
    found = library.run("s3://clinic/data/*/part.parquet", rules=rules, to="s3://clinic/one.parquet")
    assert (4, ("s3://clinic/data/year=2024/part.parquet", "s3://clinic/data/year=2025/part.parquet")) == (
        found.rows_out,
        found.inputs,
    )


def test_a_gate_that_fails_sends_nothing(store, tmp_path, anonymize):
    """Not a byte leaves this machine before every check has passed."""
    rules = tmp_path / "gate.yaml"
    rules.write_text(
        "version: 1\ndataset: cases\ncolumns: {id: {role: quasi_identifier, steps: [keep]}, name: mask}\n"
        "checks: [k_anonymity >= 2]\n"
    )
    done = anonymize("run", put(store, "people.csv", CSV), "-r", str(rules), "-o", "s3://clinic/safe.csv")
    assert (4, ["people.csv"]) == (done.returncode, keys_of(store))


def test_what_is_there_stays(store, rules, anonymize):
    """An existing output needs `--overwrite`, and an input is never the output."""
    given = put(store, "people.csv", CSV)
    put(store, "safe.csv", "old")
    done = anonymize("run", given, "-r", rules, "-o", "s3://clinic/safe.csv")
    assert (2, b"old") == (done.returncode, body(store, "safe.csv"))
    assert "the output exists" in done.stderr
    assert 2 == anonymize("run", given, "-r", rules, "-o", given, "--overwrite").returncode
    assert 0 == anonymize("run", given, "-r", rules, "-o", "s3://clinic/safe.csv", "--overwrite").returncode
    assert MASKED.encode() == body(store, "safe.csv")


def test_a_large_output_is_one_upload(store, rules, monkeypatch, tmp_path):
    """It is sent in parts, and appears when the last one has arrived."""
    monkeypatch.setattr("s3fs.core.calculate_chunksize", lambda *_, **__: 5 << 20)
    rows = tmp_path / "rows.csv"
    rows.write_text("id,name\n" + "1234567890,Ada Lovelace\n" * 500_000)
    library.run(rows, rules=rules, to="s3://clinic/large.csv")
    found = store.head_object(Bucket=BUCKET, Key="large.csv")
    assert (rows.stat().st_size, "-3") == (found["ContentLength"], found["ETag"].strip('"')[-2:])


@pytest.mark.matrix("W12")
def test_a_part_that_fails(store, rules, monkeypatch, tmp_path):
    """The upload is given up: no file, no part."""
    import s3fs

    async def refuse(*_, **__):
        raise OSError(5, "secret text of a library")

    monkeypatch.setattr(s3fs.S3FileSystem, "_upload_file_part_concurrent", refuse)
    monkeypatch.setattr("s3fs.core.calculate_chunksize", lambda *_, **__: 1)
    with pytest.raises(DataError) as caught:
        library.run(put(store, "people.csv", CSV), rules=rules, to="s3://clinic/safe.csv")
    assert "cannot be written: input/output error" in str(caught.value)
    assert ["people.csv"] == keys_of(store)
    assert [] == store.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])


def test_input_that_is_replaced(store, rules, monkeypatch):
    """Input that changes while it is read is an error, and no output appears."""
    given = put(store, "people.csv", CSV)
    version = RemotePath.version

    def growing(path: RemotePath) -> tuple[object, ...]:
        put(store, "people.csv", body(store, "people.csv") + b"3,Eve\n")
        return version(path)

    monkeypatch.setattr(RemotePath, "version", growing)
    with pytest.raises(DataError, match="changed while it was read"):
        library.run(given, rules=rules, to="s3://clinic/safe.csv")
    assert ["people.csv"] == keys_of(store)


@pytest.mark.parametrize("name", ["s3://clinic/none.csv", "s3://nobody/none.csv"])
def test_what_is_not_there(store, rules, anonymize, name):
    """A missing file or bucket is an error with its place."""
    done = anonymize("run", name, "-r", rules, "-o", "s3://clinic/safe.csv")
    assert 3 == done.returncode
    assert f"error: {name}: no such file" in done.stderr


def test_preview_and_scan_read_there(store, rules, anonymize):
    """Every command takes URLs."""
    given = put(store, "people.csv", CSV)
    assert 0 == anonymize("preview", given, "-r", rules).returncode
    assert 0 == anonymize("scan", given).returncode
    assert 0 == anonymize("lint", rules, "--data", given).returncode


def test_no_key_of_the_store(store, rules, anonymize, tmp_path):
    """Without credentials: a DataError that says what to do."""
    done = anonymize(
        "run", "s3://clinic/none.csv", "-r", rules, "-o", str(tmp_path / "safe.csv"),
        AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_CONFIG_FILE="/dev/null", HOME=str(tmp_path),
    )  # fmt: skip
    assert 3 == done.returncode
    assert "hint: give credentials as the cloud's own tools take them" in done.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.com/people.csv", "use https://"),
        ("ftp://example.com/people.csv", "use s3://, gs://, abfs://, hf://, https://"),
        ("s3://AKIA:hunter2@clinic/people.csv", "the URL holds a password"),
        ("s3:///people.csv", "the URL names no place"),
    ],
)
def test_urls_that_are_refused(url, said, rules):
    """What cannot be used is refused before anything is sent, and without its secrets."""
    with pytest.raises(UsageError) as caught:
        library.run(url, rules=rules, to="safe.csv")
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_package_that_is_missing(rules):
    """Says which extra brings it."""
    with pytest.raises(UsageError, match=r"pip install 'anonymize\[remote\]', which brings gcsfs"):
        library.run("gs://clinic/people.csv", rules=rules, to="safe.csv")


def test_a_signed_link_is_not_shown():
    """What stands behind the question mark opens the file for anybody."""
    path = RemotePath.of("https://example.com/people.csv?X-Amz-Signature=abc")
    assert ("https://example.com/people.csv?…", "people.csv", ".csv") == (str(path), path.name, path.suffix)
    assert "abc" not in repr(path)
