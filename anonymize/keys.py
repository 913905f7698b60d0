"""The keys of a rule file: read once, checked before any data, never shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from anonymize.core.errors import SecretError
from anonymize.core.keystore import read_key_text
from anonymize.kernels.crypto.generations import Generation, read_generations
from anonymize.kernels.crypto.hidden import Secret
from anonymize.kernels.crypto.keys import derive
from anonymize.kernels.crypto.secrets import named
from anonymize.rulefile.rules import DEFAULT_KEYS, RuleFile

NEW = "new "
"""Stands before the name of a key that values move to; no rule file can use such a name by itself."""


@dataclass
class Keys:
    """Master keys by name, and what is derived from them for one data set.

    As a context it forgets at its end what it has read, and overwrites the master keys.
    """

    references: Mapping[str, str]
    dataset: str
    datasets: Mapping[str, str] = field(default_factory=dict)
    """Keys that derive for another data set."""
    _generations: dict[str, tuple[Generation, ...]] = field(default_factory=dict, repr=False)
    _derived: dict[tuple[str, str, str], tuple[Secret, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, rules: RuleFile) -> "Keys":
        return cls({**DEFAULT_KEYS, **rules.keys}, rules.dataset)

    def beside(self, references: Mapping[str, str], dataset: str) -> "Keys":
        """These keys, and others that derive for another data set."""
        datasets = {**self.datasets, **dict.fromkeys(references, dataset)}
        return Keys({**self.references, **references}, self.dataset, datasets)

    def require(self, names: Sequence[str]) -> None:
        """Read these keys. Raises SecretError for one that is missing, malformed or weak."""
        for name in names:
            if name not in self.references:
                known = ", ".join(self.references)
                raise SecretError(f"there is no key {named(name)} under `keys:`", hint=f"the keys are: {known}")
            if name not in self._generations:
                self._generations[name] = _read(self.references[name])

    def derive(self, name: str, purpose: str, scope: str) -> Sequence[Secret]:
        """32 bytes for a purpose and scope of this data set, of each generation of the key, newest first."""
        label = (name, purpose, scope)
        found = self._derived.get(label)
        if found is None:
            dataset = self.datasets.get(name, self.dataset)
            found = tuple(derive(g.key, dataset, purpose, scope) for g in self.generations(name))
            self._derived[label] = found
        return found

    def generations(self, name: str) -> tuple[Generation, ...]:
        """What goes by the name of a key, newest first."""
        self.require([name])
        return self._generations[name]

    def fingerprints(self) -> dict[str, str]:
        """The public id of each key that was used: of its newest generation, which makes new values."""
        return {name: generations[0].id for name, generations in self._generations.items()}

    def numbers(self) -> dict[str, int]:
        """The number of each key's newest generation."""
        return {name: generations[0].number for name, generations in self._generations.items()}

    def forget(self) -> None:
        """Overwrite the master keys. They are read again if they are needed again."""
        for generation in (g for generations in self._generations.values() for g in generations):
            generation.key.wipe()
        self._generations.clear()
        self._derived.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.forget()

    def __reduce__(self) -> tuple[object, ...]:
        """Only the references travel; keys are read again where they are needed."""
        return Keys, (self.references, self.dataset, self.datasets)


def _read(reference: str) -> tuple[Generation, ...]:
    text = read_key_text(reference)
    try:
        return read_generations(text)
    finally:
        if isinstance(text, bytearray):
            text[:] = bytes(len(text))
