"""What pages are drawn from: how people stood out before and after, and values in a sample of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.beside import AFTER, BEFORE, KEPT, beside, compared
from anonymize.core.roles import Roles
from anonymize.kernels.counting import COUNT
from anonymize.kernels.risk.changes import BOTH, Changes
from anonymize.kernels.risk.larger_table import counts_of
from anonymize.kernels.risk.leaving_out import Influence, leave_one_out
from anonymize.releases.assessment import Band, bands_of, known_metrics
from anonymize.releases.comparison import Pair
from anonymize.rulefile.matching import ITEMS
from anonymize.running.onlooker import Onlooker
from anonymize.statistics.class_sizes import ClassSizes
from anonymize.statistics.row_sample import RowSample
from anonymize.statistics.value_pairs import ValuePairs

UNKNOWN_POPULATION: Mapping[str, Any] = {"fraction": 1.0}
"""The worst case: the table is the whole population."""
RISKS = ("prosecutor_risk", "journalist_risk", "marketer_risk")


@dataclass(frozen=True)
class Exposure:
    """How people stand out by some columns of a table."""

    quasi: tuple[str, ...]
    rows: int
    classes: int
    smallest: int
    unique: int
    bands: tuple[Band, ...]
    risks: Mapping[str, float]
    """As in `prosecutor_risk highest`."""
    without: tuple[Influence, ...]

    @classmethod
    def of(cls, sizes: pa.Table, given: Mapping[str, Any] = UNKNOWN_POPULATION) -> "Exposure":
        """From the sizes of the classes."""
        quasi = tuple(name for name in sizes.column_names if name != COUNT)
        counts = counts_of(sizes)
        return cls(
            quasi,
            int(counts.sum()),
            len(counts),
            int(counts.min()) if len(counts) else 0,
            int((counts == 1).sum()),
            bands_of(sizes),
            _risks(sizes, quasi, given),
            leave_one_out(sizes, quasi),
        )


def _risks(sizes: pa.Table, quasi: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, float]:
    found = {}
    for metric in known_metrics(Roles(quasi=quasi), given):
        if metric.use in RISKS:
            name = f"{metric.use} {getattr(metric, 'figure', '')}".strip()
            found[name] = float(metric.measure(sizes).value)
    return found


@dataclass(frozen=True)
class Column:
    """A column of sampled rows before and after, as text."""

    name: str
    before: pa.Array = field(repr=False)
    """Of the rows of the original."""
    after: pa.Array = field(repr=False)
    """Of the rows of the release."""
    changes: Changes | None = field(repr=False)
    """None if it is not known which rows belong together."""

    @cached_property
    def changed(self) -> float | None:
        """The share of the released values that are not what they were."""
        if self.changes is None:
            return None
        here = self.changes.places == BOTH
        before, after = (values.fill_null("\0") for values in (self.changes.before, self.changes.after))
        same = pc.equal(before, after).to_numpy(zero_copy_only=False)
        rows = int(self.changes.counts[here].sum())
        return 1 - int(self.changes.counts[here & same].sum()) / rows if rows else None

    @property
    def is_blurred(self) -> bool:
        """Numbers that were all moved: each is its own in a sample, so that it seems to tell its original."""
        if self.changes is None or not (self.changes.is_numeric and self.changes.stays_numeric):
            return False
        return len(self.after.unique()) > len(self.after) / 2 and (self.changed or 0) > 0.5


@dataclass(frozen=True)
class Evidence:
    """All that a page is drawn from."""

    before: Exposure | None = None
    after: Exposure | None = None
    columns: tuple[Column, ...] = ()
    sampled: int = 0
    """Rows that the columns show."""
    rows: int = 0
    """All rows, of which these are a sample."""
    is_paired: bool = True
    """It is known which rows belong together; else those of the release count too."""


def evidence_of(onlooker: Onlooker, rows_in: int) -> Evidence:
    """From the last pass of a run."""
    before, after = (
        Exposure.of(sizes) if sizes is not None and sizes.num_rows else None
        for sizes in (onlooker.classes_before, onlooker.classes_after)
    )
    rows = onlooker.rows
    columns = _columns(rows, is_paired=True) if rows is not None else ()
    return Evidence(before, after, columns, 0 if rows is None else len(rows), rows_in)


def evidence_beside(pair: Pair, quasi: Sequence[str], given: Mapping[str, Any]) -> Evidence:
    """From a release and its original; what is known of the release is told by its assessment."""
    original = pair.original
    known = tuple(name for name in quasi if name in original.column_names)
    before = Exposure.of(_class_sizes(original, known), given) if known and len(original) else None
    names = [n for n in pair.release.column_names if n in original.column_names and ITEMS not in n]
    rows = pair.answer(RowSample(beside(names)))
    is_paired = pair.places is not None
    columns = tuple(c for c in _columns(rows, is_paired=is_paired) if c.changed != 0)
    total = len(original) + (0 if is_paired else len(pair.release))
    return Evidence(before, None, columns, len(rows), total, is_paired)


def _class_sizes(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    return ClassSizes(names).fit(table.select(list(names)).combine_chunks().to_batches()[0])


def _columns(rows: pa.Table, is_paired: bool) -> tuple[Column, ...]:
    batch = rows.combine_chunks().to_batches()[0] if len(rows) else pa.RecordBatch.from_pylist([], rows.schema)
    kept = batch.column(KEPT)
    original, release = kept.is_valid(), pc.fill_null(kept, True)
    found = []
    for name in compared(rows.column_names):
        before, after = (batch.column(prefix + name) for prefix in (BEFORE, AFTER))
        pairs = ValuePairs.of([name])
        changes = pairs.finish(pairs.merge([pairs.fit(batch)]))[name] if is_paired and len(batch) else None
        found.append(Column(name, before.filter(original), after.filter(release), changes))
    return tuple(found)
