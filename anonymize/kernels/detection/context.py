"""What stands beside a candidate: words that name it, and words that say it is something else."""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Words
from anonymize.kernels.arrays import text_buffers
from anonymize.kernels.detection.joined import Joined, Places
from anonymize.kernels.detection.matching import all_matches

LEFT, RIGHT = 24, 8
"""Characters that are looked at."""

_SCRIPTS_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_FAR = 1 << 20
_AFTER = 6
"""A label stands before what it names: one behind counts as this much farther."""

_LETTERS = r"A-Za-z\x{c0}-\x{2af}\x{370}-\x{52f}"  # a few ranges: the classes of Unicode take long to compile
_WORD_START = rf"(?i)(?:^|[^0-9{_LETTERS}])"
_WORD_END = rf"(?:$|[^{_LETTERS}])"


def reach(joined: Joined, starts: Places, ends: Places) -> tuple[Places, Places]:
    """The places up to which is looked, on both sides of candidates: within the cell and the sentence."""
    left, right = joined.characters(starts) - LEFT, joined.characters(ends) + RIGHT
    left = joined.places(np.maximum(left, 0))
    right = joined.places(np.minimum(right, _last(joined)))
    begins, finishes = joined.stops
    before = np.searchsorted(finishes, starts, side="right")
    after = np.searchsorted(begins, ends, side="left")  # the line feed behind the last cell is one
    return np.maximum(left, np.append(0, finishes)[before]), np.minimum(right, begins[after])


class Windows:
    """The text on both sides of candidates."""

    def __init__(self, joined: Joined, starts: Places, ends: Places) -> None:
        left, right = reach(joined, starts, ends)
        self.before = joined.pieces(left, starts)
        self.after = joined.pieces(ends, right)

    def distance(self, pattern: str | None) -> NDArray[np.int64]:
        """How far the nearest match of a pattern is, in bytes; very far if there is none."""
        count = len(self.before)
        found = np.full(count, _FAR, np.int64)
        if pattern is None or not count:
            return found
        texts = pa.concat_arrays([self.before, self.after])
        which, starts, ends = all_matches(texts, pattern)
        lengths = np.diff(text_buffers(texts)[0]).astype(np.int64)
        away = np.where(which < count, lengths[which] - ends, starts + _AFTER)
        np.minimum.at(found, which % count, away)
        return found


def _last(joined: Joined) -> int:
    return len(joined.data) if joined.is_ascii else len(joined.character_starts) - 1


def judged(
    windows: Windows, words: Iterable[str], against: Iterable[str]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which candidates a word speaks for, and against which one speaks: the nearer word decides."""
    named = windows.distance(any_word(words))
    other = windows.distance(any_word(against))
    return (named < _FAR) & (named <= other), other < named


def all_words(words: Words) -> tuple[str, ...]:
    """The words of all languages."""
    return tuple(sorted({word for said in words.values() for word in said if word}))


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
