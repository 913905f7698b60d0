"""How often detectors find something, by column and entity."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.roles import Role
from anonymize.core.statistic import State
from anonymize.kernels.arrays import text
from anonymize.kernels.detection.available import detectors_of
from anonymize.kernels.detection.finding import find
from anonymize.kernels.text.characters import text_type

SCHEMA = pa.schema([("column", pa.string()), ("entity", pa.string()), ("count", pa.int64())])


@dataclass(frozen=True)
class ResidualFinds:
    """Counts of finds in every cell of some columns. Holds no values."""

    columns: tuple[str, ...]
    entities: tuple[str, ...] = ()
    min_score: float = 0.5
    locales: tuple[str, ...] = ()
    lenient: tuple[str, ...] = ()
    """Columns in which only what identifies by itself is counted."""

    by_column: ClassVar[bool] = True
    """Each column may be asked for alone: a column of lists has more values than rows."""

    def fit(self, batch: pa.RecordBatch) -> State:
        parts = [self._of_column(name, batch.column(name)) for name in batch.schema.names]
        return pa.concat_tables([SCHEMA.empty_table(), *parts])

    def merge(self, states: Sequence[State]) -> State:
        merged = pa.concat_tables([SCHEMA.empty_table(), *states]).group_by(["column", "entity"])
        counted = merged.aggregate([("count", "sum")]).rename_columns({"count_sum": "count"})
        ordered = counted.select(SCHEMA.names).cast(SCHEMA)
        return ordered.sort_by([("column", "ascending"), ("entity", "ascending")])

    def finish(self, state: State) -> State:
        return state

    def _of_column(self, name: str, values: pa.Array) -> State:
        try:
            text_type(values.type)
        except TypeError:  # binary: nothing can be read there
            return SCHEMA.empty_table()
        detectors = detectors_of(self.entities)
        if name in self.lenient:
            detectors = [each for each in detectors if each.role is Role.DIRECT_IDENTIFIER]
        found = find(text(values), detectors, name, self.locales, self.min_score)
        counts = np.bincount(found.entity, minlength=len(found.entities))
        there = np.flatnonzero(counts).tolist()
        columns = {
            "column": [name] * len(there),
            "entity": [found.entities[code] for code in there],
            "count": [int(counts[code]) for code in there],
        }
        return pa.table(columns, SCHEMA)


def total(state: State) -> int:
    """All finds together."""
    return pc.sum(state["count"]).as_py() or 0
