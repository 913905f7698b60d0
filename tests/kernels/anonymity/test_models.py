"""The figures of the privacy models against their definitions, value by value."""

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.anonymity import models
from anonymize.kernels.anonymity.models import Spread

several = settings(max_examples=60, deadline=None, derandomize=True, database=None)
ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=30)


def numbered(rows: list[tuple[int, int]]) -> tuple[Spread, list[Counter[int]], Counter[int]]:
    """The rows as a spread, and as plain counts of classes and of all."""
    classes = sorted({c for c, _ in rows})
    values = sorted({v for _, v in rows})
    of = np.array([classes.index(c) for c, _ in rows])
    own = np.array([values.index(v) for _, v in rows])
    spread = Spread.make(of, own, np.ones(len(rows), int), len(classes))
    counts = [Counter(values.index(v) for c, v in rows if c == wanted) for wanted in classes]
    return spread, counts, Counter(values.index(v) for _, v in rows)


def shares(counts: Counter[int], wide: int) -> list[float]:
    return [counts[v] / counts.total() for v in range(wide)]


def definition(name: str, own: Counter[int], every: Counter[int]) -> float:  # noqa: PLR0911
    """The figure of one class, as the paper has it."""
    p, q = shares(own, len(every)), shares(every, len(every))
    here = [(a, b) for a, b in zip(p, q, strict=True) if a]
    match name:
        case "distinct_values":
            return len(here)
        case "entropy_diversity":
            return math.exp(-sum(a * math.log(a) for a, _ in here))
        case "equal_distance":
            return sum(abs(a - b) for a, b in zip(p, q, strict=True)) / 2
        case "ordered_distance":
            sums = [abs(sum(p[: i + 1]) - sum(q[: i + 1])) for i in range(len(q))]
            return sum(sums) / (len(q) - 1) if len(q) > 1 else 0
        case "likeness":
            return max(0, *((a - b) / b for a, b in here), 0)
        case "enhanced_likeness":
            gains = [(a - b) / b for a, b in here]
            exceeded = any(g > -math.log(b) + 1e-9 for g, (_, b) in zip(gains, here, strict=True))
            return math.inf if exceeded else max(0, *gains, 0)
        case "disclosure":
            return max(abs(math.log(a / b)) for a, b in here) if len(here) == len(q) else math.inf
        case _:
            return max(p)


@pytest.mark.parametrize(
    "name",
    [
        *("distinct_values", "entropy_diversity", "equal_distance", "ordered_distance"),
        *("likeness", "enhanced_likeness", "disclosure", "greatest_share"),
    ],
)
@several
@given(rows=ROWS)
def test_figures_follow_their_definitions(name: str, rows: list[tuple[int, int]]) -> None:
    """For every class."""
    spread, counts, every = numbered(rows)
    figure: Any = getattr(models, name)

    assert [definition(name, own, every) for own in counts] == pytest.approx(figure(spread).tolist())


@several
@given(rows=ROWS, length=st.integers(2, 4))
def test_recursive_diversity_follows_its_definition(rows: list[tuple[int, int]], length: int) -> None:
    """r1 over the sum from the l-th on."""
    spread, counts, _ = numbered(rows)
    expected = []
    for own in counts:
        falling = sorted(own.values(), reverse=True)
        tail = sum(falling[length - 1 :])
        expected.append(falling[0] / tail if tail else math.inf)

    assert expected == pytest.approx(models.recursive_ratio(spread, length).tolist())


def test_hierarchical_distance_of_the_paper() -> None:
    """Two values under one parent of three: moving all mass costs their level's share of the height."""
    spread = Spread.make(np.array([0, 1]), np.array([0, 1]), np.array([1, 1]), 2)
    levels = [np.array([0, 1], np.int32), np.array([0, 0], np.int32), np.array([0, 0], np.int32)]

    assert [0.25, 0.25] == pytest.approx(models.hierarchical_distance(spread, levels).tolist())


def test_a_flat_hierarchy_is_equal_distance() -> None:
    """One level above the values."""
    random = np.random.default_rng(3)
    spread = Spread.make(random.integers(0, 5, 80), random.integers(0, 6, 80), np.ones(80, int), 5)
    flat = [np.arange(6, dtype=np.int32), np.zeros(6, np.int32)]

    expected = models.equal_distance(spread).tolist()
    assert expected == pytest.approx(models.hierarchical_distance(spread, flat).tolist())


def test_values_that_nobody_has_are_no_step_on_the_way() -> None:
    """Of three numbered values one went with the rows that were dropped: two are left, and 0.5 lies between."""
    of, values = np.array([0, 0, 1, 1]), np.array([0, 0, 0, 2])
    spread = Spread.make(of, values, np.array([1, 1, 1, 1]), 2)
    alone = Spread(spread.of, spread.values, spread.counts, 2, np.array([0.5, 0.5, 0.0]))

    assert [0.25, 0.25] == models.ordered_distance(spread).tolist()
    assert 0.5 == models.ordered_distance(alone)[0]


def test_levels_reach_further_than_the_values_that_are_left() -> None:
    """The last values of a hierarchy may be nowhere in the release."""
    spread = Spread.make(np.array([0, 1]), np.array([0, 1]), np.array([1, 1]), 2)
    levels = [np.arange(4), np.array([0, 0, 1, 1]), np.zeros(4, np.int64)]

    assert [0.25, 0.25] == models.hierarchical_distance(spread, levels).tolist()
