"""Output that opens for some: encrypted Parquet and sealed text, as the command line makes and reads them."""

import gzip
import io
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage
import pytest

import anonymize as package
from anonymize.cli import obey
from anonymize.core.errors import UsageError
from tests.cli.restoring import key_file, told

PEOPLE = "id,name,zip\n" + "".join(f"{i},CANARY_{i},{10000 + i}\n" for i in range(20_000))
SEALED = """version: 1
unlisted: keep
columns:
  id: keep
"""
RULES = """version: 1
dataset: clinic
keys: {default: "file:old.key", ward: "file:new.key"}
unlisted: keep
columns:
  id: encrypt_deterministic
output:
  encrypt: {footer_key: default, columns: {name: ward}}
"""
SEAL = ("run", "people.csv", "-r", "sealed.yaml", "-o")
ENCRYPT = ("run", "people.csv", "-r", "rules.yaml", "-o", "safe.parquet")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Data, rules, keys, and two people with identities of age."""
    for name in ("old", "new"):
        key_file(tmp_path, name)
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "sealed.yaml").write_text(SEALED)
    for name in ("ann", "bob"):
        identity = pyrage.x25519.Identity.generate()
        key_file(tmp_path, name, f"# of {name}\n{identity}\n")
        (tmp_path / f"{name}.pub").write_text(f"# {name}\n\n{identity.to_public()}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder):
    """What there is now, hidden files too."""
    return sorted(os.listdir(folder))


def succeeds(capfd, *arguments):
    code, found = told(capfd, *arguments)
    assert 0 == code, found
    return found["data"]


def refused(capfd, folder, *arguments):
    """The exit code and the message of a command that leaves nothing behind."""
    before = names(folder)
    code, found = told(capfd, *arguments)
    assert before == names(folder)
    said = str(found["error"])
    assert "CANARY" not in said
    return code, said


def opened(folder, name, who="ann"):
    """What the library for age reads."""
    identity = pyrage.x25519.Identity.from_str(secret_of(folder, who))
    return pyrage.decrypt((folder / name).read_bytes(), [identity])


def secret_of(folder, who):
    return (folder / f"{who}.key").read_text().splitlines()[1]


def program(*arguments, **streams):
    """A process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(package.__file__).parent.parent)}
    command = [sys.executable, "-m", "anonymize", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=False, **streams)


def test_sealed_csv_opens_for_its_recipients(folder, capfd):
    """For each of them the bytes are those of the output that is not sealed; no canary stands in the file."""
    succeeds(capfd, *SEAL, "out.csv.age", "--seal-to", "ann.pub", "--seal-to", "bob.pub")
    assert b"CANARY" not in (folder / "out.csv.age").read_bytes()
    assert PEOPLE.encode() == opened(folder, "out.csv.age") == opened(folder, "out.csv.age", "bob")


def test_sealed_jsonl_may_be_compressed(folder, capfd):
    """Inside, so that it is smaller."""
    (key,) = [x for x in (folder / "ann.pub").read_text().splitlines() if x.startswith("age1")]
    succeeds(capfd, *SEAL, "out.jsonl.gz.age", "--seal-to", key)
    assert 20_000 == gzip.decompress(opened(folder, "out.jsonl.gz.age")).count(b"CANARY_")
    succeeds(capfd, "run", "out.jsonl.gz.age", "-r", "sealed.yaml", "-o", "back.csv", "--identity", "ann.key")
    assert 20_000 == (folder / "back.csv").read_text().count("CANARY_")


def test_it_is_read_by_whoever_has_the_identity(folder, capfd):
    """By a run, from a file, from a pipe and from a folder, whatever their suffix."""
    succeeds(capfd, *SEAL, "out.csv.age", "--seal-to", "ann.pub")
    succeeds(capfd, "run", "out.csv.age", "-r", "sealed.yaml", "-o", "back.csv", "--identity", "ann.key")
    assert PEOPLE == (folder / "back.csv").read_text()
    (folder / "out.csv.age").rename(folder / "out.csv")
    package.run("out.csv", rules="sealed.yaml", to="again.csv", identity="ann.key")
    assert PEOPLE == (folder / "again.csv").read_text()
    piped = ("run", "-", "--input-format", "csv", "-r", "sealed.yaml", "-o", "-", "--identity", "ann.key")
    with (folder / "out.csv").open() as file:
        done = program(*piped, stdin=file)
    assert PEOPLE.encode() == done.stdout


def test_folders_keep_their_names(folder, capfd):
    """Sealed files of a folder are named so, and lose the name when they are opened."""
    (folder / "in").mkdir()
    (folder / "people.csv").rename(folder / "in/people.csv")
    succeeds(capfd, "run", "in", "-r", "sealed.yaml", "-o", "locked/", "--seal-to", "ann.pub")
    assert ["people.csv.age"] == names(folder / "locked")
    succeeds(capfd, "run", "locked", "-r", "sealed.yaml", "-o", "open/", "--identity", "ann.key")
    assert PEOPLE == (folder / "open/people.csv").read_text()


