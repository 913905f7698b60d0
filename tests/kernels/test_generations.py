"""Key texts hold generations, wrapped or bare, and key bytes never show."""

import copy
import pickle
import traceback
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given
from hypothesis import strategies as st

from anonymize.core.errors import SecretError
from anonymize.kernels.crypto.generations import Generation, read_generations, write_generations
from anonymize.kernels.crypto.hidden import Master, Secret
from anonymize.kernels.crypto.keys import derive
from anonymize.kernels.crypto.passphrase import Cost, is_wrapped, unwrap, wrap

KEYS = [sha256(bytes([n])).digest() for n in range(5)]
PASSPHRASE = Secret(b"four random words, or five")
CHEAP = Cost(n=1 << 14, r=8, p=1, salt=bytes(range(16)))


def generations(count: int) -> list[Generation]:
    return [Generation(n + 1, Master(KEYS[n]), f"2026-0{n + 1}-01") for n in range(count)]


def test_a_bare_key_is_the_first_generation() -> None:
    """What `keys new` writes, and what an environment variable holds, stays valid."""
    (found,) = read_generations(KEYS[0].hex().encode() + b"\n")

    assert (1, KEYS[0], "unknown") == (found.number, found.key, found.made)


@given(st.permutations(range(4)))
def test_the_newest_generation_comes_first(order: list[int]) -> None:
    """Whatever the order of the lines, and with remarks between them."""
    lines = write_generations(generations(4)).splitlines()
    text = "\n# a remark\n\n".join(lines[place] for place in order)

    assert [4, 3, 2, 1] == [g.number for g in read_generations(text.encode())]
    assert KEYS[3::-1] == [bytes(g.key) for g in read_generations(text.encode())]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "no key"),
        (b"# only a remark\n", "no key"),
        (b"anonymize-key 1\n", "generations"),
        (b"anonymize-key 0 " + KEYS[0].hex().encode(), "no number"),
        (b"anonymize-key x " + KEYS[0].hex().encode(), "no number"),
        (b"anonymize-key 12345678901 " + KEYS[0].hex().encode(), "no number"),
        (b"anonymize-key 1 " + KEYS[0].hex().encode() + b" tomorrow", "no day"),
        (b"anonymize-key 1 " + b"00" * 32, "too weak"),
        (KEYS[0].hex().encode() + b"\n" + KEYS[1].hex().encode(), "generations"),
        (
            b"anonymize-key 1 %s\nanonymize-key 1 %s" % (KEYS[0].hex().encode(), KEYS[1].hex().encode()),
            "one number",
        ),
        (b"anonymize-key 1 %s\nanonymize-key 2 %s" % (KEYS[0].hex().encode(), KEYS[0].hex().encode()), "one key"),
        (b"anonymize-key 1 %s\nother 2 %s" % (KEYS[0].hex().encode(), KEYS[1].hex().encode()), "generations"),
    ],
)
def test_malformed_key_texts_are_refused(text: bytes, why: str) -> None:
    """With a reason, and without quoting the text."""
    with pytest.raises(SecretError, match=why) as caught:
        read_generations(text)
    assert KEYS[0].hex() not in str(caught.value)


def test_a_wrapped_key_opens_with_its_passphrase() -> None:
    """All generations come back, white space around the passphrase does not count, and the key does not show."""
    text = wrap(generations(3), Secret(PASSPHRASE + b"\n"), CHEAP)

    assert is_wrapped(text.encode())
    assert not any(key.hex() in text for key in KEYS)
    assert [3, 2, 1] == [g.number for g in unwrap(text.encode(), Secret(b" " + PASSPHRASE))]
    assert KEYS[2::-1] == [bytes(g.key) for g in unwrap(text.encode(), PASSPHRASE)]
    assert ["2026-03-01", "2026-02-01", "2026-01-01"] == [g.made for g in unwrap(text.encode(), PASSPHRASE)]


def test_the_default_cost_is_what_is_recommended() -> None:
    """128 MiB of memory, a salt of its own for every file."""
    assert 1 << 27 == 128 * Cost().n * Cost().r
    assert Cost().salt != Cost().salt
    assert 16 == len(Cost().salt)


