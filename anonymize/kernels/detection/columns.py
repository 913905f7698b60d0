"""What a column holds: evidence from its name and its values, added up as log-odds."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import exp, log
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Detector, Evidence, applies
from anonymize.kernels.arrays import text, to_numpy
from anonymize.kernels.detection.finding import find, in_column
from anonymize.kernels.detection.findings import Findings, without_overlaps
from anonymize.kernels.detection.headers import Fit, header_fit

DISTINCT = 2000
"""Values that are looked at."""

PRIOR = -4.0
"""Log-odds before anything is known: about one column in fifty is of a given kind."""

HEADER = {Fit.EXACT: 4.5, Fit.SUFFIX: 3.5, Fit.NOTHING: 0.0, Fit.AGAINST: -6.0}
MOST_BY_VALUES, LEAST_BY_VALUES = 7.0, -5.0
TRUE_HITS = 0.95
"""The share of values of a real column that pass: some are mistyped."""

COVERED = 0.8
"""A value counts if the finding is this share of it."""

VAGUE = 0.1
"""Patterns with no higher score match by shape what is mostly something else."""

LIKELY = 0.5
"""Findings with a lower score are not told, and columns with a lower confidence taken for nothing."""

CONSISTENT = 0.9
"""From this share of hits on, a column looks made of nothing else."""

MANY = 200
"""So many rows should differ in something that tells people apart."""

LONG_TEXT = 30
"""Columns of longer values, with spaces or in Chinese, are free text."""


@dataclass(frozen=True)
class Profile:
    """The outlines of a column."""

    rows: int
    nulls: int
    distinct: int
    mean_length: float
    digits: float
    """The share of characters that are digits."""
    is_text: bool
    """Whether it holds sentences."""


@dataclass(frozen=True)
class InText:
    """An entity within the values of a column."""

    entity: str
    share: float
    """The share of values that hold one."""
    score: float
    density: float = 0.0
    """How many there are in a thousand characters."""
    laws: tuple[str, ...] = ()
    """Those of the detectors that found them."""


@dataclass(frozen=True)
class Verdict:
    """What a column seems to hold."""

    profile: Profile
    detector: Detector | None = None
    confidence: float = 0.0
    header: Fit = Fit.NOTHING
    hits: float = 0.0
    """The share of values that are one as a whole."""
    inside: tuple[InText, ...] = field(default=())
    unscanned: float = 0.0
    """The share of values that were too long to be scanned."""


def profile(values: pa.Array) -> tuple[Profile, pa.StringArray]:
    """The outlines of a column and some of its distinct values, evenly drawn, neither null nor empty."""
    plain = text(_whole_numbers(values))
    distinct = pc.unique(plain.drop_null())
    distinct = distinct.filter(pc.not_equal(distinct, ""))
    step = max(1, -(-len(distinct) // DISTINCT))
    chosen = _without_fraction(distinct.take(pa.array(range(0, len(distinct), step), pa.int64())))
    lengths = to_numpy(pc.utf8_length(chosen))
    characters = max(int(lengths.sum()), 1)
    mean = float(lengths.mean()) if len(chosen) else 0.0
    digits = (pc.sum(pc.count_substring_regex(chosen, "[0-9０-９]")).as_py() or 0) / characters
    gaps = (pc.sum(pc.count_substring_regex(chosen, r"[\s，。、；]")).as_py() or 0) / max(len(chosen), 1)
    is_text = mean > LONG_TEXT and gaps >= 2
    return Profile(len(values), plain.null_count, len(distinct), mean, digits, is_text), chosen


def _whole_numbers(values: pa.Array) -> pa.Array:
    """Floats that are all whole and exact as integers."""
    if not pa.types.is_floating(values.type):
        return values
    try:
        return values.cast(pa.int64())
    except pa.ArrowInvalid:  # one of them is not
        return values


def _without_fraction(values: pa.StringArray) -> pa.StringArray:
    """Whole numbers that a spreadsheet turned into floats, as whole numbers."""
    pattern = r"^([0-9]+)\.0$"
    floats = pc.match_substring_regex(values, pattern)
    if len(values) and floats.true_count >= TRUE_HITS * len(values):
        return pc.replace_substring_regex(values, pattern, r"\1")
    return values


def classify(
    values: pa.Array, detectors: Sequence[Detector], header: str | None, locales: Sequence[str] = ()
) -> Verdict:
    """What a column holds, by its name and its values."""
    return classify_all([(header, *profile(values))], detectors, locales)[0]


Outlined: TypeAlias = tuple[str | None, Profile, pa.StringArray]
"""A column's name, its outlines, and the values that are looked at."""


def classify_all(
    columns: Sequence[Outlined], detectors: Sequence[Detector], locales: Sequence[str] = ()
) -> list[Verdict]:
    """What columns hold. Their values are scanned together, since patterns take some time before they run."""
    detectors = [each for each in detectors if applies(each, locales)]
    found = find(pa.concat_arrays([chosen for _, _, chosen in columns]), detectors, None, (), 0.0, overlaps=True)
    first = np.cumsum([0, *(len(chosen) for _, _, chosen in columns)])
    cuts = np.searchsorted(found.row, first).tolist()
    verdicts = []
    for place, (header, outlines, chosen) in enumerate(columns):
        mine = found.only(slice(cuts[place], cuts[place + 1]))
        verdicts.append(_judged(replace(mine, row=mine.row - first[place]), outlines, chosen, detectors, header))
    return verdicts


