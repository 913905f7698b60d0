"""From a census and demands to what becomes of each combination."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.errors import DataError, quoted
from anonymize.kernels.anonymity.classes import Census, Grouping, Node, classes_of
from anonymize.kernels.anonymity.descending import Descent
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.ladders import Ladder
from anonymize.kernels.anonymity.local import peel
from anonymize.kernels.anonymity.quality import Quality, loss, measure
from anonymize.kernels.anonymity.requirements import Demands, Flags
from anonymize.kernels.anonymity.search import Recoding, Search
from anonymize.kernels.arrays import to_numpy

SMALL_LATTICE = 50_000
"""Nodes that local recoding visits one by one."""
Levels = NDArray[np.int8]
"""A row for each quasi-identifier, the level of each combination."""


@dataclass(frozen=True)
class Wish:
    """How the demands are to be met."""

    limit: float = 0.0
    """The share of the rows that may be suppressed."""
    quality: Quality = "loss"
    weights: Sequence[float] = ()
    fixed: Sequence[int | None] = ()
    seconds: float | None = None
    local: bool = False
    blank: bool = True
    """Suppressed rows stay, hidden, if they are a class that holds; otherwise they go."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of each combination of a census."""

    levels: Levels = field(repr=False)
    suppressed: Flags = field(repr=False)
    blanked: bool
    """Suppressed rows stay, hidden; otherwise they go."""
    facts: Mapping[str, Any]


def enforce(
    census: Census, names: Sequence[str], ladders: Sequence[Ladder], demands: Demands, wish: Wish
) -> Outcome:
    """The best release that meets the demands. Raises DataError if there is none."""
    for name, ladder, level in zip(names, ladders, wish.fixed, strict=True):
        if level is not None and level > ladder.domain.height:
            raise DataError(f"the hierarchy of {quoted(name)} has {ladder.domain.height} levels, not {level}")
    limit = int(wish.limit * census.rows + 1e-9)
    if wish.local:
        levels, suppressed = _local(census, [ladder.domain for ladder in ladders], demands, wish.fixed)
        facts: dict[str, Any] = {}
    else:
        levels, suppressed, facts = _global(census, names, ladders, demands, wish, limit)
    suppressed, blanked = settle(census, ladders, demands, levels, suppressed, wish.blank)
    gone = int(census.weights[suppressed].sum())
    if gone > limit:
        raise unreachable(census, ladders, demands, limit, wish.fixed)
    if gone == census.rows:
        raise DataError("every row would be suppressed", hint="lower `suppress`, or coarsen the hierarchies")
    domains = [ladder.domain for ladder in ladders]
    facts["loss"] = loss(census, domains, wish.weights).of_cells(levels, suppressed)
    facts["suppressed"] = gone
    facts["dropped"] = 0 if blanked else gone
    return Outcome(levels, suppressed, blanked, facts)


def _local(
    census: Census, domains: Sequence[Domain], demands: Demands, fixed: Sequence[int | None]
) -> tuple[Levels, Flags]:
    """Levels of its own for each combination: from below in a small lattice, from above in a large one."""
    free = [domain.height + 1 for domain, level in zip(domains, fixed, strict=True) if level is None]
    if math.prod(free) <= SMALL_LATTICE:
        return peel(census, domains, demands, fixed)
    floors = [0 if level is None else level for level in fixed]
    tops = [domain.height if level is None else level for domain, level in zip(domains, fixed, strict=True)]
    return Descent(census, domains, demands, floors).run(tops)


def _global(
    census: Census, names: Sequence[str], ladders: Sequence[Ladder], demands: Demands, wish: Wish, limit: int
) -> tuple[Levels, Flags, dict[str, Any]]:
    """One level for each attribute."""
    domains = [ladder.domain for ladder in ladders]
    figure = measure(wish.quality, census, domains, wish.weights, demands.k)
    deadline = None if wish.seconds is None else time.monotonic() + wish.seconds
    try:
        search = Search(census, domains, demands.criterion, limit, figure, wish.fixed, deadline)
    except ValueError as error:
        hint = "fix some levels, give shorter hierarchies, or say `local: true`"
        raise DataError(str(error), hint=hint) from None
    found = search.run()
    if found is None:
        raise unreachable(census, ladders, demands, limit, wish.fixed)
    found = replace(found, levels=_finest(census, domains, found.levels, wish.fixed))
    classes = Grouping(census, domains).classes(found.levels)
    levels = np.repeat(np.array(found.levels, np.int8)[:, None], len(census.weights), axis=1)
    return levels, demands.violating(classes)[classes.of], _facts(found, names, ladders, wish)


