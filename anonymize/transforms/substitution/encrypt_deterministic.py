"""Deterministic encryption."""

from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.crypto.ciphertexts import as_text, plaintext, reject_foreign, restored
from anonymize.kernels.crypto.siv import Siv
from anonymize.kernels.crypto.spellings import Encoding, decode, encode
from anonymize.kernels.crypto.tokens import require_scalar

VERSION = b"\x01"


class EncryptDeterministic(ColumnTransform):
    """Replace each value by its ciphertext, the same one wherever the value stands: AES-256-SIV (RFC 5297).

    Whoever holds the key can restore every value, nobody else can read or make one: `restore` rejects what was
    changed, cut, or made with another key, column or data set. Equal values stay equal, so their frequencies
    survive, as does the length in bytes: 23 characters of base64url are added, and a third. With `context` the
    ciphertext is bound to another column, such as the patient's number: only rows that agree there have equal
    ciphertexts, and a value moved to another row is rejected. That column must then be kept or be restored too.
    Numbers and dates are encrypted by their spelling as text, bytes by their hexadecimal digits; restoring gives
    that text. An empty text is a value and is encrypted.
    """

    use: Literal["encrypt_deterministic"] = "encrypt_deterministic"

    context: str | None = Field(default=None, min_length=1)
    """Another column, as it reads before any rule, that each value is bound to (its associated data)."""
    encoding: Encoding = "base64url"
    """Spelling of the ciphertext."""
    scope: str | None = Field(default=None, min_length=1)
    """A name that columns share to be joinable on their results; by default each column has a scope of its own."""
    key: str = "default"
    """Name of the key, as under `keys:`."""

    def reads(self) -> tuple[str, ...]:
        return (self.context,) if self.context is not None else ()

    def properties(self) -> Properties:
        equality = "equality and frequency" if self.context is None else "equality where the context is equal"
        return Properties(
            deterministic=self.context is None,
            injective=self.context is None,
            reversible=True,
            authenticated=True,
            survives=f"{equality}, and the length",
        )

    def output_type(self, given: pa.DataType) -> pa.DataType:
        require_scalar(given, self.name())
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        newest = self._ciphers(context)[0]
        return encode(newest.seal(plaintext(values), self._associated(context), VERSION), self.encoding)

    def restore(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        sealed, _ = decode(as_text(values), self.encoding)
        associated = self._associated(context)
        found = restored(
            values, lambda cipher: cipher.open(sealed, associated, VERSION)[0], self._ciphers(context)
        )
        return reject_foreign(found, values, context)

    def _ciphers(self, context: Context[Any]) -> list[Siv]:
        """One for each generation of the key, newest first."""
        macs = context.secrets(self.key, "encrypt_deterministic mac", self.scope)
        keys = context.secrets(self.key, "encrypt_deterministic", self.scope)
        return [Siv(mac + key) for mac, key in zip(macs, keys, strict=True)]

    def _associated(self, context: Context[Any]) -> tuple[pa.Array, ...]:
        return () if self.context is None else (plaintext(context.read(self.context)),)


EXAMPLES = [
    Example(
        EncryptDeterministic(),
        ["1001", "1001", "", "王芳", None],
        [
            "AQI4NoOgQ9kqMTGp45toqxn8exPZ",
            "AQI4NoOgQ9kqMTGp45toqxn8exPZ",
            "AcThEn_KZarcZYy8ZG4YU0k",
            "AUsict3V98F_uxBI3N4e0UY7PJInGoY",
            None,
        ],
    ),
    Example(
        EncryptDeterministic(encoding="hex", scope="patients"),
        ["1001", None],
        ["0173188525209128b8d8269d7ffa01ba35e8ff4683", None],
    ),
    Example(EncryptDeterministic(encoding="base32"), ["1001"], ["AEBDQNUDUBB5SKRRGGU6HG3IVMM7Y6YT3E"]),
    Example(
        EncryptDeterministic(context="patient"),
        ["positive", "positive", "positive", None],
        [
            "AW36eeJ0Tp__Gun8A3tynBOU5h37-a_cjQ",
            "AY1ycvtHz9MLMo_CSAPk6Aors5Sw_Ebvvw",
            "AaFw51gQZ4ggw6d6EmcOMn8yKY49zxb5Ow",
            None,
        ],
        columns={"patient": ["1001", "1002", None, "1003"]},
    ),
    Example(EncryptDeterministic(key="second"), [1001, None], ["AQI4NoOgQ9kqMTGp45toqxn8exPZ", None]),
]
