"""What can be passed over without asking a pattern: by the shapes of regions, and by the texts that must be there.

What is found is the same without; it only takes longer.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import count

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Detector, Family, Pattern
from anonymize.kernels.detection.context import FAR, Windows, all_words, has_spaces, reach, windows
from anonymize.kernels.detection.families import Families, Regions
from anonymize.kernels.detection.grams import Grams, Presence
from anonymize.kernels.detection.joined import Places
from anonymize.kernels.detection.least import Least
from anonymize.kernels.detection.matching import expression
from anonymize.kernels.detection.shapes import SHAPED, Shapes
from anonymize.kernels.detection.syntax import UNUSUAL, Texts, literals, texts_of_word

LEAST_BYTES = 1 << 15
"""What is smaller is looked at without, unless much of it comes, as a wide table's columns do: getting ready takes
longer."""
TINY, PATIENCE = 32, 4
"""What has so many times fewer bytes is always looked at without; and how often what is small is."""

LONGEST_CHARACTER = 4
"""Bytes."""

FEWEST_CAPITALS, FEWEST_LETTERS = 2, 16
"""From so many in a row on, most texts have none."""

Mask = NDArray[np.bool_]


class Screen:
    """What can be passed over in a batch of cells."""

    def __init__(self, families: Families, detectors: Sequence[Detector]) -> None:
        self.families = families
        self._joined = families.joined
        self._detectors = tuple(dict.fromkeys(type(each) for each in detectors))
        self.works = _is_worth_while(len(self._joined.data), self._detectors)
        self._reached: dict[Family, tuple[Places, Places]] = {}
        self._shapes: dict[Family, Shapes] = {}
        self._in_row: dict[tuple[str, int], Mask] = {}

    @cached_property
    def _index(self) -> "_Index":
        return _index(self._detectors)

    @cached_property
    def _presence(self) -> Presence | None:
        """None if unusual characters make the texts of patterns uncertain."""
        certain = self._joined.is_ascii or not _is_unusual(self._joined.data)
        return Presence(self._index.grams, self._joined) if certain else None

    def promising(self, detector: Detector, pattern: Pattern, need: Least, alone: bool) -> Places:
        """The regions in which a pattern may match. If not `alone`, a word must stand nearby."""
        family = pattern.family or detector.family
        found = self._shaped(detector, pattern, family) if self.works and family in SHAPED else None
        if found is None:
            found = self._of_size(self.families.regions(family), need)
        if not self.works or self._presence is None or not len(found):
            return found
        if family not in SHAPED:
            found = self._spelled(
                self._presence, self._index.patterns[type(detector), pattern], need, family, found
            )
        if alone or not len(found):
            return found
        return found[self._near(all_words(detector.contexts), *self._reach(family, found), in_order=True)]

    def _of_size(self, regions: Regions, need: Least) -> Places:
        """The regions that have as many characters as a pattern needs."""
        fits = regions.lengths >= need.characters
        if need.digits:
            fits &= regions.digits >= need.digits
        if need.most is not None:
            fits &= regions.lengths <= LONGEST_CHARACTER * need.most
        return np.flatnonzero(fits)

    def _spelled(self, presence: Presence, number: int, need: Least, family: Family, chosen: Places) -> Places:
        """Those of the chosen regions that hold a text which a pattern cannot do without."""
        if family != "text":
            regions = self.families.regions(family)
            return chosen[presence.may((number,), regions.starts[chosen], regions.ends[chosen], in_order=True)]
        found = presence.cells(number)
        if need.capitals >= FEWEST_CAPITALS:
            found &= self._cells("capitals", need.capitals)
        if need.letters >= FEWEST_LETTERS:
            found &= self._cells("letters", need.letters)
        return chosen[found[chosen]]

    def _cells(self, kind: str, least: int) -> Mask:
        """The cells that have so many capitals, or letters and digits, in a row."""
        if (kind, least) not in self._in_row:
            found = np.zeros(len(self._joined.starts), np.bool_)
            starts, ends = self.families.capitals
            long = self.families.places_of_letters(least) if kind == "letters" else starts[ends - starts >= least]
            found[self._joined.rows(long)] = True
            self._in_row[kind, least] = found
        return self._in_row[kind, least]

    def _shaped(self, detector: Detector, pattern: Pattern, family: Family) -> Places | None:
        if family not in self._shapes:
            self._shapes[family] = Shapes(self.families, family)
        return self._shapes[family].may(expression(type(detector), pattern)[0])

    def _reach(self, family: Family, chosen: Places) -> tuple[Places, Places]:
        """How far the candidates in some regions can see."""
        regions = self.families.regions(family)
        if family not in SHAPED:
            return reach(self._joined, regions.starts[chosen], regions.ends[chosen])
        if family not in self._reached:  # most are asked for by one pattern or another
            self._reached[family] = reach(self._joined, regions.starts, regions.ends)
        starts, ends = self._reached[family]
        return starts[chosen], ends[chosen]

    def judged(self, detector: Detector, starts: Places, ends: Places) -> tuple[Mask, Mask]:
        """Which candidates a word speaks for, and against which one speaks: the nearer word decides."""
        sides = windows(self._joined, starts, ends)
        named = self._distance(sides, all_words(detector.contexts))
        other = self._distance(sides, all_words(detector.against))
        return (named < FAR) & (named <= other), other < named

    def _distance(self, sides: Windows, words: tuple[str, ...]) -> Places:
        """How far the nearest of the words is."""
        if not self.works or self._presence is None:
            return sides.distance(words)
        words = tuple(word for word in words if self._presence.anywhere[self._index.words[word]])
        found = np.full(len(sides.starts), FAR, np.int64)
        chosen = np.flatnonzero(self._near(words, sides.left, sides.right)) if words else np.zeros(0, np.int64)
        if len(chosen):
            found[chosen] = sides.only(chosen).distance(words)
        return found

    def _near(self, words: Sequence[str], starts: Places, ends: Places, in_order: bool = False) -> Mask:
        """In which ranges one of the words may stand."""
        assert self._presence is not None  # noqa: S101
        numbers = tuple(map(self._index.words.__getitem__, words))
        return self._presence.may(numbers, starts, ends, in_order)


def _is_worth_while(size: int, detectors: tuple[type[Detector], ...]) -> bool:
    if size >= LEAST_BYTES or size * TINY < LEAST_BYTES:
        return size >= LEAST_BYTES
    return next(_small_ones(detectors)) > PATIENCE


@lru_cache(maxsize=8)
def _small_ones(_: tuple[type[Detector], ...]) -> Iterator[int]:
    """Counts what is small."""
    return count(1)


class _Index:
    """The numbers of patterns and of lists of words."""

    def __init__(self, detectors: Sequence[type[Detector]]) -> None:
        texts: list[Texts | None] = []
        self.patterns: dict[tuple[type[Detector], Pattern], int] = {}
        for detector in detectors:
            for pattern in detector.patterns:
                if (pattern.family or detector.family) not in SHAPED:
                    self.patterns[detector, pattern] = len(texts)
                    needed = filter(None, (pattern.trigger, expression(detector, pattern)[0]))
                    texts.append(literals(*needed))
        self.words: dict[str, int] = {}
        said = (words for detector in detectors for words in (detector.contexts, detector.against))
        for word in dict.fromkeys(word for words in said for word in all_words(words)):
            self.words[word] = len(texts)
            texts.append(texts_of_word(word, has_spaces(word)))
        self.grams = Grams(texts)


@lru_cache(maxsize=8)
def _index(detectors: tuple[type[Detector], ...]) -> _Index:
    return _Index(detectors)


def _is_unusual(data: NDArray[np.uint8]) -> bool:
    whole = pa.StringArray.from_buffers(
        1, pa.py_buffer(np.array([0, len(data)], np.int32)), pa.py_buffer(np.ascontiguousarray(data))
    )
    return bool(pc.match_substring_regex(whole, UNUSUAL)[0].as_py())
