"""Alphabets: which characters stand for the numerals 0, 1, 2 … of a format-preserving cipher."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.crypto.ff1 import LARGEST_RADIX, least_length
from anonymize.kernels.crypto.tokens import FORMULA_STARTS

NAMED = {
    "digits": digits,
    "hex": digits + "abcdef",
    "lowercase": ascii_lowercase,
    "uppercase": ascii_uppercase,
    "letters": ascii_uppercase + ascii_lowercase,
    "alphanumeric": digits + ascii_uppercase + ascii_lowercase,
    "cjk": "".join(map(chr, range(0x4E00, 0xA000))),
}
FOREIGN = -1

_ASCII = 128
_UNICODE = 0x110000


@dataclass(frozen=True)
class Alphabet:
    """Characters in order, each once."""

    characters: str

    @property
    def radix(self) -> int:
        return len(self.characters)

    @property
    def least(self) -> int:
        """The fewest characters that FF1 encrypts."""
        return least_length(self.radix)

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """The code point of each numeral."""
        return np.frombuffer(self.characters.encode("utf-32-le"), np.uint32)

    def numerals(self, codes: NDArray[Any]) -> NDArray[np.signedinteger]:
        """The numeral of each character, FOREIGN if it has none."""
        table = self._ascii if codes.dtype == np.uint8 else self._unicode
        numerals: NDArray[np.signedinteger] = table.take(codes)
        return numerals

    def spelled(self, numerals: NDArray[np.integer], width: Any) -> NDArray[Any]:
        """The code point of each numeral, in a type that is wide enough."""
        found: NDArray[Any] = self.codes.astype(width).take(numerals)
        return found

    @cached_property
    def _ascii(self) -> NDArray[np.signedinteger]:
        return self._unicode[:256].copy()

    @cached_property
    def _unicode(self) -> NDArray[np.signedinteger]:
        width: type[np.signedinteger] = np.int8 if self.radix <= _ASCII else np.int32
        table: NDArray[np.signedinteger] = np.full(_UNICODE, FOREIGN, width)
        table[self.codes] = np.arange(self.radix)
        return table


@lru_cache(maxsize=64)
def alphabet(named: str) -> Alphabet:
    """The alphabet of that name, or of these characters. Raises ValueError."""
    characters = NAMED.get(named, named)
    if len(set(characters)) < len(characters):
        raise ValueError("an alphabet has each character once")
    if not 2 <= len(characters) <= LARGEST_RADIX:
        raise ValueError("an alphabet has 2 to 65,536 characters")
    if any(start in characters for start in FORMULA_STARTS):
        raise ValueError(
            "an alphabet may not have = + - @ : a value could turn into a spreadsheet formula; see `keep`"
        )
    if not characters.isprintable():
        raise ValueError("an alphabet may not have control characters")
    return Alphabet(characters)
