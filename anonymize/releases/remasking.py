"""Masks rows of an original again, and compares them with a release of it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from secrets import randbelow

import numpy as np
import pyarrow as pa

from anonymize.codecs.tables.cells import Cells, PagePart, differing, edited_cells, joined, page_cells
from anonymize.codecs.tables.memory import TableSink
from anonymize.codecs.tables.page import TablePage
from anonymize.core.engine import Engine
from anonymize.core.format import Page
from anonymize.core.transform import RowTransform
from anonymize.datasets import Dataset
from anonymize.kernels.column_digest import ColumnDigests, extract
from anonymize.kernels.text.spelling import spell
from anonymize.pipeline import fit, write
from anonymize.planning.plan import Plan, Step
from anonymize.rulefile.matching import ancestors
from anonymize.running.applier import Applier, Derive, Fitted, Tally

STRETCHES = 8  # places of a page at which rows are masked again


@dataclass
class ColumnProof:
    """How a column of the release compares."""

    name: str
    touched: bool
    rows: int = 0
    """Rows that were compared."""
    differing: int = 0
    first: int | None = None
    """The first row of the release that differs, from 1."""
    random: bool = False
    """Masking the same rows again gives other values: there is nothing to compare with."""

    def compare(self, expected: Cells, actual: Cells, first_row: int) -> None:
        """The next rows."""
        differs = differing(expected, actual)
        self.rows += len(differs)
        found = int(np.count_nonzero(differs))
        if found and self.first is None:
            self.first = first_row + int(differs.argmax()) + 1
        self.differing += found


@dataclass
class Remasking:
    """How a release compares with what the rules make of the original."""

    read: int = 0
    """Rows of the original."""
    kept: int = 0
    """Rows that the rules leave of them."""
    released: int = 0
    """Rows of the release."""
    whole: bool = True
    """All rows were masked again, not a sample."""
    columns: dict[str, ColumnProof] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """Columns that the release lacks."""
    added: tuple[str, ...] = ()
    """Columns that no rule put there."""

    def column(self, name: str, touched: bool) -> ColumnProof:
        return self.columns.setdefault(name, ColumnProof(name, touched))


@dataclass(frozen=True)
class Made:
    """What the rules make of some cells."""

    touched: bool
    cells: Cells


def remask(
    original: Dataset, reader: "Reader", plan: Plan, derive: Derive, engine: Engine, sample: int | None
) -> Remasking:
    """Compare a release with its original: untouched columns in all rows, touched ones in a sample of `sample`
    rows of each page, or in all rows. Rows are paired by their order, so if the rules may drop rows, all rows
    are masked."""
    found, tally = Remasking(), Tally()
    fitted = fit(plan, original.sources, derive, engine, tally)
    if plan.released is not None:
        found.read = tally.counts["", "rows_in"]
        _groups(plan, fitted, derive, engine, reader, found)
    else:
        is_converted = original.format.name() != reader.format_name
        found.whole = sample is None or is_converted or _may_drop(plan)
        pages = _Pages(Applier(plan, fitted, derive), found, reader, is_converted, sample or 0)
        for page in (chunk() for source in original.sources for chunk in source.chunks()):
            pages.compare(page)
    reader.drain()
    found.released = reader.rows
    expected = set(plan.schema.names) if plan.released is not None else set(found.columns)
    found.missing = tuple(sorted(expected - reader.names)) if reader.is_closed else ()
    found.added = tuple(sorted(reader.names - expected - {n for name in expected for n in ancestors(name)}))
    return found


def _may_drop(plan: Plan) -> bool:
    steps = [step for stage in plan.stages for step in stage.steps]
    return any(isinstance(s.transform, RowTransform) or s.on_error == "drop_row" for s in steps)


def _groups(
    plan: Plan, fitted: Fitted, derive: Derive, engine: Engine, reader: "Reader", found: Remasking
) -> None:
    """A table about the records, beside the one in the release."""
    sink, tally = TableSink(), Tally()
    write(plan, fitted, (), [sink], derive, engine, tally)
    table = sink.table()
    found.kept = len(table)
    page = TablePage.of(table)
    for name in table.column_names:
        cells = page_cells(page, name, 0, len(table))
        found.column(name, touched=True).compare(cells, reader.cells(name, 0, len(table)), 0)


@dataclass
class _Pages:
    """Pages of the original, one after another, beside the rows of the release."""

    applier: Applier
    found: Remasking
    reader: "Reader"
    is_converted: bool
    sample: int

    def compare(self, page: Page) -> None:
        """The next page."""
        first = self.found.kept
        if self.found.whole:
            rows, columns = self._masked(page, self.found.read)
            self._compare(columns, self._randoms(page, self.found.read, columns), first, rows)
        else:
            rows = page.rows
            self._compare_sample(page, first)
        self.found.read += page.rows
        self.found.kept += rows
        self.reader.forget(self.found.kept)

    def _compare_sample(self, page: Page, first: int) -> None:
        """Untouched columns in all rows, touched ones in some stretches; rows stand at the same places."""
        columns: dict[str, Made] = {}
        for start, stop in _stretches(page.rows, self.sample):
            part = PagePart(page, start, stop)
            _, columns = self._masked(part, first + start)
            touched = {name: made for name, made in columns.items() if made.touched}
            self._compare(touched, self._randoms(part, first + start, touched), first + start, part.rows)
        names = [n for n, made in columns.items() if not made.touched]
        untouched = {n: Made(touched=False, cells=page_cells(page, n, 0, page.rows)) for n in names}
        self._compare(untouched, frozenset(), first, page.rows)

    def _masked(self, page: Page, first_row: int) -> tuple[int, dict[str, Made]]:
        """How many rows the rules leave of a page, and its columns as they leave them."""
        frame = self.applier(page, first_row)
        edit, layout = frame.edit(), frame.layout()
        changed = {c.name: c.changed for c in layout.columns}
        if self.is_converted:
            cells = self._converted(page.table(edit, layout))
        else:
            names = [name for name in changed if name in page.columns or name in edit.columns]
            cells = {name: edited_cells(page, edit, name) for name in names}
        return frame.row_count, {name: Made(_is_touched(name, changed), found) for name, found in cells.items()}

    def _converted(self, batch: pa.RecordBatch) -> dict[str, Cells]:
        """The columns of another format: whole ones if the release has such, else what is in them."""
        page = TablePage.of(batch)
        whole = [name for name in batch.schema.names if name in self.reader.names]
        inner = [name for name in page.columns if not {name, *ancestors(name)} & set(whole)]
        cells = {name: Cells(spell(batch.column(name))) for name in whole}
        return cells | {name: page_cells(page, name, 0, page.rows) for name in inner}

    def _randoms(self, page: Page, first_row: int, columns: Mapping[str, "Made"]) -> frozenset[str]:
        """The columns that come out in another way when they are masked once more."""
        unsure = {c.name for c in self.applier.plan.columns if not all(map(_is_certain, c.steps))}
        if not unsure & columns.keys():
            return frozenset()
        _, again = self._masked(page, first_row)
        return frozenset(n for n in unsure & columns.keys() if differing(columns[n].cells, again[n].cells).any())

    def _compare(self, columns: Mapping[str, "Made"], randoms: Collection[str], first: int, rows: int) -> None:
        for name, made in columns.items():
            proof = self.found.column(name, made.touched)
            proof.random |= name in randoms
            if not proof.random:
                proof.compare(made.cells, self.reader.cells(name, first, first + rows), first)


def _is_touched(name: str, changed: Mapping[str, bool]) -> bool:
    """Whether a step works on a column or on something in it."""
    return any(was for path, was in changed.items() if path == name or name in ancestors(path))


def _is_certain(step: Step) -> bool:
    return step.transform.properties().deterministic


def _stretches(rows: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Places of a page, drawn at random so that nobody can know which rows will be looked at."""
    length = min(max(wanted // STRETCHES, 1), rows)
    if rows <= wanted:
        return iter([(0, rows)])
    starts = sorted(randbelow(rows - length + 1) for _ in range(STRETCHES))
    return iter([(start, start + length) for start in starts])


class Reader:
    """The rows of a release, page by page."""

    def __init__(self, release: Dataset, digested: Collection[str] = ()) -> None:
        self._pages = (chunk() for source in release.sources for chunk in source.chunks())
        self._digested = frozenset(digested)
        self._held: list[tuple[int, Page]] = []
        self.format_name = release.format.name()
        self.is_closed = not release.open_schema
        self.rows = 0
        """Rows that were read."""
        self.names = set(release.schema.names)
        """Columns that the release has."""
        self.digests = ColumnDigests()
        """Of the columns that were asked for."""

    def cells(self, column: str, start: int, stop: int) -> Cells:
        """The cells of some rows; as many as there are."""
        while self.rows < stop and self._read():
            pass
        parts = [
            page_cells(page, column, max(start - first, 0), min(stop - first, page.rows))
            for first, page in self._held
            if first < stop and first + page.rows > start
        ]
        return joined(parts)

    def forget(self, row: int) -> None:
        """The rows before this one are not asked for any more."""
        self._held = [(first, page) for first, page in self._held if first + page.rows > row]

    def drain(self) -> None:
        """Read what is left."""
        while self._read():
            self._held.clear()

    def _read(self) -> bool:
        page = next(self._pages, None)
        if page is None:
            return False
        self._held.append((self.rows, page))
        self.rows += page.rows
        self.names |= set(page.columns)
        wanted = [name for name in page.columns if name in self._digested]
        pieces = {name: extract(page.values(name), page.parents(name), page.rows, None) for name in wanted}
        self.digests.add(page.rows, pieces)
        return True
