"""Serial numbers."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import AfterValidator, Field

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy
from anonymize.kernels.crypto.tokens import check_prefix


class Number(ColumnTransform):
    """Replace each value by the number of its row: a surrogate id without a key.

    The value is never looked at: nulls get a number too, equal values get different ones, and the values of a list
    share that of their row. Whoever has the original file in its order can count to the value's row.
    The result is an integer column, or text with `width` or `prefix`.
    """

    use: Literal["number"] = "number"
    positional: ClassVar[str | None] = "start"
    whole: ClassVar[bool] = True

    start: int = Field(default=1, ge=0, le=10**15)
    """The number of the first row."""
    step: int = Field(default=1, ge=1, le=10**6)
    """The distance between two rows."""
    width: int | None = Field(default=None, ge=1, le=18)
    """Digits to fill up to with zeros; a longer number is not cut."""
    prefix: Annotated[str, Field(max_length=64), AfterValidator(check_prefix)] = ""
    """Text before each number."""

    def properties(self) -> Properties:
        return Properties(deterministic=False, survives="the order of the rows")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return pa.string() if self.prefix or self.width else pa.int64()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        numbers = from_numpy(self.start + self.step * context.rows.astype(np.int64))
        if self.output_type(values.type) == pa.int64():
            return numbers
        digits = pc.utf8_lpad(pc.cast(numbers, pa.string()), width=self.width or 1, padding="0")
        return pc.binary_join_element_wise(self.prefix, digits, "") if self.prefix else digits


EXAMPLES = [
    Example(Number(), ["Zoë", "", None, "Zoë"], [1, 2, 3, 4]),
    Example(Number(start=1000, step=10), ["a", "b"], [1000, 1010]),
    Example(Number(width=4, prefix="case-"), ["a", None], ["case-0001", "case-0002"]),
]
