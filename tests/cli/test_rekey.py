"""`anonymize rekey` moves a release to another key or other settings, and never writes an original."""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import anonymize
from anonymize.running import output
from tests.cli.restoring import KEYS, PEOPLE, RULES, SECRET, done, prepare, refused
from tests.cli.test_restore_formats import TYPED

DETERMINISTIC = RULES.replace("name: encrypt\n", "name: encrypt_deterministic\n")
RUN = ("run", "people.csv", "-r", "rules.yaml", "-o", "safe.csv", "--report", "run.json")
REKEY = ("rekey", "safe.csv", "-r", "rules.yaml", "-o", "moved.csv", "--run-report", "run.json")
TO = ("--to", "file:new.key")


@pytest.fixture
def released(tmp_path, monkeypatch, capfd):
    """A folder with a release and what made it."""
    prepare(tmp_path, monkeypatch, DETERMINISTIC)
    done(capfd, *RUN)
    return tmp_path


@pytest.mark.parametrize("threads", ["1", "3"])
def test_a_moved_release_is_what_the_new_key_makes(released, capfd, threads):
    """Byte for byte what a run on the originals with the new key gives."""
    data = done(capfd, *REKEY, *TO, "--threads", threads)
    done(capfd, "run", "people.csv", "-r", "new.yaml", "-o", "wanted.csv")

    assert (released / "wanted.csv").read_bytes() == (released / "moved.csv").read_bytes()
    assert (released / "safe.csv").read_bytes() != (released / "moved.csv").read_bytes()
    assert {"default", "new default"} == set(data["keys"])
    done(capfd, "restore", "moved.csv", "-r", "new.yaml", "-o", "back.csv", "--unverified")
    assert PEOPLE.encode() == (released / "back.csv").read_bytes()


def test_a_random_cipher_moves_too(tmp_path, monkeypatch, capfd):
    """The old key no longer opens it, the new one does."""
    prepare(tmp_path, monkeypatch)
    done(capfd, *RUN)
    done(capfd, *REKEY, *TO)

    assert 5 == refused(capfd, "restore", "moved.csv", "-r", "rules.yaml", "-o", "back.csv", "--unverified")[0]
    done(capfd, "restore", "moved.csv", "-r", "new.yaml", "-o", "back.csv", "--unverified")
    assert PEOPLE.encode() == (tmp_path / "back.csv").read_bytes()


def test_no_original_is_ever_written(released, capfd, monkeypatch):
    """Not to the output, and not to anything on its way there."""
    written = []
    monkeypatch.setattr(output.os, "write", spying(os.write, written))
    done(capfd, *REKEY, *TO)
    everything = b"".join(written)

    assert (released / "moved.csv").read_bytes() in everything
    for text in (SECRET, "Kova", "zoe@x", "13812345678", "02138", "three"):
        assert text.encode() not in everything


def spying(write, written):
    def spy(descriptor, data):
        written.append(bytes(data))
        return write(descriptor, data)

    return spy


def test_an_old_generation_moves_to_the_newest(released, capfd):
    """After `keys rotate`, the same key is the new key."""
    done(capfd, "keys", "rotate", "old.key")
    done(capfd, *REKEY, "--to", "file:old.key")
    done(capfd, "run", "people.csv", "-r", "rules.yaml", "-o", "wanted.csv")

    assert (released / "wanted.csv").read_bytes() == (released / "moved.csv").read_bytes()


def test_new_settings(released, capfd):
    """Other steps, another data set, another key: what the new rules make of the originals."""
    rules = DETERMINISTIC.replace("old.key", "new.key").replace("dataset: clinic", "dataset: hospital")
    rules = rules.replace("mail: [encrypt_deterministic(scope=mails), encrypt_deterministic(encoding=hex)]",
                          "mail: mask_email").replace("level: keep", "level: encrypt_deterministic")  # fmt: skip
    (released / "settings.yaml").write_text(rules)
    done(capfd, *REKEY, "--to-rules", "settings.yaml")
    done(capfd, "run", "people.csv", "-r", "settings.yaml", "-o", "wanted.csv")

    assert (released / "wanted.csv").read_bytes() == (released / "moved.csv").read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("  zip: encrypt_deterministic(context=id)\n", "", "no line for 'zip'"),
        ("id: encrypt_deterministic\n", 'id: {steps: [encrypt], when: "level > 1"}\n', "another condition"),
        ("level: mask", "level: mask(keep_last=1)", "'level' cannot get new settings"),
    ],
)
def test_settings_that_cannot_change(tmp_path, monkeypatch, capfd, old, new, why):
    """A line that is missing, another condition, or other settings where there is no way back."""
    rules = DETERMINISTIC.replace("level: keep", "level: mask")
    prepare(tmp_path, monkeypatch, rules)
    done(capfd, *RUN)
    (tmp_path / "settings.yaml").write_text(rules.replace(old, new))

    code, error = refused(capfd, *REKEY, "--to-rules", "settings.yaml")
    assert (2, True) == (code, why in error["message"])


