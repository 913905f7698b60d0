"""What different demands would cost, from one census: loss against suppression against k."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from anonymize.core.errors import DataError
from anonymize.kernels.anonymity.classes import Node
from anonymize.kernels.anonymity.enforcing import Outcome, Task, best_levels, enforce, finest, recoded
from anonymize.kernels.anonymity.quality import loss
from anonymize.kernels.anonymity.search import TOLERANCE, Recoding
from anonymize.kernels.anonymity.surveying import Survey

LARGEST_EXPLORED = 200_000
"""Nodes of a lattice that is searched to the end."""


@dataclass(frozen=True)
class Option:
    """A release that could be made."""

    k: int
    limit: float
    """The share of rows that may be suppressed."""
    recoding: Literal["global", "local"]
    levels: Node | None
    """The level of each quasi-identifier; None where each class has its own."""
    loss: float
    suppressed: int
    """Rows."""
    bound: float | None = None
    """What no levels can cost less than, where it is not known that these are the best."""
    outcome: Outcome | None = field(default=None, repr=False, compare=False)

    def is_beaten_by(self, other: "Option") -> bool:
        """Whether the other is nowhere worse and somewhere better."""
        if self.recoding != other.recoding:
            return False
        mine, theirs = (
            (-o.k, o.suppressed, round(o.loss / TOLERANCE) * TOLERANCE, o.limit) for o in (self, other)
        )
        return mine != theirs and all(b <= a for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True)
class Effect:
    """What a quasi-identifier costs the others."""

    column: str
    level: int | None
    """Where it stands now; None where each class has its own level."""
    height: int
    own: float
    """What the column itself loses."""
    others: float
    """What the other columns lose now, on average."""
    without: float | None
    """The same if the column is dropped; None if nothing holds then, or was found in the time."""
    coarser: float | None
    """The same if the column goes one level up; None also if it cannot."""


@dataclass(frozen=True)
class Exploration:
    """What can be had."""

    options: tuple[Option, ...]
    """None is worse in every respect than another of the same recoding."""
    out_of_reach: tuple[int, ...]
    """The k for which nothing was found, however much of what may be is suppressed."""
    chosen: Option | None
    """What the demands of the task itself come to."""
    effects: tuple[Effect, ...]
    """For the chosen option."""


def explore(task: Task, ks: Sequence[int], limits: Sequence[float], seconds: float) -> Exploration:
    """The options for every k and limit, and what each quasi-identifier costs under the task's own demands."""
    ks, limits = sorted({task.demands.k, *ks}), sorted({task.wish.limit, *limits})
    searches = len(ks) * (len(limits) + 1) + 2 * len(task.names)
    survey = Survey(task, ks, task.rows_of(limits[-1]))
    explorer = Explorer(task, survey, time.monotonic() + seconds, searches)
    found = [option for k in ks for option in explorer.options(k, limits)]
    chosen = next((option for option in found if _is_of(option, task)), None)
    best = [option for option in found if not any(option.is_beaten_by(other) for other in found)]
    reached = {option.k for option in found}
    return Exploration(
        tuple(sorted(best, key=lambda o: (o.recoding, o.k, o.suppressed))),
        tuple(k for k in ks if k not in reached),
        chosen,
        tuple(explorer.effects(chosen)) if chosen is not None and len(task.names) > 1 else (),
    )


