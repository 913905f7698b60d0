"""Keys in the keyring of the operating system."""

from types import ModuleType
from typing import Annotated, Literal

from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.errors import SecretError
from anonymize.core.keystore import KeyStore
from anonymize.kernels.crypto.secrets import named


class Keyring(KeyStore):
    """Take the key from the keyring of the operating system: `keyring:SERVICE/NAME`.

    Needs the package `keyring`, which is an extra of this one.
    """

    use: Literal["keyring"] = "keyring"

    reference: Annotated[str, Field(pattern=r"^.+/[^/]+$")]
    """Service and user name of the entry, with a slash between them."""

    def read(self) -> bytes | bytearray:
        service, _, user = self.reference.rpartition("/")
        library = _library()
        try:
            found = library.get_password(service, user)
        except Exception:  # every backend raises its own, and none may be shown
            raise SecretError("the keyring cannot be read", hint="is it unlocked?") from None
        if not found:
            raise SecretError(f"the keyring has no entry {named(self.reference)}")
        return str(found).encode()


def _library() -> ModuleType:
    try:
        import keyring  # noqa: PLC0415 - an optional extra
    except ImportError:
        hint = "pip install anonymize[keyring]"
        raise SecretError("keys in a keyring need the package keyring", hint=hint) from None
    return keyring  # type: ignore[no-any-return, unused-ignore]


EXAMPLES: list[Example] = []
