"""`anonymize restore` brings the originals back, all of them or none."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

import anonymize
from anonymize.cli import obey
from tests.cli.restoring import KEYS, PEOPLE, RULES, SECRET, done, key_file, prepare, refused

RUN = ("run", "people.csv", "-r", "rules.yaml", "-o", "safe.csv", "--report", "run.json")
RESTORE = ("restore", "safe.csv", "-r", "rules.yaml", "-o", "back.csv")
PROVEN = (*RESTORE, "--run-report", "run.json")


@pytest.fixture
def released(tmp_path, monkeypatch, capfd):
    """A folder with a release and what made it."""
    prepare(tmp_path, monkeypatch)
    done(capfd, *RUN)
    return tmp_path


def released_by(rules, folder, monkeypatch, capfd, people=PEOPLE):
    prepare(folder, monkeypatch, rules, people)
    return done(capfd, *RUN)


@pytest.mark.parametrize("threads", ["1", "3"])
def test_csv_comes_back_byte_for_byte(released, capfd, threads):
    """Quotes, leading zeros, empty beside null, line ends: as they were."""
    assert SECRET not in (released / "safe.csv").read_text()
    data = done(capfd, *PROVEN, "--threads", threads)

    assert PEOPLE.encode() == (released / "back.csv").read_bytes()
    assert ["id", "name", "mail", "phone", "zip", "note"] == data["restored"]
    assert {} == data["stuck"]
    assert (3, 3) == (data["rows_in"], data["rows_out"])


def test_what_cannot_be_undone_stays_and_is_listed(tmp_path, monkeypatch, capfd):
    """A column with a step of no return stays as it is; dropped columns are not missed."""
    rules = RULES.replace("id: enc", "id: pseudonymize\n  _: enc").replace("  _: encrypt_deterministic\n", "")
    rules = rules.replace("name: encrypt\n", "name: [encrypt, mask]\n").replace("(context=id)", "")
    rules = rules.replace("note: encrypt_deterministic(encoding=base32)", "note: drop")
    released_by(rules, tmp_path, monkeypatch, capfd)
    data = done(capfd, *PROVEN)

    assert ["mail", "phone", "zip"] == data["restored"]
    assert {"id": "pseudonymize cannot be undone", "name": "mask cannot be undone"} == data["stuck"]
    (safe, back) = ((tmp_path / name).read_text().splitlines() for name in ("safe.csv", "back.csv"))
    assert [line.split(",")[0] for line in safe] == [line.split(",")[0] for line in back]
    assert '"zoe@x.org",13812345678,2,02138' in back[1]


@pytest.mark.parametrize("column", ["id", "name", "mail", "zip", "note"])
def test_a_changed_cell_stops_everything(released, capfd, column):
    """With its row and column, without its value, and without output."""
    lines = (released / "safe.csv").read_bytes().decode().split("\r\n")
    place = lines[0].split(",").index(column)
    cells = lines[1].split(",")
    cells[place] = cells[place][:9] + ("A" if cells[place][9] != "A" else "B") + cells[place][10:]
    lines[1] = ",".join(cells)
    (released / "safe.csv").write_text("\r\n".join(lines), newline="")
    code, error = refused(capfd, *PROVEN)

    assert (3, column, 1) == (code, error["where"]["column"], error["where"]["row"])
    assert cells[place] not in json.dumps(error)


def test_a_moved_cell_stops_everything(released, capfd):
    """What is bound to another column cannot change its row, nor any value its column."""
    lines = (released / "safe.csv").read_bytes().decode().split("\r\n")
    first, second = (line.split(",") for line in lines[1:3])
    first[5], second[5] = second[5], first[5]
    lines[1:3] = [",".join(first), ",".join(second)]
    (released / "safe.csv").write_text("\r\n".join(lines), newline="")

    _, error = refused(capfd, *PROVEN)
    assert ("zip", 1) == (error["where"]["column"], error["where"]["row"])


@pytest.mark.matrix("W10")
def test_a_wrong_key_stops_everything(released, capfd):
    """By its id where the run's report is at hand, else by the first value."""
    key_file(released, "old", KEYS["new"])

    code, error = refused(capfd, *PROVEN)
    assert 5 == code
    assert "has the id" in error["message"]
    code, error = refused(capfd, *RESTORE, "--unverified")
    assert (5, "id", 1) == (code, error["where"]["column"], error["where"]["row"])
    assert "is it the right key" in error["hint"]


