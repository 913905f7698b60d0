"""Roots and greatest values of functions of one number."""

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import NDArray

STEPS = 100
GOLDEN = (sqrt(5) - 1) / 2


def bisect(function: Callable[[float], float], low: float, high: float) -> float | None:
    """Where the function changes its sign; None if it has the same at both ends."""
    below = function(low) < 0
    if below == (function(high) < 0):
        return None
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if (function(middle) < 0) == below else (low, middle)
    return (low + high) / 2


def sign_change(function: Callable[[float], float | None], points: NDArray[np.float64]) -> float | None:
    """Where the function, which may lack values, changes its sign between two of these points first."""
    values = [function(point) for point in points.tolist()]
    for i in range(len(values) - 1):
        one, other = values[i], values[i + 1]
        if one is not None and other is not None and (one < 0) != (other < 0):
            return bisect(lambda x: function(x) or 0.0, float(points[i]), float(points[i + 1]))
    return None


def maximize(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one peak is greatest: golden section."""
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(STEPS // 2):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = function(right)
    return (low + high) / 2