@dataclass
class Explorer:
    """Searches for one set of demands after the other, each in its part of the time that is left."""

    task: Task
    survey: Survey
    deadline: float
    searches: int
    """How many are still to come."""

    def options(self, k: int, limits: Sequence[float]) -> Iterator[Option]:
        """The options for one k."""
        task = replace(self.task, demands=replace(self.task.demands, k=k))
        wishes = [replace(task.wish, limit=limit, local=False) for limit in limits]
        is_small = task.nodes <= LARGEST_EXPLORED
        wishes.append(replace(task.wish, limit=limits[-1], local=True, quality="loss"))
        for wish in wishes:
            method = wish.method if is_small else "best_effort"
            option = self.option(replace(task, wish=replace(wish, method=method)))
            if option is not None:
                enough = (limit for limit in limits if option.suppressed <= task.rows_of(limit))
                yield replace(option, limit=next(enough)) if wish.local else option

    def option(self, task: Task) -> Option | None:
        """What the demands come to; None if nothing was found."""
        seconds = max(self.deadline - time.monotonic(), 0.0) / max(self.searches, 1)
        self.searches -= 1
        task = replace(task, wish=replace(task.wish, seconds=seconds))
        wish, k, limit = task.wish, task.demands.k, task.wish.limit
        try:
            if wish.local:
                if not seconds:
                    return None
                made = enforce(task)
                return Option(k, limit, "local", None, *_figures(made), outcome=made)
            found = best_levels(task, self.survey.look(task), self.survey.start(task))
            if found is None:
                return None
            if _demands_only_k(task):  # nothing more can come out when the rows are put together
                return _looked_up(task, found)
            made = recoded(task, found)
        except DataError:  # nothing holds within the limit, or nothing was found in the time
            return None
        levels = tuple(int(level) for level in made.levels[:, 0])
        bound = None if found.is_optimal else found.bound
        return Option(k, limit, "global", levels, *_figures(made), bound, made)

    def effects(self, chosen: Option) -> Iterator[Effect]:
        """What each quasi-identifier costs the others, the levels each time being the best for the others."""
        demands = replace(self.task.demands, k=chosen.k)
        task = replace(self.task, demands=demands, wish=replace(self.task.wish, limit=chosen.limit))
        if chosen.outcome is None and chosen.levels is not None:
            known = Recoding(chosen.levels, chosen.loss, chosen.suppressed, chosen.loss)
            chosen = replace(chosen, outcome=recoded(task, known))
        weights = list(task.wish.weights) or [1.0] * len(task.names)
        for place, (name, ladder) in enumerate(zip(task.names, task.ladders, strict=True)):
            level, height = chosen.levels[place] if chosen.levels else None, ladder.domain.height
            only = [float(i == place) for i in range(len(weights))]
            others = [0.0 if i == place else weight for i, weight in enumerate(weights)]
            can_rise = level is not None and level < height and task.fixed[place] is None
            without = self._with_level(task, place, height, others)
            coarser = self._with_level(task, place, (level or 0) + 1, others) if can_rise else None
            own, rest = (_loss(task, chosen, part) for part in (only, others))
            yield Effect(name, level, height, own, rest, without, coarser)

    def _with_level(self, task: Task, place: int, level: int, weights: Sequence[float]) -> float | None:
        """What the columns of weight lose if one goes to this level."""
        fixed = task.fixed
        fixed[place] = level
        method = task.wish.method if task.nodes <= LARGEST_EXPLORED else "best_effort"
        option = self.option(replace(task, wish=replace(task.wish, fixed=fixed, weights=weights, method=method)))
        return None if option is None else option.loss


def _demands_only_k(task: Task) -> bool:
    """Whether what a search finds is what comes out."""
    return task.demands.is_plain and task.wish.quality == "loss"


def _looked_up(task: Task, found: Recoding) -> Option | None:
    """The option of levels; None if it would suppress all rows."""
    if found.suppressed == task.census.rows:
        return None
    bound = None if found.is_optimal else found.bound
    levels = finest(task, found.levels)
    return Option(task.demands.k, task.wish.limit, "global", levels, found.loss, found.suppressed, bound)


def _is_of(option: Option, task: Task) -> bool:
    """Whether the option is what the task itself asks for."""
    if option.k != task.demands.k or (option.recoding == "local") != task.wish.local:
        return False
    return task.wish.local or option.limit == task.wish.limit


def _loss(task: Task, option: Option, weights: Sequence[float]) -> float:
    made = option.outcome
    assert made is not None  # noqa: S101  (narrows the type for mypy)
    return loss(task.census, task.domains, weights).of_cells(made.levels, made.suppressed)


def _figures(made: Outcome) -> tuple[float, int]:
    return made.facts["loss"], made.facts["suppressed"]
