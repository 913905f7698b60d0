"""Parquet Modular Encryption: data keys that are random for each file and column, wrapped by keys of ours.

Modules are encrypted with AES-256-GCM. The key material in the file is that of the key management tools which
Parquet libraries share, without double wrapping: the id of the wrapping key, and the base64 of a nonce of 12
bytes, the data key under AES-256-GCM with the id as associated data, and the tag of 16 bytes.

Specification: apache/parquet-format, Encryption.md.
"""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet.encryption as pe
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anonymize.codecs.parquet.lockable import is_by_column
from anonymize.core.errors import DataError, SecretError, Where, quoted
from anonymize.core.protection import Encryption, FindKeys, WrappingKey

NONCE = 12
DATA_KEY = 32


def wrap(key: WrappingKey, data_key: bytes) -> str:
    """The data key as it stands in a file."""
    nonce = secrets.token_bytes(NONCE)
    return b64encode(nonce + AESGCM(key.key).encrypt(nonce, data_key, key.id.encode())).decode()


def unwrap(key: WrappingKey, wrapped: str) -> bytes | None:
    """The data key, or None if it was wrapped by another key."""
    try:
        raw = b64decode(wrapped, validate=True)
        return AESGCM(key.key).decrypt(raw[:NONCE], raw[NONCE:], key.id.encode())
    except (InvalidTag, ValueError):
        return None


class KeyRing(pe.KmsClient):  # type: ignore[misc]  # pyarrow has no types
    """Unwraps data keys for the library, and remembers which it could not.

    An error raised in here would end the process where the library reads the metadata of a column, so that a data
    key which cannot be had is replaced by a random one: what is read with that does not authenticate.
    """

    def __init__(self, find: FindKeys) -> None:
        super().__init__()
        self._find = find
        self._factory = pe.CryptoFactory(lambda _: self)
        self.missing: dict[str, None] = {}
        """The ids of keys that are not at hand."""
        self.refused: dict[str, None] = {}
        """The ids of keys that are at hand and do not fit."""

    def decryption(self) -> Any:
        """What the library opens a file with."""
        return self._factory.file_decryption_properties(pe.KmsConnectionConfig(), pe.DecryptionConfiguration())

    def wrap_key(self, data_key: bytes, id_: str) -> str:
        (key,) = self._find(id_)
        return wrap(key, data_key)

    def unwrap_key(self, wrapped: str, id_: str) -> bytes:
        try:
            found = self._unwrapped(wrapped, id_)
        except Exception:  # it would end the process
            found = None
            self.missing[id_] = None
        return found or secrets.token_bytes(DATA_KEY)

    def _unwrapped(self, wrapped: str, id_: str) -> bytes | None:
        keys = self._find(id_)
        found = next((data_key for key in keys if (data_key := unwrap(key, wrapped)) is not None), None)
        if found is None:
            (self.refused if keys else self.missing)[id_] = None
        return found

    def failure(self, name: str) -> SecretError | None:
        """The error about a file whose data keys could not be had; None if all could."""
        if self.missing:
            ids = ", ".join(map(_shown, self.missing))
            hint = f"the key with the id {ids} opens it; name it under `keys:` in the rules"
            return SecretError("is encrypted, and there is no key for it", hint=hint, where=Where(name))
        if self.refused:
            hint = "is it the right `dataset:`? A key opens files of the data set for which it locked them"
            return SecretError("is encrypted, and the key does not fit", hint=hint, where=Where(name))
        return None


def _shown(id_: str) -> str:
    """An id that a file names, which may be anything."""
    return id_ if id_.isalnum() and len(id_) <= 64 else quoted(id_)


def encryption_properties(encryption: Encryption, schema: pa.Schema) -> Any:
    """What the library locks a file of this schema with, with fresh data keys."""
    keys = {key.id: key for key in (encryption.footer, *encryption.columns.values())}
    columns = _columns_by_key(encryption, schema)
    how: dict[str, Any] = {"column_keys": columns} if columns else {"uniform_encryption": True}
    configuration = pe.EncryptionConfiguration(
        encryption.footer.id,
        **how,
        encryption_algorithm="AES_GCM_V1",
        plaintext_footer=encryption.plaintext_footer,
        double_wrapping=False,
        data_key_length_bits=8 * DATA_KEY,
    )
    ring = KeyRing(lambda id_: [keys[id_]])
    return pe.CryptoFactory(lambda _: ring).file_encryption_properties(pe.KmsConnectionConfig(), configuration)


def _columns_by_key(encryption: Encryption, schema: pa.Schema) -> Mapping[str, list[str]]:
    """The columns that each key locks; nothing if one key locks all."""
    found: dict[str, list[str]] = {}
    for name in schema.names if is_by_column(encryption) else ():
        key = encryption.columns.get(name, None if encryption.is_partial else encryption.footer)
        if key is not None:
            found.setdefault(key.id, []).append(name)
    return found


def not_authentic(name: str, part: str) -> DataError:
    """What is said of an encrypted part whose key is right and whose tag is not."""
    hint = "it is damaged, or was changed by someone without the key; get it again"
    return DataError(f"{part} does not authenticate", hint=hint, where=Where(name))
