"""Rounding."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field, field_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.numbers.parsing import numeric_output, parse, parse_integers, plain, restore, without
from anonymize.kernels.numbers.steps import Steps


class RoundTo(ColumnTransform):
    """Round numbers to the nearest multiple of `base`; halves go away from zero.

    Results are exact in decimals (1234.56 to 0.1 is 1234.6), and integers stay integers. Extreme values remain
    as conspicuous as they were.
    """

    use: Literal["round_to"] = "round_to"
    positional: ClassVar[str | None] = "base"

    base: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    """The distance between the numbers that remain."""

    @field_validator("base")
    @classmethod
    def _has_exact_multiples(cls, base: float) -> float:
        try:
            Steps.of(base)
        except ValueError:
            raise ValueError("`base` is too large or has too many digits") from None
        return base

    def properties(self) -> Properties:
        return Properties(keeps=frozenset({"type", "order"}), survives="the rounded number")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if pa.types.is_integer(given) and not Steps.of(self.base).whole:
            raise TypeError(f"needs a whole `base` for a column of {given}")
        return numeric_output(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        values, steps = plain(values), Steps.of(self.base)
        if pa.types.is_integer(values.type):
            integers = parse_integers(values, context)
            rounded, outside = steps.nearest_integers(to_numpy(integers))
            kept = without(integers, outside, "the result does not fit 64 bits", context)
            return restore(from_numpy(rounded, kept), values, context)
        numbers = parse(values, context)
        far = steps.far(to_numpy(numbers))
        numbers = without(numbers, far, "too large a number for this base", context)
        index = steps.nearest(np.where(far, 0.0, to_numpy(numbers)))
        return restore(from_numpy(steps.multiple(index), numbers), values, context)


EXAMPLES = [
    Example(RoundTo(base=10), ["1234", "1235", "-15", "007", None], ["1230", "1240", "-20", "10", None]),
    Example(RoundTo(base=0.1), ["1234.56", "0.25", "1e3"], ["1234.6", "0.3", "1000"]),
    Example(RoundTo(base=0.5), [1.26, 1.24, None], [1.5, 1.0, None]),
    Example(RoundTo(base=1000), [9_007_199_254_740_993, None], [9_007_199_254_741_000, None]),
]
