"""Keys, rules and data for the tests of `restore` and `rekey`."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from anonymize.cli import obey

KEYS = {name: sha256(f"{name} of these tests".encode()).hexdigest() for name in ("old", "new", "older")}
SECRET = "Zoë Kovač"
PEOPLE = (
    "id,name,mail,phone,level,zip,note\r\n"
    f'00123,"{SECRET}","zoe@x.org",13812345678,2,02138,one\r\n'
    '+1.10,"Kovač, ""Z""",,"0912345678",1,02139,\r\n'
    '"7",Ann,"",,3,02138,"three\nlines"\r\n'
)
RULES = """version: 1
dataset: clinic
keys: {default: "file:old.key"}
columns:
  id: encrypt_deterministic
  name: encrypt
  mail: [encrypt_deterministic(scope=mails), encrypt_deterministic(encoding=hex)]
  phone: encrypt_preserving_format
  level: keep
  zip: encrypt_deterministic(context=id)
  note: encrypt_deterministic(encoding=base32)
"""


def key_file(folder: Path, name: str, text: str | None = None) -> None:
    (folder / f"{name}.key").write_text(text or KEYS[name])
    (folder / f"{name}.key").chmod(0o600)


def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch, rules: str = RULES, people: str = PEOPLE) -> None:
    """Keys, rules and data in a folder to work in."""
    for name in KEYS:
        key_file(folder, name)
    (folder / "rules.yaml").write_text(rules)
    (folder / "new.yaml").write_text(rules.replace("old.key", "new.key"))
    (folder / "people.csv").write_bytes(people.encode())
    monkeypatch.chdir(folder)


def told(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    """The exit code and the JSON document of a command."""
    capfd.readouterr()
    code = obey([*arguments, "--json"])
    return code, json.loads(capfd.readouterr().out)


def done(capfd: pytest.CaptureFixture[str], *arguments: str) -> dict:
    """What a command that succeeds tells."""
    code, found = told(capfd, *arguments)
    assert (0, True) == (code, found["ok"]), found
    return found["data"]


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    """The exit code and the error of a command that fails, which shows neither values nor keys."""
    before = {path.name for path in Path().iterdir()}
    code, found = told(capfd, *arguments)
    assert found["ok"] is False
    assert before == {path.name for path in Path().iterdir()}, "nothing is left behind"
    for secret in (SECRET, "13812345678", *KEYS.values()):
        assert secret not in json.dumps(found, ensure_ascii=False)
    return code, found["error"]
