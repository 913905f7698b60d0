"""What a recoding costs: the figures that a search makes as small as possible."""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Census, Classes, Node
from anonymize.kernels.anonymity.domains import Domain, Shares

Flags = NDArray[np.bool_]
Quality: TypeAlias = Literal["loss", "entropy", "discernibility", "average_class_size"]


class Measure(Protocol):
    """A figure that never falls from a node to a coarser one, suppression aside."""

    def floors(self, nodes: NDArray[np.int8]) -> NDArray[np.float64]:
        """What each node costs at least, known before its classes are."""
        ...

    def cost(self, node: Node, classes: Classes, suppressed: Flags) -> float:
        """What a node costs when these of its classes are suppressed."""
        ...

    def floor_above(self, node: Node, classes: Classes) -> float:
        """What this node and every coarser one cost at least, now that its classes are known."""
        ...


class Additive:
    """The mean over rows and attributes of what the level hides of each value; 1 where it is suppressed."""

    def __init__(
        self,
        census: Census,
        costs: Sequence[Sequence[Shares]],
        everything: Sequence[Shares],
        weights: Sequence[float],
    ) -> None:
        shares = np.asarray(weights or [1.0] * len(costs))
        self._census, self._costs, self._everything = census, costs, everything
        self._shares = shares / max(shares.sum(), 1e-300)
        self._rows = max(census.rows, 1)
        self._means = []
        for levels, values in zip(costs, census.values, strict=True):
            counts = np.bincount(values, weights=census.weights, minlength=len(levels[0]))  # in the domain's order
            self._means.append(np.array([np.dot(counts, cost) for cost in levels]) / self._rows)

    def floors(self, nodes: NDArray[np.int8], power: float = 1.0) -> NDArray[np.float64]:
        floors = np.zeros(len(nodes))
        for place, means in enumerate(self._means):
            floors += self._shares[place] * (means**power)[nodes[:, place]]
        return floors

    def floor_parts(self, node: Node) -> NDArray[np.float64]:
        """What each attribute costs without suppression, whatever its weight."""
        return np.array([means[level] for means, level in zip(self._means, node, strict=True)])

    def hidden_parts(self, node: Node, classes: Classes, suppressed: Sequence[Flags]) -> NDArray[np.float64]:
        """What each attribute costs more when these classes are suppressed: a row for each choice of them."""
        chosen = np.flatnonzero(np.logical_or.reduce(suppressed))
        ones, sizes = classes.one[chosen], classes.sizes[chosen]
        flags = np.stack([choice[chosen] for choice in suppressed]).astype(float)
        parts = np.zeros((len(suppressed), len(node)))
        for place, values in enumerate(self._census.values if len(chosen) else ()):
            hidden = self._everything[place] - self._costs[place][node[place]]
            parts[:, place] = np.einsum("ij,j->i", flags, hidden[values[ones]] * sizes)  # "@" starts threads
        return parts / self._rows

    def cost(self, node: Node, classes: Classes, suppressed: Flags) -> float:
        hidden = self.hidden_parts(node, classes, [suppressed])[0]
        return float(np.dot(self._shares, self.floor_parts(node) + hidden))

    def floor_above(self, node: Node, classes: Classes) -> float:
        return self.floor(node)

    def floor(self, node: Node) -> float:
        """What the node and every coarser one cost at least, whatever its classes are."""
        return float(np.dot(self._shares, self.floor_parts(node)))

    def of_cells(self, levels: NDArray[np.int8], suppressed: Flags) -> float:
        """What it costs when each combination stands on its own levels (a row of `levels` for each attribute)."""
        lost = np.zeros(len(self._census.weights))
        for place, values in enumerate(self._census.values):
            table = np.stack(self._costs[place])
            hidden = np.where(suppressed, self._everything[place][values], table[levels[place], values])
            lost += self._shares[place] * hidden
        return float((lost * self._census.weights).sum()) / self._rows


class Discernibility:
    """The sum of the squared sizes of the classes, each suppressed row counting as the whole table.

    R. Bayardo, R. Agrawal, "Data privacy through optimal k-anonymization", 2005.
    """

    def __init__(self, census: Census) -> None:
        self._rows = census.rows

    def floors(self, nodes: NDArray[np.int8]) -> NDArray[np.float64]:
        return np.zeros(len(nodes))

    def cost(self, node: Node, classes: Classes, suppressed: Flags) -> float:
        kept, gone = classes.sizes[~suppressed], classes.sizes[suppressed]
        return float((kept.astype(float) ** 2).sum() + self._rows * gone.sum())

    def floor_above(self, node: Node, classes: Classes) -> float:
        return float((classes.sizes.astype(float) ** 2).sum())


class AverageClassSize:
    """Rows for each class and k, the suppressed rows being one class (K. LeFevre et al., "Mondrian", 2006)."""

    def __init__(self, census: Census, k: int) -> None:
        self._rows, self._k = census.rows, max(k, 1)

    def floors(self, nodes: NDArray[np.int8]) -> NDArray[np.float64]:
        return np.zeros(len(nodes))

    def cost(self, node: Node, classes: Classes, suppressed: Flags) -> float:
        kept = np.count_nonzero(~suppressed & (classes.sizes > 0)) + bool(suppressed.any())
        return self._rows / max(int(kept), 1) / self._k

    def floor_above(self, node: Node, classes: Classes) -> float:
        return self._rows / max(int(np.count_nonzero(classes.sizes)), 1) / self._k


def loss(census: Census, domains: Sequence[Domain], weights: Sequence[float] = ()) -> Additive:
    """The share of the domain that stands in each cell (see `Domain.losses`)."""
    costs = [[domain.losses(level) for level in range(domain.height + 1)] for domain in domains]
    everything = [np.ones(domain.size) for domain in domains]
    return Additive(census, costs, everything, weights)


def entropy(census: Census, domains: Sequence[Domain], weights: Sequence[float] = ()) -> Additive:
    """The bits that a level hides of each value, as a share of what suppression hides.

    Non-uniform entropy (A. Gionis, T. Tassa, "k-anonymization with minimal loss of information", 2009): -ln of
    the share of the value among the rows of its group.
    """
    costs, everything = [], []
    for domain, values in zip(domains, census.values, strict=True):
        counts = np.bincount(values, weights=census.weights, minlength=domain.size).astype(float)
        whole = _hidden_bits(counts, np.zeros(domain.size, np.int32))
        most = max(float(np.dot(counts, whole)) / max(census.rows, 1), 1e-300)
        everything.append(whole / most)
        costs.append([_hidden_bits(counts, level.groups) / most for level in domain.levels])
    return Additive(census, costs, everything, weights)


def measure(name: Quality, census: Census, domains: Sequence[Domain], weights: Sequence[float], k: int) -> Measure:
    """The measure of that name."""
    if name == "discernibility":
        return Discernibility(census)
    if name == "average_class_size":
        return AverageClassSize(census, k)
    return (loss if name == "loss" else entropy)(census, domains, weights)


def _hidden_bits(counts: NDArray[np.float64], groups: NDArray[np.int32]) -> Shares:
    together = np.bincount(groups, weights=counts)[groups]
    bits: Shares = np.log(np.maximum(together, 1) / np.maximum(counts, 1))
    return np.where(counts > 0, bits, 0.0)
