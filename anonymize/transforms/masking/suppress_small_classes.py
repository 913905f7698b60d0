"""Suppress whoever stands out by the quasi-identifiers."""

from typing import ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.errors import DataError
from anonymize.core.roles import Roles
from anonymize.core.transform import Context, RowTransform
from anonymize.kernels.arrays import from_numpy
from anonymize.kernels.numbers.parsing import plain, plain_type
from anonymize.statistics.large_classes import Classes, LargeClasses


class SuppressSmallClasses(RowTransform):
    """Drop the rows whose combination of quasi-identifiers occurs in fewer than k rows, or blank those cells.

    The result is k-anonymous for these columns (Samarati and Sweeney 1998); record suppression in the terms of
    ISO/IEC 20889. Null is a value like any other. With `cells`, the blanked rows form a class of their own; if
    even that would have fewer than k rows, its rows are dropped. k-anonymity does not hide what all rows of a
    class share. If every row would go, it is an error.
    """

    use: Literal["suppress_small_classes"] = "suppress_small_classes"
    positional: ClassVar[str | None] = "k"

    k: int = Field(ge=2)
    """The smallest class that stays."""
    cells: bool = False
    """Keep the row and make its quasi-identifiers null instead of dropping it."""

    def needs(self, columns: tuple[str, ...]) -> LargeClasses:
        return LargeClasses(columns, self.k)

    def columns(self, roles: Roles) -> tuple[str, ...]:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        return roles.quasi

    def rewrites(self) -> bool:
        return self.cells

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if pa.types.is_nested(given):
            raise TypeError(f"needs single values, not {given}")
        return plain_type(given)

    def apply(
        self, batch: pa.RecordBatch, context: Context[Classes]
    ) -> tuple[pa.RecordBatch, pa.BooleanArray | None]:
        columns = {name: plain(batch.column(name)) for name in batch.schema.names}
        if context.fitted.is_empty and len(batch):
            raise DataError(
                f"every row is in a class of fewer than {self.k:,} rows and would be suppressed",
                hint="coarsen the quasi-identifiers first, or use k_anonymize, which finds how far",
            )
        small = from_numpy(context.fitted.small(batch))
        if not self.cells:
            return pa.record_batch(columns), pc.invert(small)
        columns = {name: pc.if_else(small, pa.scalar(None, c.type), c) for name, c in columns.items()}
        enough = context.fitted.blanks >= self.k
        return pa.record_batch(columns), None if enough else pc.invert(small)


_PEOPLE = {
    "zip": ["123", "123", "456", "123", None, None],
    "城市": ["北京", "北京", "上海", "北京", "", ""],
    "diagnosis": ["flu", "cold", "flu", "flu", "cold", "flu"],
}
_ROLES = Roles(quasi=("zip", "城市"), sensitive=("diagnosis",))

EXAMPLES = [
    Example(
        SuppressSmallClasses(k=2),
        _PEOPLE,
        {
            "zip": ["123", "123", "123", None, None],
            "城市": ["北京", "北京", "北京", "", ""],
            "diagnosis": ["flu", "cold", "flu", "cold", "flu"],
        },
        _ROLES,
    ),
    Example(
        SuppressSmallClasses(k=3, cells=True),
        _PEOPLE,
        {
            "zip": ["123", "123", None, "123", None, None],
            "城市": ["北京", "北京", None, "北京", None, None],
            "diagnosis": ["flu", "cold", "flu", "flu", "cold", "flu"],
        },
        _ROLES,
    ),
]
