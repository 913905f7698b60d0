"""Rare values under one label."""

from typing import Annotated, Any, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import text, where
from anonymize.kernels.combining import decoded
from anonymize.kernels.counting import COUNT
from anonymize.kernels.numbers.parsing import plain, plain_type, spell
from anonymize.statistics.class_sizes import ClassSizes


class GroupRare(ColumnTransform):
    """Replace values that occur fewer than `k` times in the data by one label.

    The label itself may occur fewer than `k` times, when rare values are few. Values are compared exactly, and
    the result is text. A change in the data can move a value across the limit.
    """

    use: Literal["group_rare"] = "group_rare"
    positional: ClassVar[str | None] = "k"

    k: Annotated[int, Field(ge=2)]
    """How often a value must occur to stay."""
    label: str = "other"
    """What stands for the others."""

    def properties(self) -> Properties:
        return Properties(deterministic=False, survives="the whole value, unless it is rare")

    def needs(self, columns: tuple[str, ...]) -> ClassSizes:
        return ClassSizes((columns[0],))

    def output_type(self, given: pa.DataType) -> pa.DataType:
        plainly = plain_type(given)
        if pa.types.is_nested(plainly) or pa.types.is_binary(plainly) or pa.types.is_null(plainly):
            raise TypeError(f"needs text, numbers, dates or booleans, not {given}")
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        values = plain(values)
        sizes = decoded(context.fitted)
        frequent = sizes.filter(pc.greater_equal(sizes[COUNT], self.k)).column(0).combine_chunks()
        known = pc.is_in(values, value_set=plain(frequent).drop_null())
        spelled = spell(values) if pa.types.is_floating(values.type) else text(values)
        grouped = where(known, spelled, pa.scalar(self.label, pa.string()))
        return where(values.is_valid(), grouped, pa.scalar(None, pa.string()))


EXAMPLES = [
    Example(GroupRare(k=2), ["red", "red", "crème", "", None], ["red", "red", "other", "other", None]),
    Example(GroupRare(k=2, label="selten"), [1, 1, 2, None], ["1", "1", "selten", None]),
]
