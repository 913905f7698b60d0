"""What the authenticated ciphers promise beyond their examples: who can restore what, and who cannot."""

import base64
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import ValidationError

from anonymize.core.errors import SecretError
from anonymize.kernels.crypto.ciphertexts import FOREIGN
from anonymize.kernels.crypto.keys import derive
from anonymize.transforms.substitution.encrypt import Encrypt
from anonymize.transforms.substitution.encrypt_deterministic import EncryptDeterministic
from tests.components.transforms.ciphers import NEW, OLD, back, there

VALUES = ["1001", "1001", "", "王芳", None, "a\nb"]
CIPHERS = [
    EncryptDeterministic(),
    EncryptDeterministic(encoding="hex"),
    EncryptDeterministic(encoding="base32"),
    Encrypt(),
]
ciphers = pytest.mark.parametrize("step", CIPHERS, ids=lambda step: step.call())


@pytest.mark.parametrize(
    ("step", "equal"), [(EncryptDeterministic(), True), (EncryptDeterministic(context="id"), False)]
)
def test_a_plan_says_what_survives(step: EncryptDeterministic, equal: bool) -> None:
    """Equality does, and only where the context is equal if there is one."""
    said = step.properties()

    assert (equal, equal) == (said.deterministic, said.injective)
    assert said.reversible
    assert said.authenticated
    assert ("equality and frequency" if equal else "equality where the context is equal") in said.survives
    assert (() if equal else ("id",)) == step.reads()


@ciphers
def test_the_key_brings_everything_back(step: Any) -> None:
    """The bytes as they were; an empty text is a value, null is null."""
    assert (VALUES, {}) == back(step, there(step, VALUES))


@ciphers
@pytest.mark.parametrize("other", [{"keys": (NEW,)}, {"dataset": "other"}, {"column": "other"}], ids=str)
def test_nothing_else_does(step: Any, other: dict[str, Any]) -> None:
    """Another key, data set or column: each token is rejected, and no garbage comes out."""
    assert ([None] * 6, {FOREIGN: [0, 1, 2, 3, 5]}) == back(step, there(step, VALUES), **other)


@ciphers
def test_what_was_damaged_is_rejected_by_its_place(step: Any) -> None:
    """Cut, lengthened, swapped in case, spaced, plain, foreign; the good ones beside it come back."""
    good = there(step, ["1001"])[0].as_py()
    bad = [good[:-1], good[:-4], good + "A", f" {good}", good.swapcase(), good + "=", "1001", "", "王", "x" * 5000]

    assert (["1001", *[None] * 10, "1001"], {FOREIGN: list(range(1, 11))}) == back(step, [good, *bad, good])


@ciphers
def test_older_generations_open(step: Any) -> None:
    """The newest key is used, and what older ones made can be read beside it."""
    old, new = there(step, ["1"], keys=(OLD,))[0].as_py(), there(step, ["2"], keys=(NEW, OLD))[0].as_py()

    assert (["1", "2"], {}) == back(step, [old, new], keys=(NEW, OLD))
    assert ([None, "2"], {FOREIGN: [0]}) == back(step, [old, new], keys=(NEW,))


@pytest.mark.matrix("S9")
@ciphers
def test_a_shared_scope_joins_columns(step: Any) -> None:
    """With the same `scope`, a token of one column is one of the other."""
    shared = step.model_copy(update={"scope": "people"})

    assert (VALUES, {}) == back(shared, there(shared, VALUES), column="other")


@ciphers
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([1, None, -5]), ["1", None, "-5"]),
        (pa.array([date(2024, 5, 13)]), ["2024-05-13"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([b"\xff\xfe", b"", None]), ["fffe", "", None]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array(["a", None], pa.large_string()), ["a", None]),
        (pa.array([], pa.string()), []),
        (pa.nulls(2, pa.string()), [None, None]),
    ],
    ids=lambda value: str(getattr(value, "type", "")),
)
def test_typed_columns_come_back_as_text(step: Any, values: pa.Array, expected: list[Any]) -> None:
    """Numbers and dates by their spelling, bytes as hex digits."""
    assert (expected, {}) == back(step, there(step, values))


@ciphers
def test_tokens_may_come_in_other_types(step: Any) -> None:
    """As dictionaries, large text or bytes, among which some are no text at all."""
    tokens = there(step, VALUES)

    for given in (tokens.dictionary_encode(), tokens.cast(pa.large_string()), tokens.cast(pa.binary())):
        assert (VALUES, {}) == back(step, given)
    spoiled = pa.array([b"\xff\xfe", *tokens.cast(pa.binary()).to_pylist()], pa.binary())
    assert ([None, *VALUES], {FOREIGN: [0]}) == back(step, spoiled)


