"""Local recoding, from below and from above: what is asked for holds, and less is lost."""

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.anonymity.classes import Census
from anonymize.kernels.anonymity.descending import Descent
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.lending import Lending
from anonymize.kernels.anonymity.local import peel
from anonymize.kernels.anonymity.mondrian import partition
from anonymize.kernels.anonymity.quality import loss
from anonymize.kernels.anonymity.requirements import Demands
from anonymize.kernels.anonymity.search import Search, lattice
from tests.kernels.anonymity.test_search import MODELS, random_census

several = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def descend(census: Census, domains: list[Domain], demands: Demands) -> tuple[Any, Any]:
    return Descent(census, domains, demands, [0] * len(domains)).run([d.height for d in domains])


def climb(census: Census, domains: list[Domain], demands: Demands) -> tuple[Any, Any]:
    return peel(census, domains, demands, [None] * len(domains))


def persons(census: Census, rows: list[int]) -> int:
    if census.people is None:
        return int(census.weights[rows].sum())
    return len(set(census.people[rows].tolist()))


@pytest.mark.parametrize("recode", [climb, descend])
@several
@given(seed=st.integers(0, 10**6), k=st.integers(1, 6), model=st.sampled_from([(), *MODELS[:2]]))
def test_classes_hold(recode: Any, seed: int, k: int, model: Any) -> None:
    """Every class of combinations with equal levels and labels has k rows (or persons), and diverse values."""
    census, domains = random_census(np.random.default_rng(seed))
    levels, suppressed = recode(census, domains, Demands(census, k, model))
    classes: dict[Any, list[int]] = {}
    for row in np.flatnonzero(~suppressed).tolist():
        labels = [
            (levels[i, row], d.levels[levels[i, row]].groups[v[row]])
            for i, (d, v) in enumerate(zip(domains, census.values, strict=True))
        ]
        classes.setdefault(tuple(labels), []).append(row)

    for rows in classes.values():
        assert persons(census, rows) >= k
        assert not model or len(set(census.sensitive[0][rows].tolist())) >= 2


@several
@given(seed=st.integers(0, 10**6), k=st.integers(1, 5))
def test_no_more_is_lost_than_by_the_top(seed: int, k: int) -> None:
    """Both ways stay between nothing lost and all lost, and suppress nothing that could be hidden."""
    census, domains = random_census(np.random.default_rng(seed))
    demands = Demands(census, k)
    reachable = Search(census, domains, demands.criterion, 0).run() is not None
    for recode in (climb, descend):
        levels, suppressed = recode(census, domains, demands)

        assert reachable == (not suppressed.any())
        assert 0 <= loss(census, domains).of_cells(levels, suppressed) <= 1 + 1e-9


@several
@given(seed=st.integers(0, 10**6), k=st.integers(2, 6))
def test_lending_only_wins(seed: int, k: int) -> None:
    """Classes that borrow and classes that lend have k rows, counted anew, and no more is lost than before."""
    census, domains = random_census(np.random.default_rng(seed))
    census = Census(census.values, census.weights)
    levels, suppressed = climb(census, domains, Demands(census, k))
    if suppressed.any():
        return
    figure, nodes = loss(census, domains), lattice(domains)
    better = Lending(census, domains, k).run(levels, nodes[np.argsort(figure.floors(nodes), kind="stable")])
    rows: Counter[Any] = Counter()
    for place, weight in enumerate(census.weights.tolist()):
        on = better[:, place].tolist()
        labels = [d.levels[n].groups[v[place]] for d, n, v in zip(domains, on, census.values, strict=True)]
        rows[tuple(zip(on, labels, strict=True))] += weight

    assert min(rows.values()) >= k
    assert figure.of_cells(better, suppressed) <= figure.of_cells(levels, suppressed) + 1e-9


def test_a_group_borrows_what_it_lacks() -> None:
    """Two rows of a city that lack a third get two of the five of another, which the next level joins with it."""
    city = Domain.of([pa.array(["a", "b", "c", "d"]), pa.array(["ab", "ab", "cd", "cd"]), pa.array(["*"] * 4)])
    census = Census([np.array([0, 1, 1, 2], np.int32)], np.array([2, 2, 3, 4]))
    levels = np.array([[2, 0, 0, 2]], np.int8)

    better = Lending(census, [city], 3).run(levels, np.array([[0], [1], [2]], np.int8))

    assert better.tolist() == [[1, 1, 0, 1]]


@several
@given(seed=st.integers(0, 10**6), k=st.integers(1, 6), model=st.sampled_from(MODELS[:2]))
def test_boxes_are_whole(seed: int, k: int, model: Any) -> None:
    """A box holds all rows of its combinations, k of them or more, with diverse values."""
    from anonymize.core.errors import DataError
    from anonymize.kernels.anonymity.mondrian import make_axis
    from anonymize.kernels.arrays import from_numpy

    census, _ = random_census(np.random.default_rng(seed))
    axes = [make_axis(from_numpy(values)) for values in census.values]
    try:
        of = partition(census, axes, Demands(census, k, model))
    except DataError:
        return
    for box in set(of.tolist()):
        rows = np.flatnonzero(of == box).tolist()
        assert persons(census, rows) >= k
        assert not model or len(set(census.sensitive[0][rows].tolist())) >= 2
    combinations = list(zip(*[v.tolist() for v in census.values], strict=True))
    assert len(set(combinations)) == len(set(zip(combinations, of.tolist(), strict=True)))
