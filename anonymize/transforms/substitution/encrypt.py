"""Random encryption."""

from functools import cached_property
from typing import Annotated, Any, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.errors import SecretError
from anonymize.core.paths import RulePath
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.crypto.ciphertexts import as_text, plaintext, reject_foreign, restored
from anonymize.kernels.crypto.gcm import Xaes
from anonymize.kernels.crypto.sealed import (
    MOST_RECIPIENTS,
    PublicKey,
    public_key,
    read_pem,
    read_private_key,
    seal,
    unseal,
)
from anonymize.kernels.crypto.spellings import decode, encode
from anonymize.kernels.crypto.tokens import require_scalar

VERSION = b"\x02\x00"


class Encrypt(ColumnTransform):
    """Replace each value by a ciphertext that is never the same twice: XAES-256-GCM, which is AES-256-GCM (NIST SP
    800-38D) with nonces of 192 random bits.

    Not even equality shows; what shows is the length in bytes, by which `yes` and `no` differ, and who is null.
    Whoever holds the key can restore every value, nobody else can read or make one: `restore` rejects what was
    changed, cut, or made with another key, column or data set. Two runs never give the same result. A value grows
    by 56 characters and a third.
    With `to`, a fresh key is drawn for each page of the data and wrapped for the recipients (HPKE, RFC 9180, with
    X25519, or RSA-OAEP with SHA-256). The values are then open to each holder of one of the private keys, and to
    nobody else: not even to the machine that has encrypted them. Each value carries the wrapped keys, about 120
    characters for each recipient with X25519 and 355 with RSA-2048, the same for a whole page, so that compressed
    files hardly grow. Such a value is bound to its column or `scope`, not to a data set, and anybody who has the
    public key can make one.
    Numbers and dates are encrypted by their spelling as text, bytes by their hexadecimal digits; restoring gives
    that text. An empty text is a value and is encrypted.
    """

    use: Literal["encrypt"] = "encrypt"

    to: Annotated[tuple[RulePath, ...], Field(max_length=MOST_RECIPIENTS)] = ()
    """The public keys of the recipients instead of `key`: PEM files, X25519 or RSA of at least 2048 bits."""
    identity: str | None = Field(default=None, min_length=1)
    """To restore what was encrypted `to` recipients: a file with a private key in PEM, open to its owner only."""
    scope: str | None = Field(default=None, min_length=1)
    """A name that columns share if values may be restored in another column; by default each stands for itself."""
    key: str = "default"
    """Name of the key, as under `keys:`."""

    @model_validator(mode="after")
    def _has_good_keys(self) -> Self:
        if self.to and "key" in self.model_fields_set:
            raise ValueError("give either `key` or `to`")
        if self.identity is not None and not self.to:
            raise ValueError("`identity` opens what was encrypted with `to`")
        self._recipients()
        return self

    @cached_property
    def pems(self) -> tuple[bytes, ...]:
        """The files of `to`, read once."""
        return tuple(map(read_pem, self.to))

    def _recipients(self) -> list[PublicKey]:
        return list(map(public_key, self.pems))

    def key_names(self) -> tuple[str, ...]:
        return () if self.to else (self.key,)

    def properties(self) -> Properties:
        return Properties(deterministic=False, reversible=True, authenticated=True, survives="the length")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        require_scalar(given, self.name())
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        if self.to:
            return seal(plaintext(values), self._recipients(), self._label(context))
        newest = self._ciphers(context)[0]
        return encode(newest.seal(plaintext(values), VERSION, VERSION), "base64url")

    def restore(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        tokens = as_text(values)
        if self.to:
            return reject_foreign(self._unseal(tokens, context), values, context)
        sealed, _ = decode(tokens, "base64url")
        found = restored(values, lambda cipher: cipher.open(sealed, VERSION, VERSION), self._ciphers(context))
        return reject_foreign(found, values, context)

    def _unseal(self, tokens: pa.Array, context: Context[Any]) -> pa.Array:
        if self.identity is None:
            raise SecretError(
                f"{self.name()}: only a private key opens what was encrypted with `to`",
                hint="name its file: encrypt(to=[...], identity=PATH)",
            )
        return unseal(tokens, read_private_key(self.identity), self._label(context))

    def _ciphers(self, context: Context[Any]) -> list[Xaes]:
        """One for each generation of the key, newest first."""
        return [Xaes(secret) for secret in context.secrets(self.key, "encrypt", self.scope)]

    def _label(self, context: Context[Any]) -> str:
        return f"column:{context.column}" if self.scope is None else f"scope:{self.scope}"


EXAMPLES = [Example(Encrypt(), [None], [None]), Example(Encrypt(key="second", scope="notes"), [None], [None])]
