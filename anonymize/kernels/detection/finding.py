"""Finds personal data in a column: candidates by family and pattern, then checks, context and scores."""

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Detector, Evidence, Pattern, applies
from anonymize.kernels.arrays import from_numpy, text, text_array, text_buffers, to_numpy
from anonymize.kernels.detection.families import Families, Regions
from anonymize.kernels.detection.findings import UNSCANNED, Findings, combined, no_findings, without_overlaps
from anonymize.kernels.detection.headed import headed_matches
from anonymize.kernels.detection.headers import Fit, header_fit
from anonymize.kernels.detection.joined import Joined, Places, join
from anonymize.kernels.detection.least import least_of_both
from anonymize.kernels.detection.matching import MARKS, all_matches, expression, matches
from anonymize.kernels.detection.screening import Screen

LONGEST_CELL = 4 << 20
"""Bytes; what is longer is not scanned and counts as found."""

BATCH = 8 << 20
"""Bytes that are scanned at a time."""

AGAINST_COSTS = 0.4
PART_COSTS = 0.45


@dataclass(frozen=True)
class Candidates:
    """Places in a buffer that have the shape of an entity, passed its check and have a score."""

    starts: Places
    ends: Places
    scores: NDArray[np.float64]
    named: NDArray[np.float64]
    """Their scores in a column that is called like what they are."""
    evidence: NDArray[np.int32]


def find(
    values: pa.Array,
    detectors: Sequence[Detector],
    header: str | None = None,
    locales: Sequence[str] = (),
    min_score: float = 0.5,
    overlaps: bool = False,
) -> Findings:
    """What the detectors find in a column. `header` is the column's name or JSON path, `locales` narrow the
    detectors down to countries; overlapping findings are reduced to the strongest unless `overlaps`.

    Every distinct value is scanned once. A cell longer than `LONGEST_CELL` is one finding, `UNSCANNED`.
    """
    entities = (*dict.fromkeys(d.entity for d in detectors), UNSCANNED)
    encoded = text(values).dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    parts = []
    for first, cells in _batches(encoded.dictionary):
        found = _find_in(cells, detectors, header, locales, min_score, entities)
        parts.append(_moved(found if overlaps else without_overlaps(found), first))
    return _spread(combined(parts, entities), encoded)


