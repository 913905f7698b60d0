"""Showing what kind of characters a value has."""

from dataclasses import replace
from typing import Any, Literal, Self

import numpy as np
import pyarrow as pa
from pydantic import model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.text.characters import (
    DIGIT,
    LOWER,
    OTHER,
    UPPER,
    Character,
    Characters,
    class_of,
    map_characters,
    map_codes,
    text_type,
)


class MaskPattern(ColumnTransform):
    """Replace each character by one for its kind: `Anna-7` becomes `Xxxx-9`.

    Kinds are Unicode's: letters without case (Chinese, Arabic), marks upon letters and characters unknown to
    this Python count as lower case, numerals of all scripts as digits. As Spark's `mask`, with `null` for
    "as it is". The pattern survives: a name of an unusual shape can still be matched.
    """

    use: Literal["mask_pattern"] = "mask_pattern"
    upper: Character | None = "X"
    """Stands for an upper-case letter; null keeps the letters."""
    lower: Character | None = "x"
    """Stands for any other letter; null keeps the letters."""
    digit: Character | None = "9"
    """Stands for a digit; null keeps the digits."""
    other: Character | None = None
    """Stands for anything else, such as punctuation and spaces; null keeps it."""

    @model_validator(mode="after")
    def _refuse_nothing(self) -> Self:
        if not any(self._shown().values()):
            raise ValueError("upper, lower, digit and other are all null: nothing would be hidden; use keep")
        return self

    def properties(self) -> Properties:
        return Properties(keeps=frozenset({"length", "format"}), survives="the kind of each character")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return text_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return map_characters(values, self._mask)

    def _shown(self) -> dict[int, str | None]:
        return {UPPER: self.upper, LOWER: self.lower, DIGIT: self.digit, OTHER: self.other}

    def _mask(self, text: Characters) -> Characters:
        shown = self._shown()
        narrow = text.codes.dtype == np.uint8 and all(map(str.isascii, filter(None, shown.values())))
        width = np.uint8 if narrow else np.uint32
        return replace(text, codes=map_codes(text.codes, lambda c: ord(shown[class_of(c)] or c), width))


EXAMPLES = [
    Example(MaskPattern(), ["Anna-Zoë 7b", "王小明", "", None], ["Xxxx-Xxx 9x", "xxx", "", None]),
    Example(MaskPattern(upper="A", lower="a", digit="0", other="_"), ["Flat 3, Ⅷ"], ["Aaaa_0__0"]),
    Example(MaskPattern(upper=None, lower=None), ["AB-123", "AB-٣"], ["AB-999", "AB-9"]),
]
