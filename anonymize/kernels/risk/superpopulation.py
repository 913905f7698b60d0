"""How many rows of a sample's population are unique there, estimated from the sizes of the sample's classes."""

from dataclasses import dataclass
from math import exp, isfinite, lgamma, log, log1p

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.risk.solving import bisect, maximize, sign_change

MOST_PARAMETER = 1e12


@dataclass(frozen=True)
class Histogram:
    """How many classes of each size a sample has."""

    sizes: NDArray[np.int64]
    classes: NDArray[np.int64]

    @classmethod
    def of(cls, sizes: NDArray[np.int64]) -> "Histogram":
        """From the size of every class."""
        return cls(*np.unique(sizes, return_counts=True))

    @property
    def rows(self) -> int:
        return int(self.sizes @ self.classes)

    @property
    def count(self) -> int:
        """All classes."""
        return int(self.classes.sum())

    def of_size(self, size: int) -> int:
        """The classes of this size."""
        return int(self.classes[self.sizes == size].sum())


def zayatz(found: Histogram, fraction: float) -> float:
    """L. Zayatz, "Estimation of the percent of unique population elements on a microdata file using the sample",
    1991: the classes of the population are taken to be of sizes as those of the sample are; by Bayes, so many of
    the sample uniques come from classes of one."""
    population = max(round(found.rows / fraction), found.rows)
    alone = _chance_of_one(found.sizes, found.rows, population)
    seen = float(alone @ found.classes)
    ones = found.of_size(1)
    return ones * ones / seen if ones else 0.0


def _chance_of_one(sizes: NDArray[np.int64], rows: int, population: int) -> NDArray[np.float64]:
    """How likely a sample takes exactly one row of a class of each size: hypergeometric."""
    others = population - sizes
    possible = others >= rows - 1
    total = _choose(population, rows)
    return np.array(
        [
            exp(log(size) + _choose(other, rows - 1) - total) if fits else 0.0
            for size, other, fits in zip(sizes.tolist(), others.tolist(), possible.tolist(), strict=True)
        ]
    )


def _choose(of: int, taken: int) -> float:
    return lgamma(of + 1) - lgamma(taken + 1) - lgamma(of - taken + 1)


def pitman(found: Histogram, fraction: float) -> float | None:
    """N. Hoshino, "Applying Pitman's sampling formula to microdata disclosure risk assessment", Journal of
    Official Statistics 17 (2001): the two parameters of greatest likelihood, and how many of the population's
    rows are expected to be unique under them. None if the likelihood has no greatest value in reach."""
    if not found.of_size(1):
        return 0.0
    if found.count == found.rows:
        return None
    alpha = maximize(lambda a: _profile(found, a)[0], 1e-9, 1 - 1e-9)
    theta = _profile(found, alpha)[1]
    population = found.rows / fraction
    rising = lgamma(theta + alpha + population - 1) - lgamma(theta + alpha)
    return population * exp(rising - lgamma(theta + population) + lgamma(theta + 1))


def _profile(found: Histogram, alpha: float) -> tuple[float, float]:
    """The greatest log-likelihood for one alpha, and the theta that has it."""
    weighted = sum(
        count * (lgamma(size - alpha) - lgamma(1 - alpha))
        for size, count in zip(found.sizes.tolist(), found.classes.tolist(), strict=True)
        if size > 1
    )

    def likelihood(shifted: float) -> float:
        theta = exp(shifted) - alpha
        classes = lgamma(theta / alpha + found.count) - lgamma(theta / alpha + 1)
        rows = lgamma(theta + found.rows) - lgamma(theta + 1)
        return (found.count - 1) * log(alpha) + classes - rows

    shifted = maximize(likelihood, log(1e-9), log(MOST_PARAMETER))
    return likelihood(shifted) + weighted, exp(shifted) - alpha


def slide_negative_binomial(found: Histogram, fraction: float) -> float | None:
    """G. Chen and S. Keller-McNulty, "Estimation of identification disclosure risk in microdata", Journal of
    Official Statistics 14 (1998): sizes of classes in the population are 1 + a negative binomial number, whose
    parameters fit the classes of one and of two in the sample. The number of classes in the population is
    Shlosser's, as modified by P. Haas and L. Stokes (1998). None if no parameters fit.
    """
    ones, twos = found.of_size(1), found.of_size(2)
    if not ones:
        return 0.0
    if not twos or fraction >= 1:
        return None
    classes = shlosser(found, fraction)
    stay = 1 - fraction

    def shape(q: float) -> float | None:
        """The shape that gives the classes of two for each class of one."""
        rest = 1 - q * stay

        def ratio(logarithm: float) -> float:
            a = exp(logarithm)
            return fraction * a * q * (2 - q * stay * (1 - a)) / (2 * rest * (rest + a * q * stay)) - twos / ones

        found_at = bisect(ratio, log(1e-9), log(1e9))
        return None if found_at is None else exp(found_at)

    def surplus(q: float) -> float | None:
        a = shape(q)
        if a is None:
            return None
        rest = 1 - q * stay
        return classes * fraction * exp(a * (log1p(-q) - log(rest))) * (1 + a * q * stay / rest) - ones

    solution = sign_change(surplus, np.concatenate([np.geomspace(1e-6, 0.5, 60), 1 - np.geomspace(0.5, 1e-6, 60)]))
    if solution is None:
        return None
    uniques = classes * exp((shape(solution) or 0.0) * log1p(-solution))
    return uniques if isfinite(uniques) else None


def shlosser(found: Histogram, fraction: float) -> float:
    """The classes of the population: the modified Shlosser estimator (P. Haas, L. Stokes, "Estimating the number
    of classes in a finite population", JASA 93, 1998)."""
    sizes, classes, stay, square = found.sizes.astype(float), found.classes, 1 - fraction, fraction * fraction
    seen_twice = (sizes * square * (1 - square) ** (sizes - 1)) @ classes
    expected = ((1 - square) ** sizes - stay**sizes) @ classes
    missed = (stay**sizes) @ classes
    once = (sizes * fraction * stay ** (sizes - 1)) @ classes
    return float(found.count + found.of_size(1) * seen_twice / expected * (missed / once) ** 2)


def estimate(found: Histogram, fraction: float, model: str = "auto") -> tuple[float, str]:
    """The expected uniques of the population and the model that said so.

    `auto` decides as F. Dankar et al., "Estimating the re-identification risk of clinical data sets", 2012: Pitman
    up to a sampling fraction of 0.1, above it the smaller of SNB and Zayatz; Zayatz where a model has no answer.
    """
    population = found.rows / fraction
    models = {"zayatz": zayatz, "pitman": pitman, "snb": slide_negative_binomial}
    if fraction >= 1:
        return float(found.of_size(1)), "count"
    asked = [model] if model != "auto" else ["pitman"] if fraction <= 0.1 else ["snb", "zayatz"]
    answers = {name: models[name](found, fraction) for name in asked}
    said = {name: value for name, value in answers.items() if value is not None}
    if not said:
        said = {"zayatz": zayatz(found, fraction)}
    chosen = min(said, key=lambda name: said[name])
    return min(said[chosen], population), chosen
