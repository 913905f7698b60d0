"""How files are locked and opened: the keys that wrap the data keys of an encrypted file, and those of age."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class WrappingKey:
    """A key that encrypts other keys: each file has data keys of its own, which stand in it wrapped."""

    id: str
    """The public id of the master key that it comes from. It stands in the file."""
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class Encryption:
    """What locks the parts of an output file."""

    footer: WrappingKey
    columns: Mapping[str, WrappingKey] = field(default_factory=dict)
    """Columns, with all that is beneath them, that open with a key of their own."""
    is_partial: bool = False
    """Other columns are not encrypted, instead of by the footer's key."""
    plaintext_footer: bool = False
    """Everybody may read the schema, and what is not encrypted."""


FindKeys: TypeAlias = Callable[[str], Sequence[WrappingKey]]
"""The wrapping keys at hand that go by an id."""


def _none(_: str) -> Sequence[WrappingKey]:
    return ()


@dataclass(frozen=True)
class Unlock:
    """What opens input files that are locked."""

    keys: FindKeys = _none
    identity: str | None = None
    """A file with the private keys of age."""


NO_KEYS = Unlock()
