"""What stands beside a candidate: words that name it, and words that say it is something else."""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Words
from anonymize.kernels.arrays import text_buffers, to_numpy
from anonymize.kernels.detection.joined import Joined, Places
from anonymize.kernels.detection.matching import MARKS, all_matches, matches

LEFT, RIGHT = 24, 8
"""Characters that are looked at."""

_STOP_LEFT = r"(?s)^.*[\n\r。！？]"
_STOP_RIGHT = r"(?s)[\n\r。！？].*$"
_SCRIPTS_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_FAR = 1 << 20
_AFTER = 6
"""A label stands before what it names: one behind counts as this much farther."""

_LETTERS = r"A-Za-z\x{c0}-\x{2af}\x{370}-\x{52f}"  # a few ranges: the classes of Unicode take long to compile
_WORD_START = rf"(?i)(?:^|[^0-9{_LETTERS}])"
_WORD_END = rf"(?:$|[^{_LETTERS}])"


class Windows:
    """The text on both sides of candidates, within the cell and the sentence."""

    def __init__(self, joined: Joined, starts: Places, ends: Places) -> None:
        rows = joined.rows(starts)
        left = joined.characters(starts) - LEFT
        right = joined.characters(ends) + RIGHT
        left = np.maximum(joined.places(np.maximum(left, 0)), joined.starts[rows])
        right = np.minimum(joined.places(np.minimum(right, _last(joined))), joined.ends[rows])
        before = pc.replace_substring_regex(joined.pieces(left, starts), _STOP_LEFT, "")
        after = pc.replace_substring_regex(joined.pieces(ends, right), _STOP_RIGHT, "")
        self.before = pc.replace_substring_regex(before, MARKS, " ")
        self.after = pc.replace_substring_regex(after, MARKS, " ")

    def distance(self, pattern: str | None) -> NDArray[np.int64]:
        """How far the nearest match of a pattern is, in bytes; very far if there is none."""
        found = np.full(len(self.before), _FAR, np.int64)
        if pattern is None or not len(found):
            return found
        rows, texts = _holding(self.before, pattern)
        which, _, ends = all_matches(texts, pattern)
        lengths = np.diff(text_buffers(texts)[0]).astype(np.int64)
        np.minimum.at(found, rows[which], lengths[which] - ends)
        rows, texts = _holding(self.after, pattern)
        which, starts, _ = all_matches(texts, pattern)
        np.minimum.at(found, rows[which], starts + _AFTER)
        return found


def _holding(texts: pa.StringArray, pattern: str) -> tuple[NDArray[np.int64], pa.StringArray]:
    """The texts that hold a match, and which these are."""
    mask = matches(texts, pattern)
    return np.flatnonzero(to_numpy(mask)), texts.filter(mask)


def _last(joined: Joined) -> int:
    return len(joined.data) if joined.is_ascii else len(joined.character_starts)


def judged(windows: Windows, words: Words, against: Words) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which candidates a word speaks for, and against which one speaks: the nearer word decides."""
    named = windows.distance(word_pattern(words))
    other = windows.distance(word_pattern(against))
    return (named < _FAR) & (named <= other), other < named


def word_pattern(words: Words) -> str | None:
    """A pattern for any of the words of all languages; None if there is none."""
    return _pattern(tuple(sorted({word for said in words.values() for word in said if word})))


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...]) -> str | None:
    """Whole words in scripts that have spaces (case ignored, a plural allowed); substrings in others."""
    spaced = [word for word in words if not _SCRIPTS_WITHOUT_SPACES.search(word)]
    other = [word for word in words if _SCRIPTS_WITHOUT_SPACES.search(word)]
    options = [f"{_WORD_START}(?:{_any(spaced)}){_WORD_END}"] if spaced else []
    options += [f"(?:{_any(other)})"] if other else []
    return "|".join(options) or None


def _any(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"[\s_-]?") for word in longest_first)


def holds(text: str, words: Words) -> bool:
    """Whether a text, such as a column's name, holds one of the words."""
    pattern = word_pattern(words)
    return pattern is not None and bool(
        pc.match_substring_regex(pa.array([text], pa.string()), pattern)[0].as_py()
    )
