"""Receipts and their proof: what holds is proved, and what was tampered with is noticed."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from anonymize.core.errors import CheckError, DataError, SecretError
from anonymize.datasets import open_dataset
from anonymize.engines.local import LocalEngine
from anonymize.kernels.crypto.envelope import enclose
from anonymize.pipeline import Job, run
from anonymize.releases.verifying import Evidence, verify
from anonymize.rulefile.loading import parse_rules
from anonymize.running.receipts import PAYLOAD, SignedReceipt, Signing, read_receipt
from tests.kernels.test_column_digest import digest_by_hand
from tests.key import KEY

SIGNING_KEY = "0b4c3a7e91d25f68a3c7d90e4fb1628573e8c6d1940fab2e5d7c8b61f3a09e42"
OTHER_KEY = "c1d2e3f405162738495a6b7c8d9eaf00b1c2d3e4f5061728394a5b6c7d8e9f11"

CSV = 'id,name,zip,note,age\n1,Zoe,02138,"a ""q"" b",30\n2,Bob,,x,31\n3,,"",ü,32\n4,Ann,02139,,33\n'
RULES = """version: 1
columns:
  id: keep
  name: pseudonymize
  zip: keep
  note: mask
  age: keep
"""


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A folder with data, and the keys in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)
    monkeypatch.setenv("SIGN", SIGNING_KEY)
    monkeypatch.setenv("OTHER", OTHER_KEY)
    (tmp_path / "people.csv").write_text(CSV)
    return tmp_path


def release(rules, source="people.csv", target="safe.csv", threads=2, **options):
    """Run with a receipt."""
    receipt = SignedReceipt(Path("receipt.json"), Signing.of("env:SIGN"), overwrite=True)
    job = Job(parse_rules(rules), (source,), target, overwrite=True, receipt=receipt, **options)
    return run(job, LocalEngine(threads))


def results(rules=None, source="people.csv", target="safe.csv", sample=None, key="env:SIGN", **given):
    """What verify finds, as {(about, name): result}."""
    found = Signing.of(key)
    told = read_receipt(Path("receipt.json"), found.signer.public)
    loaded = None if rules is None else parse_rules(rules)
    original = None if rules is None else open_dataset([source])
    evidence = Evidence(open_dataset([target]), told, True, original, loaded, found)
    claims = verify(replace(evidence, **given), LocalEngine(2), sample).claims
    return {(claim.about, claim.name): claim.result for claim in claims}


def failed(found):
    return {claim for claim, result in found.items() if result == "failed"}


def all_proved(found):
    return set(found.values()) == {"proved"}


def test_what_was_written_is_proved(work):
    """A release as it was written is proved in every respect, with the original and without."""
    release(RULES)
    assert all_proved(results(RULES))
    assert all_proved(results())


def test_the_statement_has_the_form_of_in_toto(work):
    """Statement v1 in a DSSE envelope, signed over its type and payload, with plain digests of outputs."""
    release(RULES)
    envelope = json.loads(Path("receipt.json").read_text())
    payload = base64.b64decode(envelope["payload"])
    public = load_pem_public_key(Signing.of("env:SIGN").signer.public.pem.encode())
    assert isinstance(public, Ed25519PublicKey)
    kind = envelope["payloadType"].encode()
    message = b" ".join([b"DSSEv1", str(len(kind)).encode(), kind, str(len(payload)).encode(), payload])
    public.verify(base64.b64decode(envelope["signatures"][0]["sig"]), message)
    statement = json.loads(payload)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    digest = hashlib.sha256(Path("safe.csv").read_bytes()).hexdigest()
    assert statement["subject"] == [{"name": "safe.csv", "digest": {"sha256": digest}}]
    assert statement["predicate"]["rows"] == {"in": 4, "out": 4, "rejected": 0}
    untouched = [column["name"] for column in statement["predicate"]["columns"] if column.get("untouched")]
    assert untouched == ["id", "zip", "age"]


def test_the_input_is_named_by_a_keyed_digest_only(work):
    """A plain digest would confirm guesses of what was taken out."""
    release(RULES)
    told = (
        Path("receipt.json").read_text()
        + base64.b64decode(json.loads(Path("receipt.json").read_text())["payload"]).decode()
    )
    assert hashlib.sha256(CSV.encode()).hexdigest() not in told
    mark = hmac.new(Signing.of("env:SIGN").inputs, CSV.encode(), "sha256").hexdigest()
    assert mark in told
    assert Signing.of("env:OTHER").inputs != Signing.of("env:SIGN").inputs


def test_nothing_secret_and_no_value_stands_in_a_receipt(work):
    """Neither keys nor values of the data."""
    release(RULES)
    payload = base64.b64decode(json.loads(Path("receipt.json").read_text())["payload"]).decode()
    for secret in (KEY, SIGNING_KEY, Signing.of("env:SIGN").signer.seed.hex(), "Zoe", "02138", "Ann"):
        assert secret not in payload
    assert SIGNING_KEY not in repr(Signing.of("env:SIGN")) + repr(Signing.of("env:SIGN").signer)


def test_digests_depend_on_neither_threads_nor_pages(work):
    """One thread and three, small pages and large: one receipt's account."""
    Path("many.csv").write_text("id,name,zip,note,age\n" + "".join(f"{i},n{i},{i % 7},x,\n" for i in range(5000)))
    told = []
    for threads in (1, 3):
        release(RULES, "many.csv", threads=threads)
        told.append(read_receipt(Path("receipt.json"), Signing.of("env:SIGN").signer.public).predicate.digests)
    assert told[0] == told[1]
    assert told[0]["id"] == digest_by_hand([str(i) for i in range(5000)])


