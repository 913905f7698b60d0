"""The distinct shapes of regions, and which of them a pattern may match: asked once for each shape, then known.

A shape (see `syntax.SHAPES`) tells where digits and letters stand, not which. Texts have few of them, page after
page the same, and a pattern takes longer to get ready than to run over them.
"""

import re
from functools import lru_cache
from threading import Lock

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.detector import Family
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.families import Families
from anonymize.kernels.detection.joined import Places, strings
from anonymize.kernels.detection.matching import matches
from anonymize.kernels.detection.syntax import NO_SHAPE, SHAPES, shape_pattern
from anonymize.kernels.segments import gather

SHAPED: frozenset[Family] = frozenset(["code", "hex"])
"""Families whose regions are ASCII and mostly digits: many have one shape."""

LONGEST, MOST = 48, 1 << 16
"""Characters of a shape that is remembered, and how many are."""

FEW = 64
"""So many new shapes are asked one by one; for more a pattern is run over all of them."""

Mask = NDArray[np.bool_]


class Shapes:
    """The distinct shapes of a family's regions."""

    def __init__(self, families: Families, family: Family) -> None:
        regions = families.regions(family)
        data = np.frombuffer(families.joined.data.tobytes().translate(SHAPES), np.uint8)
        starts, ends = regions.starts.astype(np.int32), regions.ends.astype(np.int32)
        spelled = strings(gather(data, starts, ends, kept=False))
        encoded = spelled.dictionary_encode()
        which = to_numpy(encoded.indices)
        self._few = 2 * len(encoded.dictionary) <= len(spelled)
        self._in_order = np.argsort(which, kind="stable") if self._few else _NOTHING
        self._borders = np.append(0, np.cumsum(np.bincount(which, minlength=len(encoded.dictionary))))
        self._numbers, self._others = (
            _KNOWN.numbers(encoded.dictionary.to_pylist()) if self._few else (_NOTHING, _NO_TEXT)
        )

    def may(self, running: str) -> Places | None:
        """The regions whose shape a pattern may match, in order; None if that would not be worth while."""
        pattern = shape_pattern(running) if self._few else None
        if pattern is None:
            return None
        fits = _KNOWN.fits(pattern, self._numbers)
        if len(self._others):
            fits[self._numbers < 0] = to_numpy(matches(self._others, pattern))
        ranges = ((self._borders[shape], self._borders[shape + 1]) for shape in np.flatnonzero(fits).tolist())
        parts = [self._in_order[start:end] for start, end in ranges]
        return np.sort(np.concatenate(parts)) if len(parts) > 1 else parts[0] if parts else _NOTHING


class _Known:
    """Shapes that were seen, numbered in the order they came, and what patterns said of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._number: dict[str, int] = {}
        self._shapes: list[str] = []
        self._fits: dict[str, Mask] = {}

    def numbers(self, spelled: list[str]) -> tuple[NDArray[np.int64], pa.StringArray]:
        """The number of each shape, -1 for those that are not remembered; and these."""
        with self._lock:
            for each in spelled:
                if len(each) <= LONGEST and each not in self._number and len(self._shapes) < MOST:
                    self._number[each] = len(self._shapes)
                    self._shapes.append(each)
        found = np.array([self._number.get(each, -1) for each in spelled], np.int64)
        others = [each for each, number in zip(spelled, found.tolist(), strict=True) if number < 0]
        return found, pa.array(others, pa.string())

    def fits(self, pattern: str, numbers: NDArray[np.int64]) -> Mask:
        """Which of the shapes a pattern matches; anything for those that are not remembered."""
        known = self._fits.get(pattern, _NO_MASK)
        if len(numbers) and numbers.max() >= len(known):
            new = self._shapes[len(known) :]
            known = np.concatenate([known, _asked(pattern, new)])
            self._fits[pattern] = known  # a race costs time only: both say the same
        return known[numbers] if len(known) else np.zeros(len(numbers), np.bool_)


_NOTHING, _NO_MASK = np.zeros(0, np.int64), np.zeros(0, np.bool_)
_NO_TEXT = pa.array([], pa.string())
_KNOWN = _Known()


def _asked(pattern: str, shapes: list[str]) -> Mask:
    if len(shapes) > FEW:
        found: Mask = to_numpy(matches(pa.array(shapes, pa.string()), pattern))
        return found
    search = _ready(pattern).search
    return np.array([search(shape) is not None for shape in shapes], np.bool_)


@lru_cache(maxsize=4096)
def _ready(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(NO_SHAPE, "(?!)"), re.ASCII)
