"""Hiding characters."""

from typing import Annotated, Any, Literal, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.text import masking
from anonymize.kernels.text.characters import Character, Characters, map_characters, text_type

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Index = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Delimiter = Annotated[str, Field(min_length=1, coerce_numbers_to_str=True)]


class Mask(ColumnTransform):
    """Hide the characters of a value, all or some.

    No value is shown whole because it is short: if what a rule hides is empty in it (not longer than
    `keep_first` and `keep_last` together, outside the slice, without the delimiter), all of it is hidden. With
    `only` or `skip`, positions count just the characters that can be hidden, and the others stay.
    A masked value keeps its length unless `fixed_length` is set; four digits of a phone number single out many
    people in a small table.
    """

    use: Literal["mask"] = "mask"
    keep_first: Count = 0
    """How many characters stay at the start."""
    keep_last: Count = 0
    """How many characters stay at the end."""
    start: Index | None = None
    """Where the hidden part begins, counted from 0, or from the end if negative."""
    stop: Index | None = None
    """Where the hidden part ends (exclusive), counted likewise."""
    before: Delimiter | None = None
    """Hide what precedes the first occurrence of this text."""
    after: Delimiter | None = None
    """Hide what follows the first occurrence of this text."""
    char: Character = "*"
    """The character that stands for a hidden one."""
    only: Literal["digits", "letters"] | None = None
    """Hide only these; other characters stay."""
    skip: Delimiter | None = None
    """Characters that stay wherever they are, such as `-`."""
    fixed_length: Annotated[int, Field(ge=1, le=1_000)] | None = None
    """Show the hidden part as this many characters, which hides its length; empty values look the same."""

    @model_validator(mode="after")
    def _refuse_nonsense(self) -> Self:
        kept, sliced = self.keep_first or self.keep_last, (self.start, self.stop) != (None, None)
        if sum(map(bool, (kept, sliced, self.before, self.after))) > 1:
            raise ValueError(
                "say in one way what to hide: keep_first, keep_last or start, stop or before or after"
            )
        if self.fixed_length and (self.only or self.skip):
            raise ValueError("fixed_length needs one hidden part; only and skip leave several")
        if masking.never_holds(self.start, self.stop):
            raise ValueError("there is nothing between start and stop")
        return self

    def properties(self) -> Properties:
        some = any((self.keep_first, self.keep_last, self.start, self.stop, self.before, self.after))
        shown = ["the characters that are not hidden"] if some or self.only or self.skip else []
        length = ["the length"] if self.fixed_length is None else []
        return Properties(
            keeps=frozenset({"length"} if length else ()), survives=" and ".join(shown + length) or "nothing"
        )

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return text_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return map_characters(values, self._mask)

    def _mask(self, text: Characters) -> Characters:
        if self.fixed_length is not None:
            return masking.replace(text, self._region(text), self.char * self.fixed_length)
        return masking.hide(text, self._hidden(text), self.char)

    def _region(self, text: Characters) -> masking.Region:
        if self.before is not None:
            return masking.region_before(text, self.before)
        if self.after is not None:
            return masking.region_after(text, self.after)
        if (self.start, self.stop) != (None, None):
            return masking.region_of_slice(text, self.start, self.stop)
        return masking.region_between(text, self.keep_first, self.keep_last)

    def _hidden(self, text: Characters) -> NDArray[np.bool_]:
        if self.only is None and self.skip is None:
            return masking.flags(self._region(text), len(text.codes))
        can_hide = masking.flags_of_kind(text, self.only, self.skip or "")
        if self.before or self.after:
            return can_hide & masking.flags(self._region(text), len(text.codes))
        counted = text.only(can_hide)
        hidden = np.zeros_like(can_hide)
        hidden[can_hide] = masking.flags(self._region(counted), len(counted.codes))
        return hidden


EXAMPLES = [
    Example(Mask(), ["Zoë", "", None], ["***", "", None]),
    Example(Mask(keep_last=4), ["13812345678", "1234", None], ["*******5678", "****", None]),
    Example(Mask(keep_first=1, keep_last=1), ["王小明", "王明"], ["王*明", "**"]),
    Example(Mask(start=3, stop=-4), ["13812345678", "1381"], ["138****5678", "****"]),
    Example(Mask(before="@"), ["zoë@example.com", "no address"], ["***@example.com", "**********"]),
    Example(Mask(after=": ", char="•"), ["card: 4111", "iban: Ü"], ["card: ••••", "iban: •"]),
    Example(Mask(only="digits", keep_last=4), ["+86 (138) 1234-5678"], ["+** (***) ****-5678"]),
    Example(Mask(only="letters"), ["Flat 3, Größe 王"], ["**** 3, ***** *"]),
    Example(Mask(skip="-", keep_last=4), ["4111-1111-1111-1234", None], ["****-****-****-1234", None]),
    Example(Mask(keep_first=1, fixed_length=3), ["Anna", "Al", "", None], ["A***", "A***", "***", None]),
]