def test_the_wrong_identity(folder, capfd):
    """Exit code 5: somebody else's, none, one that others may read, a file that holds none."""
    succeeds(capfd, *SEAL, "out.csv.age", "--seal-to", "ann.pub")
    (folder / "open.key").write_text((folder / "ann.key").read_text())
    (folder / "open.key").chmod(0o644)
    read = ("run", "out.csv.age", "-r", "sealed.yaml", "-o", "back.csv")
    for identity, message in {
        ("--identity", "bob.key"): "sealed for others",
        (): "is sealed",
        ("--identity", "open.key"): "open to its group",
        ("--identity", "old.key"): "no private key of age",
        ("--identity", "none.key"): "cannot be read",
    }.items():
        code, said = refused(capfd, folder, *read, *identity)
        assert (5, True) == (code, message in said), said
        assert secret_of(folder, "ann") not in said


@pytest.mark.parametrize("size", [10, 30, 120, 1000, 70_000, -1, -16, -100])
def test_a_truncated_file(folder, capfd, size):
    """Exit code 3 and no output, wherever it was cut."""
    succeeds(capfd, *SEAL, "out.csv.age", "--seal-to", "ann.pub")
    (folder / "cut.csv.age").write_bytes((folder / "out.csv.age").read_bytes()[:size])
    code, said = refused(
        capfd, folder, "run", "cut.csv.age", "-r", "sealed.yaml", "-o", "x.csv", "--identity", "ann.key"
    )
    assert 3 == code, said


def test_a_changed_file(folder, capfd):
    """A flipped bit in the last chunk stops everything, too."""
    succeeds(capfd, *SEAL, "out.csv.age", "--seal-to", "ann.pub")
    data = bytearray((folder / "out.csv.age").read_bytes())
    data[-40] ^= 1
    (folder / "bad.csv.age").write_bytes(data)
    code, _ = refused(
        capfd, folder, "run", "bad.csv.age", "-r", "sealed.yaml", "-o", "x.csv", "--identity", "ann.key"
    )
    assert 3 == code


def test_names_and_formats_must_agree(folder, capfd):
    """Plaintext is not called sealed, and what is sealed is called so."""
    for output, seal, message in [
        ("out.csv.age", (), "for whom"),
        ("out.csv", ("--seal-to", "ann.pub"), "named so"),
        ("out.parquet.age", ("--seal-to", "ann.pub"), "by `output:` in the rules"),
        ("out.csv.age", ("--seal-to", "ann.key"), "private key"),
        ("out.csv.age", ("--seal-to", "age1nonsense"), "not a public key"),
        ("out.csv.age", ("--seal-to", "nobody"), "no recipient"),
        ("out.csv.age", ("--seal-to", "people.csv"), "not a public key"),
        ("out.csv.age", ("--seal-to", "ann.pub", "--rejects", "bad.csv"), "unsealed"),
    ]:
        code, said = refused(capfd, folder, *SEAL, output, *seal)
        assert (2, True) == (code, message in said), said
        assert secret_of(folder, "ann") not in said


def test_without_the_library(folder, capfd, monkeypatch):
    """The error names what to install."""
    monkeypatch.setitem(sys.modules, "pyrage", None)
    code, said = refused(capfd, folder, *SEAL, "out.csv.age", "--seal-to", "ann.pub")
    assert (2, True) == (code, "pip install 'anonymize[age]'" in said)


def test_a_failed_check_leaves_no_sealed_file(folder, capfd):
    """The gates hold for it as for any other output."""
    (folder / "sealed.yaml").write_text(SEALED.replace("id: keep", "id: {role: quasi_identifier, steps: [keep]}")
                                        + "checks: [k_anonymity >= 5]\n")  # fmt: skip
    before = names(folder)
    assert 4 == obey([*SEAL, "out.csv.age", "--seal-to", "ann.pub", "--json"])
    assert before == names(folder)


def test_a_stream_that_fails_halfway_does_not_open(folder):
    """What went down a pipe before the error lacks its last chunk."""
    (folder / "people.csv").write_text(PEOPLE + "a row, of too, many, cells\n")
    done = program("run", "people.csv", "-r", "sealed.yaml", "-o", "-", "--seal-to", "ann.pub")
    assert 3 == done.returncode
    (folder / "half.age").write_bytes(done.stdout)
    with pytest.raises(pyrage.DecryptError):
        opened(folder, "half.age")