def test_pseudonyms_do_not_move(tmp_path, monkeypatch, capfd):
    """They are named, and stay only if that is wanted."""
    prepare(tmp_path, monkeypatch, DETERMINISTIC.replace("note: encrypt_deterministic(encoding=base32)",
                                                         "note: pseudonymize"))  # fmt: skip
    done(capfd, *RUN)
    code, error = refused(capfd, *REKEY, *TO)
    assert (2, True) == (code, "'note'" in error["message"])
    assert "--keep-pseudonyms" in error["hint"]

    data = done(capfd, *REKEY, *TO, "--keep-pseudonyms")
    assert {"note": "pseudonymize cannot be undone"} == data["stuck"]
    notes = [[line.rpartition(",")[2] for line in (tmp_path / name).read_text().splitlines()]
             for name in ("safe.csv", "moved.csv")]  # fmt: skip
    assert notes[0] == notes[1]


def test_several_keys_move_by_name(tmp_path, monkeypatch, capfd):
    """Which key moves must be said; the other stays."""
    rules = DETERMINISTIC.replace('"file:old.key"', '"file:old.key", mails: "file:older.key"')
    rules = rules.replace("(scope=mails)", "(key=mails)")
    prepare(tmp_path, monkeypatch, rules)
    done(capfd, *RUN)
    code, error = refused(capfd, *REKEY, *TO)
    assert (2, True) == (code, "default, mails" in error["hint"])
    assert 2 == refused(capfd, *REKEY, "--to", "nothing=file:new.key")[0]

    done(capfd, *REKEY, "--to", "mails=file:new.key")
    (tmp_path / "wanted.yaml").write_text(rules.replace("older.key", "new.key"))
    done(capfd, "run", "people.csv", "-r", "wanted.yaml", "-o", "wanted.csv")
    assert (tmp_path / "wanted.csv").read_bytes() == (tmp_path / "moved.csv").read_bytes()


def test_values_that_failed_are_not_encrypted(tmp_path, monkeypatch, capfd):
    """What was redacted stays redacted, in plain sight."""
    rules = DETERMINISTIC.replace(
        "phone: encrypt_preserving_format", "phone: {steps: [encrypt_preserving_format], on_error: redact}"
    )
    prepare(tmp_path, monkeypatch, rules, PEOPLE.replace("13812345678", "123"))
    done(capfd, *RUN)
    done(capfd, *REKEY, *TO)

    assert ",[REDACTED],2," in (tmp_path / "moved.csv").read_text()


def test_typed_columns_keep_their_way_back(tmp_path, monkeypatch, capfd):
    """The file says which key it has now, and still which types it had."""
    prepare(tmp_path, monkeypatch, 'version: 1\nkeys: {default: "file:old.key"}\ncolumns: {"*": encrypt}\n')
    pq.write_table(TYPED, "data.parquet")
    done(capfd, "run", "data.parquet", "-r", "rules.yaml", "-o", "safe.parquet")
    done(capfd, "rekey", "safe.parquet", "-r", "rules.yaml", *TO, "-o", "moved.parquet")
    assert 5 == refused(capfd, "restore", "moved.parquet", "-r", "rules.yaml", "-o", "back.parquet")[0]
    done(capfd, "restore", "moved.parquet", "-r", "new.yaml", "-o", "back.parquet")

    assert pq.read_table("back.parquet").equals(pq.read_table("data.parquet"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 2), (("--to", KEYS["new"]), 5), (("--to", "file:missing.key"), 5), (("--to", "nothing"), 5)],
)
def test_a_bad_target_is_refused(released, capfd, arguments, code):
    """Before anything is read, and a key that is given in place of a reference does not show."""
    assert code == refused(capfd, *REKEY, *arguments)[0]


def test_python_rekeys_too(released, capfd):
    """With the same arguments."""
    found = anonymize.rekey("safe.csv", rules="rules.yaml", to="moved.csv", to_key="file:new.key", unverified=True)
    done(capfd, "run", "people.csv", "-r", "new.yaml", "-o", "wanted.csv")

    assert Path("wanted.csv").read_bytes() == Path("moved.csv").read_bytes()
    assert 6 == len(found.restored)
