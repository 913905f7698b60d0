"""Distances of distributions against the definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.risk.distances import correlations, propensity, total_variation, wasserstein

NUMBERS = st.lists(st.integers(-20, 20), min_size=1, max_size=8)


@given(NUMBERS, NUMBERS)
def test_wasserstein_is_the_cost_of_moving(one, other):
    """Sorted samples, repeated to one length, are matched in order."""
    left, right = np.repeat(sorted(one), len(other)), np.repeat(sorted(other), len(one))
    assert np.abs(left - right).mean() == pytest.approx(wasserstein(np.array(one, float), np.array(other, float)))


def test_total_variation():
    """Half the differences; 0 for equal, 1 for disjoint shares."""
    assert 0.25 == total_variation(np.array([2, 2]), np.array([3, 1]))
    assert 0 == total_variation(np.array([1, 2]), np.array([2, 4]))
    assert 1 == total_variation(np.array([1, 0]), np.array([0, 9]))


def test_correlations():
    """As NumPy's; a constant column has none."""
    columns = np.random.default_rng(0).normal(size=(50, 3))
    assert np.corrcoef(columns, rowvar=False) == pytest.approx(correlations(columns))
    assert 0 == correlations(np.array([[1.0, 2.0], [1.0, 3.0]]))[0, 1]


def test_propensity():
    """0 for the same table, a quarter for separate ones, twice the expectation for independent samples."""
    random = np.random.default_rng(1)
    table = random.normal(size=(2_000, 5))
    assert 0 == pytest.approx(propensity(table, table).pmse, abs=1e-9)
    assert 0.25 == pytest.approx(propensity(table, table + 100).pmse, abs=1e-3)
    ratios = [propensity(random.normal(size=(400, 5)), random.normal(size=(400, 5))).ratio for _ in range(60)]
    assert 2 == pytest.approx(np.mean(ratios), rel=0.25)