def test_the_passphrase_goes_through_scrypt() -> None:
    """The library's scrypt is that of RFC 7914 (section 12, third vector), and it is what makes the key."""
    known = Scrypt(salt=b"SodiumChloride", length=64, n=16384, r=8, p=1).derive(b"pleaseletmein")

    assert "7023bdcb3afd7348461c06cd81fd38eb" == known.hex()[:32]
    assert CHEAP.key(PASSPHRASE) == Scrypt(salt=CHEAP.salt, length=32, n=1 << 14, r=8, p=1).derive(PASSPHRASE)


@pytest.mark.matrix("W10")
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"n=16384", b"n=8192", "too weak"),
        (b"n=16384", b"n=16385", "too weak"),
        (b"n=16384 r=8", b"n=33554432 r=32", "too costly"),
        (b"r=8", b"r=1", "too weak"),
        (b"p=1", b"p=999", "too costly"),
        (b"scrypt", b"pbkdf2", "does not say"),
        (b"salt=00", b"salt=", "does not say"),
        (b"salt=00", b"salt=01", "does not open"),
        (b"wrapped-key 1 ", b"wrapped-key 4 ", "does not open"),
        (b"2026-01-01", b"2026-02-01", "does not open"),
        (b"wrapped-key 1 ", b"wrapped-key 1 0", "no wrapped key"),
    ],
)
def test_a_changed_key_file_does_not_open(old: bytes, new: bytes, why: str) -> None:
    """Parameters, numbers and dates are bound to the key; weak or ruinous parameters are refused."""
    text = wrap(generations(2), PASSPHRASE, CHEAP).encode()
    assert old in text

    with pytest.raises(SecretError, match=why):
        unwrap(text.replace(old, new), PASSPHRASE)


@pytest.mark.matrix("W10")
def test_a_wrong_passphrase_opens_nothing() -> None:
    """And neither passphrase shows."""
    text = wrap(generations(1), PASSPHRASE, CHEAP).encode()

    wrong = Secret(b"cana" + b"ry passphrase")
    with pytest.raises(SecretError, match="does not open") as caught:
        unwrap(text, wrong)
    found = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "canary" not in "".join(found.format())


def test_short_passphrases_are_refused() -> None:
    """Eleven characters, white space not counted, are too few."""
    with pytest.raises(SecretError, match="fewer than 12"):
        wrap(generations(1), Secret(b"  elevenchars \n"), CHEAP)


def test_keys_do_not_show() -> None:
    """Not by repr, str, format, or inside other objects; and they are neither pickled nor copied."""
    for key in (Master(KEYS[0]), Secret(KEYS[0])):
        shown = f"{key!r} {key!s} {key} {[key]} {Generation(1, Master(key))}"
        assert str(KEYS[0])[2:20] not in shown
        assert KEYS[0].hex() not in shown
        for take in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                take(key)


def test_master_keys_can_be_overwritten() -> None:
    """In place: other views of the buffer see it too."""
    key = Master(KEYS[0])
    view = memoryview(key)
    key.wipe()

    assert bytes(32) == bytes(view)


def test_a_traceback_that_prints_locals_shows_no_key() -> None:
    """Debuggers and crash reporters print local variables; those of a failing derivation hold no key."""
    master = Master(KEYS[0])
    try:
        derive(master, "clinic", "purpose", None)  # type: ignore[arg-type]
    except AttributeError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())

    assert "master = <master key>" in shown
    assert repr(KEYS[0])[2:-1] not in shown


@pytest.mark.parametrize(("number", "is_one"), [(1, True), (61, True), (999_999, True), (1_000_000, False)])
def test_how_many_generations_there_may_be(number: int, is_one: bool) -> None:
    """A key that is rotated each day lasts for thousands of years."""
    text = f"anonymize-key {number} {KEYS[0].hex()} 2026-01-31".encode()
    if is_one:
        assert [number] == [g.number for g in read_generations(text)]
    else:
        with pytest.raises(SecretError, match="no number"):
            read_generations(text)


@pytest.mark.parametrize("n", [24_576, 16_385, 3 << 14])
def test_costs_that_scrypt_cannot_have_are_refused(n: int) -> None:
    """Its cost is a power of two."""
    passphrase = Secret(b"correct horse battery")
    text = wrap([Generation(1, Master(KEYS[0]))], passphrase, Cost(n=1 << 14))
    with pytest.raises(SecretError, match="impossible"):
        unwrap(text.replace(" 16384 ", f" {n} ").replace("n=16384", f"n={n}").encode(), passphrase)
