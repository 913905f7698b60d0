"""Keys come from where the reference says, and never show."""

import base64
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from anonymize.core.errors import SecretError
from anonymize.core.keystore import KeyStore
from anonymize.kernels.crypto.secrets import decode_key, fingerprint, new_key
from anonymize.keystores import command as command_module
from anonymize.keystores.command import Command
from anonymize.keystores.env import Env
from anonymize.keystores.file import File
from anonymize.keystores.keyring import Keyring

KEY = sha256(b"only for these tests").digest()
HEX = KEY.hex()
CANARY = "canary-value-that-must-not-show"


def told_by(function: Callable[[], Any]) -> str:
    """The error with its whole traceback, which must hold neither the key nor the canary."""
    with pytest.raises(SecretError) as caught:
        function()
    told = str(caught.value) + "".join(traceback.format_exception(caught.value, chain=True))
    assert HEX not in told
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        HEX,
        HEX.upper(),
        f"  {HEX}\n",
        base64.b64encode(KEY).decode(),
        base64.urlsafe_b64encode(KEY).decode(),
        base64.urlsafe_b64encode(KEY).decode().rstrip("="),
    ],
)
def test_spellings_of_a_key(text: str) -> None:
    """Hexadecimal digits and both alphabets of base64 are read."""
    assert decode_key(text.encode()) == KEY


@pytest.mark.matrix("S8")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not 64"),
        (HEX[:-1], "not 64"),
        (HEX + "0", "not 64"),
        (HEX[:-1] + "g", "not 64"),
        (CANARY, "not 64"),
        ("\udcff", "not 64"),
        ("00" * 32, "repeat"),
        ("ff" * 32, "repeat"),
        (bytes(range(32)).hex(), "sequence"),
        (bytes(range(255, 223, -1)).hex(), "sequence"),
        ("0123456789abcdef" * 4, "repeat"),
        ((bytes((i * i * 11 + 5) % 251 for i in range(16)) * 2).hex(), "halves"),
        (base64.b64encode(b"correct horse battery staple 123").decode(), "text"),
        (sha256(b"password").hexdigest(), "well-known"),
    ],
)
def test_bad_keys_are_refused(text: str, why: str) -> None:
    """A key that is malformed or was not drawn at random is refused, with a hint, unquoted."""
    told = told_by(lambda: decode_key(text.encode("utf-8", "surrogateescape")))

    assert why in told
    assert "anonymize keys new" in told
    assert not text.strip() or text not in told


def test_new_keys_are_good() -> None:
    """What `keys new` makes is accepted, and every time another."""
    keys = {new_key() for _ in range(200)}

    assert len(keys) == 200
    assert all(len(decode_key(key.encode())) == 32 for key in keys)


def test_fingerprints_tell_keys_apart() -> None:
    """A fingerprint is short, stable, and no part of the key."""
    other = fingerprint(sha256(b"another").digest())

    assert fingerprint(KEY) == fingerprint(KEY) != other
    assert len(fingerprint(KEY)) == 16
    assert fingerprint(KEY) not in HEX
    assert fingerprint(KEY) not in sha256(KEY).hexdigest()


def test_env(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable's text, or an error that names the variable."""
    monkeypatch.setenv("KEY_OF_THIS_TEST", HEX)
    assert decode_key(Env(reference="KEY_OF_THIS_TEST").read()) == KEY

    monkeypatch.setenv("KEY_OF_THIS_TEST", "")
    assert "'KEY_OF_THIS_TEST' is not set" in told_by(Env(reference="KEY_OF_THIS_TEST").read)
    monkeypatch.delenv("KEY_OF_THIS_TEST")
    assert "is not set" in told_by(Env(reference="KEY_OF_THIS_TEST").read)


@pytest.mark.matrix("S8")
def test_a_key_in_place_of_a_reference_does_not_show() -> None:
    """Whoever pastes the key where its place belongs does not find it in the log."""
    stores: list[KeyStore] = [File(reference=HEX), Env(reference="a" + HEX), Command(reference=HEX)]
    for store in stores:
        assert "looks like a key" in told_by(store.read)
    with pytest.raises(ValidationError) as caught:
        Keyring(reference=HEX)
    assert HEX not in str(caught.value)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_file(tmp_path: Path, mode: int) -> None:
    """A private file is read."""
    path = tmp_path / "key"
    path.write_text(HEX + "\n")
    path.chmod(mode)

    assert decode_key(File(reference=str(path)).read()) == KEY


def test_file_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A leading tilde is the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key").write_text(HEX)
    (tmp_path / "key").chmod(0o600)

    assert decode_key(File(reference="~/key").read()) == KEY


@pytest.mark.matrix("S8", "W11")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666, 0o644])
def test_open_files_are_refused(tmp_path: Path, mode: int) -> None:
    """A file that others can read or write is no place for a key."""
    path = tmp_path / "key"
    path.write_text(HEX)
    path.chmod(mode)

    assert "chmod 600" in told_by(File(reference=str(path)).read)