def test_another_data_set_is_another_key(released, capfd):
    """The name of the data set is part of every derivation."""
    (released / "rules.yaml").write_text(RULES.replace("clinic", "hospital"))

    assert 5 == refused(capfd, *PROVEN)[0]


def test_a_step_without_proof_needs_some(released, capfd):
    """Format-preserving encryption restores any value under any key: something must show that the key is right."""
    code, error = refused(capfd, *RESTORE)
    assert (5, True) == (code, "made phone" in error["message"])
    assert "--unverified" in error["hint"]

    done(capfd, *RESTORE, "--unverified")
    assert PEOPLE.encode() == (released / "back.csv").read_bytes()


def test_older_generations_open_what_they_made(released, capfd):
    """After `keys rotate` the release still opens, also where a step cannot find the generation by itself."""
    done(capfd, "keys", "rotate", "old.key")
    done(capfd, *PROVEN)
    assert PEOPLE.encode() == (released / "back.csv").read_bytes()

    before = (released / "safe.csv").read_bytes()
    done(capfd, *RUN, "--overwrite")
    assert before != (released / "safe.csv").read_bytes()
    assert {"default": 2} == json.loads((released / "run.json").read_text())["generations"]
    done(capfd, *PROVEN, "--overwrite")
    assert PEOPLE.encode() == (released / "back.csv").read_bytes()


def test_conditions_choose_the_same_values(tmp_path, monkeypatch, capfd):
    """A condition on a column that is kept, or restored first."""
    rules = RULES.replace("name: encrypt\n", 'name: {steps: [encrypt], when: "level > 1"}\n')
    rules = rules.replace("level: keep", "level: encrypt")
    released_by(rules, tmp_path, monkeypatch, capfd)
    assert '"Kovač, ""Z"""' in (tmp_path / "safe.csv").read_text()
    done(capfd, *PROVEN)

    assert PEOPLE.encode() == (tmp_path / "back.csv").read_bytes()


def test_columns_that_need_each_other_stay(tmp_path, monkeypatch, capfd):
    """What depends on a column without a way back, or on itself, has none either."""
    rules = RULES.replace("id: encrypt_deterministic\n", "id: encrypt_deterministic(context=zip)\n")
    rules = rules.replace("name: encrypt\n", 'name: {steps: [encrypt], when: "level > 1"}\n')
    rules = rules.replace("level: keep", "level: mask")
    released_by(rules, tmp_path, monkeypatch, capfd)
    data = done(capfd, *PROVEN)

    assert ["mail", "phone", "note"] == data["restored"]
    assert {"id", "name", "level", "zip"} == set(data["stuck"])
    assert "'zip'" in data["stuck"]["id"]
    assert "'level'" in data["stuck"]["name"]


@pytest.mark.parametrize(("policy", "cell"), [("null", ""), ("redact", "[REDACTED]")])
def test_values_that_failed_stay_as_they_are(tmp_path, monkeypatch, capfd, policy, cell):
    """What the run could not encrypt is gone, and stays marked as such."""
    rules = RULES.replace(
        "phone: encrypt_preserving_format", f"phone: {{steps: [encrypt_preserving_format], on_error: {policy}}}"
    )
    people = PEOPLE.replace("13812345678", "123")
    released_by(rules, tmp_path, monkeypatch, capfd, people)
    done(capfd, *PROVEN)

    assert people.replace("123,2", f"{cell},2").encode() == (tmp_path / "back.csv").read_bytes()


