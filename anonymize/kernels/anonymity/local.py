"""Local recoding: every combination on levels of its own, so that outliers do not coarsen the rest."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Census, Classes, Node, classes_of
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.models import Figures
from anonymize.kernels.anonymity.quality import loss
from anonymize.kernels.anonymity.requirements import Demands, Flags, shares
from anonymize.kernels.anonymity.search import lattice

Levels = NDArray[np.int8]


def peel(
    census: Census, domains: Sequence[Domain], demands: Demands, fixed: Sequence[int | None]
) -> tuple[Levels, Flags]:
    """The level of each combination in each attribute, and which are to be suppressed.

    The nodes of the lattice are visited from the one that loses least on; every class that holds among the rows
    that are left is released on its levels. What is left on top joins the class that was released last.
    """
    nodes = lattice(domains, fixed)
    order = np.argsort(loss(census, domains).floors(nodes), kind="stable")
    levels = np.zeros((len(domains), len(census.weights)), np.int8)
    left = np.arange(len(census.weights))
    whole = shares(census)
    released: list[NDArray[np.intp]] = []
    for index in order:
        if int(census.weights[left].sum()) < demands.k:
            break
        node: Node = tuple(int(level) for level in nodes[index])
        classes = _classes(census, domains, node, left)
        if not (classes.sizes >= demands.k).any():
            continue
        holds = ~demands.violating(classes, whole)[classes.of]
        if not holds.any():
            continue
        released.append(left[holds])
        levels[:, left[holds]] = np.array(node, np.int8)[:, None]
        left = left[~holds]
    return _joined(census, domains, demands, levels, left, released, nodes[-1], whole)


def _joined(
    census: Census,
    domains: Sequence[Domain],
    demands: Demands,
    levels: Levels,
    left: NDArray[np.intp],
    released: Sequence[NDArray[np.intp]],
    top: NDArray[np.int8],
    whole: Sequence[Figures],
) -> tuple[Levels, Flags]:
    """What is left goes to the top with the combinations released last, as many as make it hold."""
    suppressed = np.zeros(len(census.weights), np.bool_)
    joined = left
    for rows in reversed(released):
        if not len(left):
            break
        joined = np.concatenate([joined, rows])
        classes = _classes(census, domains, tuple(top.tolist()), joined)
        if not demands.violating(classes, whole).any():
            levels[:, joined] = top[:, None]
            return levels, suppressed
    suppressed[left] = True
    return levels, suppressed


def _classes(census: Census, domains: Sequence[Domain], node: Node, rows: NDArray[np.intp]) -> Classes:
    """The classes of some of the combinations."""
    groups = [domain.levels[level] for domain, level in zip(domains, node, strict=True)]
    labels = [(own.groups[values[rows]], own.size) for own, values in zip(groups, census.values, strict=True)]
    return classes_of(census, labels, rows)
