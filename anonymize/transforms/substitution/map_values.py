"""An explicit table of replacements."""

from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BeforeValidator, field_validator, model_validator

from anonymize.core.component import Example
from anonymize.core.paths import RulePath
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import text
from anonymize.kernels.crypto.tokens import require_scalar
from anonymize.kernels.lists import read_pairs, spelled

Cell = Annotated[str, BeforeValidator(spelled)]


class MapValues(ColumnTransform):
    """Replace each value by what a table says.

    Values are compared as text, exactly: case, spaces and leading zeros count. A value that the table lacks is
    rejected unless `default` or `other` says what to do; the original is never kept. The results are text.
    Whoever knows the table can reverse it where it is one to one.
    """

    use: Literal["map_values"] = "map_values"
    positional: ClassVar[str | None] = "mapping"

    mapping: dict[str, Cell | None] | None = None
    """Value to replacement; a replacement may be null."""
    file: RulePath | None = None
    """Instead of `mapping`: a CSV file in UTF-8 whose first line is `value,replacement`."""
    default: Literal["fail", "null"] = "fail"
    """What becomes of values that the table lacks: rejected, or null."""
    other: str | None = None
    """A label for all values that the table lacks, instead of `default`."""

    @field_validator("mapping", mode="before")
    @classmethod
    def _spells_values_as_text(cls, mapping: Any) -> Any:
        if not isinstance(mapping, dict):
            return mapping
        spellings = {spelled(value): replacement for value, replacement in mapping.items()}
        if len(spellings) < len(mapping):
            raise ValueError("two values of the mapping are the same as text")
        return spellings

    @model_validator(mode="after")
    def _has_one_table(self) -> Self:
        if (self.mapping is None) == (self.file is None):
            raise ValueError("give either `mapping` or `file`")
        if self.other is not None and self.default == "null":
            raise ValueError("give either `default: null` or `other`")
        if not self.table:
            raise ValueError("the table is empty")
        return self

    @cached_property
    def table(self) -> dict[str, str | None]:
        """Value to replacement."""
        return dict(read_pairs(self.file)) if self.file is not None else dict(self.mapping or {})

    @cached_property
    def columns(self) -> tuple[pa.Array, pa.Array]:
        """The table's values and their replacements."""
        return pa.array(self.table, pa.string()), pa.array(self.table.values(), pa.string())

    def properties(self) -> Properties:
        replacements = list(self.table.values())
        one_to_one = len(set(replacements)) == len(replacements) and None not in replacements
        total = self.default == "fail" and self.other is None
        return Properties(injective=one_to_one and total, survives="equality and frequency of the replacements")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        require_scalar(given, self.name(), binary=False)
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        known, replacements = self.columns
        places = pc.index_in(text(values), known)
        found = replacements.take(places)
        unknown = pc.and_(values.is_valid(), places.is_null())
        if self.other is not None:
            return pc.if_else(unknown, self.other, found)
        if self.default == "fail":
            context.reject(unknown, "not in the mapping")
        return found


EXAMPLES = [
    Example(MapValues(mapping={"m": "male", "f": "female"}), ["m", "f", None], ["male", "female", None]),
    Example(
        MapValues(mapping={"北京": "north", "": None}, default="null"), ["北京", "", "Köln"], ["north", None, None]
    ),
    Example(MapValues(mapping={"1": "low", "2": "high"}, other="unknown"), [1, 2, 3], ["low", "high", "unknown"]),
]