def _finest(census: Census, domains: Sequence[Domain], node: Node, fixed: Sequence[int | None]) -> Node:
    """The finest levels that make the same classes: their labels say more."""
    levels = list(node)
    for place, (domain, values) in enumerate(zip(domains, census.values, strict=True)):
        if fixed and fixed[place] is not None:
            continue
        occurring = np.unique(values)
        while levels[place] and _groups(domain, levels[place] - 1, occurring) == _groups(
            domain, levels[place], occurring
        ):
            levels[place] -= 1
    return tuple(levels)


def _groups(domain: Domain, level: int, values: NDArray[np.int32]) -> int:
    return len(np.unique(domain.levels[level].groups[values]))


def _facts(found: Recoding, names: Sequence[str], ladders: Sequence[Ladder], wish: Wish) -> dict[str, Any]:
    levels = {
        name: f"{level} of {ladder.domain.height}"
        for name, level, ladder in zip(names, found.levels, ladders, strict=True)
    }
    facts: dict[str, Any] = {"levels": levels}
    if wish.quality != "loss":
        facts[wish.quality] = found.loss
    if not found.is_optimal:
        facts["best possible"] = found.bound
    return facts


def settle(
    census: Census, ladders: Sequence[Ladder], demands: Demands, levels: Levels, suppressed: Flags, blank: bool
) -> tuple[Flags, bool]:
    """The suppressed combinations such that the released table holds as it will be read, and whether they stay
    in it, hidden."""
    labels = [Labels.of(ladder) for ladder in ladders]
    while True:
        kept = np.flatnonzero(~suppressed | (census.weights == 0))
        classes = classes_of(census, [own.taken(levels[i, kept], kept) for i, own in enumerate(labels)], kept)
        bad = demands.violating(classes)[classes.of]
        if not bad.any():
            break
        suppressed = suppressed.copy()
        suppressed[kept[bad]] = True
    if not blank or not suppressed.any():
        return suppressed, blank
    top = np.where(suppressed, np.array([[ladder.domain.height] for ladder in ladders], np.int8), levels)
    everything = np.arange(len(census.weights))
    released = [own.taken(top[i], everything) for i, own in enumerate(labels)]
    classes = classes_of(census, released, everything)
    return suppressed, not demands.violating(classes).any()


@dataclass(frozen=True)
class Labels:
    """The labels of all levels of an attribute as numbers, so that equal ones are told as equal."""

    table: NDArray[np.int64]
    """A row for each level, a column for each value of the domain."""
    places: NDArray[np.int32]
    size: int

    @classmethod
    def of(cls, ladder: Ladder) -> "Labels":
        """The labels of a ladder."""
        encoded = pc.dictionary_encode(pa.concat_arrays(ladder.levels), null_encoding="encode")
        table = to_numpy(encoded.indices).astype(np.int64).reshape(len(ladder.levels), -1)
        return cls(table, ladder.places, len(encoded.dictionary))

    def taken(self, levels: NDArray[np.int8], rows: NDArray[np.intp]) -> tuple[NDArray[np.int64], int]:
        """The label of each of these combinations on its level, and how many labels there are."""
        return self.table[levels, self.places[rows]], self.size


def unreachable(
    census: Census, ladders: Sequence[Ladder], demands: Demands, limit: int, fixed: Sequence[int | None]
) -> DataError:
    """The error for demands that nothing meets, with what would."""
    heights = [ladder.domain.height for ladder in ladders]
    node: Node = tuple(h if f is None else f for h, f in zip(heights, fixed or [None] * len(heights), strict=True))
    classes = Grouping(census, [ladder.domain for ladder in ladders]).classes(node)
    needed = int(classes.sizes[demands.violating(classes)].sum())
    sizes = np.sort(classes.sizes[classes.sizes > 0])
    below = np.cumsum(sizes) - sizes
    most = int(sizes[below <= limit].max(initial=0))
    asked = f"k={demands.k}" + (" and the other models" if demands.requirements or demands.populations else "")
    message = (
        f"no levels reach {asked}: even on the coarsest, {needed:,} of {census.rows:,} rows would have to be "
        f"suppressed, where {limit:,} may be"
    )
    hint = f"the largest k within this limit is {most:,}; ask for less, suppress more, or name fewer columns"
    return DataError(message, hint=hint)
