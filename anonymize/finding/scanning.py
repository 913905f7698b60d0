"""Scan: which columns hold personal data, and where it stands in text."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from math import exp, log

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.catalog import component, modules
from anonymize.core.detector import Detector
from anonymize.core.errors import quoted
from anonymize.core.format import Page, Source
from anonymize.core.roles import Role
from anonymize.datasets import Dataset
from anonymize.kernels.arrays import from_numpy
from anonymize.kernels.detection.attributes import Attribute, attribute_of
from anonymize.kernels.detection.columns import Outlined, Verdict, classify_all, profile
from anonymize.kernels.detection.finding import find
from anonymize.kernels.detection.findings import UNSCANNED, Findings
from anonymize.kernels.detection.headers import Fit
from anonymize.kernels.risk.alone import share_alone
from anonymize.kernels.text.characters import text_type

AUTO, REVIEW = 0.8, 0.5
"""Above the first a column is taken for what it seems to be; between them somebody should look."""

SAMPLE = 20_000
"""Rows that decide about the columns."""

THREADS = 2
"""How many columns are looked at together."""

TOGETHER = 2 << 20
"""Bytes of values of several columns that are scanned at a time."""

HELD = 32
"""Chunks that are held at a time while a sample is drawn; half of them are let go when there are more."""

PEOPLE, BESIDE_PEOPLE = 2, 1.0
"""Beside so many columns that surely tell who somebody is, a column that is called so is more likely to be about
people: the log-odds for it."""


@dataclass(frozen=True)
class ScannedColumn:
    """What a column seems to hold. Holds no values."""

    name: str
    type: str
    verdict: Verdict | None
    """None for a column that cannot be scanned (binary)."""
    neighbours: int = 0
    """Other columns that surely tell who somebody is, where they spoke for it."""

    @property
    def entity(self) -> str | None:
        """What the whole values are, if anything is likely enough."""
        if self.verdict is None:
            return UNSCANNED
        found = self.verdict.detector
        return found.entity if found is not None and self.verdict.confidence >= REVIEW else None

    @property
    def attribute(self) -> Attribute | None:
        """What the name alone says that it is about."""
        return attribute_of(self.name) if self.entity in (None, UNSCANNED) else None

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
            return self.attribute.role if self.attribute is not None else Role.OTHER
        if self.entity in (None, UNSCANNED) or self.verdict is None or self.verdict.detector is None:
            return Role.DIRECT_IDENTIFIER
        return self.verdict.detector.role

    @property
    def laws(self) -> tuple[str, ...]:
        """The provisions that speak of what it holds."""
        found = self.verdict.detector if self.verdict is not None and self.entity is not None else None
        if found is not None:
            return found.laws
        named = self.attribute.laws if self.attribute is not None else ()
        inside = self.verdict.inside if self.verdict is not None and self.is_text else ()
        return tuple(dict.fromkeys([*named, *(law for each in inside for law in each.laws)]))


@dataclass(frozen=True)
class Scan:
    """The columns of a dataset, and how much of it was read."""

    columns: tuple[ScannedColumn, ...]
    rows: int
    complete: bool
    """Whether these were all rows; else they lie evenly over the files."""
    alone: float | None = None
    """The share of these rows that no other equals in all quasi-identifiers; None if there are none to compare."""

    def _repr_markdown_(self) -> str:
        """A table, as notebooks show it."""
        rows = [
            (quoted(c.name), c.entity or ("text" if c.is_text else ""), f"{c.confidence:.2f}", c.role.value)
            for c in self.columns
            if c.decision != "none" or c.attribute is not None
        ]
        head = [("column", "holds", "confidence", "role"), ("---",) * 4]
        return "\n".join(f"| {' | '.join(part.replace('|', '/') for part in row)} |" for row in [*head, *rows])

    @property
    def quasi(self) -> tuple[str, ...]:
        """The columns that may name somebody together."""
        return tuple(column.name for column in self.columns if column.role is Role.QUASI_IDENTIFIER)


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
    """What the columns hold, by rows from all over the files; by all rows if `sample` is None."""
    return scan_sample(draw(sources, sample), detectors, locales)


@dataclass(frozen=True)
class Sample:
    """Rows from all over a dataset, column by column."""

    pieces: Mapping[str, list[pa.Array]]
    rows: int
    complete: bool
    """Whether these are all rows."""

    def values(self, name: str) -> pa.Array:
        """A column as one array; as text if its pieces do not agree on the type."""
        pieces = self.pieces[name]
        if len({str(piece.type) for piece in pieces}) > 1:
            pieces = [piece.cast(pa.string()) for piece in pieces]
        return _whole(pieces)


def draw(sources: Sequence[Source], sample: int | None = SAMPLE) -> Sample:
    """So many rows at even distances, or all."""
    pages, complete = _spread_pages(sources, None if sample is None else HELD)
    step = 1 if sample is None else max(1, -(-sum(page.rows for page in pages) // sample))
    pieces: dict[str, list[pa.Array]] = {}
    first = rows = 0
    for page in pages:
        chosen = np.arange(-first % step, page.rows, step)
        first, rows = first + page.rows, rows + len(chosen)
        for name in page.columns:
            pieces.setdefault(name, []).append(_of_rows(page, name, chosen, step))
    return Sample(pieces, rows, complete and step == 1)


def scan_sample(sample: Sample, detectors: Sequence[Detector] | None = None, locales: Sequence[str] = ()) -> Scan:
    """What the columns of a sample hold."""
    detectors = all_detectors() if detectors is None else detectors
    pieces = sample.pieces
    with ThreadPoolExecutor(THREADS) as workers:
        outlined = workers.map(lambda name: _outlined(name, pieces[name]), pieces)
        readable = [each for each in outlined if each is not None]
        said = workers.map(lambda group: classify_all(group, detectors, locales), _together(readable))
        verdicts = dict(zip((name for name, _, _ in readable), chain.from_iterable(said), strict=True))
    columns = [ScannedColumn(name, _spelled(pieces[name]), verdicts.get(name)) for name in pieces]
    found = Scan(tuple(_beside_people(columns)), sample.rows, sample.complete)
    compared = [_whole(pieces[name]) for name in found.quasi if _is_plain(pieces[name], sample.rows)]
    return replace(found, alone=share_alone(compared))


def _is_plain(pieces: Sequence[pa.Array], rows: int) -> bool:
    """Whether a column has one value in each row, all of one type."""
    return sum(map(len, pieces)) == rows and len({piece.type for piece in pieces}) == 1


def _beside_people(columns: Sequence[ScannedColumn]) -> list[ScannedColumn]:
    """The columns with what those beside them say of them."""
    people = sum(_tells_who(column) for column in columns)
    return [_beside(column, people) for column in columns]


def _tells_who(column: ScannedColumn) -> bool:
    return column.role is Role.DIRECT_IDENTIFIER and column.decision == "auto" and not column.is_text


def _beside(column: ScannedColumn, people: int) -> ScannedColumn:
    verdict = column.verdict
    if verdict is None or verdict.header <= Fit.NOTHING or people < PEOPLE or not 0 < verdict.confidence < AUTO:
        return column
    odds = log(verdict.confidence / (1 - verdict.confidence)) + BESIDE_PEOPLE
    return replace(column, verdict=replace(verdict, confidence=1 / (1 + exp(-odds))), neighbours=people)


def _spread_pages(sources: Sequence[Source], most: int | None) -> tuple[list[Page], bool]:
    """Pages at even distances, and whether these are all. What is skipped is not even parsed."""
    held: list[Page] = []
    every = 1
    for place, chunk in enumerate(chunk for source in sources for chunk in source.chunks()):
        if place % every:
            continue
        held.append(chunk())
        if most is not None and len(held) > most:
            held, every = held[::2], 2 * every
    return held, every == 1


def _pages(sources: Sequence[Source]) -> Iterator[Page]:
    for source in sources:
        for chunk in source.chunks():
            yield chunk()


def _of_rows(page: Page, name: str, rows: NDArray[np.int64], step: int) -> pa.Array:
    """The values of some rows, each so many after the one before."""
    values, parents = page.values(name), page.parents(name)
    if step == 1:
        return values
    return values.take(from_numpy(rows if parents is None else np.flatnonzero(np.isin(parents, rows))))


def _outlined(name: str, pieces: Sequence[pa.Array]) -> Outlined | None:
    """A column's outlines and some of its values; None if they cannot be spelled out."""
    if not all(can_be_scanned(piece.type) for piece in pieces):
        return None
    if len({piece.type for piece in pieces}) > 1:
        pieces = [piece.cast(pa.string()) for piece in pieces]
    return (name, *profile(_whole(pieces)))


def _together(columns: Sequence[Outlined]) -> list[list[Outlined]]:
    """The columns in groups that are scanned together, each of so many bytes."""
    sizes = np.cumsum([chosen.nbytes for _, _, chosen in columns], dtype=np.int64)
    groups: dict[int, list[Outlined]] = {}
    for number, column in zip((sizes // TOGETHER).tolist(), columns, strict=True):
        groups.setdefault(number, []).append(column)
    return list(groups.values())


def _spelled(pieces: Sequence[pa.Array]) -> str:
    return " or ".join(dict.fromkeys(str(piece.type) for piece in pieces))


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
