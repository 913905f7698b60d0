"""The keys of a rule file: read once, checked before any data, never shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anonymize.core.errors import SecretError, quoted
from anonymize.kernels.crypto.keys import derive
from anonymize.kernels.crypto.secrets import decode_key, fingerprint
from anonymize.rules import DEFAULT_KEYS, RuleFile, key_store


@dataclass
class Keys:
    """Master keys by name, and what is derived from them for one data set."""

    references: Mapping[str, str]
    dataset: str
    _masters: dict[str, bytes] = field(default_factory=dict, repr=False)
    _derived: dict[tuple[str, str, str], bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, rules: RuleFile) -> "Keys":
        return cls({**DEFAULT_KEYS, **rules.keys}, rules.dataset)

    def require(self, names: Sequence[str]) -> None:
        """Read these keys. Raises SecretError for one that is missing, malformed or weak."""
        for name in names:
            if name not in self.references:
                known = ", ".join(self.references)
                raise SecretError(f"there is no key {quoted(name)} under `keys:`", hint=f"the keys are: {known}")
            if name not in self._masters:
                self._masters[name] = decode_key(key_store(self.references[name]).read())

    def derive(self, name: str, purpose: str, scope: str) -> bytes:
        """32 bytes for a purpose and scope of this data set."""
        label = (name, purpose, scope)
        if label not in self._derived:
            self.require([name])
            self._derived[label] = derive(self._masters[name], self.dataset, purpose, scope)
        return self._derived[label]

    def fingerprints(self) -> dict[str, str]:
        """The public id of each key that was used."""
        return {name: fingerprint(master) for name, master in self._masters.items()}

    def __reduce__(self) -> tuple[object, ...]:
        """Only the references travel; keys are read again where they are needed."""
        return Keys, (self.references, self.dataset)