def _batches(cells: pa.StringArray) -> Iterator[tuple[int, pa.StringArray]]:
    """(first cell, cells) that together have about so many bytes."""
    if not len(cells):
        return
    totals = np.cumsum(to_numpy(pc.binary_length(cells)), dtype=np.int64)
    borders = np.flatnonzero(np.diff(totals // BATCH)) + 1
    for first, last in zip(np.append(0, borders).tolist(), np.append(borders, len(cells)).tolist(), strict=True):
        yield first, cells.slice(first, last - first)


def _find_in(
    cells: pa.StringArray,
    detectors: Sequence[Detector],
    header: str | None,
    locales: Sequence[str],
    min_score: float,
    entities: tuple[str, ...],
) -> Findings:
    lengths = to_numpy(pc.binary_length(cells)).astype(np.int64)
    too_long = lengths > LONGEST_CELL
    given = cells
    if too_long.any():
        cells = pc.if_else(from_numpy(too_long), "", cells)
    if pc.match_substring_regex(cells, MARKS).true_count:
        cells = pc.replace_substring_regex(cells, MARKS, " ")
    joined = join(cells)
    screen = Screen(Families(joined), detectors)
    found = []
    for place, detector in enumerate(detectors):
        if applies(detector, locales):
            hits = scored(screen, detector, header_fit(type(detector), header), min_score)
            if len(hits.starts):
                found.append(_located(joined, hits, place, detector, entities))
    if too_long.any():
        found.append(_unscanned(given, too_long, entities))
    return combined(found, entities)


def scored(screen: Screen, detector: Detector, fit: Fit, min_score: float) -> Candidates:
    """The candidates of one detector whose score is high enough."""
    parts = [_matched(screen, detector, pattern, fit, min_score) for pattern in detector.patterns]
    parts = [part for part in parts if len(part[0])] or [_NONE]
    starts, ends, bare, supported = (np.concatenate(column) for column in zip(*parts, strict=True))
    hopeful = np.maximum(bare, supported) >= min_score
    starts, ends, bare, supported = starts[hopeful], ends[hopeful], bare[hopeful], supported[hopeful]
    if not len(starts):
        return Candidates(starts, ends, bare, supported, np.zeros(0, np.int32))
    evidence = _evidence(screen, detector, fit, starts, ends)
    scores = _score(bare, supported, evidence)
    named = _score(supported, supported, evidence)
    good = scores >= min_score
    return Candidates(starts[good], ends[good], scores[good], named[good], evidence[good])


Matched: TypeAlias = tuple[Places, Places, NDArray[np.float64], NDArray[np.float64]]
_NONE: Matched = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


def _matched(screen: Screen, detector: Detector, pattern: Pattern, fit: Fit, min_score: float) -> Matched:
    """(starts, ends, scores without context, scores with it) of what has the shape and passes the check."""
    bare = detector.bare if pattern.bare is None else pattern.bare
    supported = detector.supported if pattern.supported is None else pattern.supported
    alone = fit > Fit.NOTHING or bare >= min_score or _gives_scores(detector)
    regions, running, parts = _promising(screen, detector, pattern, alone)
    if not len(regions.starts):
        return _NONE
    if pattern.head:
        starts, ends = headed_matches(regions, pattern.head, running)
    else:
        which, starts, ends = all_matches(regions.strings, running, parts=parts)
        starts, ends = regions.starts[which] + starts, regions.starts[which] + ends
    verdict = detector.check(_compact(regions.joined.pieces(starts, ends), detector))
    passed = verdict > 0
    scores = (verdict * bare if verdict.dtype == np.bool_ else verdict).astype(np.float64)[passed]
    return starts[passed], ends[passed], scores, np.maximum(scores, supported)


@lru_cache(maxsize=1024)
def _gives_scores(detector: Detector) -> bool:
    """Whether its check tells more than passed or not."""
    return type(detector).check is not Detector.check and detector.check(_NO_TEXT).dtype != np.bool_


_NO_TEXT = pa.array([], pa.string())


def _promising(screen: Screen, detector: Detector, pattern: Pattern, alone: bool) -> tuple[Regions, str, bool]:
    """The regions in which the pattern matches, found by the cheap tests first; and the pattern as it is run."""
    running, parts = expression(type(detector), pattern)
    family = pattern.family or detector.family
    regions = screen.families.regions(family)
    need = least_of_both(running, pattern.trigger)
    if need.foreign and regions.joined.is_ascii:
        return regions.only(_NOWHERE), running, parts
    regions = regions.narrowed(screen.promising(detector, pattern, need, alone))
    if not len(regions.starts):
        return regions, running, parts
    if pattern.trigger:
        regions = regions.only(to_numpy(matches(regions.strings, pattern.trigger)))
    if parts or not screen.works or len(regions.starts) > MANY:  # to ask whether is half the work of asking where
        regions = regions.only(to_numpy(matches(regions.strings, running)))
    return regions, running, parts


_NOWHERE = np.zeros(0, np.int64)

MANY = 2000
"""From so many on it is worth while to ask first which match: each pattern takes some time before it runs."""


_LETTERS_AND_DIGITS = np.zeros(256, np.bool_)
_LETTERS_AND_DIGITS[list(string.ascii_letters.encode() + string.digits.encode())] = True


def _compact(candidates: pa.StringArray, detector: Detector) -> pa.StringArray:
    """Capital letters and digits alone, for the family `code`."""
    if detector.family != "code" or not len(candidates):
        return candidates
    offsets, data = text_buffers(candidates)
    data = data[offsets[0] : offsets[-1]]
    kept = _LETTERS_AND_DIGITS[data]
    totals = np.zeros(len(data) + 1, np.int32)
    np.cumsum(kept, dtype=np.int32, out=totals[1:])
    return text_array(totals[offsets - offsets[0]], data[kept].tobytes().upper())


def _evidence(screen: Screen, detector: Detector, fit: Fit, starts: Places, ends: Places) -> NDArray[np.int32]:
    """What speaks for each candidate and against it."""
    joined = screen.families.joined
    named, other = screen.judged(detector, starts, ends)
    rows = joined.rows(starts)
    if fit is Fit.AGAINST:
        other |= ~named
    flags: dict[Evidence, NDArray[np.bool_] | bool] = {
        Evidence.CHECK: detector.is_strong(),
        Evidence.CONTEXT: named,
        Evidence.HEADER: fit in (Fit.EXACT, Fit.SUFFIX),
        Evidence.AGAINST: other,
        Evidence.PART: _is_part(joined, detector, starts, ends),
        Evidence.WIDE: joined.wide[rows] if joined.wide is not None else False,
        Evidence.WHOLE: (joined.starts[rows] == starts) & (joined.ends[rows] == ends),
    }
    if detector.known_tests:
        spelled = _compact(joined.pieces(starts, ends), detector)
        tests = pa.array(sorted(detector.known_tests), pa.string())
        flags[Evidence.KNOWN_TEST] = to_numpy(pc.is_in(spelled, tests))
    bits = np.zeros(len(starts), np.int32)
    for flag, holds in flags.items():
        bits |= np.where(holds, np.int32(flag), np.int32(0))
    return bits


def _is_part(joined: Joined, detector: Detector, starts: Places, ends: Places) -> NDArray[np.bool_]:
    """Whether a joint and a digit precede or follow."""
    joint, digit = np.zeros(256, np.bool_), np.zeros(256, np.bool_)
    joint[list(detector.joints.encode())] = True
    digit[list(b"0123456789abcdefABCDEF" if detector.family == "hex" else b"0123456789")] = True
    data, last = joined.data, len(joined.data) - 1
    left = joint[data[starts - 1]] & digit[data[starts - 2]] & digit[data[starts]] & (starts >= 2)
    after, beyond = data[np.minimum(ends, last)], data[np.minimum(ends + 1, last)]
    right: NDArray[np.bool_] = joint[after] & digit[beyond] & digit[data[ends - 1]]
    return left | right


def _score(
    bare: NDArray[np.float64], supported: NDArray[np.float64], evidence: NDArray[np.int32]
) -> NDArray[np.float64]:
    """The score that the evidence gives."""
    scores = np.where(evidence & int(Evidence.CONTEXT | Evidence.HEADER), supported, bare)
    scores = scores - np.where(evidence & int(Evidence.AGAINST), AGAINST_COSTS, 0)
    scores = scores - np.where(evidence & int(Evidence.PART), PART_COSTS, 0)
    return np.clip(scores, 0, 1)


def in_column(found: Findings, fits: NDArray[np.int64]) -> Findings:
    """Findings of a column without a name, as they are if its name fits the detectors so."""
    fit = np.append(fits, Fit.NOTHING)[found.detector]
    silent = (found.evidence & int(Evidence.CONTEXT | Evidence.AGAINST)) == 0
    score = np.where(fit > Fit.NOTHING, found.named, found.score)
    return replace(found, score=score - np.where(silent & (fit == Fit.AGAINST), AGAINST_COSTS, 0))


def _located(
    joined: Joined, hits: Candidates, place: int, detector: Detector, entities: tuple[str, ...]
) -> Findings:
    """Candidates as findings: offsets within the cells."""
    rows = joined.rows(hits.starts)
    origin = joined.characters(joined.starts[rows])
    start, end = joined.characters(hits.starts) - origin, joined.characters(hits.ends) - origin
    byte_start, byte_end = hits.starts - joined.starts[rows], hits.ends - joined.starts[rows]
    return Findings(
        entities,
        row=rows,
        entity=np.full(len(rows), entities.index(detector.entity), np.int32),
        start=start,
        end=end,
        byte_start=joined.original_bytes(rows, start, byte_start),
        byte_end=joined.original_bytes(rows, end, byte_end),
        score=hits.scores,
        named=hits.named,
        evidence=hits.evidence,
        detector=np.full(len(rows), place, np.int32),
    )


def _unscanned(cells: pa.StringArray, too_long: NDArray[np.bool_], entities: tuple[str, ...]) -> Findings:
    """One finding for each cell that was not scanned, from end to end."""
    skipped = cells.filter(from_numpy(too_long))
    rows = np.flatnonzero(too_long)
    zeros, codes = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int32)
    return Findings(
        entities,
        row=rows,
        entity=codes + np.int32(len(entities) - 1),
        start=zeros,
        end=to_numpy(pc.utf8_length(skipped)).astype(np.int64),
        byte_start=zeros,
        byte_end=to_numpy(pc.binary_length(skipped)).astype(np.int64),
        score=np.ones(len(rows)),
        named=np.ones(len(rows)),
        evidence=codes,
        detector=codes - np.int32(1),
    )


def _moved(found: Findings, rows: int) -> Findings:
    return replace(found, row=found.row + rows)


def _spread(found: Findings, encoded: pa.DictionaryArray) -> Findings:
    """Findings in distinct values as findings in all rows."""
    if not len(found):
        return no_findings(found.entities)
    indices = encoded.indices
    present = np.flatnonzero(to_numpy(indices.is_valid()))
    which = to_numpy(pc.fill_null(indices, 0))[present]
    if len(which) == len(encoded.dictionary):  # all distinct: they stand in order
        return found if len(present) == len(encoded) else replace(found, row=present[found.row])
    counts = np.bincount(which, minlength=len(encoded.dictionary))
    order = present[np.argsort(which, kind="stable")]
    first = np.cumsum(counts) - counts
    repeats = counts[found.row]
    inner = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    many = found.only(np.repeat(np.arange(len(found)), repeats))
    return combined([replace(many, row=order[first[many.row] + inner])], found.entities)
