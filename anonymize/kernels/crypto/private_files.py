"""Files that hold keys: only their owner may read or write them."""

import os
import stat
from pathlib import Path

from anonymize.core.errors import SecretError
from anonymize.kernels.crypto.secrets import LARGEST, named


def read_private(reference: str) -> bytearray:
    """The bytes of a key file. Raises SecretError if it is missing, too large or open to others."""
    place = named(reference)
    found = _read(reference, place)
    if found is None:  # said here, where no error of the system, which repeats the name, stands behind ours
        raise SecretError(f"the key file {place} cannot be read")
    if len(found) > LARGEST:
        raise SecretError(f"the key file {place} is too large for a key")
    return found


def _read(reference: str, place: str) -> bytearray | None:
    """At most one byte more than is allowed."""
    try:
        with os.fdopen(_open_without_waiting(Path(reference).expanduser()), "rb") as file:
            _require_private(os.fstat(file.fileno()), place)
            found = bytearray(LARGEST + 1)
            size = file.readinto(found)
            del found[size:]
            return found
    except (OSError, RuntimeError, ValueError):
        return None


def _open_without_waiting(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe that nobody writes to would block


def _require_private(status: os.stat_result, place: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise SecretError(f"the key file {place} is not a regular file")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise SecretError(f"the key file {place} is open to its group or to others", hint="run `chmod 600` on it")
