"""Entropies, guesses and losses against the definitions."""

from collections import Counter
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.risk.intervals import wilson
from anonymize.kernels.risk.pairs import Joint, loss_of_groups, loss_of_ranges

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12)


def joint_of(pairs):
    given, target = (np.unique([p[i] for p in pairs], return_inverse=True)[1].astype(np.int64) for i in (0, 1))
    return Joint.of(given, target), given.tolist(), target.tolist()


@given(PAIRS)
def test_entropies(pairs):
    """H(target) and H(target | given), term by term."""
    joint, given, target = joint_of(pairs)
    n, both, firsts = len(pairs), Counter(zip(given, target, strict=True)), Counter(given)
    assert -sum(c / n * log2(c / n) for c in Counter(target).values()) == pytest.approx(joint.entropy(), abs=1e-9)
    conditional = -sum(c / n * log2(c / firsts[g]) for (g, _), c in both.items())
    assert conditional == pytest.approx(joint.conditional_entropy(), abs=1e-9)
    assert max(Counter(target).values()) == joint.baseline()


@given(PAIRS)
def test_guesses_leave_the_row_out(pairs):
    """A row is guessed if its value is the single most frequent of the other rows with the same given value."""
    joint, given, target = joint_of(pairs)
    right = 0
    for i in range(len(pairs)):
        others = Counter(target[j] for j in range(len(pairs)) if j != i and given[j] == given[i])
        most = others.most_common()
        right += bool(most) and most[0][0] == target[i] and (len(most) < 2 or most[0][1] > most[1][1])
    assert right == joint.guessed()


def test_losses_by_hand():
    """Four values; one label covers two of them, one a single one, and one is a star."""
    original = np.array([0, 1, 2, 3], np.int64)
    released = np.array([0, 0, 1, 2], np.int64)
    whole = np.array([False, False, True])
    assert (1 / 3 + 1 / 3 + 0 + 1) / 4 == pytest.approx(loss_of_groups(Joint.of(released, original), whole))
    numbers = np.array([10.0, 15.0, 30.0, 20.0])
    assert (5 / 20 + 5 / 20 + 0 + 1) / 4 == pytest.approx(loss_of_ranges(released, numbers, whole))
    assert 0 == loss_of_ranges(released, np.full(4, 7.0), whole)


def test_wilson_by_hand():
    """Textbook intervals: 1 of 10, none of 10, all of 10; nothing is known from no trial."""
    assert (0.0179, 0.4042) == pytest.approx(wilson(1, 10), abs=1e-4)
    assert (0.0, 0.2775) == pytest.approx(wilson(0, 10), abs=1e-4)
    assert (0.7225, 1.0) == pytest.approx(wilson(10, 10), abs=1e-4)
    assert (0.0, 1.0) == wilson(0, 0)
