"""Replacing a value by a constant."""

from typing import Annotated, Any, ClassVar, Literal, Self

import pyarrow as pa
from pydantic import ConfigDict, Field, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import constant


class Redact(ColumnTransform):
    """Replace every value by the same text; null stays null, so which values are missing survives."""

    model_config = ConfigDict(populate_by_name=True)

    use: Literal["redact"] = "redact"
    whole: ClassVar[bool] = True
    positional: ClassVar[str | None] = "with"
    with_: Annotated[
        str, Field(validation_alias="with", serialization_alias="with", coerce_numbers_to_str=True)
    ] = "[REDACTED]"
    """The text that replaces the value."""
    with_entity: Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]*$")] | None = None
    """Name of what is replaced, shown in its place: `PERSON` gives `<PERSON>`."""

    @model_validator(mode="after")
    def _refuse_both(self) -> Self:
        if self.with_entity is not None and "with_" in self.model_fields_set:
            raise ValueError("say either with or with_entity")
        return self

    def properties(self) -> Properties:
        return Properties()

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return constant(self.with_ if self.with_entity is None else f"<{self.with_entity}>", values)


EXAMPLES = [
    Example(Redact(), ["Zoë", "", None], ["[REDACTED]", "[REDACTED]", None]),
    Example(Redact(with_="隐去"), [1.5, None], ["隐去", None]),
    Example(Redact(with_entity="PERSON"), ["Zoë", None], ["<PERSON>", None]),
]
