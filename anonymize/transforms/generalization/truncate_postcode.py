"""Postcodes to their first characters."""

from typing import Annotated, Any, ClassVar, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Kept, Properties
from anonymize.kernels.arrays import where
from anonymize.kernels.numbers.parsing import plain, plain_type
from anonymize.kernels.text.characters import few_characters

SMALL_AREAS = (
    *("036", "059", "063", "102", "203", "556", "692", "790", "821"),
    *("823", "830", "831", "878", "879", "884", "890", "893"),
)
"""Areas of 20,000 people or fewer in the census of 2000, as HHS lists them in its guidance on 45 CFR 164.514."""
ZIP = r"^[0-9]{5}(-?[0-9]{4})?$"


class TruncatePostcode(ColumnTransform):
    """Keep the first characters of a postcode.

    A postcode that is not longer stays as it is. With `hipaa`, values must be US ZIP codes (also ZIP+4), three
    digits stay, and those of the 17 areas with 20,000 people or fewer become 000, as 45 CFR
    164.514(b)(2)(i)(B) asks.
    """

    use: Literal["truncate_postcode"] = "truncate_postcode"
    positional: ClassVar[str | None] = "length"

    length: Annotated[int, Field(ge=1, le=20)] = 3
    """How many characters stay."""
    pad: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """Stands for each character that goes; spaces and hyphens stay."""
    hipaa: bool = False
    """Apply the rule of HIPAA for small areas."""

    @model_validator(mode="after")
    def _keeps_three_for_hipaa(self) -> Self:
        if self.hipaa and self.length != 3:
            raise ValueError("`hipaa` keeps three digits: leave `length` out")
        return self

    def properties(self) -> Properties:
        survives = few_characters("first", self.length)
        if self.hipaa:
            return Properties(keeps=frozenset({"type"}), survives=survives)
        kept = frozenset[Kept]({"type", "prefix"} if self.pad is None else {"type", "prefix", "length"})
        return Properties(keeps=kept, survives=survives)

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if not pa.types.is_string(plain_type(given)):
            raise TypeError(f"needs text, not {given}: numbers have lost the leading zeros of postcodes")
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        codes = plain(values)
        if self.hipaa:
            unfit = pc.fill_null(pc.invert(pc.match_substring_regex(codes, ZIP)), False)
            context.reject(unfit, "not a US ZIP code")
            codes = where(unfit, pa.scalar(None, pa.string()), codes)
        kept = pc.utf8_slice_codeunits(codes, 0, self.length)
        if self.hipaa:
            small = pc.is_in(kept, value_set=pa.array(SMALL_AREAS, pa.string()))
            kept = where(small, pa.scalar("000", pa.string()), kept)
        if self.pad is None:
            return kept
        gone = pc.utf8_slice_codeunits(codes, self.length)
        hidden = pc.replace_substring_regex(gone, "[^ -]", self.pad.replace("\\", "\\\\"))
        return pc.binary_join_element_wise(kept, hidden, "")


EXAMPLES = [
    Example(TruncatePostcode(), ["90210", "SW1A 1AA", "〒100", "", None], ["902", "SW1", "〒10", "", None]),
    Example(TruncatePostcode(length=2, pad="*"), ["75008", "SW1A 1AA"], ["75***", "SW** ***"]),
    Example(TruncatePostcode(hipaa=True), ["90210-1234", "03601", "893012222"], ["902", "000", "000"]),
]