TAMPERED = {
    "an untouched cell": ("02138", "02130", {("output", "safe.csv"), ("column", "zip")}),
    "an untouched null": ("2,", "2,0", None),
    "a touched cell": ("*", "-", {("output", "safe.csv"), ("column", "note")}),
    "a name of a column": ("zip", "zap", {("output", "safe.csv"), ("columns", ""), ("column", "zip")}),
    "a quote that changes no value": ("4,", '"4",', {("output", "safe.csv")}),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_changed_release_is_noticed(what, work):
    """Each change fails the claims that it breaks, and no others."""
    release(RULES)
    before, after, expected = TAMPERED[what]
    text = Path("safe.csv").read_text()
    assert before in text
    Path("safe.csv").write_text(text.replace(before, after, 1))
    if expected is None:
        assert ("output", "safe.csv") in failed(results(RULES))
    else:
        assert expected == failed(results(RULES))


def test_rows_that_went_or_came_are_noticed(work):
    """A row less, or one more, breaks the counts."""
    release(RULES)
    lines = Path("safe.csv").read_text().splitlines(keepends=True)
    for changed in (lines[:-1], [*lines, lines[-1]]):
        Path("safe.csv").write_text("".join(changed))
        assert {("rows", "release"), ("rows", "receipt")} <= failed(results(RULES))


def test_a_column_that_came_back_is_noticed(work):
    """A dropped column must not stand in the release."""
    rules = RULES.replace("note: mask", "note: drop")
    release(rules)
    assert all_proved(results(rules))
    Path("safe.csv").write_bytes(Path("people.csv").read_bytes())
    assert ("columns", "") in failed(results(rules))
    assert ("column", "note") in failed(results())


def test_another_original_is_noticed(work):
    """The signing key tells that the input is another, and re-masking shows where."""
    release(RULES)
    Path("people.csv").write_text(CSV.replace("Bob", "Bert"))
    assert {("input", "people.csv"), ("column", "name")} == failed(results(RULES))


def test_other_rules_are_noticed(work):
    """Rules that say another thing have another digest, and the column does not follow them."""
    release(RULES)
    other = RULES.replace("note: mask", "note: redact")
    assert {("rules", "<rules>"), ("column", "note")} == failed(results(other))


def test_a_changed_receipt_is_noticed(work):
    """Not a byte of the statement can be changed, nor the signature."""
    release(RULES)
    envelope = json.loads(Path("receipt.json").read_text())
    payload = base64.b64decode(envelope["payload"])
    forged = [
        {**envelope, "payload": base64.b64encode(payload.replace(b'"out":4', b'"out":5')).decode()},
        {**envelope, "signatures": [{**envelope["signatures"][0], "sig": base64.b64encode(bytes(64)).decode()}]},
    ]
    for one in forged:
        Path("receipt.json").write_text(json.dumps(one))
        with pytest.raises(CheckError):
            read_receipt(Path("receipt.json"), Signing.of("env:SIGN").signer.public)


def test_a_receipt_of_somebody_else_is_refused(work):
    """The signature of another key is no proof, and that is an error of keys."""
    release(RULES)
    with pytest.raises(SecretError):
        read_receipt(Path("receipt.json"), Signing.of("env:OTHER").signer.public)


def test_another_masking_key_is_an_error_of_keys(work, monkeypatch):
    """Re-masking with another key would only show that it is another key."""
    release(RULES)
    monkeypatch.setenv("ANONYMIZE_KEY", OTHER_KEY)
    with pytest.raises(SecretError, match="not the one that was used"):
        results(RULES)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "\xff", '{"payloadType": "text/plain", "payload": ""}', "[" * 9999]
)
def test_what_is_no_receipt_is_refused(text, work):
    """Other files are told by name, without their content."""
    Path("receipt.json").write_text(text, encoding="latin-1")
    with pytest.raises(DataError):
        read_receipt(Path("receipt.json"), None)


