"""How often detectors find something, by column and entity."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Evidence
from anonymize.core.roles import Role
from anonymize.core.statistic import State
from anonymize.kernels.arrays import text, to_numpy
from anonymize.kernels.detection.available import detectors_of, every_detector
from anonymize.kernels.detection.finding import find
from anonymize.kernels.detection.findings import UNSCANNED
from anonymize.kernels.text.characters import text_type

NUMBER = r"^\s*[0-9]+(?:\.0)?\s*$"
BARE = int(Evidence.WHOLE | Evidence.CONTEXT | Evidence.HEADER)
"""A find that is all of its cell, and that no word speaks for, has of these only the first."""
MAYBE, NUMBERS = "?", "#"
"""What stands behind the entity of a bare find in a number, and for the count of numbers. A length follows."""
LONGEST = 64
ENOUGH, ODDS, MOST = 100, 1.5, 0.05
"""Among so many numbers of its length, bare finds count only if they are so much more than by chance, or over
one in twenty: one in ten passes a check digit. Numbers of other lengths say nothing about it."""

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
        columns = list(zip(*_beyond_chance(state), strict=True)) or [(), (), ()]
        return pa.table([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)

    def _of_column(self, name: str, values: pa.Array) -> State:
        try:
            text_type(values.type)
        except TypeError:  # binary: nothing can be read there, so nothing says that it is clean
            unread = len(values) - values.null_count
            return pa.table([[name], [UNSCANNED], [unread]], SCHEMA) if unread else SCHEMA.empty_table()
        detectors = detectors_of(self.entities)
        if name in self.lenient:
            detectors = [each for each in detectors if each.role is Role.DIRECT_IDENTIFIER]
        cells = text(values)
        found = find(cells, detectors, name, self.locales, self.min_score)
        is_number = to_numpy(pc.fill_null(pc.match_substring_regex(cells, NUMBER), False))
        lengths = np.minimum(to_numpy(pc.fill_null(pc.utf8_length(cells), 0)), LONGEST)
        bare = ((found.evidence & BARE) == int(Evidence.WHOLE)) & is_number[found.row]
        counts = _by_length(NUMBERS, lengths[is_number])
        for code, entity in enumerate(found.entities):
            its = found.entity == code
            counts[entity] = int((its & ~bare).sum())
            counts |= _by_length(entity + MAYBE, lengths[found.row[its & bare]])
        there = [(entity, count) for entity, count in counts.items() if count]
        columns = {
            "column": [name] * len(there),
            "entity": [entity for entity, _ in there],
            "count": [count for _, count in there],
        }
        return pa.table(columns, SCHEMA)


def _beyond_chance(state: State) -> Iterator[tuple[str, str, int]]:
    """(column, entity, count) of what is not to be expected of numbers; each pair once, in order."""
    chances = {each.entity: each.chance for each in every_detector()}
    rows = list(zip(*(state[name].to_pylist() for name in SCHEMA.names), strict=True))
    numbers = {(column, said[1:]): count for column, said, count in rows if said.startswith(NUMBERS)}
    counts: Counter[tuple[str, str]] = Counter()
    for column, said, count in rows:
        entity, mark, length = said.partition(MAYBE)
        among = numbers.get((column, length), 0)
        expected = among * min(ODDS * chances.get(entity, 0.0), MOST)
        if not said.startswith(NUMBERS) and not (mark and among >= ENOUGH and count <= expected):
            counts[column, entity] += count
    yield from ((column, entity, count) for (column, entity), count in sorted(counts.items()))


def _by_length(said: str, lengths: NDArray[np.int32]) -> dict[str, int]:
    """How often each length is there."""
    found, counts = np.unique(lengths, return_counts=True)
    return {f"{said}{length}": count for length, count in zip(found.tolist(), counts.tolist(), strict=True)}


def total(state: State) -> int:
    """All finds together."""
    return pc.sum(state["count"]).as_py() or 0
