"""Spans in the cells of a column: overlapping ones merged, and all replaced by other text in one go."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.detector import Evidence
from anonymize.core.errors import DataError
from anonymize.kernels.arrays import text_array, text_buffers
from anonymize.kernels.detection.findings import Findings
from anonymize.kernels.detection.joined import strings
from anonymize.kernels.segments import Ranges, gather, joined

Places = NDArray[np.int64]

_KNOWN, _CHECKED = 4.0, 2.0
"""What a span weighs besides its score, which is at most 1."""


@dataclass(frozen=True)
class Spans:
    """Places in the cells of a column, in bytes of the cells, and what stands there."""

    cell: Places
    start: Places
    end: Places
    entity: NDArray[np.int64]
    """A code into a list of names."""
    weight: NDArray[np.float64]
    """Of spans that overlap, the heaviest says what they are."""
    source: NDArray[np.int64]
    """Which known column it was found by; -1 if by a detector."""
    place: Places
    """Which of that column's values it is."""

    def __len__(self) -> int:
        return len(self.cell)

    def only(self, chosen: NDArray[Any]) -> "Spans":
        """Some of them, by mask or by position."""
        return replace(self, **{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def spans_of(found: Findings, codes: NDArray[np.int64]) -> Spans:
    """Findings as spans; `codes` translates their entities."""
    checked = (found.evidence & int(Evidence.CHECK)) != 0
    weight = found.score + np.where(checked, _CHECKED, 0.0) + np.where(found.detector < 0, 2 * _KNOWN, 0.0)
    nowhere = np.full(len(found), -1, np.int64)
    return Spans(found.row, found.byte_start, found.byte_end, codes[found.entity], weight, nowhere, nowhere)


def known_spans(cell: Places, start: Places, end: Places, entity: int, source: int, place: Places) -> Spans:
    """Spans that hold a value of a known column."""
    weight = np.full(len(cell), _KNOWN)
    codes = np.full(len(cell), entity, np.int64)
    return Spans(cell, start, end, codes, weight, np.full(len(cell), source, np.int64), place)


def denied_spans(cell: Places, start: Places, end: Places, entity: int) -> Spans:
    """Spans that are on a list."""
    return known_spans(cell, start, end, entity, -1, np.full(len(cell), -1, np.int64))


def combined(parts: Sequence[Spans]) -> Spans:
    """Several lists as one."""
    return Spans(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Spans)))


def merged(spans: Spans) -> Spans:
    """One span for all that overlap, in order: as far as any of them reaches, and what the heaviest is."""
    spans = spans.only(spans.end > spans.start)
    spans = spans.only(np.lexsort((spans.start, spans.cell)))
    if not len(spans):
        return spans
    shift = spans.cell << np.int64(32)
    reach = np.maximum.accumulate(spans.end + shift)
    first = np.flatnonzero(np.append(True, (spans.start + shift)[1:] >= reach[:-1]))
    group = np.cumsum(np.isin(np.arange(len(spans)), first, assume_unique=True)) - 1
    order = np.lexsort((spans.start - spans.end, -spans.weight, group))
    best = spans.only(order[first])
    return replace(best, start=spans.start[first], end=np.maximum.reduceat(spans.end, first))


def pieces(values: pa.StringArray, spans: Spans) -> pa.StringArray:
    """The text of each span."""
    offsets, data = text_buffers(values)
    starts = offsets[spans.cell] + spans.start
    return strings(gather(data, starts.astype(np.int32), (starts + spans.end - spans.start).astype(np.int32)))


def spliced(values: pa.StringArray, spans: Spans, new: pa.StringArray) -> pa.StringArray:
    """The values with a text in place of each span; the spans are in order and do not overlap."""
    if not len(spans):
        return values
    offsets, data = text_buffers(values)
    added_at, added = text_buffers(new)
    widths = np.diff(added_at).astype(np.int64)
    growth = np.bincount(spans.cell, (widths - (spans.end - spans.start)).astype(np.float64), len(values))
    stops = offsets - offsets[0] + np.concatenate([[0], np.cumsum(growth)])
    if max(stops[-1], len(data) + len(added)) > np.iinfo(np.int32).max:
        raise DataError("a batch of changed text is longer than 2 GiB")
    starts = offsets[spans.cell] + spans.start
    ranges = Ranges(2 * len(spans) + 1)
    bounds = ranges.bounds  # in turn, what stays and what is new
    bounds[0, 0], bounds[2::2, 0] = offsets[0], starts + spans.end - spans.start
    bounds[:-1:2, 1], bounds[-1, 1] = starts, offsets[-1]
    bounds[1::2, 0], bounds[1::2, 1] = len(data) + added_at[:-1], len(data) + added_at[1:]
    edited = ranges.gather(np.concatenate([data, added]))
    return text_array(stops.astype(np.int32), joined(edited), values)
