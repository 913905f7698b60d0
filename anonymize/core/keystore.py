"""Key store: where a master key comes from. A rule file holds a reference to it, never the key."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from anonymize.core.catalog import OneOf
from anonymize.core.component import Component
from anonymize.core.errors import SecretError


class KeyStore(Component, ABC):
    """Reads the text of one key from the place that a reference such as `env:NAME` names."""

    kind: ClassVar[str] = "keystore"
    positional: ClassVar[str | None] = "reference"

    reference: str
    """What stands after the colon of the reference."""

    @abstractmethod
    def read(self) -> bytes | bytearray:
        """The stored key as text. Raises SecretError without quoting any of it. Whoever calls overwrites the
        text if it can be."""

    def files(self) -> tuple[Path, ...]:
        """The files that it reads: nothing may be written in their place."""
        return ()


def key_store(reference: str) -> KeyStore:
    """The key store that a reference such as `env:ANONYMIZE_KEY` names. Raises PydanticCustomError, which never
    quotes the reference: it might be a key by mistake."""
    scheme, colon, rest = reference.partition(":")
    try:
        store = OneOf("keystore").build({"use": scheme.replace("-", "_"), "reference": rest}) if colon else None
    except PydanticCustomError:
        store = None
    except ValidationError as error:
        (problem, *_) = error.errors(include_input=False, include_url=False, include_context=False)
        said = problem["msg"].removeprefix("Value error, ").replace("{", "{{").replace("}", "}}")
        raise PydanticCustomError("key_reference", f"not a key reference: {said}") from None
    if not isinstance(store, KeyStore):
        message = "not a key reference; write env:NAME, file:PATH or another of those that `anonymize show` lists"
        raise PydanticCustomError("key_reference", message)
    return store


def read_key_text(reference: str) -> bytes | bytearray:
    """What the key store of a reference holds. Raises SecretError."""
    try:
        store = key_store(reference)
    except PydanticCustomError as error:
        raise SecretError(error.message()) from None
    return store.read()
