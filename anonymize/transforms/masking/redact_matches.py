"""Replacing what a regular expression matches."""

from typing import Annotated, Any, ClassVar, Literal

import pyarrow as pa
from pydantic import ConfigDict, Field, field_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import text
from anonymize.kernels.text.characters import text_type
from anonymize.kernels.text.patterns import check_pattern, replace_matches


class RedactMatches(ColumnTransform):
    """Replace every match of a regular expression in the text; the rest stays.

    The engine is RE2: linear time whatever the pattern, hence no look-around and no back-references. The
    replacement is plain text. `\\d`, `\\w`, `\\b` know ASCII only: write `\\p{L}` for the letters of all scripts.
    What the pattern misses is passed: a wrong pattern redacts nothing.
    """

    model_config = ConfigDict(populate_by_name=True)

    use: Literal["redact_matches"] = "redact_matches"
    positional: ClassVar[str | None] = "pattern"
    pattern: Annotated[str, Field(min_length=1)]
    """The regular expression, in RE2's syntax; `(?i)` and `(?s)` in front set flags."""
    with_: Annotated[
        str, Field(validation_alias="with", serialization_alias="with", coerce_numbers_to_str=True)
    ] = "[REDACTED]"
    """The text that replaces a match."""

    @field_validator("pattern")
    @classmethod
    def _can_run(cls, pattern: str) -> str:
        check_pattern(pattern)
        return pattern

    def properties(self) -> Properties:
        return Properties(survives="the text around the matches")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return text_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return replace_matches(text(values), self.pattern, self.with_).cast(text_type(values.type))


EXAMPLES = [
    Example(
        RedactMatches(pattern=r"\d{11}"),
        ["call 13812345678 or 13912345678", "电话13812345678。", "", None],
        ["call [REDACTED] or [REDACTED]", "电话[REDACTED]。", "", None],
    ),
    Example(RedactMatches(pattern=r"(?i)zoë", with_="<name>"), ["ZOË and Zoë"], ["<name> and <name>"]),
    Example(RedactMatches(pattern=r"C:\\\w+", with_=r"\0\1"), [r"in C:\anna"], [r"in \0\1"]),
]
