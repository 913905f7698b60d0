"""A release beside its original: which rows belong together, and what was lost of each column."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.beside import AFTER, BEFORE, KEPT, ROW
from anonymize.core.statistic import Statistic
from anonymize.kernels.arrays import from_numpy, one_array, to_numpy
from anonymize.kernels.risk.changes import STARS, Changes
from anonymize.kernels.risk.columns import is_numeric, spelling
from anonymize.statistics.value_pairs import ValuePairs


@dataclass(frozen=True)
class Pair:
    """An original and what was released of it."""

    original: pa.Table = field(repr=False)
    release: pa.Table = field(repr=False)
    places: NDArray[np.int64] | None = field(repr=False)
    """For each released row its place in the original; None if it is not known."""

    @classmethod
    def of(cls, original: pa.Table, release: pa.Table) -> "Pair":
        """Rows in the same places belong together if there are as many, else rows that agree in a column that
        passes as it is and whose values are all different, if there is one."""
        if len(original) == len(release):
            return cls(original, release, np.arange(len(release), dtype=np.int64))
        return cls(original, release, _places(original, release))

    def answer(self, statistic: Statistic[Any]) -> Any:
        """What a statistic that sees both tables says."""
        batch = pa.RecordBatch.from_arrays([self._seen(n) for n in statistic.columns], names=statistic.columns)
        return statistic.finish(statistic.merge([statistic.fit(batch)]))

    def aligned(self) -> tuple[pa.Table, pa.Table] | None:
        """The rows that stay, before and after."""
        if self.places is None:
            return None
        if len(self.original) == len(self.release):
            return self.original, self.release
        return self.original.take(from_numpy(self.places)), self.release

    def _seen(self, name: str) -> pa.Array:
        """A column of `core.beside`: one row for each of the original, then those of the release that belong to
        none."""
        rows, more = len(self.original), 0 if self.places is not None else len(self.release)
        if name == ROW:
            return from_numpy(np.arange(rows + more, dtype=np.int64))
        if name == KEPT:
            stays = np.zeros(rows, np.bool_)
            stays[self.places if self.places is not None else []] = True
            return pa.concat_arrays([from_numpy(stays), pa.nulls(more, pa.bool_())])
        if name.startswith(BEFORE):
            values = self._column(self.original, name.removeprefix(BEFORE))
            return pa.concat_arrays([values, pa.nulls(more, values.type)]) if more else values
        values = self._column(self.release, name.removeprefix(AFTER))
        if self.places is None:
            return pa.concat_arrays([pa.nulls(rows, values.type), values])
        return values.take(self._back) if rows > len(self.release) else values

    @property
    def _back(self) -> pa.Array:
        """For each row of the original its place in the release, or null."""
        assert self.places is not None  # noqa: S101  (narrows the type for mypy)
        back = np.full(len(self.original), -1, np.int64)
        back[self.places] = np.arange(len(self.places))
        here = from_numpy(back)
        return pc.if_else(pc.less(here, 0), pa.scalar(None, pa.int64()), here)

    def _column(self, table: pa.Table, name: str) -> pa.Array:
        return one_array(table[name]) if name in table.column_names else pa.nulls(len(table), pa.string())


def _places(original: pa.Table, release: pa.Table) -> NDArray[np.int64] | None:
    for name in release.column_names:
        if name not in original.column_names:
            continue
        wanted, known = spelling(release[name]), spelling(original[name])
        if wanted.null_count or len(wanted.unique()) < len(wanted) or len(known.unique()) < len(known):
            continue
        places = pc.index_in(wanted, known)
        if not places.null_count:
            return to_numpy(places).astype(np.int64)
    return None


def paired(original: pa.Table, release: pa.Table) -> tuple[pa.Table, pa.Table] | None:
    """The tables with the same rows in the same places; None if it is not known which belong together."""
    return Pair.of(original, release).aligned()


@dataclass(frozen=True)
class ColumnLoss:
    """What became of one column."""

    name: str
    total_variation: float
    """Half the sum of the differences of the shares of all values."""
    wasserstein: float | None
    """For numbers: how far they were moved on average, as a share of the original range."""
    certainty_penalty: float | None = None
    """NCP: how much of the domain stands behind a released value on average (paired rows only)."""
    entropy_loss: float | None = None
    """The share of the column's information that is gone (non-uniform entropy, paired rows only)."""


@dataclass(frozen=True)
class Comparison:
    """Two tables side by side."""

    rows: int
    original_rows: int
    is_paired: bool
    """It is known which rows belong together."""
    columns: tuple[ColumnLoss, ...]


def compare(pair: Pair) -> Comparison:
    """The losses of the columns that both tables have."""
    original, release = pair.original, pair.release
    shared = [name for name in release.column_names if name in original.column_names]
    found = (_column(pair, name) for name in shared)
    return Comparison(len(release), len(original), pair.places is not None, tuple(found))


def _column(pair: Pair, name: str) -> ColumnLoss:
    if is_unchanged(pair, name):
        return ColumnLoss(name, 0.0, 0.0 if is_numeric(spelling(pair.release[name])) else None, 0.0, 0.0)
    changes: Changes = pair.answer(ValuePairs.of([name]))[name]
    moved = changes.moved() if changes.is_numeric and changes.stays_numeric else None
    if pair.places is None or not len(pair.original):
        return ColumnLoss(name, changes.variation(), moved)
    return ColumnLoss(name, changes.variation(), moved, changes.certainty_penalty(), changes.entropy_loss())


def is_unchanged(pair: Pair, name: str) -> bool:
    """Whether all rows stay with the values they had, none of which looks hidden."""
    if pair.places is None or not len(pair.release) or len(pair.original) != len(pair.release):
        return False
    before, after = spelling(pair.original[name]), spelling(pair.release[name])
    return before.equals(after) and not pc.any(pc.equal(after, STARS)).as_py()
