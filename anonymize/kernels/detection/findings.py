"""Findings: spans of personal data, as columns of numbers. They hold no values."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.core.detector import Evidence

UNSCANNED = "UNSCANNED"
"""The entity of a cell that was too long to be scanned: all of it counts as found."""


@dataclass(frozen=True)
class Findings:
    """Spans in the rows of one column, by row and place. Offsets count from the start of the cell."""

    entities: tuple[str, ...]
    """What the codes in `entity` mean."""
    row: NDArray[np.int64]
    entity: NDArray[np.int32]
    start: NDArray[np.int64]
    """In characters (code points)."""
    end: NDArray[np.int64]
    byte_start: NDArray[np.int64]
    byte_end: NDArray[np.int64]
    score: NDArray[np.float64]
    named: NDArray[np.float64]
    """The score that it has in a column that is called like what it is."""
    evidence: NDArray[np.int32]
    """`Evidence` as bits."""
    detector: NDArray[np.int32]
    """The place of the detector in the list that was given; -1 for none."""

    def __len__(self) -> int:
        return len(self.row)

    def only(self, chosen: NDArray[Any] | slice) -> "Findings":
        """Some of them, by mask, by position or a stretch of them."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in _COLUMNS})


_COLUMNS = [field.name for field in fields(Findings) if field.name != "entities"]


def no_findings(entities: tuple[str, ...]) -> Findings:
    """None at all."""
    places, codes = np.zeros(0, np.int64), np.zeros(0, np.int32)
    return Findings(
        entities, places, codes, places, places, places, places, np.zeros(0), np.zeros(0), codes, codes
    )


def combined(parts: Sequence[Findings], entities: tuple[str, ...]) -> Findings:
    """Several lists as one, in order of row and place."""
    if not parts:
        return no_findings(entities)
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    whole = Findings(entities, **columns)
    return whole.only(np.lexsort((whole.end, whole.start, whole.row)))


def without_overlaps(found: Findings) -> Findings:
    """Of findings that overlap, the strongest: what surely passed a check, then by score, then the longer."""
    if not len(found):
        return found
    reach = np.maximum.accumulate(found.row * _BEYOND + found.byte_end)
    begins = found.row * _BEYOND + found.byte_start
    meets = np.append(False, begins[1:] < reach[:-1])
    if not meets.any():
        return found
    crowded = np.flatnonzero(meets | np.append(meets[1:], False))
    kept = np.ones(len(found), np.bool_)
    kept[crowded] = False
    kept[_strongest(found, crowded, begins)] = True
    return found.only(kept)


_BEYOND = np.int64(1) << 31

SURE = 0.9
"""A check alone does not decide below this: one digit in ten passes, and telephones are more common than that."""


ROUNDS = 16
"""What overlaps in longer chains is told one by one."""


def _strongest(found: Findings, crowded: NDArray[np.int64], begins: NDArray[np.int64]) -> NDArray[np.int64]:
    """Greedily, the strongest first, what overlaps none that was chosen before.

    Of findings that hang together the strongest is chosen whatever else is; then those that it overlaps are gone.
    """
    ends = found.row * _BEYOND + found.byte_end
    rank = np.zeros(len(found), np.int64)
    order = _by_strength(found, crowded, begins, ends)
    rank[order] = np.arange(len(order))
    left, chosen = crowded, [crowded[:0]]
    for _ in range(ROUNDS):
        if not len(left):
            break
        begin, end = begins[left], ends[left]
        first = np.append(True, begin[1:] >= np.maximum.accumulate(end)[:-1])
        group = np.cumsum(first) - 1
        best = order[np.minimum.reduceat(rank[left], np.flatnonzero(first))]
        chosen.append(best)
        apart = (end <= begins[best][group]) | (begin >= ends[best][group])
        left = left[apart & (left != best[group])]
    rest = order[np.sort(rank[left])]
    return np.concatenate([*chosen, np.array(_one_by_one(rest, begins, ends), np.int64)])


def _by_strength(
    found: Findings, crowded: NDArray[np.int64], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    sure = ((found.evidence[crowded] & int(Evidence.CHECK)) != 0) & (found.score[crowded] >= SURE)
    length = (ends - begins)[crowded]
    order = np.lexsort((begins[crowded], -length, -found.score[crowded].round(2), ~sure))
    strongest: NDArray[np.int64] = crowded[order]
    return strongest


def _one_by_one(order: NDArray[np.int64], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> list[int]:
    chosen: list[int] = []
    taken_starts: list[int] = []
    taken_ends: list[int] = []
    for which, start, end in zip(order.tolist(), begins[order].tolist(), ends[order].tolist(), strict=True):
        place = bisect_left(taken_starts, start)
        after = place < len(taken_starts) and taken_starts[place] < end
        if after or (place and taken_ends[place - 1] > start):
            continue
        taken_starts.insert(place, start)
        taken_ends.insert(place, end)
        chosen.append(which)
    return chosen
