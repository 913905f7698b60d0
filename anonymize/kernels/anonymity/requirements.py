"""What every class of a release must satisfy, as rule files spell it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.classes import Census, Classes, classes_of
from anonymize.kernels.anonymity.domains import Codes
from anonymize.kernels.anonymity.models import (
    Figures,
    Spread,
    disclosure,
    distinct_values,
    enhanced_likeness,
    entropy_diversity,
    equal_distance,
    greatest_share,
    hierarchical_distance,
    likeness,
    ordered_distance,
    recursive_ratio,
)
from anonymize.kernels.anonymity.search import Criterion
from anonymize.kernels.combining import number_codes, places_of

Flags = NDArray[np.bool_]
SLACK = 1e-9  # figures that are equal but for rounding


class View:
    """Classes as the models see them: with people, a person counts once in a class, and once with each value."""

    def __init__(self, classes: Classes, census: Census, whole: Sequence[Figures] | None = None) -> None:
        self.classes, self.census, self._whole = classes, census, whole

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """The rows (or persons) of each class."""
        if self.census.people is None:
            return self.classes.sizes
        of, _ = self._once([])
        return np.bincount(of, minlength=len(self.classes.sizes)).astype(np.int64)

    def spread(self, column: int, kept: Flags | None = None) -> Spread:
        """The values of a sensitive column in each class, and in all kept ones together."""
        spread = self._spreads[column]
        if self._whole is not None:
            return replace(spread, overall=self._whole[column])
        if kept is None or kept.all():
            return spread
        weights = np.where(kept[spread.of], spread.counts, 0)
        overall = np.bincount(spread.values, weights=weights, minlength=len(spread.overall))
        return replace(spread, overall=overall / max(overall.sum(), 1))

    @cached_property
    def _spreads(self) -> list[Spread]:
        classes = self.classes
        if self.census.people is None:
            here = np.flatnonzero(classes.weights)
            of, weights, parts = classes.of[here].astype(np.int64), classes.weights[here], classes.parts[here]
            return [
                Spread.make(of, values.take(parts).astype(np.int64), weights, len(classes.sizes))
                for values in self.census.sensitive
            ]
        found = []
        for values in self.census.sensitive:
            of, own = self._once([values])
            found.append(Spread.make(of, own[0], np.ones(len(of), np.int64), len(classes.sizes)))
        return found

    def _once(self, columns: Sequence[Codes]) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
        """The classes and values of the distinct triples of class, values and person."""
        classes, people = self.classes, self.census.people
        assert people is not None  # noqa: S101  (narrows the type for mypy)
        here = np.flatnonzero(classes.weights)
        of = classes.of[here].astype(np.int64)
        taken = [codes.take(classes.parts[here]).astype(np.int64) for codes in (*columns, people)]
        sized = [(codes, int(codes.max(initial=0)) + 1) for codes in (of, *taken)]
        places = places_of(*number_codes(sized, len(of)))
        return of[places], [codes[places] for codes in taken[:-1]]


@dataclass(frozen=True)
class Requirement:
    """A bound on a figure of every class."""

    name: str
    bound: float
    columns: tuple[int, ...] = ()
    """The sensitive columns, each of which must keep it."""
    length: int = 2
    """The l of recursive diversity."""
    levels: tuple[Codes, ...] = ()
    """The hierarchy of the sensitive values, for hierarchical distances."""

    @property
    def compares(self) -> bool:
        """Whether a class is compared with the release as a whole."""
        return self.name in COMPARING

    def violating(self, view: View, kept: Flags) -> Flags:
        """The classes that do not hold, the kept ones being the release."""
        bad = np.zeros(len(kept), np.bool_)
        for column in self.columns:
            with np.errstate(divide="ignore", invalid="ignore"):
                bad |= self._beyond(self.figure(view.spread(column, kept if self.compares else None)))
        return bad

    def _beyond(self, figures: Figures) -> Flags:
        if self.name in AT_LEAST:
            return figures < self.bound - SLACK
        if self.name in BELOW:
            return ~(figures < self.bound)
        return ~(figures <= self.bound + SLACK)

    def figure(self, spread: Spread) -> Figures:
        """The figure of each class."""
        match self.name:
            case "recursive_l_diversity":
                return recursive_ratio(spread, self.length)
            case "t_closeness_hierarchical":
                return hierarchical_distance(spread, self.levels)
            case _:
                figures: Figures = FIGURES[self.name](spread)
                return figures


FIGURES: dict[str, Any] = {
    "l_diversity": distinct_values,
    "entropy_l_diversity": entropy_diversity,
    "t_closeness": equal_distance,
    "t_closeness_ordered": ordered_distance,
    "beta_likeness": likeness,
    "enhanced_beta_likeness": enhanced_likeness,
    "delta_disclosure": disclosure,
    "alpha_k": greatest_share,
}
AT_LEAST = {"l_diversity", "entropy_l_diversity"}
BELOW = {"recursive_l_diversity", "delta_disclosure"}
COMPARING = {
    *("t_closeness", "t_closeness_ordered", "t_closeness_hierarchical"),
    *("beta_likeness", "enhanced_beta_likeness", "delta_disclosure"),
}


@dataclass(frozen=True)
class Population:
    """What the class must be in a larger table, by (least size, least share, greatest share)."""

    least: int = 1
    least_share: float = 0.0
    most_share: float = 1.0

    def violating(self, view: View) -> Flags:
        """The classes that do not hold."""
        known = view.classes.population
        if known is None:
            return np.zeros(len(view.sizes), np.bool_)
        share = view.classes.sizes / np.maximum(known, 1)
        bad = (known < self.least) | (share < self.least_share - SLACK) | (share > self.most_share + SLACK)
        return np.asarray(bad & (view.classes.sizes > 0))


@dataclass(frozen=True)
class Demands:
    """k and everything else that is asked of each class."""

    census: Census
    k: int = 1
    requirements: tuple[Requirement, ...] = ()
    populations: tuple[Population, ...] = ()

    def violating(self, classes: Classes, whole: Sequence[Figures] | None = None) -> Flags:
        """The classes to suppress: those that remain hold in the release that they make up, or in one with the
        shares of `whole` for each sensitive column.

        Suppressing a class changes the release that others are compared with, so this goes on until nothing more
        is violated.
        """
        view = View(classes, self.census, whole)
        bad: Flags = view.sizes < self.k
        bad &= classes.sizes > 0
        for population in self.populations:
            bad |= population.violating(view)
        while True:
            more = np.zeros(len(bad), np.bool_)
            for requirement in self.requirements:
                more |= requirement.violating(view, ~bad)
            more &= ~bad & (classes.sizes > 0)
            if not more.any():
                return bad
            bad |= more
            if whole is not None or not any(requirement.compares for requirement in self.requirements):
                return bad

    @property
    def is_plain(self) -> bool:
        """Whether a class holds as soon as it has k rows."""
        return not (self.requirements or self.populations or self.census.people is not None)

    @property
    def criterion(self) -> Criterion:
        """As the search asks for it."""
        monotone = all(requirement.name == "l_diversity" for requirement in self.requirements)
        shares = any(p.least_share > 0 or p.most_share < 1 for p in self.populations)
        return Criterion(self.violating, monotone and not shares, self.k)


def shares(census: Census) -> list[Figures]:
    """The share of each value of each sensitive column among all rows (or persons)."""
    everything = classes_of(census, [], np.arange(len(census.weights)))
    view = View(everything, census)
    return [view.spread(column).overall for column in range(len(census.sensitive))]
