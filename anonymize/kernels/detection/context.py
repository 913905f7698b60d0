"""What stands beside a candidate: words that name it, and words that say it is something else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Words
from anonymize.kernels.detection.joined import Joined, Places
from anonymize.kernels.detection.matching import all_matches

LEFT, RIGHT = 24, 8
"""Characters that are looked at."""

_SCRIPTS_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
FAR = 1 << 20
_AFTER = 6
"""A label stands before what it names: one behind counts as this much farther."""

_LETTERS = r"A-Za-z\x{c0}-\x{2af}\x{370}-\x{52f}"  # a few ranges: the classes of Unicode take long to compile
_WORD_START = rf"(?i)(?:^|[^0-9{_LETTERS}])"
_WORD_END = rf"(?:$|[^{_LETTERS}])"


def reach(joined: Joined, starts: Places, ends: Places) -> tuple[Places, Places]:
    """The places up to which is looked, on both sides of candidates: within the cell and the sentence."""
    left, right = joined.characters(starts) - LEFT, joined.characters(ends) + RIGHT
    left = joined.places(np.maximum(left, 0))
    right = joined.places(np.minimum(right, joined.last))
    begins, finishes = joined.stops
    before = np.searchsorted(finishes, starts, side="right")
    after = np.searchsorted(begins, ends, side="left")  # the line feed behind the last cell is one
    return np.maximum(left, np.append(0, finishes)[before]), np.minimum(right, begins[after])


@dataclass(frozen=True)
class Windows:
    """Where the text on both sides of candidates begins and ends."""

    joined: Joined
    left: Places
    starts: Places
    ends: Places
    right: Places

    def only(self, chosen: NDArray[Any]) -> "Windows":
        """Some of them."""
        places = (each[chosen] for each in (self.left, self.starts, self.ends, self.right))
        return Windows(self.joined, *places)

    def distance(self, words: Iterable[str]) -> Places:
        """How far the nearest of the words is, in bytes; `FAR` if there is none."""
        count = len(self.starts)
        found = np.full(count, FAR, np.int64)
        pattern = any_word(words)
        if pattern is None or not count:
            return found
        begins = np.concatenate([self.left, self.ends])
        finishes = np.concatenate([self.starts, self.right])
        which, starts, ends = all_matches(self.joined.pieces(begins, finishes), pattern)
        away = np.where(which < count, (finishes - begins)[which] - ends, starts + _AFTER)
        np.minimum.at(found, which % count, away)
        return found


def windows(joined: Joined, starts: Places, ends: Places) -> Windows:
    """The text on both sides of candidates."""
    left, right = reach(joined, starts, ends)
    return Windows(joined, left, starts, ends, right)


def all_words(words: Words) -> tuple[str, ...]:
    """The words of all languages."""
    return _sorted(tuple(words.values()))


@lru_cache(maxsize=1024)
def _sorted(lists: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(sorted({word for said in lists for word in said if word}))


def word_pattern(words: Words) -> str | None:
    """A pattern for any of the words of all languages; None if there is none."""
    return any_word(all_words(words))


def any_word(words: Iterable[str]) -> str | None:
    """A pattern for any of the words; None if there is none."""
    return _pattern(tuple(words))


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...]) -> str | None:
    """Whole words in scripts that have spaces (case ignored, a plural allowed); substrings in others."""
    spaced = [word for word in words if has_spaces(word)]
    other = [word for word in words if not has_spaces(word)]
    options = [f"{_WORD_START}(?:{_any(spaced)}){_WORD_END}"] if spaced else []
    options += [f"(?:{_any(other)})"] if other else []
    return "|".join(options) or None


def has_spaces(word: str) -> bool:
    """Whether a word is of a script that puts spaces between words."""
    return not _SCRIPTS_WITHOUT_SPACES.search(word)


def _any(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"[\s_-]?") for word in longest_first)


def holds(text: str, words: Words) -> bool:
    """Whether a text, such as a column's name, holds one of the words."""
    pattern = word_pattern(words)
    return pattern is not None and bool(
        pc.match_substring_regex(pa.array([text], pa.string()), pattern)[0].as_py()
    )
