"""Minimal sample uniques against the definition."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.risk.special_uniques import (
    intrusion_risk,
    intrusion_scores,
    special_uniques,
    subsets,
)

ROWS = st.lists(st.tuples(*[st.integers(0, 2)] * 4), min_size=1, max_size=9)


def by_definition(rows, largest):
    """For each row its minimal uniques, as sets of columns."""

    def unique(row, columns):
        return sum(all(row[c] == other[c] for c in columns) for other in rows) == 1

    every = [c for size in range(1, largest + 1) for c in combinations(range(4), size)]
    return [
        [
            columns
            for columns in every
            if unique(row, columns)
            and not any(
                unique(row, part) for size in range(1, len(columns)) for part in combinations(columns, size)
            )
        ]
        for row in rows
    ]


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(1, 4))
def test_minimal_uniques(rows, largest):
    """Their number, and with the rows of equal combinations counted together."""
    distinct, weights = np.unique(np.array(rows), axis=0, return_counts=True)
    codes = [(distinct[:, i], 3) for i in range(4)]
    found = special_uniques(codes, weights, largest)
    minimal = dict(zip(map(tuple, rows), by_definition(rows, largest), strict=True))
    assert [len(minimal[tuple(row)]) for row in distinct.tolist()] == found.minimal.tolist()
    points = {1: (4 - 1) * (4 - 2) * (4 - 3), 2: (4 - 2) * (4 - 3), 3: 4 - 3, 4: 1}
    if largest >= 3:
        expected = [sum(points[len(columns)] for columns in minimal[tuple(row)]) for row in distinct.tolist()]
        assert expected == found.scores.tolist()


def test_scores_by_hand():
    """Of eight columns and with uniques of up to three, one of two columns scores (8-2)(8-3), one of three 8-3."""
    pair = [(0, 0, 0), (1, 1, 0), (0, 1, 0)]  # twice, twice, once
    triple = [(1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    assert [0, 0, 30] == scores_of(pair, [2, 2, 1])
    assert [0, 0, 0, 5] == scores_of(triple, [2, 2, 2, 1])


def scores_of(rows, weights):
    table = np.array([[*row, 0, 0, 0, 0, 0] for row in rows])
    return special_uniques([(table[:, i], 2) for i in range(8)], np.array(weights), 3).scores.tolist()


def test_intrusion():
    """Skinner and Elliot's share, and scores that add up to it over the uniques."""
    assert 0.1 * 3 / (0.1 * 3 + 2 * 0.9 * 1) == pytest.approx(intrusion_risk(np.array([1, 1, 1, 2]), 0.1))
    assert intrusion_risk(np.array([2, 3]), 0.1) == 0
    codes = [(np.array([0, 0, 1]), 2), (np.array([0, 1, 1]), 2)]
    weights = np.array([1, 1, 2])
    scores = intrusion_scores(special_uniques(codes, weights, 2), weights, 0.2)
    assert intrusion_risk(weights, 0.2) * 2 == pytest.approx(scores.sum())
    assert scores[2] == 0


def test_subsets():
    """All sets of up to so many columns."""
    assert 4 + 6 + 4 == subsets(4, 3)
    assert 15 == subsets(4, 9)
