"""Key files that a passphrase opens."""

from pathlib import Path
from typing import Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from anonymize.core.component import Example
from anonymize.core.keystore import KeyStore, key_store
from anonymize.kernels.crypto.generations import write_generations
from anonymize.kernels.crypto.hidden import Secret
from anonymize.kernels.crypto.passphrase import unwrap
from anonymize.kernels.crypto.private_files import read_private


class Passphrase(KeyStore):
    """Take the key from a file that a passphrase opens: `passphrase:env:NAME,PATH`.

    `anonymize keys new PATH --passphrase env:NAME` makes such a file: a random key, wrapped by AES-256-GCM under
    what scrypt (RFC 7914) makes of the passphrase. The file alone opens nothing; file and passphrase together do,
    so keep them apart. Opening it takes 128 MiB of memory and half a second.
    """

    use: Literal["passphrase"] = "passphrase"

    reference: str
    """Where the passphrase is, as `env:NAME` or `keyring:SERVICE/NAME`, then a comma and the path of the file."""

    @field_validator("reference")
    @classmethod
    def _has_both(cls, reference: str) -> str:
        where, comma, path = reference.partition(",")
        if not comma or not path or where.startswith("passphrase:"):
            raise ValueError("write `passphrase:env:NAME,PATH`: where the passphrase is, then the key file")
        try:
            key_store(where)
        except PydanticCustomError as error:
            raise ValueError(f"the passphrase: {error.message()}") from None
        return reference

    def read(self) -> bytes | bytearray:
        where, _, path = self.reference.partition(",")
        text = read_private(path)
        return write_generations(unwrap(text, Secret(key_store(where).read()))).encode()

    def files(self) -> tuple[Path, ...]:
        where, _, path = self.reference.partition(",")
        return (Path(path).expanduser(), *key_store(where).files())


EXAMPLES: list[Example] = []
