"""The search finds what exhaustive search finds, for every model, limit and quality."""

import itertools
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.anonymity.classes import Census, Grouping
from anonymize.kernels.anonymity.domains import Domain
from anonymize.kernels.anonymity.quality import measure
from anonymize.kernels.anonymity.requirements import Demands, Requirement
from anonymize.kernels.anonymity.search import Search
from anonymize.kernels.combining import number

several = settings(max_examples=60, deadline=None, derandomize=True, database=None)

MODELS = [
    (),
    (Requirement("l_diversity", 2, (0,)),),
    (Requirement("entropy_l_diversity", 1.7, (0,)),),
    (Requirement("recursive_l_diversity", 2.5, (0,), 2),),
    (Requirement("t_closeness", 0.3, (0,)),),
    (Requirement("t_closeness_ordered", 0.2, (0,)),),
    (Requirement("beta_likeness", 1.0, (0,)),),
    (Requirement("enhanced_beta_likeness", 1.5, (0,)),),
    (Requirement("delta_disclosure", 1.0, (0,)),),
    (Requirement("alpha_k", 0.6, (0,)),),
]


def random_domain(random: np.random.Generator, size: int) -> Domain:
    """A hierarchy over the values: groups that are joined again and again."""
    groups = np.arange(size)
    levels = [groups]
    for _ in range(int(random.integers(0, 3))):
        groups = random.integers(0, max(int(groups.max()), 1), groups.max() + 1)[groups]
        levels.append(groups)
    levels.append(np.zeros(size, int))
    return Domain.of([pa.array([str(g) for g in level]) for level in levels])


def random_census(random: np.random.Generator) -> tuple[Census, list[Domain]]:
    domains = [random_domain(random, int(random.integers(2, 7))) for _ in range(int(random.integers(1, 4)))]
    rows = int(random.integers(5, 60))
    values = [random.integers(0, domain.size, rows).astype(np.int32) for domain in domains]
    sensitive = random.integers(0, 4, rows).astype(np.int32)
    people = random.integers(0, rows, rows).astype(np.int32) if random.random() < 0.3 else None
    return Census(values, random.integers(1, 4, rows), [sensitive], people), domains


@several
@given(
    seed=st.integers(0, 10**6),
    k=st.integers(1, 6),
    share=st.sampled_from([0.0, 0.05, 0.3, 1.0]),
    model=st.sampled_from(MODELS),
    quality=st.sampled_from(["loss", "entropy", "discernibility", "average_class_size"]),
)
def test_the_optimum_is_found(seed: int, k: int, share: float, model: Any, quality: Any) -> None:
    """The cost is the least of all nodes that hold within the limit, or there is none."""
    census, domains = random_census(np.random.default_rng(seed))
    demands = Demands(census, k, model)
    figure = measure(quality, census, domains, (), k)
    limit = int(share * census.rows)
    grouping = Grouping(census, domains)
    costs = []
    for node in itertools.product(*[range(d.height + 1) for d in domains]):
        classes = grouping.classes(node)
        bad = demands.violating(classes)
        if classes.sizes[bad].sum() <= limit:
            costs.append(figure.cost(node, classes, bad))

    found = Search(census, domains, demands.criterion, limit, figure).run()

    assert (found is None) == (not costs)
    if found is not None:
        assert min(costs) == pytest.approx(found.loss)
        assert found.suppressed <= limit


@several
@given(seed=st.integers(0, 10**6))
def test_classes_are_those_of_the_rows(seed: int) -> None:
    """Whatever was grouped before, the classes of a node are the rows that agree on it."""
    random = np.random.default_rng(seed)
    census, domains = random_census(random)
    grouping = Grouping(census, domains)
    for _ in range(6):
        node = tuple(int(random.integers(0, d.height + 1)) for d in domains)
        keys = list(
            zip(
                *[d.levels[n].groups[v].tolist() for d, n, v in zip(domains, node, census.values, strict=True)],
                strict=True,
            )
        )
        expected = sorted(
            sum(w for key, w in zip(keys, census.weights.tolist(), strict=True) if key == wanted)
            for wanted in set(keys)
        )

        sizes = grouping.classes(node).sizes

        assert expected == sorted(sizes[sizes > 0].tolist())
        for k in (2, 5):
            assert grouping.gathered(node).least_below(k) <= sizes[sizes < k].sum()


def test_what_is_certainly_too_small_is_nearly_all() -> None:
    """Of many classes, few are taken for one another: of rows in small classes most are known to be."""
    random = np.random.default_rng(1)
    values = [random.integers(0, 1000, 20_000).astype(np.int32) for _ in range(4)]
    domains = [Domain.of([pa.array([str(n) for n in range(1000)]), pa.array(["*"] * 1000)])] * 4
    found = Grouping(Census(values, np.ones(20_000, np.int64)), domains).gathered((0, 0, 0, 0))

    assert found.size == 1000**4
    assert 15_000 < found.least_below(5) <= 20_000


@several
@given(keys=st.lists(st.integers(0, 2**61), max_size=40), large=st.booleans())
def test_numbers_are_the_ranks_of_keys(keys: list[int], large: bool) -> None:
    """Whether key and place fit into one number or not."""
    found = np.array([key if large else key % 50 for key in keys], np.int64)
    numbers, count = number(found, 2**61 + 1 if large else 50)

    assert numbers.tolist() == [sorted(set(found.tolist())).index(key) for key in found.tolist()]
    assert count == len(set(found.tolist()))


@several
@given(
    seed=st.integers(0, 10**6),
    quality=st.sampled_from(["loss", "entropy", "discernibility", "average_class_size"]),
)
def test_coarser_costs_more(seed: int, quality: Any) -> None:
    """Without suppression no measure falls from a node to a coarser one, and floors are floors."""
    random = np.random.default_rng(seed)
    census, domains = random_census(random)
    figure = measure(quality, census, domains, (), 2)
    grouping = Grouping(census, domains)
    node = tuple(int(random.integers(0, d.height + 1)) for d in domains)
    above = tuple(min(n + int(random.integers(0, 2)), d.height) for n, d in zip(node, domains, strict=True))
    classes = {n: grouping.classes(n) for n in (node, above)}
    costs = {n: figure.cost(n, c, np.zeros(len(c.sizes), bool)) for n, c in classes.items()}

    assert costs[node] <= costs[above] + 1e-9
    assert figure.floor_above(node, classes[node]) <= costs[above] + 1e-9
    assert figure.floors(np.array([node], np.int8))[0] <= costs[node] + 1e-9


def test_a_passed_deadline_gives_the_best_so_far() -> None:
    """The answer holds, and says what could still be reached."""
    census, domains = random_census(np.random.default_rng(7))
    demands = Demands(census, 2)
    search = Search(census, domains, demands.criterion, 0, deadline=0.0)
    search._search_path(0)

    found = search.run()

    assert found is not None
    assert found.bound <= found.loss
