"""Which keys lock an output, and which open an input: what the rules say, with the keys that it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from anonymize.codecs.parquet.lockable import require_lockable
from anonymize.codecs.streams.age import recipients_of
from anonymize.codecs.tables.partitions import PartitionedSource
from anonymize.core.errors import SecretError, UsageError, quoted
from anonymize.core.format import Format, Layout, Sink, Source
from anonymize.core.protection import Encryption, FindKeys, WrappingKey
from anonymize.datasets import Target
from anonymize.keys import Keys
from anonymize.rulefile.rules import RuleFile

PURPOSE = "parquet"
"""Stands in the derivation of the keys that wrap data keys."""


@dataclass(frozen=True)
class Protection:
    """What locks the output of one run."""

    encryption: Encryption | None
    """For the parts of a Parquet file."""
    recipients: Sequence[Any]
    """For a text file as a whole."""

    @classmethod
    def of(cls, rules: RuleFile, keys: Keys, seal_to: Sequence[str]) -> "Protection":
        """As the rules and the user say. Raises SecretError and UsageError."""
        return cls(encryption_of(rules, keys), recipients_of(seal_to))

    def require(self, target: Target, source: Source, layout: Layout) -> None:
        """Refuse, before a row is read, an output that cannot be locked as it is meant to be."""
        if self.encryption is None:
            return
        target.format.require_encrypting()
        in_names = source.values if target.in_folder and isinstance(source, PartitionedSource) else {}
        open_ = [n for n in in_names if not self.encryption.is_partial or n in self.encryption.columns]
        if open_:
            message = f"the folders' names hold {quoted(open_[0])}, and are not encrypted"
            raise UsageError(message, hint="name one output file instead of a folder")
        require_lockable(self.encryption, source.output_schema(layout).names)

    def sink(self, format_: Format, stream: IO[bytes], layout: Layout, source: Source) -> Sink:
        """Start an output file."""
        if self.encryption is None:
            return format_.sink(stream, layout, source)
        return format_.encrypted_sink(stream, layout, source, self.encryption)


def encryption_of(rules: RuleFile, keys: Keys) -> Encryption | None:
    """What locks the output; None if the rules leave it open. Raises SecretError for keys that cannot be had."""
    rule = rules.output.encrypt
    if rule is None:
        return None
    newest = {name: _wrapping_keys(keys, name)[0] for name in rule.key_names()}
    columns = {column: newest[name] for column, name in rule.columns.items()}
    return Encryption(newest[rule.footer_key], columns, rule.unlisted == "plain", rule.plaintext_footer)


def finder(rules: RuleFile, keys: Keys | None = None) -> FindKeys:
    """Finds the wrapping keys of an id among those that the rules name: first those that lock their output."""
    keys = keys or Keys.of(rules)
    names = list(dict.fromkeys([*rules.output.key_names(), *rules.keys, *keys.references]))
    found: dict[str, Sequence[WrappingKey]] = {}

    def find(wanted: str) -> Sequence[WrappingKey]:
        if wanted not in found:
            found[wanted] = _first(names, partial(_called, keys, wanted))
        return found[wanted]

    return find


def _called(keys: Keys, wanted: str, name: str) -> list[WrappingKey]:
    return [key for key in _wrapping_keys(keys, name) if key.id == wanted]


def _first(names: Sequence[str], search: Callable[[str], list[WrappingKey]]) -> list[WrappingKey]:
    """What is found under one of the names. A key that cannot be read may be meant for something else."""
    for name in names:
        try:
            if found := search(name):
                return found
        except SecretError:
            continue
    return []


def _wrapping_keys(keys: Keys, name: str) -> list[WrappingKey]:
    """Those of each generation of a key, newest first."""
    pairs = zip(keys.generations(name), keys.derive(name, PURPOSE, ""), strict=True)
    return [WrappingKey(generation.id, derived) for generation, derived in pairs]
