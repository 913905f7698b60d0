"""Cells of pages as text, to be compared."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.format import Edit, Page
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.text.spelling import spell


@dataclass(frozen=True)
class Cells:
    """Values of one column of some rows, as text."""

    values: pa.Array
    counts: NDArray[np.int64] | None = None
    """Values in each row, for a column of lists."""


class PagePart(Page):
    """Some rows of a page, one behind the other."""

    def __init__(self, inner: Page, start: int, stop: int) -> None:
        self.inner, self.start, self.stop = inner, start, stop
        self.rows = stop - start

    @property
    def columns(self) -> Sequence[str]:
        return self.inner.columns

    @property
    def present(self) -> Collection[str]:
        return self.inner.present

    def values(self, column: str) -> pa.Array:
        return self.inner.values(column)[self._range(column)]

    def parents(self, column: str) -> NDArray[np.int64] | None:
        parents = self.inner.parents(column)
        return None if parents is None else parents[self._range(column)] - self.start

    def _range(self, column: str) -> slice:
        """Where the values of its rows stand."""
        parents = self.inner.parents(column)
        if parents is None:
            return slice(self.start, self.stop)
        first, last = np.searchsorted(parents, [self.start, self.stop])
        return slice(int(first), int(last))


def joined(parts: Sequence[Cells]) -> Cells:
    """Cells of rows behind one another."""
    counts = [part.counts for part in parts if part.counts is not None]
    values = pa.concat_arrays([part.values for part in parts]) if parts else pa.nulls(0, pa.string())
    return Cells(values, np.concatenate(counts) if counts else None)


def page_cells(page: Page, column: str, start: int, stop: int) -> Cells:
    """The cells of some rows of a page; nulls where the page lacks the column."""
    if column not in page.present and column not in page.columns:
        none = np.zeros(stop - start, np.int64)
        is_list = "[*]" in column
        return Cells(pa.nulls(0 if is_list else stop - start, pa.string()), none if is_list else None)
    part = PagePart(page, start, stop)
    return Cells(spell(part.values(column)), _counts(part.parents(column), part.rows))


def edited_cells(page: Page, edit: Edit, column: str) -> Cells:
    """The cells of the rows that stay."""
    values = spell(edit.columns[column] if column in edit.columns else page.values(column))
    parents = page.parents(column) if column in page.columns else None
    counts = _counts(parents, page.rows)
    if edit.kept is None:
        return Cells(values, counts)
    stays = from_numpy(edit.kept if parents is None else edit.kept[parents])
    return Cells(values.filter(stays), None if counts is None else counts[edit.kept])


def _counts(parents: NDArray[np.int64] | None, rows: int) -> NDArray[np.int64] | None:
    return None if parents is None else np.bincount(parents, minlength=rows)


def differing(one: Cells, other: Cells) -> NDArray[np.bool_]:
    """Which rows differ; as many rows as both have."""
    if one.counts is not None and other.counts is not None:
        rows = min(len(one.counts), len(other.counts))
        differs: NDArray[np.bool_] = one.counts[:rows] != other.counts[:rows]
        if differs.any() or len(one.values) != len(other.values):
            return differs  # from there on, nothing tells which value belongs to which
        places = np.repeat(np.arange(rows), one.counts[:rows])
        differs[places[_unequal(one.values, other.values)]] = True
        return differs
    rows = min(len(one.values), len(other.values))
    return _unequal(one.values[:rows], other.values[:rows])


def _unequal(one: pa.Array, other: pa.Array) -> NDArray[np.bool_]:
    equal = to_numpy(pc.fill_null(pc.equal(one, other), False))
    unequal: NDArray[np.bool_] = ~(equal | (to_numpy(one.is_null()) & to_numpy(other.is_null())))
    return unequal
