"""Keys in environment variables."""

import os
from typing import Annotated, Literal

from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.errors import SecretError
from anonymize.core.keystore import KeyStore
from anonymize.kernels.crypto.secrets import named


class Env(KeyStore):
    """Take the key from an environment variable: `env:NAME`.

    Other processes of the same user, and the children of this one, can read its environment.
    """

    use: Literal["env"] = "env"

    reference: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    """Name of the variable."""

    def read(self) -> bytes | bytearray:
        found = os.environb.get(self.reference.encode())
        if not found:
            name = named(self.reference)
            raise SecretError(
                f"the environment variable {name} is not set", hint="set it to the key, or use `file:`"
            )
        return found


EXAMPLES: list[Example] = []