def test_a_payload_of_another_kind_is_refused(work):
    """A signed statement about something else is no receipt."""
    other = {"_type": "https://in-toto.io/Statement/v1", "subject": [], "predicateType": "x", "predicate": {}}
    envelope = enclose(PAYLOAD, json.dumps(other).encode(), Signing.of("env:SIGN").signer)
    Path("receipt.json").write_text(json.dumps(envelope))
    with pytest.raises(DataError):
        read_receipt(Path("receipt.json"), Signing.of("env:SIGN").signer.public)


def test_no_receipt_without_output(work):
    """A run that a gate stops leaves neither."""
    with pytest.raises(CheckError):
        release(
            RULES.replace("age: keep", "age: {role: quasi_identifier, steps: [keep]}")
            + "checks: [k_anonymity >= 2]\n"
        )
    assert ["people.csv"] == [path.name for path in work.iterdir()]


def test_dropped_rows_are_masked_all(work):
    """Where rows go, all rows are masked again, and the counts are those of the rows that stay."""
    rules = RULES + "rows:\n  - drop_rows(where=\"age == '31'\")\n"
    release(rules)
    assert all_proved(results(rules, sample=1))
    Path("safe.csv").write_text(Path("safe.csv").read_text().replace("02139", "02138"))
    assert ("column", "zip") in failed(results(rules, sample=1))


def test_a_sample_of_many_rows(work):
    """Untouched columns are compared in all rows, touched ones in some."""
    Path("many.csv").write_text(
        "id,name,zip,note,age\n" + "".join(f"{i},n{i},{i % 7},x,\n" for i in range(20_000))
    )
    release(RULES, "many.csv")
    assert all_proved(results(RULES, "many.csv", sample=100))
    told = read_receipt(Path("receipt.json"), None)
    evidence = Evidence(open_dataset(["safe.csv"]), told, False, open_dataset(["many.csv"]), parse_rules(RULES))
    rows = {c.name: c.rows for c in verify(evidence, LocalEngine(1), 100).claims if c.about == "column"}
    assert rows["id"] == 20_000
    assert 0 < rows["name"] < 2000


def test_steps_that_ask_the_whole_data(work):
    """Statistics are taken from the original again."""
    Path("many.csv").write_text(
        "id,name,zip,note,age\n" + "".join(f"{i},n,{i % 3},x,{i % 40}\n" for i in range(400))
    )
    rules = RULES.replace("age: keep", "age: {role: quasi_identifier, steps: [keep]}").replace(
        "zip: keep", "zip: {role: quasi_identifier, steps: [group_rare(k=140)]}"
    )
    rules += "rows: [suppress_small_classes(k=4)]\n"
    release(rules, "many.csv")
    assert not failed(results(rules, "many.csv"))


def test_groups_are_counted_again(work):
    """A table about the records is made again and compared."""
    rules = RULES + "rows: ['aggregate(by=[zip], min_group=1)']\n"
    release(rules)
    assert all_proved(results(rules))
    Path("safe.csv").write_text(Path("safe.csv").read_text().replace("1", "2"))
    assert failed(results(rules))


