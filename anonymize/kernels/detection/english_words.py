"""The lists of English names and words as one, asked once for each distinct word."""

from enum import IntFlag
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.detection.lists import entries
from anonymize.kernels.distinct import ask_distinct


class On(IntFlag):
    """The lists that a word is on."""

    GIVEN = 1
    """Given names."""
    FAMILY = 2
    """Surnames."""
    ALONE = 4
    """Given names that are hardly anything else."""
    PERSON = 8
    """Given names that are words, but people beside words that go with people."""
    WORDS = 16
    """Words that are common in English."""
    OTHER = 32
    """Places, months, firms."""
    THING = 64
    """What follows the name of somebody after whom it is called."""


_LISTS = {
    On.GIVEN: "given_names_en",
    On.FAMILY: "surnames_en",
    On.ALONE: "given_alone_en",
    On.PERSON: "given_people_en",
    On.WORDS: "words_en",
    On.OTHER: "other_names_en",
    On.THING: "not_surnames",
}


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, int]:
    found: dict[str, int] = {}
    for flag, name in _LISTS.items():
        for word in entries(name):
            found[word] = found.get(word, 0) | flag
    return found


def lists_of(words: pa.StringArray) -> NDArray[np.int64]:
    """The lists that each word is on, as bits of `On`."""
    lexicon = _lexicon()
    return ask_distinct(words, lambda word: lexicon.get(word, 0), np.int64)