@ciphers
def test_a_long_cell(step: Any) -> None:
    """Ten megabytes in one cell, beside a short one."""
    values = ["x" * 10_000_000, "y"]
    tokens = there(step, values)

    assert (values, {}) == back(step, tokens)
    assert ([None, "y"], {FOREIGN: [0]}) == back(step, [tokens[0].as_py()[:-4], tokens[1].as_py()])


@pytest.mark.matrix("C20")
@ciphers
def test_no_token_starts_a_formula(step: Any) -> None:
    """Whatever the value."""
    starts = {token[0] for token in there(step, [str(i) for i in range(5000)]).to_pylist()}

    assert not starts & set("=+-@\t\r")


@pytest.mark.matrix("S10")
def test_deterministic_tokens_are_plain_aes_siv() -> None:
    """A version byte, then what any implementation of RFC 5297 makes with the derived keys."""
    scope = "column:value"
    keys = [
        derive(OLD, "clinic", purpose, scope) for purpose in ("encrypt_deterministic mac", "encrypt_deterministic")
    ]
    token = there(EncryptDeterministic(), ["1001"])[0].as_py()

    assert b"\x01" + AESSIV(b"".join(keys)).encrypt(b"1001", []) == base64.urlsafe_b64decode(token + "==")


def test_context_binds_a_value_to_its_row() -> None:
    """Equal only where the other column is equal; null and empty differ; moved elsewhere, it is rejected."""
    step = EncryptDeterministic(context="patient")
    patients = ["1", "1", "2", "", None]
    tokens = there(step, ["yes"] * 5, others={"patient": patients})

    assert tokens[0] == tokens[1]
    assert 4 == len(set(tokens.to_pylist()))
    assert (["yes"] * 5, {}) == back(step, tokens, others={"patient": patients})
    assert (["yes", *[None] * 4], {FOREIGN: [1, 2, 3, 4]}) == back(
        step, tokens, others={"patient": ["1", "2", "1", None, ""]}
    )
    numbered = there(step, ["yes"] * 2, others={"patient": [1, 2]})
    assert tokens[1] == numbered[0]


def test_equal_values_do_not_show() -> None:
    """A thousand equal values have a thousand tokens, of one length."""
    tokens = there(Encrypt(), ["yes"] * 1000).to_pylist()

    assert 1000 == len(set(tokens))
    assert 1 == len({len(token) for token in tokens})


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, str]:
    key = X25519PrivateKey.generate()
    public, private = tmp_path / "public.pem", tmp_path / "private.pem"
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private.chmod(0o600)
    return public, str(private)


def test_sealed_values(keys: tuple[Path, str]) -> None:
    """Only the private key opens them; they need no key of the rule file, and are bound to their column."""
    public, private = keys
    sealer, opener = Encrypt(to=(public,)), Encrypt(to=(public,), identity=private)
    tokens = there(sealer, VALUES, keys=())

    assert () == sealer.key_names()
    assert (VALUES, {}) == back(opener, tokens, keys=())
    assert ([None] * 6, {FOREIGN: [0, 1, 2, 3, 5]}) == back(opener, tokens, column="other")
    assert ([None], {FOREIGN: [0]}) == back(opener, there(Encrypt(), ["1001"]))
    with pytest.raises(SecretError, match="only a private key opens"):
        back(sealer, tokens)


def test_wrong_parameters(keys: tuple[Path, str], tmp_path: Path) -> None:
    """Refused before any data is read, with the reason."""
    public, private = keys
    for given, message in (
        ({"to": (tmp_path / "none",)}, "cannot be read"),
        ({"to": (private,)}, "private key"),
        ({"to": (public,), "key": "second"}, "either `key` or `to`"),
        ({"identity": private}, "`identity` opens"),
        ({"to": (public,) * 17}, "at most 16"),
    ):
        with pytest.raises(ValidationError, match=message):
            Encrypt(**given)


@pytest.mark.parametrize("step", [EncryptDeterministic(), Encrypt()], ids=lambda step: step.use)
def test_lists_are_refused(step: Any) -> None:
    """A value without a spelling as text has no ciphertext."""
    with pytest.raises(TypeError, match="single values"):
        step.output_type(pa.list_(pa.string()))
