"""Intervals of numbers: which one holds a value, and its name."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from string import Formatter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.numbers.parsing import Rejects, parse, parse_integers, shortest, without
from anonymize.kernels.numbers.steps import Steps

Groups = NDArray[np.int64]
Flags = NDArray[np.bool_]


def check_template(format: str) -> str:
    """A template that names {lower} or {upper} and nothing else. Raises ValueError."""
    try:
        pieces = list(Formatter().parse(format))
    except ValueError:
        raise ValueError("not a template: a brace has no partner") from None
    names = [name for _, name, _, _ in pieces if name is not None]
    plain = all(not spec and not conversion for _, _, spec, conversion in pieces)
    if not names or not set(names) <= {"lower", "upper"} or not plain:
        raise ValueError("a template names {lower}, {upper} or both, as in {lower}-{upper}")
    return format


@dataclass(frozen=True)
class Grid:
    """Intervals between the multiples of a step; those below `lower` and from `upper` on are one each."""

    steps: Steps
    lower: float | None
    upper: float | None
    format: str

    def __post_init__(self) -> None:
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise ValueError("`lower` must be below `upper`")
        for name, bound in (("lower", self.lower), ("upper", self.upper)):
            if bound is not None and self._index(bound) is None:
                raise ValueError(f"`{name}` must be a multiple of `width`")

    def groups(self, values: pa.Array, context: Rejects) -> tuple[Groups, Flags]:
        """The number of each value's interval, and where there is one; integer columns are binned exactly."""
        if pa.types.is_integer(values.type) and self.steps.whole:
            numbers = parse_integers(values, context)
            groups = to_numpy(numbers) // self.steps.numerator
        else:
            numbers = parse(values, context)
            far = self.steps.far(to_numpy(numbers))
            numbers = without(numbers, far, "too large a number for this width", context)
            groups = self.steps.below(np.where(far, 0.0, to_numpy(numbers)))
        if self.lower is not None:
            groups = np.maximum(groups, self._first - 1)
        if self.upper is not None:
            groups = np.minimum(groups, self._last)
        return groups, to_numpy(numbers.is_valid())

    def name(self, group: int) -> str:
        if self.lower is not None and group < self._first:
            return f"< {shortest(self.lower)}"
        if self.upper is not None and group >= self._last:
            return f">= {shortest(self.upper)}"
        return self.format.format(lower=self._bound(group), upper=self._bound(group + 1))

    @property
    def _first(self) -> int:
        return self._index(self.lower or 0) or 0

    @property
    def _last(self) -> int:
        return self._index(self.upper or 0) or 0

    def _index(self, bound: float) -> int | None:
        index = Fraction(repr(bound)) / Fraction(self.steps.numerator, self.steps.denominator)
        return int(index) if index.denominator == 1 and abs(index) < 2**52 else None

    def _bound(self, index: int) -> str:
        numerator = index * self.steps.numerator
        return str(numerator) if self.steps.whole else shortest(numerator / self.steps.denominator)


@dataclass(frozen=True)
class Cuts:
    """Intervals between ascending edges; beyond the outer ones lie two more."""

    edges: tuple[float, ...]
    format: str
    labels: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if any(lower >= upper for lower, upper in pairwise(self.edges)):
            raise ValueError("`edges` must ascend")
        inner = len(self.edges) - 1
        if self.labels is not None and len(self.labels) not in (inner, inner + 2):
            raise ValueError(
                f"{len(self.edges)} edges need {inner} labels, or {inner + 2} with the two outer ones"
            )

    def groups(self, numbers: NDArray[np.float64]) -> Groups:
        """The number of each value's interval, 0 for the lowest."""
        return np.searchsorted(np.array(self.edges, np.float64), numbers, side="right").astype(np.int64)

    def name(self, group: int) -> str:
        inner = len(self.edges) - 1
        if self.labels is not None and len(self.labels) == inner + 2:
            return self.labels[group]
        if not self.edges:
            return "any"
        if group == 0:
            return f"< {shortest(self.edges[0])}"
        if group == len(self.edges):
            return f">= {shortest(self.edges[-1])}"
        if self.labels is not None:
            return self.labels[group - 1]
        return self.format.format(lower=shortest(self.edges[group - 1]), upper=shortest(self.edges[group]))
