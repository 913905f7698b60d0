"""Leaving a column out."""

from typing import Any, ClassVar, Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties


class Drop(ColumnTransform):
    """Leave the column out of the output, with its name; the plan sees to that."""

    use: Literal["drop"] = "drop"
    whole: ClassVar[bool] = True

    def properties(self) -> Properties:
        return Properties()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        """Nulls: should a column that goes be asked for all the same, it holds nothing."""
        return pa.nulls(len(values), values.type)


EXAMPLES = [
    Example(Drop(), ["Zoë", "", None], [None, None, None]),
]