def test_recipients_restore_with_their_private_key(tmp_path, monkeypatch, capfd):
    """Nobody else can, not even whoever has encrypted."""
    rules = RULES.replace("name: encrypt\n", 'name: "encrypt(to=[public.pem])"\n')
    prepare(tmp_path, monkeypatch, rules)
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    Path("public.pem").write_bytes(public)
    Path("private.pem").write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    Path("private.pem").chmod(0o600)
    done(capfd, *RUN)

    assert 5 == refused(capfd, *PROVEN)[0]
    done(capfd, *PROVEN, "--set", "name=encrypt(to=[public.pem], identity=private.pem)")
    assert PEOPLE.encode() == (tmp_path / "back.csv").read_bytes()


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ("version: 1\ncolumns: {'*': keep}\n", "nothing that can be restored"),
        ("version: 1\ncolumns: {'*': mask}\n", "nothing that can be restored"),
        (
            "version: 1\ncolumns: {'*': keep, id: encrypt}\nrows: ['aggregate(by=[zip])']\n",
            "by groups",
        ),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_rules_without_a_way_back_are_refused(released, capfd, suffix, rules, why):
    """Before anything is read, with the reason."""
    (released / "rules.yaml").write_text(rules)
    (released / "safe.jsonl").write_text('{"id": "1", "zip": "2"}\n')

    code, error = refused(capfd, "restore", f"safe.{suffix}", "-r", "rules.yaml", "-o", f"back.{suffix}")
    assert (2, True) == (code, why in error["message"])


def test_output_is_as_careful_as_that_of_run(released, capfd):
    """No silent overwriting, no output onto input, a dry run writes nothing, reports must be JSON."""
    (released / "back.csv").write_text("mine")
    assert 2 == refused(capfd, *PROVEN)[0]
    assert "mine" == (released / "back.csv").read_text()
    assert 2 == refused(capfd, *PROVEN[:-3], "safe.csv", "--overwrite")[0]
    assert 2 == refused(capfd, *RESTORE[:-2])[0]
    (released / "bad.json").write_text("[]")
    assert 2 == refused(capfd, *RESTORE, "--overwrite", "--run-report", "bad.json")[0]
    before = sorted(path.name for path in released.iterdir())
    done(capfd, *PROVEN, "--dry-run")
    assert before == sorted(path.name for path in released.iterdir())


def test_restored_data_can_go_down_a_pipe(released, capfd):
    """To standard output, as the run's does."""
    capfd.readouterr()

    assert 0 == obey([*PROVEN[:4], "-o", "-", "-q", *PROVEN[-2:]])
    assert PEOPLE == capfd.readouterr().out


TWO = """version: 1
dataset: wards
keys: {north: "file:older.key", south: "file:new.key"}
columns:
  "*": keep
  name: encrypt_deterministic(key=north)
  phone: encrypt_deterministic(key=south)
  note: pseudonymize(key=north)
"""


def test_a_destroyed_key_takes_its_values_along(tmp_path, monkeypatch, capfd):
    """What another key made is not touched; a new key of that name opens nothing and makes other pseudonyms."""
    released_by(TWO, tmp_path, monkeypatch, capfd)
    Path("older.key").unlink()
    code, error = refused(capfd, *PROVEN)
    assert (5, True) == (code, "cannot be read" in error["message"])

    data = done(capfd, *PROVEN[:-2], "--set", "name=keep", "--set", "note=keep")
    assert ["phone"] == data["restored"]
    assert "13812345678,2,02138" in (tmp_path / "back.csv").read_text()
    done(capfd, "keys", "new", "older.key")
    assert 5 == refused(capfd, *PROVEN, "--overwrite")[0]
    assert 5 == refused(capfd, *RESTORE, "--overwrite")[0]
    done(capfd, *RUN[:-2], "--overwrite", "--set", "phone=keep", "-o", "again.csv")
    notes = [{line.rpartition(",")[2] for line in (tmp_path / name).read_text().splitlines()[1:]}
             for name in ("safe.csv", "again.csv")]  # fmt: skip
    assert {""} == notes[0] & notes[1]


def test_python_restores_too(released):
    """With the same arguments, and the ids of the run's report."""
    keys = json.loads((released / "run.json").read_text())["keys"]
    found = anonymize.restore("safe.csv", rules="rules.yaml", to="back.csv", keys=keys, threads=1)

    assert PEOPLE.encode() == (released / "back.csv").read_bytes()
    assert 3 == found.report.rows_out
    with pytest.raises(Exception, match="nothing shows"):
        anonymize.restore("safe.csv", rules="rules.yaml", to="back.csv", overwrite=True)
