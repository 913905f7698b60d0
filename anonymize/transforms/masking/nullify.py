"""Emptying a column."""

from typing import Any, ClassVar, Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties


class Nullify(ColumnTransform):
    """Make every value null; the column and its type stay."""

    use: Literal["nullify"] = "nullify"
    whole: ClassVar[bool] = True

    def properties(self) -> Properties:
        return Properties(keeps=frozenset({"type"}))

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return pa.nulls(len(values), values.type)


EXAMPLES = [
    Example(Nullify(), ["Zoë", "", None], [None, None, None]),
    Example(Nullify(), [1, None], [None, None]),
]
