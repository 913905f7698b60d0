"""Digits read eight bytes at a time: a sum of 64-bit words tells whether all bytes are as they should be."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WORD = 8
PAIRED = frozenset("YymdHMSf")
"""Directives whose width is fixed and even."""
ANY_DIGIT, EXACTLY, IS_FAULT = 0x76, 0x7F, 0x80

Words = NDArray[np.uint64]
Fields = dict[str, NDArray[np.int64]]


@dataclass(frozen=True)
class WordReader:
    """Reads spellings of up to 16 bytes in which pairs of digits do not lie across two words."""

    width: int
    pairs: dict[str, list[tuple[int, int]]]
    """The word and the byte at which each pair of digits of a field is."""
    used: list[np.uint64]
    """Which bytes of each word belong to the spelling."""
    zeros: list[np.uint64]
    """The words of the spelling in which all digits are 0."""
    limits: list[np.uint64]
    """What, added to the difference from `zeros`, sets the highest bit of the first byte that does not fit."""

    def read(self, windows: Words, starts: NDArray[np.int32]) -> tuple[Fields, NDArray[np.bool_]]:
        """The fields of the spellings at these ascending places, and which are spelled so; as `Layout.read`."""
        faults = np.zeros(len(starts), np.uint64)
        first, last = starts[0], starts[-1]
        places = starts if last - first > self.width * (len(starts) - 1) else slice(first, last + 1, self.width)
        numbers: list[NDArray[np.uint8]] = []
        for number, (used, zero, limit) in enumerate(zip(self.used, self.zeros, self.limits, strict=True)):
            digits = (windows[WORD * number :][places] & used) ^ zero
            faults |= (digits + limit) | digits
            digits = digits * np.uint64(10) + (digits >> np.uint64(8))
            numbers.append(digits.view(np.uint8).reshape(-1, WORD))
        faults &= np.uint64(int.from_bytes([IS_FAULT] * WORD))
        return {name: _joined(numbers, places) for name, places in self.pairs.items()}, faults == 0


def windows(data: NDArray[np.uint8]) -> Words:
    """The words from each place of the data on, overlapping, with zeros past the end."""
    padded = np.concatenate([data, np.zeros(2 * WORD, np.uint8)])
    return np.ndarray((len(data) + WORD + 1,), "<u8", padded, strides=(1,))


def word_reader(width: int, fields: Mapping[str, range], literals: Mapping[int, int]) -> WordReader | None:
    """The reader of a spelling, from the bytes of its directives and those between them; None if there is none."""
    pairs = {name: each[::2] for name, each in fields.items()}
    places = [place for each in pairs.values() for place in each]
    if width > 2 * WORD or not PAIRED.issuperset(pairs) or any(place % WORD == WORD - 1 for place in places):
        return None
    return WordReader(
        width,
        {name: [divmod(place, WORD) for place in each] for name, each in pairs.items()},
        _words([0xFF for _ in range(width)]),
        _words([literals.get(place, ord("0")) for place in range(width)]),
        _words([EXACTLY if place in literals else ANY_DIGIT for place in range(width)]),
    )


def _words(octets: list[int]) -> list[np.uint64]:
    padded = bytes(octets).ljust(-(-len(octets) // WORD) * WORD, b"\0")
    return [np.uint64(int.from_bytes(padded[at : at + WORD], "little")) for at in range(0, len(padded), WORD)]


def _joined(numbers: list[NDArray[np.uint8]], places: list[tuple[int, int]]) -> NDArray[np.int64]:
    """The number that pairs of digits make."""
    whole: NDArray[np.int64] = numbers[places[0][0]][:, places[0][1]].astype(np.int64)
    for word, byte in places[1:]:
        whole = whole * 100 + numbers[word][:, byte]
    return whole
