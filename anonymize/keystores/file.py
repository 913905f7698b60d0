"""Keys in files."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.keystore import KeyStore
from anonymize.kernels.crypto.private_files import read_private


class File(KeyStore):
    """Take the key from a file that only its owner can read: `file:PATH`.

    A leading `~` is the home folder. A file that its group or others can read or write is refused.
    """

    use: Literal["file"] = "file"

    reference: Annotated[str, Field(min_length=1)]
    """Path of the file."""

    def read(self) -> bytes | bytearray:
        return read_private(self.reference)

    def files(self) -> tuple[Path, ...]:
        return (Path(self.reference).expanduser(),)


EXAMPLES: list[Example] = []
