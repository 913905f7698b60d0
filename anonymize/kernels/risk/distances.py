"""How far the distributions of two tables are from each other."""

from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.combining import Numbers

Matrix = NDArray[np.float64]
STEPS = 30
RIDGE = 1e-9


def total_variation(one: Numbers, other: Numbers) -> float:
    """Half the sum of the differences of all shares, from the counts of the same values: 0 for equal, 1 for
    disjoint distributions."""
    if not one.sum() or not other.sum():
        return float(bool(one.sum()) != bool(other.sum()))
    return fsum(np.abs(one / one.sum() - other / other.sum()).tolist()) / 2


def wasserstein(one: Matrix, other: Matrix) -> float:
    """The area between the distribution functions of two sets of numbers: how far the mass must be moved on
    average (the 1-Wasserstein, or earth mover's, distance)."""
    return weighted_wasserstein(one, np.ones(len(one)), other, np.ones(len(other)))


def weighted_wasserstein(one: Matrix, ones: NDArray[Any], other: Matrix, others: NDArray[Any]) -> float:
    """The same of numbers that stand for several each."""
    places = np.unique(np.concatenate([one, other]))
    below, under = _distribution(one, ones, places), _distribution(other, others, places)
    return float((np.abs(below - under)[:-1] * np.diff(places)).sum())


def _distribution(numbers: Matrix, weights: NDArray[Any], places: Matrix) -> Matrix:
    """The share of the weight up to each place."""
    mass = np.bincount(np.searchsorted(places, numbers), weights=weights, minlength=len(places))
    up_to: Matrix = np.cumsum(mass) / mass.sum()
    return up_to


def correlations(columns: Matrix) -> Matrix:
    """Pearson's correlations of the columns; 0 where one does not vary. Rows with NaN do not count."""
    present = columns[~np.isnan(columns).any(axis=1)]
    if len(present) < 2:
        return np.zeros((columns.shape[1],) * 2)
    centred = present - present.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    scale[scale == 0] = np.inf
    result: Matrix = (centred / scale).T @ (centred / scale)
    return result


@dataclass(frozen=True)
class Propensity:
    """How well a classifier tells released rows from original ones."""

    pmse: float
    """Mean squared difference of the propensities from the share of released rows: 0 if it cannot tell them
    apart, `share * (1 - share)` if it always can."""
    ratio: float
    """The pMSE by what is expected of data that the right model made: near 1, and 0 for an unchanged table."""


def propensity(original: Matrix, released: Matrix) -> Propensity:
    """The propensity score mean squared error by a logistic regression with main effects.

    J. Snoke, G. Raab, B. Nowok, C. Dibben and A. Slavkovic, "General and specific utility measures for synthetic
    data", JRSS A 181 (2018); the expected value under the null is (k - 1)(1 - c)^2 c / N for k parameters.
    """
    features = np.vstack([original, released])
    spread = features.std(axis=0)
    features = (features[:, spread > 0] - features[:, spread > 0].mean(axis=0)) / spread[spread > 0]
    design = np.column_stack([np.ones(len(features)), features])
    label = np.r_[np.zeros(len(original)), np.ones(len(released))]
    share = label.mean()
    scores = _logistic(design, label)
    pmse = float(((scores - share) ** 2).mean())
    independent = int(np.linalg.matrix_rank(design)) - 1
    expected = independent * (1 - share) ** 2 * share / len(label)
    return Propensity(pmse, pmse / float(expected) if expected else 0.0)


def _logistic(design: Matrix, label: Matrix) -> Matrix:
    """The fitted probabilities: iteratively reweighted least squares with a little ridge, so that separable data
    does not run away."""
    weights = np.zeros(design.shape[1])
    penalty = RIDGE * len(label) * np.eye(design.shape[1])
    for _ in range(STEPS):
        chance = _sigmoid(design @ weights)
        slope = chance * (1 - chance)
        gradient = design.T @ (label - chance) - penalty @ weights
        step = np.linalg.solve(design.T @ (design * slope[:, None]) + penalty, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return _sigmoid(design @ weights)


def _sigmoid(values: Matrix) -> Matrix:
    result: Matrix = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return result
