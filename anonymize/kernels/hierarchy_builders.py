"""Hierarchies that are computed from the values: intervals, prefixes, dates, rounding, bounds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Protocol, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.calls import CallSyntaxError, parse_call
from anonymize.kernels.arrays import constant, from_numpy, text, to_numpy, where
from anonymize.kernels.dates.parsing import Dates, parse_dates
from anonymize.kernels.dates.periods import Period, names
from anonymize.kernels.numbers.intervals import Cuts, Grid
from anonymize.kernels.numbers.parsing import Quiet, parse, spell
from anonymize.kernels.numbers.steps import Steps
from anonymize.kernels.text.labels import labelled

SPELLED = "[{lower}, {upper})"
STAR = "*"
FINENESS = 20  # the finest automatic intervals cut the range of the numbers into about so many
CODE = r"^[A-Za-z0-9][A-Za-z0-9 -]{1,11}$"
NESTED: tuple[tuple[Period, ...], ...] = (
    ("second", "minute", "hour", "day", "month", "quarter", "year", "decade"),
    ("day", "month", "season"),
    ("day", "week"),
    ("year", "century", "millennium"),
)
"""Chains of periods in which each lies within one of the next."""


class Builder(Protocol):
    """Makes labels for values on the levels between the value itself and the top."""

    def levels(self, values: pa.Array) -> Iterator[pa.Array]:
        """From the finest on; null where a value has none."""
        ...


@dataclass(frozen=True)
class Intervals:
    """Numbers in intervals of growing `widths`, or between fewer and fewer `edges`."""

    widths: tuple[float, ...] = ()
    edges: tuple[tuple[float, ...], ...] = ()
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        if bool(self.widths) == bool(self.edges):
            raise ValueError("intervals need either `widths` or `edges`")
        for finer, coarser in pairwise(self.widths):
            quotient = coarser / finer if finer > 0 else 0.5
            if quotient <= 1 or abs(quotient - round(quotient)) > 1e-9:
                raise ValueError("each width must be a multiple of the one before")
        for finer_edges, coarser_edges in pairwise(self.edges):
            if not set(coarser_edges) < set(finer_edges):
                raise ValueError("each list of edges must be a part of the one before")
        self._grids()
        self._cuts()

    def levels(self, values: pa.Array) -> Iterator[pa.Array]:
        numbers = parse(values, Quiet())
        for grid in self._grids():
            groups, valid = grid.groups(numbers, Quiet())
            yield labelled(groups, valid, grid.name)
        for cuts in self._cuts():
            yield labelled(cuts.groups(to_numpy(numbers)), to_numpy(numbers.is_valid()), cuts.name)

    def _grids(self) -> list[Grid]:
        return [Grid(Steps.of(width), self.lower, self.upper, SPELLED) for width in self.widths]

    def _cuts(self) -> list[Cuts]:
        return [Cuts(edges, SPELLED) for edges in self.edges]


@dataclass(frozen=True)
class Bounds:
    """Top and bottom coding: numbers beyond bounds that move inwards become `< 18` or `>= 90`."""

    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not (self.lower or self.upper):
            raise ValueError("bounds need `lower`, `upper` or both")
        if any(a > b for a, b in pairwise(self.lower)) or any(a < b for a, b in pairwise(self.upper)):
            raise ValueError("bounds must move inwards")
        if self.lower and self.upper and self.lower[-1] >= self.upper[-1]:
            raise ValueError("`lower` must stay below `upper`")

    def levels(self, values: pa.Array) -> Iterator[pa.Array]:
        numbers = parse(values, Quiet())
        spelled = where(numbers.is_valid(), text(values), pa.scalar(None, pa.string()))
        for level in range(max(len(self.lower), len(self.upper))):
            for bound, sign in ((_at(self.lower, level), "<"), (_at(self.upper, level), ">=")):
                if bound is not None:
                    beyond = pc.less(numbers, bound) if sign == "<" else pc.greater_equal(numbers, bound)
                    label = f"{sign} {spell(pa.array([float(bound)], pa.float64()))[0]}"
                    spelled = where(pc.fill_null(beyond, False), constant(label, spelled), spelled)
            yield spelled


@dataclass(frozen=True)
class Rounding:
    """Numbers rounded again and again, each time to a coarser multiple."""

    to: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.to or any(a >= b for a, b in pairwise(self.to)):
            raise ValueError("rounding needs ascending multiples")
        [Steps.of(base) for base in self.to]

    def levels(self, values: pa.Array) -> Iterator[pa.Array]:
        parsed = parse(values, Quiet())
        numbers = np.where(to_numpy(parsed.is_valid()), to_numpy(parsed), 0.0)
        for base in self.to:
            steps = Steps.of(base)
            far = steps.far(numbers)
            numbers = np.where(far, numbers, steps.multiple(steps.nearest(np.where(far, 0.0, numbers))))
            yield spell(from_numpy(numbers + 0.0, parsed))


@dataclass(frozen=True)
class Prefix:
    """Text cut from the right, a star for each character that goes."""

    cut: tuple[int, ...] = ()
    """How many characters go on each level; by default one more on each."""

    def __post_init__(self) -> None:
        if any(a >= b for a, b in pairwise((0, *self.cut))):
            raise ValueError("`cut` must ascend from 1 on")

    def levels(self, values: pa.Array) -> Iterator[pa.Array]:
        spelled = text(values)
        longest = pc.max(pc.utf8_length(spelled)).as_py() or 0
        padded = pc.utf8_rpad(spelled, longest, STAR)
        for cut in self.cut or range(1, longest):
            left = max(longest - cut, 0)
            yield pc.utf8_rpad(pc.utf8_slice_codeunits(padded, 0, left), longest, STAR)


@dataclass(frozen=True)
class DateLevels:
    """Dates in longer and longer periods."""

    to: tuple[Period, ...] = ("month", "quarter", "year", "decade")

    def __post_init__(self) -> None:
        unknown = [period for period in self.to if period not in get_args(Period)]
        if unknown or not self.to:
            raise ValueError(f"dates need periods of {', '.join(get_args(Period))}")
        if not any(_in_order(self.to, chain) for chain in NESTED):
            raise ValueError("each period must lie within one of the next")

    def levels(self, values: pa.Array) -> Iterator[pa.Array]:
        dates: Dates = parse_dates(values, Quiet())
        for period in self.to:
            yield names(dates, period)


@dataclass(frozen=True)
class Flat:
    """No level between the value and the top."""

    def levels(self, values: pa.Array) -> Iterator[pa.Array]:
        return iter(())


BUILDERS: dict[str, Callable[..., Builder]] = {
    "intervals": Intervals,
    "bounds": Bounds,
    "rounding": Rounding,
    "prefix": Prefix,
    "dates": DateLevels,
    "flat": Flat,
}


def parse_builder(call: str) -> Builder:
    """A builder from a call such as `intervals(widths=[5, 10])`. Raises ValueError."""
    try:
        name, positional, named = parse_call(call)
    except CallSyntaxError as error:
        raise ValueError(f"not a hierarchy: {error}") from None
    if name not in BUILDERS:
        raise ValueError(f"no hierarchy is called {name!r}: there are {', '.join(BUILDERS)}")
    known = [part.name for part in fields(BUILDERS[name])]  # type: ignore[arg-type]
    given = {**dict(zip(known, positional, strict=False)), **named}
    if len(positional) > len(known) or not set(given) <= set(known):
        raise ValueError(f"{name} takes {', '.join(known) or 'nothing'}")
    frozen = {key: _frozen(value) for key, value in given.items()}
    if name != "dates" and not all(map(_is_numeric, frozen.values())):
        raise ValueError(f"{name} needs numbers, in lists where there are several")
    try:
        return BUILDERS[name](**frozen)
    except TypeError:
        raise ValueError(f"{name} needs lists") from None


def automatic(values: pa.Array) -> Builder:
    """The builder that fits distinct values: by their type, or for text by how all of them look."""
    present = values.drop_null()
    kind = present.type
    if not len(present) or pa.types.is_boolean(kind) or pa.types.is_nested(kind):
        return Flat()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return DateLevels()
    if pa.types.is_string(kind):
        if not parse_dates(present, Quiet()).valid.all():
            return _of_text(present)
        lengths = pc.utf8_length(present)
        return DateLevels() if (pc.min(lengths).as_py() or 0) >= 8 else _of_text(present)
    numbers = parse(present, Quiet()) if pa.types.is_integer(kind) or pa.types.is_floating(kind) else None
    return Flat() if numbers is None else _doubling(numbers)


def _of_text(present: pa.Array) -> Builder:
    numbers = parse(present, Quiet())
    padded = pc.any(pc.match_substring_regex(present, "^0[0-9]")).as_py()
    if not numbers.null_count and not padded:
        lengths = pc.utf8_length(present)
        same = pc.min(lengths).as_py() == pc.max(lengths).as_py()
        whole = pc.all(pc.match_substring_regex(present, "^[0-9]+$")).as_py()
        if not (whole and same and pc.min(lengths).as_py() >= 5):
            return _doubling(numbers)
    is_code = pc.all(pc.match_substring_regex(present, CODE)).as_py()
    has_digits = pc.all(pc.match_substring_regex(present, "[0-9]")).as_py()
    return Prefix() if is_code and has_digits else Flat()


def _doubling(numbers: pa.Array) -> Builder:
    """Intervals that double from about a twentieth of the range to all of it."""
    numbers = numbers.drop_null()
    if not len(numbers):
        return Flat()
    lowest, highest = pc.min(numbers).as_py(), pc.max(numbers).as_py()
    spread = highest - lowest
    if not 0 < spread < 1e12 or abs(lowest) > 1e12:
        return Flat()
    width = _nice(spread / FINENESS)
    whole = pc.all(pc.equal(pc.floor(numbers), numbers)).as_py()
    widths = [max(width, 2.0) if whole else width]
    while widths[-1] * 2 < spread:
        widths.append(widths[-1] * 2)
    try:
        return Intervals(tuple(float(f"{w:.12g}") for w in widths))
    except ValueError:  # too many digits to be exact
        return Flat()


def _nice(width: float) -> float:
    """The least of 1, 2 or 5 times a power of ten that is not below."""
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(f"{step * power:.6g}" for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9)))


def _at(bounds: Sequence[float], level: int) -> float | None:
    return bounds[min(level, len(bounds) - 1)] if bounds else None


def _in_order(periods: Sequence[Period], chain: Sequence[Period]) -> bool:
    places = [chain.index(period) for period in periods if period in chain]
    return len(places) == len(periods) and all(a < b for a, b in pairwise(places))


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(part) for part in value)
    return value


def _is_numeric(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_numeric, value))
    return isinstance(value, int | float) and not isinstance(value, bool)
