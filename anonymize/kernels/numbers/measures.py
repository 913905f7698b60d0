"""The figures that an aggregation can ask for, as in `mean(salary)` or `quantile(salary, 0.9)`."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from anonymize.core.calls import CallSyntaxError, parse_call
from anonymize.kernels.arrays import from_numpy, where
from anonymize.kernels.numbers import figures
from anonymize.kernels.numbers.figures import Counted
from anonymize.kernels.numbers.parsing import is_number, plain_type

FUNCTIONS = ("count", "sum", "mean", "min", "max", "median", "quantile", "distinct")


@dataclass(frozen=True)
class Measure:
    """A figure: the function, the column it is about (empty for count) and, for quantiles, the place."""

    function: str
    column: str = ""
    at: float = 0.5

    def output_type(self, given: pa.DataType) -> pa.DataType:
        """The type of the figure for a column of this type. Raises TypeError if there is none."""
        given = plain_type(given)
        if pa.types.is_nested(given):
            raise TypeError(f"{self.function} needs single values, not {given}")
        if self.function in ("count", "distinct"):
            return pa.int64()
        ordered = self.function in ("min", "max")
        if ordered and (pa.types.is_temporal(given) or is_number(given)):
            return given
        if not (pa.types.is_string(given) or is_number(given)):
            raise TypeError(f"{self.function} needs numbers{' or dates' if ordered else ''}, not {given}")
        return pa.int64() if self.function == "sum" and pa.types.is_integer(given) else pa.float64()

    @property
    def compares_numbers(self) -> bool:
        """Whether text is read as numbers for it."""
        return self.function not in ("count", "distinct")

    def figure(self, given: Counted, output: pa.DataType, least: int) -> pa.Array:
        """The figure of each group; null for groups of fewer values than `least`. Raises OverflowError."""
        found = self._figure(given)
        if isinstance(found, list):
            found = _array(found, output)
        enough = from_numpy(given.sizes() >= least)
        return where(enough, found, pa.scalar(None, found.type))

    def _figure(self, given: Counted) -> Any:
        match self.function:
            case "sum":
                return figures.total(given)
            case "mean":
                return figures.mean(given)
            case "min":
                return figures.minimum(given)
            case "max":
                return figures.maximum(given)
            case "distinct":
                return figures.distinct(given)
            case _:
                return figures.quantile(given, self.at)


def parse_measure(text: str) -> Measure:
    """`mean(salary)` as a Measure. Raises ValueError, saying what is expected."""
    try:
        function, arguments, named = parse_call(text)
    except CallSyntaxError as error:
        raise ValueError(f"not a measure: {error}") from None
    if function not in FUNCTIONS:
        raise ValueError(f"no measure is called {function!r}: say {', '.join(FUNCTIONS)}")
    if named:
        raise ValueError(f"{function} takes its arguments without names")
    if function == "count":
        if arguments:
            raise ValueError("count takes no column: it counts rows")
        return Measure(function)
    if (
        not arguments
        or not isinstance(arguments[0], str)
        or len(arguments) != (2 if function == "quantile" else 1)
    ):
        place = ", 0.9" if function == "quantile" else ""
        raise ValueError(f"{function} takes a column{', and a place' if place else ''}: {function}(column{place})")
    if function != "quantile":
        return Measure(function, arguments[0])
    return Measure(function, arguments[0], _place(arguments[1]))


def _place(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise ValueError("the place of a quantile lies between 0 and 1")
    return float(given)


def _array(values: list[Any], output: pa.DataType) -> pa.Array:
    try:
        array = pa.array(values, output)
    except pa.ArrowInvalid:  # its message quotes the value
        raise OverflowError("too large") from None
    if pa.types.is_floating(output) and any(value in (float("inf"), float("-inf")) for value in values):
        raise OverflowError("too large")
    return array
