"""Cells that hold sets of items: how often their combinations occur, and which items must become coarser."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import from_numpy, to_numpy, where
from anonymize.kernels.combining import encode, number_codes, places_of
from anonymize.kernels.hierarchies import Hierarchy

Numbers = NDArray[np.int64]
MOST = 20_000_000
"""Combinations in cells that are counted at a time."""


@dataclass(frozen=True)
class Baskets:
    """Distinct cells with their items as numbers, sorted by cell and item, each item once in a cell."""

    cells: Numbers
    items: Numbers
    rows: Numbers
    """The rows of each cell."""
    kinds: int
    """How many items there are."""

    @classmethod
    def of(cls, cells: Numbers, items: Numbers, rows: Numbers, kinds: int) -> "Baskets":
        """From pairs of cell and item, in any order."""
        pairs = np.unique(cells * np.int64(max(kinds, 1)) + items)
        return cls(pairs // max(kinds, 1), pairs % max(kinds, 1), rows, kinds)

    def recoded(self, codes: Numbers) -> "Baskets":
        """With every item under another number; those below 0 are gone."""
        new = codes[self.items]
        here = new >= 0
        return Baskets.of(self.cells[here], new[here], self.rows, int(codes.max(initial=-1)) + 1)


@dataclass(frozen=True)
class Supports:
    """The combinations of some number of items that occur."""

    members: Numbers
    """The items of each, a row for a combination."""
    rows: Numbers
    """How many rows have it."""


def split_items(cells: pa.Array, separator: str) -> tuple[Numbers, pa.Array]:
    """The cell of each item, and the items, blanks around them cut off; an empty one is none."""
    parts = pc.split_pattern(cells, separator)
    of, items = to_numpy(pc.list_parent_indices(parts)), pc.utf8_trim_whitespace(pc.list_flatten(parts))
    present = pc.not_equal(items, "")
    return of[to_numpy(present)].astype(np.int64), items.filter(present)


def read_baskets(cells: pa.Array, rows: Numbers, separator: str) -> tuple[Baskets, pa.Array]:
    """Distinct cells and their rows as baskets, and the items by number."""
    of, items = split_items(cells, separator)
    codes, kinds = encode(items)
    known = items.unique() if kinds else pa.array([], pa.string())
    return Baskets.of(of, codes.astype(np.int64), rows, kinds), known


def supports(baskets: Baskets, most: int) -> Iterator[Supports]:
    """The combinations of 1, 2, … items. Raises DataError for more than can be counted."""
    ends = np.searchsorted(baskets.cells, np.arange(len(baskets.rows)), side="right")
    last = np.arange(len(baskets.cells))
    keys, kinds = number_codes([(baskets.items, baskets.kinds)], len(last))
    members = baskets.items[places_of(keys, kinds)][:, None]
    for size in range(1, most + 1):
        cells = baskets.cells[last]
        yield Supports(members, np.bincount(keys, baskets.rows[cells], kinds).astype(np.int64))
        following = ends[cells] - last - 1
        if size == most or not following.any():
            return
        if int(following.sum()) > MOST:
            raise DataError(f"there are more than {MOST:,} combinations of {size + 1} items", hint="lower `m`")
        before = np.repeat(np.arange(len(last)), following)
        offsets = np.arange(len(before)) - np.repeat(np.cumsum(following) - following, following)
        last = last[before] + 1 + offsets
        items = baskets.items[last]
        old, keys_before = members, keys[before]
        keys, kinds = number_codes([(keys_before, kinds), (items, baskets.kinds)], len(last))
        one = places_of(keys, kinds)
        members = np.column_stack([old[keys_before[one]], items[one]])


@dataclass
class Cut:
    """The level of each item in a hierarchy. Whatever shares a label is on one level; beyond the top, items go."""

    groups: Sequence[Numbers]
    """For each level, the number of the label that each item has."""
    levels: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.levels = np.zeros(len(self.groups[0]), np.int64)

    @property
    def codes(self) -> Numbers:
        """A number for the label of each item; -1 for those that go."""
        height = len(self.groups)
        table = np.stack([*self.groups, np.zeros_like(self.groups[0])])
        labels = table[self.levels, np.arange(len(self.levels))]
        numbers, _ = number_codes(
            [(self.levels, height + 1), (labels, int(table.max(initial=0)) + 1)], len(labels)
        )
        gone = self.levels == height
        kept = np.cumsum(np.bincount(numbers[~gone], minlength=int(numbers.max(initial=-1)) + 1) > 0) - 1
        return np.where(gone, -1, kept[numbers]) if len(numbers) else numbers

    def raise_(self, chosen: NDArray[np.bool_]) -> None:
        """Put these items one level up, with all that share their new label."""
        before = self.levels.copy()
        for level in range(len(self.groups)):
            here = chosen & (before == level)
            shared = self.groups[min(level + 1, len(self.groups) - 1)]
            touched = np.isin(shared, shared[here])
            if level + 1 < len(self.groups):
                self.levels[touched] = np.maximum(self.levels[touched], level + 1)
            else:
                self.levels[touched & (before == level)] = level + 1


def coarsen(baskets: Baskets, groups: Sequence[Numbers], k: int, m: int) -> Cut:
    """The levels on which every combination of up to m items occurs in k rows or not at all.

    Size by size, as the apriori anonymization of M. Terrovitis, N. Mamoulis, P. Kalnis, "Privacy-preserving
    anonymization of set-valued data", 2008: of each combination that is too rare, the rarest item goes one level
    up, until none is left.
    """
    cut = Cut(groups)
    for size in range(1, m + 1):
        while True:
            codes = cut.codes
            found = list(supports(baskets.recoded(codes), size))
            rare = [(each.members, each.rows < k) for each in found]
            if not any(flags.any() for _, flags in rare):
                break
            frequency = np.zeros(int(codes.max(initial=-1)) + 1, np.int64)
            frequency[found[0].members[:, 0]] = found[0].rows
            chosen = np.zeros(len(frequency), np.bool_)
            for members, flags in rare:
                bad = members[flags]
                chosen[bad[np.arange(len(bad)), frequency[bad].argmin(axis=1)]] = True
            cut.raise_(np.where(codes >= 0, chosen[np.maximum(codes, 0)], False))
    return cut


@dataclass(frozen=True)
class Items:
    """What becomes of each item."""

    items: pa.Array = field(repr=False)
    labels: pa.Array = field(repr=False)
    """Null for an item that goes."""
    lacking: pa.BooleanArray = field(repr=False)
    """Which items the hierarchy lacks."""
    facts: Mapping[str, int]

    def relabelled(self, cells: pa.Array, separator: str) -> pa.Array:
        """Cells with the labels of their items, each once; null where the hierarchy lacks an item."""
        of, items = split_items(cells, separator)
        places = pc.index_in(items, value_set=self.items)
        lost = of[to_numpy(pc.fill_null(self.lacking.take(places), True))]
        labels = self.labels.take(places)
        of, labels = of[to_numpy(labels.is_valid())], labels.drop_null()
        codes, kinds = encode(labels)
        _, first = np.unique(of * np.int64(max(kinds, 1)) + codes, return_index=True)
        first = np.sort(first)
        ends = np.searchsorted(of[first], np.arange(len(cells) + 1)).astype(np.int32)
        lists = pa.ListArray.from_arrays(from_numpy(ends), labels.take(from_numpy(first)))
        kept = np.ones(len(cells), np.bool_)
        kept[lost] = False
        return where(from_numpy(kept), pc.binary_join(lists, separator), pa.scalar(None, pa.string()))


def coarse_items(baskets: Baskets, items: pa.Array, hierarchy: Hierarchy | None, k: int, m: int) -> Items:
    """The labels of the items on which every combination of up to m occurs in k rows or not at all."""
    groups, labels, lacking = _groups(items, hierarchy)
    levels = coarsen(baskets, groups, k, m).levels if len(items) else np.zeros(0, np.int64)
    every = pa.concat_arrays([*labels, pa.nulls(len(items), pa.string())])
    chosen = every.take(from_numpy(levels * len(items) + np.arange(len(items))))
    gone = int((levels == len(labels)).sum())
    facts = {"items": len(items), "generalized": int((levels > 0).sum()) - gone, "removed": gone}
    return Items(items, chosen, lacking, facts)


def _groups(items: pa.Array, hierarchy: Hierarchy | None) -> tuple[list[Numbers], list[pa.Array], pa.BooleanArray]:
    """For each level the number and the label of each item, and which items the hierarchy lacks."""
    if hierarchy is None:
        return [np.arange(len(items))], [items], items.is_null()
    places = pc.index_in(items, value_set=hierarchy.levels[0])
    labels = [items, *(level.take(places) for level in hierarchy.levels[1:])]
    return [encode(label)[0].astype(np.int64) for label in labels], labels, places.is_null()
