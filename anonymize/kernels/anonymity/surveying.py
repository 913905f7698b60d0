"""Nodes of a lattice looked at once, for many demands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from operator import le
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Classes, Grouping, Node
from anonymize.kernels.anonymity.enforcing import Task
from anonymize.kernels.anonymity.quality import Additive
from anonymize.kernels.anonymity.requirements import Flags
from anonymize.kernels.anonymity.search import Look, Recoding

Parts: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """What a node comes to under one k."""

    suppressed: int
    parts: Parts
    """What each attribute costs; one figure for all, if the measure does not tell them apart. Without suppression,
    if more rows go than ever may."""
    floors: Parts
    """The same without suppression."""

    def look(self, shares: Parts) -> Look:
        """With these weights of the attributes."""
        if len(self.parts) != len(shares):
            return Look(self.suppressed, float(self.parts[0]), float(self.floors[0]))
        return Look(self.suppressed, float(np.dot(shares, self.parts)), float(np.dot(shares, self.floors)))


@dataclass
class Survey:
    """Remembers what each node comes to for every k that is asked about."""

    task: Task
    ks: Sequence[int]
    most: int
    """Rows that may be suppressed at the most."""
    _grouping: Grouping = field(init=False, repr=False)
    _known: dict[Node, list[Known]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._grouping = Grouping(self.task.census, self.task.domains)
        self._tasks = [replace(self.task, demands=replace(self.task.demands, k=k)) for k in self.ks]
        self._measures = [task.measure for task in self._tasks]

    def look(self, task: Task) -> Callable[[Node], Look]:
        """Looks at nodes for the k and the weights of this task."""
        place = list(self.ks).index(task.demands.k)
        shares = np.asarray(list(task.wish.weights) or [1.0] * len(task.names))
        shares = shares / max(shares.sum(), 1e-300)
        return lambda node: self._of(node)[place].look(shares)

    def start(self, task: Task) -> Recoding | None:
        """The best for this task of the nodes that are known by now."""
        place, look = list(self.ks).index(task.demands.k), self.look(task)
        bottoms, tops = task.ends
        holding = [
            (look(node).cost, node)
            for node, known in self._known.items()
            if known[place].suppressed <= task.limit and all(map(le, bottoms, node)) and all(map(le, node, tops))
        ]
        if not holding:
            return None
        cost, node = min(holding)
        return Recoding(node, cost, self._known[node][place].suppressed, cost)

    def _of(self, node: Node) -> list[Known]:
        if node not in self._known:
            classes = self._grouping.classes(node)
            bad = [task.demands.violating(classes) for task in self._tasks]
            self._known[node] = self._told(node, classes, bad)
        return self._known[node]

    def _told(self, node: Node, classes: Classes, bad: Sequence[Flags]) -> list[Known]:
        gone = [int(classes.sizes[flags].sum()) for flags in bad]
        measure = self._measures[0]
        if isinstance(measure, Additive):
            floors = measure.floor_parts(node)
            few = [
                flags if rows <= self.most else np.zeros_like(flags) for flags, rows in zip(bad, gone, strict=True)
            ]
            parts = floors + measure.hidden_parts(node, classes, few)
            return [Known(rows, part, floors) for rows, part in zip(gone, parts, strict=True)]
        return [
            Known(
                rows,
                np.array([measure.cost(node, classes, flags)]),
                np.array([measure.floor_above(node, classes)]),
            )
            for measure, rows, flags in zip(self._measures, gone, bad, strict=True)
        ]
