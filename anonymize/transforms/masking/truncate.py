"""Cutting values to a few characters."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import text
from anonymize.kernels.text import masking
from anonymize.kernels.text.characters import Character, Characters, few_characters, map_characters, text_type


class Truncate(ColumnTransform):
    """Keep the first or last characters of a value, as in a postcode of three digits.

    A value that is not longer than `length` stays as it is. Numbers are cut as they are spelled.
    """

    use: Literal["truncate"] = "truncate"
    positional: ClassVar[str | None] = "length"
    length: Annotated[int, Field(ge=1, le=1_000_000)]
    """How many characters (Unicode code points) stay."""
    side: Literal["start", "end"] = "start"
    """Which side of the value stays."""
    pad: Character | None = None
    """Replaces each character that is cut, so that the value keeps its length."""

    def properties(self) -> Properties:
        place = "first" if self.side == "start" else "last"
        padded = self.pad is not None
        return Properties(
            keeps=frozenset({"length"} if padded else ()),
            survives=few_characters(place, self.length) + (" and the length" if padded else ""),
        )

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return text_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        if self.pad is not None:
            return map_characters(values, self._padded)
        start, stop = (0, self.length) if self.side == "start" else (-self.length, None)
        return pc.utf8_slice_codeunits(text(values), start, stop).cast(text_type(values.type))

    def _padded(self, text: Characters) -> Characters:
        if self.side == "start":
            cut = masking.Region(np.minimum(text.starts + self.length, text.ends), text.ends)
        else:
            cut = masking.Region(text.starts, np.maximum(text.ends - self.length, text.starts))
        return masking.hide(text, masking.flags(cut, len(text.codes)), self.pad or "")


EXAMPLES = [
    Example(Truncate(length=3), ["90210", "90", "王小明同学", "", None], ["902", "90", "王小明", "", None]),
    Example(Truncate(length=2, side="end"), ["90210", "Zoë"], ["10", "oë"]),
    Example(Truncate(length=3, pad="0"), ["90210", "90"], ["90200", "90"]),
    Example(Truncate(length=1, side="end", pad="*"), ["90210", ""], ["****0", ""]),
    Example(Truncate(length=3), [90210, None], ["902", None]),
]
