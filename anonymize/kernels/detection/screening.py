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
from anonymize.kernels.detection.context import Windows, all_words, has_spaces, judged, reach
from anonymize.kernels.detection.families import Families
from anonymize.kernels.detection.grams import Grams, Presence
from anonymize.kernels.detection.joined import Places
from anonymize.kernels.detection.matching import expression
from anonymize.kernels.detection.shapes import SHAPED, Shapes
from anonymize.kernels.detection.syntax import UNUSUAL, Texts, literals, texts_of_word

LEAST_BYTES = 1 << 15
"""What is smaller is looked at without, unless much of it comes, as a wide table's columns do: getting ready takes
longer."""
TINY, PATIENCE = 32, 4
"""What has so many times fewer bytes is always looked at without; and how often what is small is."""

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

    @cached_property
    def _index(self) -> "_Index":
        return _index(self._detectors)

    @cached_property
    def _presence(self) -> Presence | None:
        """None if unusual characters make the texts of patterns uncertain."""
        certain = self._joined.is_ascii or not _is_unusual(self._joined.data)
        return Presence(self._index.grams, self._joined) if certain else None

    def promising(self, detector: Detector, pattern: Pattern, alone: bool) -> Mask | None:
        """The regions in which a pattern may match; None if all. If not `alone`, a word must stand nearby."""
        if not self.works:
            return None
        family = pattern.family or detector.family
        found = self._shaped(detector, pattern, family) if family in SHAPED else None
        if self._presence is None:
            return found
        masks = [] if found is None else [found]
        if family not in SHAPED:
            regions = self.families.regions(family)
            number = self._index.patterns[type(detector), pattern]
            masks.append(self._presence.may([number], regions.starts, regions.ends, in_order=True))
        if not alone:
            masks.append(self._near(all_words(detector.contexts), *self._reach(family), in_order=True))
        return np.logical_and.reduce(masks) if masks else None

    def _shaped(self, detector: Detector, pattern: Pattern, family: Family) -> Mask | None:
        if family not in self._shapes:
            self._shapes[family] = Shapes(self.families, family)
        return self._shapes[family].may(expression(type(detector), pattern)[0])

    def _reach(self, family: Family) -> tuple[Places, Places]:
        """How far the candidates in each region can see."""
        if family not in self._reached:
            regions = self.families.regions(family)
            self._reached[family] = reach(self._joined, regions.starts, regions.ends)
        return self._reached[family]

    def judged(self, detector: Detector, starts: Places, ends: Places) -> tuple[Mask, Mask]:
        """Which candidates a word speaks for, and against which one speaks."""
        named, other = np.zeros(len(starts), np.bool_), np.zeros(len(starts), np.bool_)
        words, against = all_words(detector.contexts), all_words(detector.against)
        chosen = np.arange(len(starts))
        if self.works and self._presence is not None:
            near = reach(self._joined, starts, ends)
            words, against = self._at_hand(words), self._at_hand(against)
            chosen = np.flatnonzero(self._near(words, *near) | self._near(against, *near))
        if len(chosen):
            windows = Windows(self._joined, starts[chosen], ends[chosen])
            named[chosen], other[chosen] = judged(windows, words, against)
        return named, other

    def _at_hand(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words that may stand in these cells at all."""
        assert self._presence is not None  # noqa: S101  (narrows the type for mypy)
        return tuple(word for word in words if self._presence.anywhere(self._index.words[word]))

    def _near(self, words: Sequence[str], starts: Places, ends: Places, in_order: bool = False) -> Mask:
        """In which ranges one of the words may stand."""
        assert self._presence is not None  # noqa: S101
        numbers = [self._index.words[word] for word in words]
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
