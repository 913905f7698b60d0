"""Keys in files."""

import os
import stat
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.errors import SecretError
from anonymize.core.keystore import KeyStore
from anonymize.kernels.crypto.secrets import LARGEST, named


class File(KeyStore):
    """Take the key from a file that only its owner can read: `file:PATH`.

    A leading `~` is the home folder. A file that its group or others can read or write is refused.
    """

    use: Literal["file"] = "file"

    reference: Annotated[str, Field(min_length=1)]
    """Path of the file."""

    def read(self) -> bytes:
        place = named(self.reference)
        try:
            with os.fdopen(_open_without_waiting(Path(self.reference).expanduser()), "rb") as file:
                _require_private(os.fstat(file.fileno()), place)
                found = file.read(LARGEST + 1)
        except (OSError, RuntimeError, ValueError):
            raise SecretError(f"the key file {place} cannot be read") from None
        if len(found) > LARGEST:
            raise SecretError(f"the key file {place} is too large for a key")
        return found


def _open_without_waiting(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe that nobody writes to would block


def _require_private(status: os.stat_result, place: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise SecretError(f"the key file {place} is not a regular file")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise SecretError(f"the key file {place} is open to its group or to others", hint="run `chmod 600` on it")


EXAMPLES: list[Example] = []
