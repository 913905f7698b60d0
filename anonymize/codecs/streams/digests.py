"""What identifies the bytes of a file."""

import hashlib
import hmac

from anonymize.codecs.streams.reading import unreadable
from anonymize.codecs.streams.remote import AnyPath


def sha256_of(path: AnyPath) -> str:
    """The SHA-256 of a file as it stands on the disk, in hexadecimal. Raises DataError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(str(path), error) from None


def hmac_of(path: AnyPath, key: bytes) -> str:
    """The HMAC-SHA-256 (RFC 2104) of a file as it stands on the disk, in hexadecimal. Raises DataError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hmac.new(key, digestmod="sha256")).hexdigest()
    except OSError as error:
        raise unreadable(str(path), error) from None