def test_a_link_is_as_private_as_its_target(tmp_path: Path) -> None:
    """The mode that counts is that of the file itself."""
    path, link = tmp_path / "key", tmp_path / "link"
    path.write_text(HEX)
    path.chmod(0o644)
    link.symlink_to(path)

    assert "chmod 600" in told_by(File(reference=str(link)).read)


def test_no_key_in_a_file(tmp_path: Path) -> None:
    """What is missing, no file, or too large is refused without waiting."""
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "large").write_bytes(CANARY.encode() * 1000)
    (tmp_path / "large").chmod(0o600)

    assert "cannot be read" in told_by(File(reference=str(tmp_path / "missing")).read)
    assert "cannot be read" in told_by(File(reference="~nobody-of-that-name/key").read)
    assert "cannot be read" in told_by(File(reference="a\0b").read)
    assert "cannot be read" in told_by(File(reference=str(tmp_path)).read)
    assert "not a regular file" in told_by(File(reference=str(tmp_path / "pipe")).read)
    assert "too large" in told_by(File(reference=str(tmp_path / "large")).read)


def python(code: str) -> str:
    return f"{sys.executable} -c '{code}'"


def test_command() -> None:
    """What the command prints is the key; the words are its arguments, not a shell's."""
    assert decode_key(Command(reference=python(f'print("{HEX}")')).read()) == KEY
    assert Command(reference=python("import sys; print(sys.argv[1:])") + " $HOME '*' ';'").read() == (
        b"['$HOME', '*', ';']\n"
    )


def test_failing_commands() -> None:
    """A command that fails, prints nothing or too much gives no key, and its output does not show."""
    fails = f'import sys; print("{CANARY}"); print("{CANARY}", file=sys.stderr); sys.exit(3)'

    assert "exit code 3" in told_by(Command(reference=python(fails)).read)
    assert "did not print" in told_by(Command(reference=python("")).read)
    assert "did not print" in told_by(Command(reference=python(f'print("{CANARY}" * 1000)')).read)
    assert "cannot be run" in told_by(Command(reference="/no/such/program --token " + CANARY).read)


def test_slow_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that hangs is ended."""
    monkeypatch.setattr(command_module, "SECONDS", 0.2)
    hangs = f'import time; print("{CANARY}", flush=True); time.sleep(60)'

    assert "took longer" in told_by(Command(reference=python(hangs)).read)


@pytest.mark.parametrize("reference", ["", "  ", "'open", "a\0b", "''"])
def test_commands_that_name_no_program(reference: str) -> None:
    """Refused when the rules are read."""
    with pytest.raises(ValidationError):
        Command(reference=reference)


def test_commands_cannot_read_our_input() -> None:
    """The data may come from the standard input, so the command has none."""
    code = (
        "from anonymize.keystores.command import Command\n"
        f"print(Command(reference={python('import sys; print(len(sys.stdin.read()))')!r}).read())"
    )
    done = subprocess.run([sys.executable, "-c", code], input=b"data", capture_output=True, check=True)

    assert done.stdout == b"b'0\\n'\n"


def test_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Service and name are what stands before and after the last slash."""
    library = SimpleNamespace(get_password=lambda service, user: HEX if (service, user) == ("a/b", "c") else None)
    monkeypatch.setitem(sys.modules, "keyring", library)

    assert decode_key(Keyring(reference="a/b/c").read()) == KEY
    assert "no entry 'a/d'" in told_by(Keyring(reference="a/d").read)


def test_broken_keyrings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend's own error does not show, and a missing package is named."""

    def fail(service: str, user: str) -> str:
        raise RuntimeError(CANARY)

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=fail))
    assert "cannot be read" in told_by(Keyring(reference="a/b").read)
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install anonymize[keyring]" in told_by(Keyring(reference="a/b").read)


@pytest.mark.parametrize("reference", ["", "service", "service/", "/name"])
def test_keyring_references(reference: str) -> None:
    """Both parts are needed."""
    with pytest.raises(ValidationError):
        Keyring(reference=reference)


@pytest.mark.parametrize(("start", "step"), [(0, 1), (200, 9), (7, 255), (255, 128)])
def test_a_key_that_counts_is_weak(start: int, step: int) -> None:
    """By any step, and beyond 255."""
    with pytest.raises(SecretError, match="too weak"):
        decode_key(bytes((start + step * i) % 256 for i in range(32)).hex().encode())
