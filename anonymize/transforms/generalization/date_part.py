"""One part of a date, as a number."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import AfterValidator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, where
from anonymize.kernels.dates.calendars import days_from_civil, iso_week, weekday
from anonymize.kernels.dates.parsing import Dates, check_format, date_type, parse_dates

Part = Literal["year", "quarter", "month", "week", "day", "day_of_year", "weekday", "hour", "minute", "second"]

PARTS: dict[str, Callable[[Dates], NDArray[np.int64]]] = {
    "year": lambda dates: dates.year,
    "quarter": lambda dates: (dates.month + 2) // 3,
    "month": lambda dates: dates.month,
    "week": lambda dates: iso_week(dates.days)[1],
    "day": lambda dates: dates.day,
    "day_of_year": lambda dates: dates.days - days_from_civil(dates.year, *np.ones((2, len(dates)), np.int64)) + 1,
    "weekday": lambda dates: weekday(dates.days),
    "hour": lambda dates: dates.seconds // 3600,
    "minute": lambda dates: dates.seconds // 60 % 60,
    "second": lambda dates: dates.seconds % 60,
}


class DatePart(ColumnTransform):
    """Replace a date by one of its parts, an integer.

    Weekdays run from 1 for Monday to 7 for Sunday and weeks from 1 to 53, as in ISO 8601. A date without a time
    has the time 00:00:00. Time zones are not applied to text.
    """

    use: Literal["date_part"] = "date_part"
    positional: ClassVar[str | None] = "part"

    part: Part
    """Which part."""
    format: Annotated[str | None, AfterValidator(check_format)] = None
    """The spelling of the given dates if it is a special one, as in `%d/%m/%Y`."""

    def properties(self) -> Properties:
        return Properties(survives=f"the {self.part.replace('_', ' ')}")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        date_type(given)
        return pa.int64()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        dates = parse_dates(values, context, self.format)
        parts = from_numpy(np.asarray(PARTS[self.part](dates), np.int64))
        return where(from_numpy(dates.valid), parts, pa.scalar(None, pa.int64()))


TIME = "2024-12-30T23:59:58.5+02:00"
EXAMPLES = [
    Example(DatePart(part="year"), [TIME, "2024年5月1日", None], [2024, 2024, None]),
    Example(DatePart(part="quarter"), [TIME], [4]),
    Example(DatePart(part="month"), [TIME], [12]),
    Example(DatePart(part="week"), [TIME, "2024-12-29"], [1, 52]),
    Example(DatePart(part="day"), [TIME], [30]),
    Example(DatePart(part="day_of_year"), [TIME, "2023-12-30"], [365, 364]),
    Example(DatePart(part="weekday"), [TIME, "2024-12-29"], [1, 7]),
    Example(DatePart(part="hour"), [TIME, "2024-12-30"], [23, 0]),
    Example(DatePart(part="minute"), [TIME], [59]),
    Example(DatePart(part="second"), [TIME], [58]),
    Example(DatePart(part="month", format="%d/%m/%y"), ["30/12/24"], [12]),
]
