"""Hiding parts of dates."""

from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, text
from anonymize.kernels.dates.masks import hide_fields
from anonymize.kernels.dates.parsing import check_format, date_type, parse_dates
from anonymize.kernels.text.characters import Character, map_characters, text_type

Part = Literal["year", "month", "day", "hour", "minute", "second"]


class MaskDate(ColumnTransform):
    """Hide parts of a date and keep its spelling: `2024-05-17` becomes `2024-**-**`.

    Months, days and hours show as two characters and full names of months as three, so that their lengths tell
    nothing. A part that a value does not have is not added; the time zone stays. Date columns become text. What
    is no date is refused, never passed.
    """

    use: Literal["mask_date"] = "mask_date"
    parts: Annotated[tuple[Part, ...], Field(min_length=1)] = ("day", "month")
    """What to hide: year, month, day, hour, minute, second (with its fraction)."""
    char: Character = "*"
    """The character that stands for a hidden one."""
    format: str | None = None
    """How text spells dates, as in `%d/%m/%Y`; needed unless the year comes first."""

    @field_validator("format")
    @classmethod
    def _known(cls, format: str | None) -> str | None:
        return check_format(format)

    def properties(self) -> Properties:
        every = ("year", "month", "day", "hour", "minute", "second")
        shown = [part for part in every if part not in self.parts]
        return Properties(keeps=frozenset({"format"}), survives=" and ".join([*shown, "the time zone"]))

    def output_type(self, given: pa.DataType) -> pa.DataType:
        date_type(given)
        return text_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        typed = not pa.types.is_string(date_type(values.type))
        spelled = text(values)
        dates = parse_dates(spelled, context, None if typed else self.format)
        known = pc.if_else(from_numpy(dates.valid), spelled, pa.scalar(None, pa.string()))
        masked = map_characters(known, lambda found: hide_fields(found, dates, self.parts, self.char))
        return masked.cast(text_type(values.type))


EXAMPLES = [
    Example(
        MaskDate(),
        ["2024-05-17", "20240517", "2024年5月7日", None],
        ["2024-**-**", "2024****", "2024年**月**日", None],
    ),
    Example(MaskDate(), ["2024-05-17T10:30:00+02:00"], ["2024-**-**T10:30:00+02:00"]),
    Example(
        MaskDate(parts=("minute", "second")),
        ["2024/05/17 10:30:59.25Z", "2024/05/17"],
        ["2024/05/17 10:**:**.**Z", "2024/05/17"],
    ),
    Example(MaskDate(parts=("year",), char="•", format="%d.%m.%Y"), ["17.05.2024"], ["17.05.••••"]),
    Example(
        MaskDate(parts=("month",), format="%-d %B %Y"),
        ["7 May 2024", "17 June 2024"],
        ["7 *** 2024", "17 *** 2024"],
    ),
]
