"""The labels of a quasi-identifier's values on each level, the hidden top included."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.anonymity.domains import Codes, Domain
from anonymize.kernels.arrays import from_numpy, text, to_numpy
from anonymize.kernels.combining import distinct_values
from anonymize.kernels.hierarchies import Hierarchy
from anonymize.kernels.hierarchy_builders import STAR, Builder, automatic


@dataclass(frozen=True)
class Ladder:
    """A column of a census: the labels of the values on each level, and which value each combination has."""

    levels: tuple[pa.Array, ...] = field(repr=False)
    """For each level the labels of all values of the domain; null for a null, and for what is hidden by null."""
    places: Codes = field(repr=False)
    """For each combination, the place of its value in the domain."""
    unfit: NDArray[np.bool_] = field(repr=False)
    """Which combinations have a value that the hierarchy lacks."""

    @cached_property
    def domain(self) -> Domain:
        """The levels as numbers."""
        return Domain.of(self.levels)


def make_ladder(values: pa.Array, hierarchy: Hierarchy | Builder | None, hidden: str | None) -> Ladder:
    """The ladder of a column's values, one per combination.

    A top level is added on which all values are `hidden`; it takes the place of one that says `*` for all. Null
    stays null on every level, so it is of one group with everything else on the top level only if that is null
    too. The domain is that of the hierarchy, or the values themselves.
    """
    distinct, places = _sorted_values(values)
    if isinstance(hierarchy, Hierarchy):
        known = _with_null(hierarchy.levels, distinct)
        found = pc.index_in(text(distinct), value_set=known[0])
        moved = to_numpy(pc.fill_null(found, -1)).astype(np.int32)[places]
        return Ladder(_topped(known, hidden), np.maximum(moved, 0), moved < 0)
    builder = automatic(distinct) if hierarchy is None else hierarchy
    levels = (text(distinct), *builder.levels(distinct))
    lost = np.zeros(len(distinct), np.bool_)
    for level in levels:
        lost |= to_numpy(pc.and_(level.is_null(), distinct.is_valid()))
    return Ladder(_topped(levels, hidden), places, lost[places])


def _sorted_values(values: pa.Array) -> tuple[pa.Array, Codes]:
    """The distinct values in an order that does not depend on that of the rows, and the place of each."""
    codes, distinct = distinct_values(values)
    order = pc.sort_indices(text(distinct))
    ranks = np.empty(len(order), np.int32)
    ranks[to_numpy(order).astype(np.int64)] = np.arange(len(order), dtype=np.int32)
    return distinct.take(order), ranks[codes]


def _with_null(levels: Sequence[pa.Array], distinct: pa.Array) -> tuple[pa.Array, ...]:
    """The levels of a hierarchy, with null as a value if it occurs."""
    if not distinct.null_count:
        return tuple(levels)
    return tuple(pa.concat_arrays([level, pa.nulls(1, pa.string())]) for level in levels)


def _topped(levels: Sequence[pa.Array], hidden: str | None) -> tuple[pa.Array, ...]:
    last = levels[-1]
    is_starred = len(levels) > 1 and pc.all(pc.equal(last, STAR), min_count=0).as_py()
    below = levels[:-1] if is_starred else levels
    top = pa.repeat(pa.scalar(hidden, pa.string()), len(last))
    if hidden is not None and last.null_count:
        top = pc.if_else(levels[0].is_valid(), top, pa.scalar(None, pa.string()))
    return (*below, top)


def labels_of(ladder: Ladder, levels: NDArray[np.int8], suppressed: NDArray[np.bool_]) -> pa.Array:
    """The label of each combination on its own level; the hidden one where it is suppressed."""
    levels = np.where(suppressed, ladder.domain.height, levels).astype(np.int64)
    every = pa.concat_arrays(ladder.levels)
    return every.take(from_numpy(levels * len(ladder.levels[0]) + ladder.places))
