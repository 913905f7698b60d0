"""From a census and demands to what becomes of each combination."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.errors import DataError, quoted
from anonymize.kernels.anonymity.classes import Census, Grouping, Node, classes_of
from anonymize.kernels.anonymity.climbing import Climb, worth_looking
from anonymize.kernels.anonymity.descending import Descent
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.ladders import Ladder
from anonymize.kernels.anonymity.lending import Lending
from anonymize.kernels.anonymity.local import ORDERS, peel
from anonymize.kernels.anonymity.quality import Measure, Quality, loss, measure
from anonymize.kernels.anonymity.requirements import Demands, Flags
from anonymize.kernels.anonymity.search import LARGEST_LATTICE, Look, Recoding, Search, lattice, looking
from anonymize.kernels.arrays import to_numpy

SMALL_LATTICE = 50_000
"""Nodes that local recoding visits one by one."""
SMALL_CENSUS = 50_000
"""Combinations for which local recoding tries several orders, takes the best, and lets groups borrow."""
Levels = NDArray[np.int8]
"""A row for each quasi-identifier, the level of each combination."""
Method: TypeAlias = Literal["optimal", "best_effort"]


@dataclass(frozen=True)
class Wish:
    """How the demands are to be met."""

    limit: float = 0.0
    """The share of the rows that may be suppressed."""
    quality: Quality = "loss"
    weights: Sequence[float] = ()
    fixed: Sequence[int | None] = ()
    method: Method = "optimal"
    seconds: float | None = None
    local: bool = False
    blank: bool = True
    """Suppressed rows stay, hidden, if they are a class that holds; otherwise they go."""


@dataclass(frozen=True)
class Task:
    """A census, and what is to become of it."""

    census: Census
    names: Sequence[str]
    """The quasi-identifiers."""
    ladders: Sequence[Ladder]
    demands: Demands
    wish: Wish = field(default_factory=Wish)

    @property
    def domains(self) -> list[Domain]:
        """The levels of each quasi-identifier as numbers."""
        return [ladder.domain for ladder in self.ladders]

    @property
    def limit(self) -> int:
        """Rows that may be suppressed."""
        return self.rows_of(self.wish.limit)

    def rows_of(self, share: float) -> int:
        """The whole rows in a share of them."""
        return int(share * self.census.rows + 1e-9)

    @property
    def fixed(self) -> list[int | None]:
        """The level of each quasi-identifier that has no choice."""
        return list(self.wish.fixed) or [None] * len(self.ladders)

    @property
    def ends(self) -> tuple[Node, Node]:
        """The finest and the coarsest levels to consider."""
        heights = [domain.height for domain in self.domains]
        bottoms = tuple(0 if level is None else level for level in self.fixed)
        return bottoms, tuple(h if f is None else f for h, f in zip(heights, self.fixed, strict=True))

    @property
    def nodes(self) -> int:
        """How many combinations of levels there are."""
        return math.prod(top - bottom + 1 for bottom, top in zip(*self.ends, strict=True))

    @property
    def measure(self) -> Measure:
        """What is made small."""
        return measure(self.wish.quality, self.census, self.domains, self.wish.weights, self.demands.k)


@dataclass(frozen=True)
class Outcome:
    """What becomes of each combination of a census."""

    levels: Levels = field(repr=False)
    suppressed: Flags = field(repr=False)
    blanked: bool
    """Suppressed rows stay, hidden; otherwise they go."""
    facts: Mapping[str, Any]


def enforce(task: Task) -> Outcome:
    """The best release that meets the demands. Raises DataError if there is none."""
    for name, ladder, level in zip(task.names, task.ladders, task.fixed, strict=True):
        if level is not None and level > ladder.domain.height:
            raise DataError(f"the hierarchy of {quoted(name)} has {ladder.domain.height} levels, not {level}")
    if task.wish.local:
        return released(task, *_local(task), {})
    found = best_levels(task)
    if found is None:
        raise unreachable(task)
    return recoded(task, found)


def recoded(task: Task, found: Recoding) -> Outcome:
    """The release on these levels. Raises DataError if it does not hold within the limit."""
    found = replace(found, levels=finest(task, found.levels))
    classes = Grouping(task.census, task.domains).classes(found.levels)
    levels = np.repeat(np.array(found.levels, np.int8)[:, None], len(task.census.weights), axis=1)
    return released(task, levels, task.demands.violating(classes)[classes.of], _facts(task, found))


def released(task: Task, levels: Levels, suppressed: Flags, facts: dict[str, Any]) -> Outcome:
    """The release with the combinations on these levels. Raises DataError if too much would be suppressed."""
    census = task.census
    suppressed, blanked = settle(task, levels, suppressed)
    gone = int(census.weights[suppressed].sum())
    if gone > task.limit:
        raise unreachable(task)
    if gone == census.rows:
        few = f"ask for a smaller k: there are {census.rows:,} rows" if task.demands.k > census.rows else None
        raise DataError(
            "every row would be suppressed", hint=few or "lower `suppress`, or coarsen the hierarchies"
        )
    facts["loss"] = loss(census, task.domains, task.wish.weights).of_cells(levels, suppressed)
    facts["suppressed"] = gone
    facts["dropped"] = 0 if blanked else gone
    return Outcome(levels, suppressed, blanked, facts)


def _local(task: Task) -> tuple[Levels, Flags]:
    """Levels of its own for each combination: from below in a small lattice, from above in a large one."""
    if task.nodes <= SMALL_LATTICE:
        data = (task.census, task.domains, task.demands, task.fixed)
        is_small = len(task.census.weights) <= SMALL_CENSUS
        orders = ORDERS if is_small else ORDERS[:1]
        figure = loss(task.census, task.domains, task.wish.weights)
        levels, suppressed = min(
            (peel(*data, *order) for order in orders), key=lambda made: figure.of_cells(*made)
        )
        if suppressed.any() or not (is_small and task.demands.is_plain):
            return levels, suppressed
        nodes = lattice(task.domains, task.fixed)
        lending = Lending(task.census, task.domains, task.demands.k, task.wish.weights)
        return lending.run(levels, nodes[np.argsort(figure.floors(nodes), kind="stable")]), suppressed
    bottoms, tops = task.ends
    return Descent(task.census, task.domains, task.demands, bottoms).run(tops)


def best_levels(
    task: Task, look: Callable[[Node], Look] | None = None, start: Recoding | None = None
) -> Recoding | None:
    """One level for each attribute, perhaps better than those to start from. None if no levels hold; DataError if
    none were found in the time, or if there are too many to search."""
    wish, demands, figure = task.wish, task.demands, task.measure
    deadline = None if wish.seconds is None else time.monotonic() + wish.seconds
    if wish.method == "best_effort":
        look = look or looking(task.census, task.domains, demands.criterion, figure, task.limit)
        looks = worth_looking(len(task.census.weights))
        return Climb(*task.ends, look, figure.floors, task.limit, looks, deadline, start).run()
    if task.nodes > LARGEST_LATTICE:
        hint = "say `method: best_effort` or `local: true`, fix some levels, or give shorter hierarchies"
        raise DataError(f"{task.nodes:,} combinations of levels are too many to search all", hint=hint)
    data = (task.census, task.domains, demands.criterion)
    search = Search(*data, task.limit, figure, task.fixed, deadline, look, start)
    found = search.run()
    if found is None and search.is_open:
        raise DataError("no levels were found in the time", hint="raise `time_limit`, or say `local: true`")
    return found


def finest(task: Task, node: Node) -> Node:
    """The finest levels that make the same classes: their labels say more."""
    levels = list(node)
    for place, (domain, values) in enumerate(zip(task.domains, task.census.values, strict=True)):
        if task.fixed[place] is not None:
            continue
        occurring = np.unique(values)
        while levels[place] and _groups(domain, levels[place] - 1, occurring) == _groups(
            domain, levels[place], occurring
        ):
            levels[place] -= 1
    return tuple(levels)


def _groups(domain: Domain, level: int, values: NDArray[np.int32]) -> int:
    return len(np.unique(domain.levels[level].groups[values]))


def _facts(task: Task, found: Recoding) -> dict[str, Any]:
    levels = {
        name: f"{level} of {ladder.domain.height}"
        for name, level, ladder in zip(task.names, found.levels, task.ladders, strict=True)
    }
    facts: dict[str, Any] = {"levels": levels}
    if task.wish.quality != "loss":
        facts[task.wish.quality] = found.loss
    if not found.is_optimal:
        facts["best possible"] = found.bound
    return facts


def settle(task: Task, levels: Levels, suppressed: Flags) -> tuple[Flags, bool]:
    """The suppressed combinations such that the released table holds as it will be read, and whether they stay
    in it, hidden."""
    census, demands = task.census, task.demands
    labels = [Labels.of(ladder) for ladder in task.ladders]
    while True:
        kept = np.flatnonzero(~suppressed | (census.weights == 0))
        classes = classes_of(census, [own.taken(levels[i, kept], kept) for i, own in enumerate(labels)], kept)
        bad = demands.violating(classes)[classes.of]
        if not bad.any():
            break
        suppressed = suppressed.copy()
        suppressed[kept[bad]] = True
    if not task.wish.blank or not suppressed.any():
        return suppressed, task.wish.blank
    heights = np.array([[ladder.domain.height] for ladder in task.ladders], np.int8)
    top = np.where(suppressed, heights, levels)
    everything = np.arange(len(census.weights))
    seen = [own.taken(top[i], everything) for i, own in enumerate(labels)]
    return suppressed, not demands.violating(classes_of(census, seen, everything)).any()


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


def unreachable(task: Task) -> DataError:
    """The error for demands that nothing meets, with what would."""
    census, demands, limit = task.census, task.demands, task.limit
    classes = Grouping(census, task.domains).classes(task.ends[1])
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
    if most >= demands.k:
        hint = "k alone is within reach: ask less of the other models, suppress more, or name fewer columns"
    return DataError(message, hint=hint)
