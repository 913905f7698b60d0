"""Which columns of a Parquet file can have which keys: what must be known before the library is loaded."""

from anonymize.core.catalog import suggestion
from anonymize.core.errors import UsageError, quoted
from anonymize.core.protection import Encryption

SEPARATORS = frozenset(",;:")
"""The library is told in one text which columns have which key."""


def require_lockable(encryption: Encryption, names: list[str]) -> None:
    """Raises UsageError for columns that do not exist, or that the library cannot be told about."""
    for name in encryption.columns:
        if name not in names:
            hint = suggestion(name, names) or "name a column of the output; what is beneath it has the same key"
            raise UsageError(f"`output:` encrypts {quoted(name)}, and the output has no such column", hint=hint)
    strange = [name for name in names if SEPARATORS & set(name) or name != name.strip() or not name]
    if strange and is_by_column(encryption):
        message = f"{quoted(strange[0])} cannot have a key of its own, because of the characters in its name"
        raise UsageError(message, hint="rename it, or encrypt the whole file with the footer's key alone")


def is_by_column(encryption: Encryption) -> bool:
    """The library takes no plaintext footer without a list of columns."""
    return bool(encryption.columns) or encryption.plaintext_footer
