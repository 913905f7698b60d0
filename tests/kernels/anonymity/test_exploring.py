"""Options are what enforcing would give, and none of them is worse than another in every respect."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.core.errors import DataError
from anonymize.kernels.anonymity.climbing import Climb
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.enforcing import Task, Wish, enforce
from anonymize.kernels.anonymity.exploring import explore
from anonymize.kernels.anonymity.ladders import Ladder
from anonymize.kernels.anonymity.quality import measure
from anonymize.kernels.anonymity.requirements import Demands, Requirement
from anonymize.kernels.anonymity.search import Search, looking
from tests.kernels.anonymity.test_search import random_census

several = settings(max_examples=40, deadline=None, derandomize=True, database=None)
QUALITIES = ["loss", "entropy", "discernibility", "average_class_size"]


def random_task(seed: int, model: tuple[Requirement, ...] = (), wish: Wish | None = None) -> Task:
    census, domains = random_census(np.random.default_rng(seed))
    names = [f"column {place}" for place in range(len(domains))]
    ladders = [ladder(domain, values) for domain, values in zip(domains, census.values, strict=True)]
    return Task(census, names, ladders, Demands(census, 2, model), wish or Wish(limit=0.1))


def ladder(domain: Domain, values: np.ndarray) -> Ladder:
    import pyarrow as pa

    labels = [
        pa.array([f"{height}.{group}" for group in level.groups]) for height, level in enumerate(domain.levels)
    ]
    return Ladder(tuple(labels), values, np.zeros(len(values), bool))


@several
@given(
    seed=st.integers(0, 10**6),
    quality=st.sampled_from(QUALITIES),
    model=st.sampled_from([(), (Requirement("l_diversity", 2, (0,)),), (Requirement("t_closeness", 0.4, (0,)),)]),
)
def test_an_option_is_what_enforcing_gives(seed: int, quality: str, model: tuple[Requirement, ...]) -> None:
    """The same loss and the same number of suppressed rows, and nothing is out of reach that can be had."""
    task = random_task(seed, model, Wish(limit=0.1, quality=quality))

    found = explore(task, [2, 4], [0.0, 0.1, 0.4], 60)

    for option in found.options:
        local = option.recoding == "local"
        wish = replace(task.wish, limit=option.limit, local=local, quality="loss" if local else quality)
        asked = replace(task, demands=replace(task.demands, k=option.k), wish=wish)
        facts = enforce(asked).facts
        assert option.suppressed <= task.rows_of(option.limit)
        if quality == "loss" or local:
            assert (facts["loss"], facts["suppressed"]) == (pytest.approx(option.loss), option.suppressed)
    for k in found.out_of_reach:
        with pytest.raises(DataError):
            enforce(replace(task, demands=replace(task.demands, k=k), wish=replace(task.wish, limit=0.4)))


@several
@given(seed=st.integers(0, 10**6))
def test_no_option_is_beaten(seed: int) -> None:
    """By another of the same recoding."""
    options = explore(random_task(seed), [2, 3, 5], [0.0, 0.05, 0.2], 60).options

    assert [] == [(a, b) for a in options for b in options if a.is_beaten_by(b)]


@several
@given(seed=st.integers(0, 10**6))
def test_dropping_a_column_never_costs_the_others(seed: int) -> None:
    """Nor does coarsening it: whatever the others could do before, they can do then."""
    for effect in explore(random_task(seed), [2], [0.1], 60).effects:
        if effect.without is not None:
            assert effect.without <= effect.others + 1e-9


@several
@given(seed=st.integers(0, 10**6), share=st.sampled_from([0.0, 0.1, 0.5]), quality=st.sampled_from(QUALITIES))
def test_a_climb_ends_at_the_optimum_if_it_may(seed: int, share: float, quality: str) -> None:
    """With looks enough, best effort is the best; with few, what it finds holds and its bound is one."""
    task = random_task(seed, (), Wish(limit=share, quality=quality))
    figure = measure(quality, task.census, task.domains, (), 2)
    criterion = task.demands.criterion
    best = Search(task.census, task.domains, criterion, task.limit, figure).run()

    def climb(looks: int) -> Climb:
        look = looking(task.census, task.domains, criterion, figure, task.limit)
        return Climb(*task.ends, look, figure.floors, task.limit, looks)

    full, hasty = climb(10**6).run(), climb(3).run()

    assert (best is None) == (full is None)
    if best is not None and full is not None:
        assert full.loss == pytest.approx(best.loss)
        assert full.is_optimal
    if hasty is not None:
        assert best is not None
        assert hasty.bound - 1e-9 <= best.loss <= hasty.loss + 1e-9
        assert hasty.suppressed <= task.limit


def test_without_time_what_is_shown_still_holds() -> None:
    """Options say that they may not be the best, or are the best after all."""
    task = random_task(11)

    for option in explore(task, [2, 3], [0.0, 0.3], 0).options:
        assert option.suppressed <= task.rows_of(option.limit)
        assert option.bound is None or option.bound <= option.loss
