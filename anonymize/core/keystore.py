"""Key store: where a master key comes from. A rule file holds a reference to it, never the key."""

from abc import ABC, abstractmethod
from typing import ClassVar

from anonymize.core.component import Component


class KeyStore(Component, ABC):
    """Reads the text of one key from the place that a reference such as `env:NAME` names."""

    kind: ClassVar[str] = "keystore"
    positional: ClassVar[str | None] = "reference"

    reference: str
    """What stands after the colon of the reference."""

    @abstractmethod
    def read(self) -> bytes:
        """The stored key as text bytes. Raises SecretError without quoting any of it."""
