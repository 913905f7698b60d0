"""Redaction of text: what is found in it, and what takes its place."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Detector
from anonymize.core.errors import DataError, quoted
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.crypto import tokens
from anonymize.kernels.detection.available import detectors_of
from anonymize.kernels.detection.finding import find
from anonymize.kernels.detection.findings import UNSCANNED
from anonymize.kernels.detection.matching import MARKS, all_matches
from anonymize.kernels.detection.models import find_with_models
from anonymize.kernels.detection.phrases import phrase_pattern
from anonymize.kernels.detection.spans import (
    Places,
    Spans,
    combined,
    denied_spans,
    merged,
    pieces,
    spans_of,
    spliced,
)

DENIED = "REDACTED"
"""What stands for the words on a list, which are of no kind."""

CODE = 8
"""Characters of 5 bits: among a million values, hardly a pair shares a code."""

FAKES = {
    "PERSON": "person",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "ADDRESS": "address",
    "LOCATION": "city",
    "ORGANIZATION": "company",
    "POSTAL_CODE": "postcode",
    "DATE_OF_BIRTH": "date_of_birth",
    "CREDIT_CARD": "credit_card",
    "CN_BANK_CARD": "credit_card",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "URL": "url",
    "UUID": "uuid",
    "USERNAME": "username",
    "US_SSN": "ssn",
    "CN_ID_CARD": "national_id",
    "CN_LICENSE_PLATE": "plate",
}
"""What is invented in place of an entity; others get their label."""


def found_in(
    cells: pa.StringArray,
    header: str,
    entities: Collection[str],
    min_score: float,
    locales: Sequence[str],
    allow: Collection[str],
    own: Sequence[Detector],
) -> tuple[list[str], Spans]:
    """What detectors find, and the names that the codes of the entities refer to."""
    detectors = detectors_of(entities, own)
    missing = set(entities) - {each.entity for each in detectors}
    if missing:
        raise DataError(f"no detector finds {quoted(min(missing))}", hint="see `anonymize show`")
    found = find_with_models(cells, detectors, header, locales, min_score, overlaps=True)
    codes = np.arange(len(found.entities), dtype=np.int64)
    spans = spans_of(found, codes)
    again, rest = _without_words(cells, spans, [found.entities.index(name) for name in WORDY & {*found.entities}])
    if len(again):
        patterns = [each for each in detectors if each.patterns]
        more = find(rest, patterns, header, locales, min_score, overlaps=True)
        translated = np.array([found.entities.index(name) for name in more.entities], np.int64)
        spans = combined([spans, replace(spans_of(more, translated), cell=again[more.row])])
    return list(found.entities), spans if not allow else spans.only(~_among(pieces(cells, spans), allow))


WORDY = {"PERSON", "ADDRESS", "LOCATION", "ORGANIZATION", "NRP"}
"""Their words may be taken for context: Ms Price has no price, and Mr Order's number is none of an order. So where
one stands it is looked again, without."""


def _without_words(cells: pa.StringArray, spans: Spans, codes: Sequence[int]) -> tuple[Places, pa.StringArray]:
    """The cells that hold one of these entities, and their text with a bar for each byte that was found."""
    again = np.unique(spans.cell[np.isin(spans.entity, codes)])
    within = spans.only(np.isin(spans.cell, again))
    chosen = merged(replace(within, cell=np.searchsorted(again, within.cell)))
    bars = pc.binary_repeat(pa.scalar("|"), from_numpy(chosen.end - chosen.start))
    return again, spliced(cells.take(from_numpy(again)), chosen, bars)


def _among(found: pa.StringArray, words: Collection[str]) -> NDArray[np.bool_]:
    lower = pc.utf8_lower(pc.utf8_trim_whitespace(found))
    return to_numpy(pc.is_in(lower, pa.array([word.strip().lower() for word in words], pa.string())))


def denied(cells: pa.StringArray, words: Sequence[str], code: int) -> Spans:
    """Where words on a list stand."""
    nowhere = np.zeros(0, np.int64)
    pattern = phrase_pattern(words)
    if pattern is None:
        return denied_spans(nowhere, nowhere, nowhere, code)
    marked = pc.match_substring_regex(cells, MARKS)
    if marked.true_count:  # as many bytes as before
        cells = pc.replace_substring_regex(cells, MARKS, " ")
    return denied_spans(*all_matches(cells, pattern), code)


def labels(spans: Spans, names: Sequence[str]) -> pa.StringArray:
    """`<PERSON>`."""
    return pa.array([f"<{name}>" for name in names], pa.string()).take(from_numpy(spans.entity))


def masked(found: pa.StringArray, spans: Spans, names: Sequence[str]) -> pa.StringArray:
    """`*` for each letter and digit; the label for a cell that was not even looked at."""
    stars = pc.replace_substring_regex(found, r"[\p{L}\p{N}\p{M}]", "*")
    unread = from_numpy(spans.entity == names.index(UNSCANNED))
    return pc.if_else(unread, labels(spans, names), stars)


def numbered(spans: Spans, names: Sequence[str], meant: pa.StringArray, rows: NDArray[np.int64]) -> pa.StringArray:
    """`<PERSON_1>`: in each row the values of an entity count from 1, in the order in which they turn up."""
    if not len(spans):
        return meant
    lower = pc.utf8_lower(pc.utf8_trim_whitespace(meant)).dictionary_encode()
    row = rows[spans.cell]
    _, place = np.unique(row, return_inverse=True)
    kind = place * len(names) + spans.entity  # one for each entity in a row
    value = kind * len(lower.dictionary) + to_numpy(lower.indices)
    distinct, first, which = np.unique(value, return_index=True, return_inverse=True)
    group = kind[first]
    order = np.lexsort((first, group))
    begins = np.append(True, group[order][1:] != group[order][:-1])
    count = np.arange(len(distinct))
    number = np.empty(len(distinct), np.int64)
    number[order] = count - np.maximum.accumulate(np.where(begins, count, 0)) + 1
    names_of = pa.array(names, pa.string()).take(from_numpy(spans.entity))
    spelled = pc.cast(from_numpy(number[which]), pa.string())
    return pc.binary_join_element_wise("<", pc.binary_join_element_wise(names_of, spelled, "_"), ">", "")


def coded(spans: Spans, names: Sequence[str], meant: pa.StringArray, secret: bytes) -> pa.StringArray:
    """`<PERSON_K3VQ7A>`: the same code for the same value of an entity, by the key."""
    if not len(spans):
        return meant
    lower = pc.utf8_lower(pc.utf8_trim_whitespace(meant))
    codes = tokens.column(tokens.base32(tokens.tags(secret, lower), CODE), lower, "")
    called = pa.array(names, pa.string()).take(from_numpy(spans.entity))
    return pc.binary_join_element_wise("<", pc.binary_join_element_wise(called, codes, "_"), ">", "")


def pseudonyms(
    spans: Spans, names: Sequence[str], meant: pa.StringArray, plain: pa.StringArray, secret: bytes
) -> pa.StringArray:
    """The tokens of `pseudonymize`; the label for what was not even looked at."""
    made = tokens.column(tokens.hexadecimal(tokens.tags(secret, meant), 32), meant, "")
    return pc.if_else(from_numpy(_whole(spans, names)), plain, made)


def _whole(spans: Spans, names: Sequence[str]) -> NDArray[np.bool_]:
    nameless = [code for code, name in enumerate(names) if name in (UNSCANNED, DENIED)]
    found: NDArray[np.bool_] = np.isin(spans.entity, nameless)
    return found


def invented(
    spans: Spans,
    names: Sequence[str],
    meant: pa.StringArray,
    plain: pa.StringArray,
    make: Callable[[str, pa.StringArray], pa.StringArray],
) -> pa.StringArray:
    """The values of `fake` where an entity has one of its kind, else the label."""
    result = plain
    for code in np.unique(spans.entity).tolist():
        kind = FAKES.get(names[code])
        if kind is not None:
            mine = from_numpy(spans.entity == code)
            made = pc.cast(make(kind, meant.filter(mine)), pa.string())
            result = pc.replace_with_mask(result, mine, made)
    return result
