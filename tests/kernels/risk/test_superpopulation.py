"""Uniques of a population, estimated from a sample."""

from math import comb

import numpy as np
import pytest

from anonymize.kernels.risk.solving import bisect, maximize, sign_change
from anonymize.kernels.risk.superpopulation import (
    Histogram,
    estimate,
    pitman,
    shlosser,
    slide_negative_binomial,
    zayatz,
)

RANDOM = np.random.default_rng(5)
HEAVY = np.minimum(RANDOM.zipf(1.5, 60_000), 10**6)
SLIDE = np.repeat(np.arange(20_000), 1 + RANDOM.negative_binomial(0.5, 0.2, 20_000))


def sampled(people, fraction):
    """The classes of a random sample, and the share of the population that is unique."""
    taken = np.random.default_rng(7).choice(people, round(len(people) * fraction), replace=False)
    sizes = np.unique(people, return_counts=True)[1]
    return Histogram.of(np.unique(taken, return_counts=True)[1]), (sizes == 1).sum() / len(people)


def test_zayatz_by_hand():
    """Classes of 1, 2 and 3 in a sample of 6 of 12: the hypergeometric chances of seeing one row, by hand."""
    found = Histogram.of(np.array([1, 2, 3]))
    chances = [size * comb(12 - size, 5) / comb(12, 6) for size in (1, 2, 3)]
    assert 1 / sum(chances) == pytest.approx(zayatz(found, 0.5))


def test_a_heavy_tail_is_pitmans():
    """Pitman finds a Zipf population's uniques from a tenth and from a fiftieth of it."""
    for fraction in (0.02, 0.1):
        found, true = sampled(HEAVY, fraction)
        assert true == pytest.approx(pitman(found, fraction) * fraction / found.rows, rel=0.35)


@pytest.mark.parametrize("fraction", [0.3, 0.6])
def test_slide_negative_binomial_finds_its_own(fraction):
    """SNB finds the uniques of a population that it describes, and their number of classes."""
    found, true = sampled(SLIDE, fraction)
    assert true == pytest.approx(slide_negative_binomial(found, fraction) * fraction / found.rows, rel=0.05)
    assert 20_000 == pytest.approx(shlosser(found, fraction), rel=0.1)


def test_the_choice():
    """Pitman up to a tenth, the smaller of SNB and Zayatz above; a whole population is counted."""
    small, _ = sampled(SLIDE, 0.05)
    large, _ = sampled(SLIDE, 0.3)
    assert estimate(small, 0.05)[1] == "pitman"
    others = {"snb": slide_negative_binomial(large, 0.3), "zayatz": zayatz(large, 0.3)}
    assert (min(others.values()), min(others, key=others.get)) == estimate(large, 0.3)
    assert (1.0, "count") == estimate(Histogram.of(np.array([1, 2])), 1.0)


def test_no_sample_uniques_no_population_uniques():
    """Every model says 0 where nobody is alone."""
    found = Histogram.of(np.array([2, 2, 5]))
    assert [0, 0, 0] == [model(found, 0.1) for model in (zayatz, pitman, slide_negative_binomial)]


def test_everybody_alone():
    """Without a class of two the parametric models have no answer, and Zayatz speaks."""
    found = Histogram.of(np.ones(50, np.int64))
    assert (None, None) == (pitman(found, 0.1), slide_negative_binomial(found, 0.3))
    assert estimate(found, 0.1) == (pytest.approx(500), "zayatz")


def test_solving():
    """A root, the lack of one, and the top of a hill."""
    assert bisect(lambda x: x * x - 2, 0, 2) == pytest.approx(2**0.5)
    assert bisect(lambda x: x * x + 1, 0, 2) is None
    assert sign_change(lambda x: None if x < 1 else x - 3, np.array([0.0, 2.0, 4.0])) == pytest.approx(3)
    assert maximize(lambda x: -((x - 0.3) ** 2), 0, 1) == pytest.approx(0.3, abs=1e-6)