def _judged(
    found: Findings, outlines: Profile, chosen: pa.StringArray, detectors: Sequence[Detector], header: str | None
) -> Verdict:
    """What a column holds, by all that could be something in its values."""
    best = Verdict(outlines)
    if not len(chosen):
        return best
    best_scores = _best_scores(found.only(_covered(found, chosen)), len(detectors))
    fits = [header_fit(type(detector), header) for detector in detectors]
    for detector, fit, scores in zip(detectors, fits, best_scores, strict=True):
        hits = len(scores) / len(chosen)
        odds = PRIOR + HEADER[fit] + _by_values(detector, scores, len(chosen), fit, outlines)
        confidence = 1 / (1 + exp(-odds))
        if (round(confidence, 2), hits, confidence) > (round(best.confidence, 2), best.hits, best.confidence):
            best = Verdict(outlines, detector, confidence, fit, hits)
    if best.confidence >= LIKELY:
        found = in_column(found, np.array(fits, np.int64))
    return _with_insides(best, without_overlaps(found.only(found.score >= LIKELY)), len(chosen), detectors)


def _best_scores(found: Findings, detectors: int) -> list[NDArray[np.float64]]:
    """For each detector the highest score in each value in which it found something."""
    order = np.lexsort((found.row, found.detector))
    row, detector, score = found.row[order], found.detector[order], found.score[order]
    first = np.flatnonzero((np.diff(row, prepend=-1) != 0) | (np.diff(detector, prepend=-2) != 0))
    best = np.maximum.reduceat(score, first) if len(first) else score
    cuts = np.searchsorted(detector[first], np.arange(detectors + 1)).tolist()
    return [best[slice(*cut)] for cut in pairwise(cuts)]


def _covered(found: Findings, chosen: pa.StringArray) -> NDArray[np.bool_]:
    """Which findings are, nearly, all of their value."""
    lengths = to_numpy(pc.utf8_length(pc.utf8_trim_whitespace(chosen)))
    covered: NDArray[np.bool_] = found.end - found.start >= COVERED * lengths[found.row]
    return covered


def _by_values(detector: Detector, best: NDArray[np.float64], count: int, fit: Fit, outlines: Profile) -> float:
    """The log-odds that the values give, by the best scores of those that were found."""
    if not detector.closed:
        return _by_open_values(detector, len(best) / count, outlines)
    crowded = -1.5 if outlines.distinct * 100 < outlines.rows - outlines.nulls and outlines.rows > MANY else 0.0
    certain = best[best > VAGUE]
    return crowded + max(_by_hits(certain, count, detector.chance, fit), _by_hits(best, count, TRUE_HITS, fit))


def _by_hits(scores: NDArray[np.float64], count: int, chance: float, fit: Fit) -> float:
    """What so many hits say, against chance, by how specific their shapes are and by how many there are."""
    chance = min(chance, TRUE_HITS)
    share = len(scores) / count
    by_chance = len(scores) * log(TRUE_HITS / chance) + (count - len(scores)) * log((1 - TRUE_HITS) / (1 - chance))
    consistent = (2.5 if fit > 0 else 1.5) if share >= CONSISTENT else 0.0
    shape = 4 * (float(scores.mean()) - 0.3) * share if len(scores) else 0.0
    return min(max(by_chance, LEAST_BY_VALUES), MOST_BY_VALUES) + consistent + shape


def _by_open_values(detector: Detector, share: float, outlines: Profile) -> float:
    """Names and addresses have no shape that all share: finding some says much, finding none says little."""
    wordy = 1.5 if outlines.digits < 0.05 else -4.0 if outlines.digits > detector.most_digits else 0.0
    known = min(share / 0.3, 1) * 4.0
    too_long = -3.0 if outlines.is_text and not detector.is_long else 0.0
    few = -2.0 if outlines.rows > MANY and outlines.distinct < 20 else 0.0
    return wordy + known + too_long + few


def _with_insides(best: Verdict, found: Findings, count: int, detectors: Sequence[Detector]) -> Verdict:
    """The verdict with what stands within the values."""
    unscanned = len(np.unique(found.row[found.detector < 0])) / count
    characters = max(best.profile.mean_length * count, 1.0)
    inside = []
    for code in np.unique(found.entity[found.detector >= 0]).tolist():
        mine = found.only(found.entity == code)
        share = len(np.unique(mine.row)) / count
        if _is_more_than_chance(mine, share, detectors):
            laws = [law for place in np.unique(mine.detector).tolist() for law in detectors[place].laws]
            dense = 1000 * len(mine) / characters
            told = InText(found.entities[code], share, float(mine.score.mean()), dense, tuple(dict.fromkeys(laws)))
            inside.append(told)
    inside.sort(key=lambda each: -each.share)
    return replace(best, inside=tuple(inside), unscanned=unscanned)


def _is_more_than_chance(mine: Findings, share: float, detectors: Sequence[Detector]) -> bool:
    """Whether parts of values were found, or whole ones in greater number than chance finds them."""
    if not (mine.evidence & int(Evidence.WHOLE)).all():
        return True
    finders = [detectors[place] for place in np.unique(mine.detector).tolist()]
    return any(each.closed and share >= 3 * each.chance for each in finders)
