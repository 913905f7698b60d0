"""Numbers kept between two bounds."""

from typing import Annotated, Any, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.numbers.bounds import check_bound, comparable, limited
from anonymize.kernels.numbers.parsing import numeric_output

Number = Annotated[float, Field(allow_inf_nan=False)]


class Clip(ColumnTransform):
    """Replace numbers beyond a bound by the bound; the others stay as they are, spelling and all."""

    use: Literal["clip"] = "clip"

    lower: Number | None = None
    """The least number that stays."""
    upper: Number | None = None
    """The greatest number that stays."""

    @model_validator(mode="after")
    def _has_bounds(self) -> Self:
        if self.lower is None and self.upper is None:
            raise ValueError("give `lower`, `upper` or both")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise ValueError("`lower` must not be above `upper`")
        return self

    def properties(self) -> Properties:
        return Properties(
            keeps=frozenset({"type", "order"}), survives="the whole value, unless it reaches a bound"
        )

    def output_type(self, given: pa.DataType) -> pa.DataType:
        for bound in (self.lower, self.upper):
            if bound is not None:
                check_bound(bound, given)
        return numeric_output(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        numbers = comparable(values, context)
        if self.lower is not None:
            values = limited(values, numbers, self.lower, "lower", None)
        if self.upper is not None:
            values = limited(values, numbers, self.upper, "upper", None)
        return values


EXAMPLES = [
    Example(Clip(lower=0, upper=100), ["-5", "50.0", "250", None], ["0", "50.0", "100", None]),
    Example(Clip(upper=100), [-5, 250, None], [-5, 100, None]),
    Example(Clip(lower=0.5), [0.25, 0.75], [0.5, 0.75]),
]