def typed():
    return pa.table(
        {
            "id": pa.array([1, 2, None, 4], pa.int64()),
            "name": ["Zoe", None, "", "Ann"],
            "zip": pa.array([1.5, None, float("nan"), -0.0]),
            "note": ["a", "b", None, "ü"],
            "age": pa.array([[{"n": "a", "m": 1}, {"n": None, "m": 2}], [], None, [{"n": "b", "m": 3}]]),
            "day": pa.array([0, 1, None, 3], pa.date32()),
            "kind": pa.array(["x", "y", None, "x"]).dictionary_encode(),
            "raw": pa.array([b"\x00", b"", None, b"\xff"]),
            "when": pa.array([0, 1, None, 3], pa.timestamp("us", "UTC")),
            "price": pa.array([None, None, None, None], pa.decimal128(9, 2)),
        }
    )


TYPED_RULES = """version: 1
unlisted: keep
columns: {name: pseudonymize, note: redact, "age[*].n": mask}
"""


def test_typed_data(work):
    """Parquet of many types, nested ones too."""
    pq.write_table(typed(), "people.parquet", row_group_size=3)
    release(TYPED_RULES, "people.parquet", "safe.parquet")
    assert all_proved(results(TYPED_RULES, "people.parquet", "safe.parquet"))
    assert all_proved(results(TYPED_RULES, "people.parquet", "safe.parquet", sample=1))
    table = pq.read_table("safe.parquet")
    day = table.column_names.index("day")
    changed = table.set_column(day, "day", pa.array([0, 2, None, 3], pa.date32()))
    pq.write_table(changed, "safe.parquet")
    found = results(TYPED_RULES, "people.parquet", "safe.parquet")
    assert {("output", "safe.parquet"), ("column", "day")} == failed(found)


JSONL = [
    {"id": 1, "name": "Zoe", "contact": {"phones": [{"n": "1"}, {"n": None}], "city": "X"}, "x": 1.10},
    {"id": 2, "name": None, "contact": {"phones": [], "city": "é"}},
    {"id": "3", "contact": None, "late": [1, 2], "x": True},
]
JSONL_RULES = """version: 1
unlisted: keep
columns: {name: pseudonymize, "contact.phones[*].n": mask}
"""


def test_nested_json(work):
    """JSON lines with lists, missing keys and columns that turn up late."""
    Path("chat.jsonl").write_text("".join(json.dumps(line) + "\n" for line in JSONL))
    release(JSONL_RULES, "chat.jsonl", "safe.jsonl")
    assert all_proved(results(JSONL_RULES, "chat.jsonl", "safe.jsonl"))
    Path("safe.jsonl").write_text(Path("safe.jsonl").read_text().replace("X", "Y"))
    assert ("column", "contact.city") in failed(results(JSONL_RULES, "chat.jsonl", "safe.jsonl"))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("csv", "parquet"),
        ("csv", "jsonl"),
        ("jsonl", "parquet"),
        ("parquet", "csv"),
        ("parquet", "jsonl"),
        ("jsonl", "csv"),
    ],
)
def test_other_formats(source, target, work):
    """A release in another format is compared by its values."""
    frame = pl.DataFrame(
        {"id": [1, 2, 3], "name": ["Zoe", None, ""], "x": [1.5, 1e300, None], "n": ["01", "b", None]}
    )
    writers = {"csv": frame.write_csv, "jsonl": frame.write_ndjson, "parquet": frame.write_parquet}
    writers[source](work / f"people.{source}")
    rules = "version: 1\nunlisted: keep\ncolumns: {name: pseudonymize}\n"
    release(rules, f"people.{source}", f"safe.{target}")
    assert all_proved(results(rules, f"people.{source}", f"safe.{target}"))
    assert all_proved(results(None, f"people.{source}", f"safe.{target}"))


def test_folders(work):
    """Files of a folder are known by their names in it, and an added or missing one is noticed."""
    Path("in").mkdir()
    for name in ("b.csv", "a.csv"):
        Path("in", name).write_text(CSV.replace("Zoe", name))
    release(RULES, "in", "out/")
    assert all_proved(results(RULES, "in", "out"))
    Path("out/c.csv").write_bytes(Path("out/a.csv").read_bytes())
    assert ("output", "c.csv") in failed(results(RULES, "in", "out"))
    Path("out/c.csv").unlink()
    Path("out/a.csv").unlink()
    assert ("output", "a.csv") in failed(results(RULES, "in", "out"))


def test_what_is_random_cannot_be_proved_and_is_said_so(work):
    """Ciphertexts that differ each time are neither proved nor failed."""
    rules = RULES.replace("name: pseudonymize", "name: encrypt")
    release(rules)
    assert results(rules)["column", "name"] == "unproved"
    assert not failed(results(rules))
