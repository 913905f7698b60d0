"""A visible decision to change nothing."""

from typing import Any, ClassVar, Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties


class Keep(ColumnTransform):
    """Pass the column as it is."""

    use: Literal["keep"] = "keep"
    whole: ClassVar[bool] = True

    def properties(self) -> Properties:
        return Properties(
            injective=True,
            keeps=frozenset({"value", "type", "length", "order", "prefix", "format", "check_digit"}),
            survives="the whole value",
        )

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return values


EXAMPLES = [
    Example(Keep(), ["Zoë", "", None], ["Zoë", "", None]),
]
