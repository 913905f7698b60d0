"""Keys are read once, derive for one data set, and show nowhere."""

import pickle
import traceback
from hashlib import sha256
from pathlib import Path

import pytest

from anonymize.core.errors import SecretError
from anonymize.kernels.crypto.keys import derive
from anonymize.kernels.crypto.secrets import fingerprint
from anonymize.keys import NEW, Keys
from anonymize.rulefile.loading import parse_rules

OLD, RECENT = (sha256(name).digest() for name in (b"old", b"recent"))


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """One key of two generations, and one of a single."""
    (tmp_path / "two").write_text(f"anonymize-key 3 {OLD.hex()}\nanonymize-key 7 {RECENT.hex()} 2026-02-03\n")
    (tmp_path / "one").write_text(OLD.hex())
    for name in ("two", "one"):
        (tmp_path / name).chmod(0o600)
    return Keys({"two": f"file:{tmp_path}/two", "one": f"file:{tmp_path}/one"}, "clinic")


def test_every_generation_derives(keys: Keys) -> None:
    """Newest first: the first makes new values, the others open old ones."""
    label = ("clinic", "purpose", "scope")

    assert (derive(RECENT, *label), derive(OLD, *label)) == tuple(keys.derive("two", "purpose", "scope"))
    assert (derive(OLD, *label),) == tuple(keys.derive("one", "purpose", "scope"))
    assert {"two": fingerprint(RECENT), "one": fingerprint(OLD)} == keys.fingerprints()
    assert {"two": 7, "one": 1} == keys.numbers()


@pytest.mark.matrix("S9")
def test_data_sets_are_strangers(keys: Keys) -> None:
    """One master key derives other keys for another data set, and under another name for a move."""
    other = keys.beside({NEW + "one": keys.references["one"]}, "hospital")

    assert list(keys.derive("one", "p", "s")) == list(other.derive("one", "p", "s"))
    assert [derive(OLD, "hospital", "p", "s")] == list(other.derive(NEW + "one", "p", "s"))


@pytest.mark.matrix("S8")
def test_keys_show_nowhere(keys: Keys) -> None:
    """Not in a repr, in variables, in a pickle, or in a traceback that prints locals."""
    keys.derive("two", "purpose", "scope")
    try:
        keys.derive("two", "purpose", None)  # type: ignore[arg-type]
    except AttributeError as error:
        trace = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())

    shown = f"{keys!r} {keys} {vars(keys)} {trace}"
    assert "<master key>" in trace
    for secret in (OLD, RECENT, *keys.derive("two", "purpose", "scope")):
        assert bytes(secret).hex() not in shown
        assert repr(bytes(secret))[2:-1] not in shown
        assert bytes(secret) not in pickle.dumps(keys)


def test_a_pickle_reads_its_keys_again(keys: Keys) -> None:
    """What travels to another process are references."""
    keys.require(["one"])
    other = pickle.loads(pickle.dumps(keys.beside({NEW + "one": keys.references["one"]}, "hospital")))  # noqa: S301

    assert {} == other.fingerprints()
    assert list(keys.derive("one", "p", "s")) == list(other.derive("one", "p", "s"))
    assert [derive(OLD, "hospital", "p", "s")] == list(other.derive(NEW + "one", "p", "s"))


def test_keys_are_overwritten_in_the_end(keys: Keys) -> None:
    """A context forgets, and what it held is zeros; asked again, it reads again."""
    with keys:
        before = list(keys.derive("two", "p", "s"))
        masters = [memoryview(generation.key) for generation in keys.generations("two")]

    assert [bytes(32), bytes(32)] == [bytes(master) for master in masters]
    assert {} == keys.fingerprints()
    assert before == list(keys.derive("two", "p", "s"))


def test_an_unknown_key_is_named(keys: Keys) -> None:
    """With the keys that there are."""
    with pytest.raises(SecretError, match="no key 'three'") as caught:
        keys.require(["three"])
    assert "two, one" in str(caught.value)


def test_rules_have_a_default_key() -> None:
    """From the environment, unless they say otherwise."""
    rules = parse_rules("version: 1\nkeys: {second: file:k}\n").file

    assert {"default": "env:ANONYMIZE_KEY", "second": "file:k"} == Keys.of(rules).references
