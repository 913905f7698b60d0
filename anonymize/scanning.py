"""Scan: which columns hold personal data, and where it stands in text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.catalog import component, modules
from anonymize.core.detector import Detector
from anonymize.core.format import Page, Source
from anonymize.core.roles import Role
from anonymize.datasets import Dataset
from anonymize.kernels.detection.columns import Verdict, classify
from anonymize.kernels.detection.finding import find
from anonymize.kernels.detection.findings import UNSCANNED, Findings
from anonymize.kernels.text.characters import text_type

AUTO, REVIEW = 0.8, 0.5
"""Above the first a column is taken for what it seems to be; between them somebody should look."""

SAMPLE = 20_000
"""Rows that decide about the columns."""


@dataclass(frozen=True)
class ScannedColumn:
    """What a column seems to hold. Holds no values."""

    name: str
    type: str
    verdict: Verdict | None
    """None for a column that cannot be scanned (binary)."""

    @property
    def entity(self) -> str | None:
        """What the whole values are, if anything is likely enough."""
        if self.verdict is None:
            return UNSCANNED
        found = self.verdict.detector
        return found.entity if found is not None and self.verdict.confidence >= REVIEW else None

    @property
    def is_text(self) -> bool:
        """Whether personal data stands within the values."""
        return self.entity is None and self.verdict is not None and bool(self.verdict.inside)

    @property
    def confidence(self) -> float:
        """That the column holds personal data at all."""
        if self.verdict is None or self.verdict.unscanned:
            return 1.0
        if self.is_text:
            return max(each.score * min(1.0, each.share / 0.02) for each in self.verdict.inside)
        return self.verdict.confidence

    @property
    def decision(self) -> str:
        """`auto`, `review` or `none`."""
        return "auto" if self.confidence >= AUTO else "review" if self.confidence >= REVIEW else "none"

    @property
    def role(self) -> Role:
        """The role to propose."""
        if self.decision == "none":
            return Role.OTHER
        if self.entity in (None, UNSCANNED) or self.verdict is None or self.verdict.detector is None:
            return Role.DIRECT_IDENTIFIER
        return self.verdict.detector.role


@dataclass(frozen=True)
class Scan:
    """The columns of a dataset, and how much of it was read."""

    columns: tuple[ScannedColumn, ...]
    rows: int
    complete: bool
    """Whether these were all rows."""


def all_detectors(entities: Sequence[str] = ()) -> list[Detector]:
    """Every detector, or those of some entities."""
    found = [component("detector", name)() for name in modules("detector")]  # type: ignore[call-arg]
    return [each for each in found if isinstance(each, Detector) and (not entities or each.entity in entities)]


def scan(
    sources: Sequence[Source],
    detectors: Sequence[Detector] | None = None,
    locales: Sequence[str] = (),
    sample: int | None = SAMPLE,
) -> Scan:
    """What the columns hold, by the first rows; all rows if `sample` is None."""
    detectors = all_detectors() if detectors is None else detectors
    pieces: dict[str, list[pa.Array]] = {}
    rows, complete = 0, True
    for page in _pages(sources):
        if sample is not None and rows >= sample:
            complete = False
            break
        left = page.rows if sample is None else sample - rows
        complete = complete and left >= page.rows
        rows += min(page.rows, left)
        for name in page.columns:
            pieces.setdefault(name, []).append(_first(page, name, left))
    return Scan(tuple(_scanned(name, pieces[name], detectors, locales) for name in pieces), rows, complete)


def first_values(pages: Sequence[Page], name: str) -> pa.Array:
    """A column of several pages as one array; as text if the pages do not agree on its type."""
    pieces = [page.values(name) for page in pages if name in page.columns]
    if len({str(piece.type) for piece in pieces}) > 1:
        pieces = [piece.cast(pa.string()) for piece in pieces]
    return _whole(pieces)


def _pages(sources: Sequence[Source]) -> Iterator[Page]:
    for source in sources:
        for chunk in source.chunks():
            yield chunk()


def _first(page: Page, name: str, rows: int) -> pa.Array:
    """The values of the first rows."""
    parents = page.parents(name)
    return page.values(name).slice(0, rows if parents is None else int(parents.searchsorted(rows)))


def _scanned(
    name: str, pieces: Sequence[pa.Array], detectors: Sequence[Detector], locales: Sequence[str]
) -> ScannedColumn:
    types = {str(piece.type): piece.type for piece in pieces}
    spelled = " or ".join(types)
    if not all(can_be_scanned(each) for each in types.values()):
        return ScannedColumn(name, spelled, None)
    if len(types) > 1:
        pieces = [piece.cast(pa.string()) for piece in pieces]
    return ScannedColumn(name, spelled, classify(_whole(pieces), detectors, name, locales))


def _whole(pieces: Sequence[pa.Array]) -> pa.Array:
    if pa.types.is_dictionary(pieces[0].type):
        pieces = [piece.dictionary_decode() for piece in pieces]
    return pa.concat_arrays(pieces)


def can_be_scanned(given: pa.DataType) -> bool:
    """Whether values of a type can be spelled out as text."""
    try:
        text_type(given)
    except TypeError:
        return False
    return True


@dataclass(frozen=True)
class Spans:
    """What was found in a column of one page."""

    column: str
    first_row: int
    """The number of the page's first row."""
    values: pa.Array
    findings: Findings
    """Its rows count from the page's first."""
    places: NDArray[np.int64]
    """Which of the values each is in: not its row where a row has several."""


def spans(
    dataset: Dataset, detectors: Sequence[Detector], locales: Sequence[str] = (), min_score: float = REVIEW
) -> Iterator[Spans]:
    """All personal data in all cells, page by page."""
    rows = 0
    for page in _pages(dataset.sources):
        for name in page.columns:
            values = page.values(name)
            if can_be_scanned(values.type):
                found = find(values, detectors, name, locales, min_score)
                yield Spans(name, rows, values, _by_row(page, name, found), found.row)
        rows += page.rows


def _by_row(page: Page, name: str, found: Findings) -> Findings:
    parents = page.parents(name)
    return found if parents is None else replace(found, row=parents[found.row])