def test_encrypted_parquet_there_and_back(folder, capfd):
    """The rules that made it restore it, in plain; no canary stands in it, and its keys are in the report."""
    data = succeeds(capfd, *ENCRYPT)
    assert {"default", "ward"} == set(data["keys"])
    assert b"CANARY" not in (folder / "safe.parquet").read_bytes()
    assert ["id"] == succeeds(capfd, "restore", "safe.parquet", "-r", "rules.yaml", "-o", "back.csv")["restored"]
    assert PEOPLE == (folder / "back.csv").read_text()
    succeeds(capfd, "restore", "safe.parquet", "-r", "rules.yaml", "-o", "back.parquet")
    assert ["id", "name", "zip"] == pq.read_table("back.parquet").column_names


def test_other_commands_read_it_by_the_rules(folder, capfd):
    """Whatever takes rules takes their keys."""
    succeeds(capfd, *ENCRYPT)
    for command in [
        ("plan", "rules.yaml", "safe.parquet"),
        ("lint", "rules.yaml", "--data", "safe.parquet"),
        ("preview", "safe.parquet", "-r", "rules.yaml"),
        ("assess", "safe.parquet", "-r", "rules.yaml", "--quasi", "zip"),
    ]:
        succeeds(capfd, *command)
    assert 5 == refused(capfd, folder, "scan", "safe.parquet")[0]


def test_a_rotated_key_still_opens_it(folder, capfd):
    """The id in the file finds the generation."""
    succeeds(capfd, *ENCRYPT)
    succeeds(capfd, "keys", "rotate", "old.key")
    succeeds(capfd, "keys", "rotate", "new.key")
    succeeds(capfd, "restore", "safe.parquet", "-r", "rules.yaml", "-o", "back.csv")
    assert PEOPLE == (folder / "back.csv").read_text()


def test_it_can_be_rekeyed(folder, capfd):
    """The file opens by the new key and no more by the old one."""
    key_file(folder, "third", sha256(b"the third").hexdigest())
    succeeds(capfd, *ENCRYPT)
    move = ("--to", "default=file:third.key", "--to", "ward=file:third.key")
    code, said = told(capfd, "rekey", "safe.parquet", "-r", "rules.yaml", *move, "-o", "moved.parquet")
    assert 0 == code, said
    assert b"CANARY" not in (folder / "moved.parquet").read_bytes()
    assert 5 == refused(capfd, folder, "restore", "moved.parquet", "-r", "rules.yaml", "-o", "x.csv")[0]
    moved = RULES.replace("old.key", "third.key").replace("new.key", "third.key")
    (folder / "moved.yaml").write_text(moved)
    succeeds(capfd, "restore", "moved.parquet", "-r", "moved.yaml", "-o", "back.csv")
    assert PEOPLE == (folder / "back.csv").read_text()


def test_without_the_right_key(folder, capfd):
    """Exit code 5; a column that is dropped needs no key."""
    succeeds(capfd, *ENCRYPT)
    (folder / "new.key").unlink()
    for key, code in (("old", 5), ("ann", 5)):
        rules = f"version: 1\ndataset: clinic\nkeys: {{default: 'file:{key}.key'}}\nunlisted: keep\n"
        (folder / "open.yaml").write_text(rules)
        assert code == refused(capfd, folder, "run", "safe.parquet", "-r", "open.yaml", "-o", "x.parquet")[0]
    (folder / "open.yaml").write_text(rules.replace("ann", "old") + "columns: {name: drop}\n")
    succeeds(capfd, "run", "safe.parquet", "-r", "open.yaml", "-o", "x.parquet")
    assert ["id", "zip"] == pq.read_table("x.parquet").column_names


def test_where_encryption_is_impossible(folder, capfd):
    """CSV, a name with a slip, a table in memory, a folder's name: refused before anything is written."""
    (folder / "slip.yaml").write_text(RULES.replace("{name: ward}", "{nmae: ward}"))
    (folder / "none.yaml").write_text(RULES.replace("{name: ward}", "{name: wrd}"))
    assert "write Parquet" in refused(capfd, folder, "run", "people.csv", "-r", "rules.yaml", "-o", "x.csv")[1]
    assert "'name'" in refused(capfd, folder, "run", "people.csv", "-r", "slip.yaml", "-o", "x.parquet")[1]
    code, said = refused(capfd, folder, "lint", "none.yaml")
    assert (2, True) == (code, "did you mean 'ward'" in said)
    with pytest.raises(UsageError, match="table in memory"):
        package.transform(pq.read_table(io.BytesIO(parquet())), rules="rules.yaml")
    (folder / "in/zip=1").mkdir(parents=True)
    (folder / "in/zip=1/a.parquet").write_bytes(parquet())
    assert "folders' names" in refused(capfd, folder, "run", "in", "-r", "rules.yaml", "-o", "out/")[1]


def parquet():
    out = io.BytesIO()
    pq.write_table(pa.table({"id": ["1"], "name": ["CANARY"]}), out)
    return out.getvalue()
