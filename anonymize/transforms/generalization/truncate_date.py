"""Dates to the period that holds them."""

from typing import Annotated, Any, ClassVar, Literal

import pyarrow as pa
from pydantic import AfterValidator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.dates.parsing import check_format, date_type, floored, parse_dates, restore
from anonymize.kernels.dates.periods import Period, first_days, kept_clock, names


class TruncateDate(ColumnTransform):
    """Replace a date by its month, year or another period.

    The result is text, as in 2024-05-01T12:30, 2024-05-01, 2024-W18 (ISO 8601), 2024-05, 2024-Q2, 2024,
    `2020s`, `2001-2100` (a century starts with the year 01) or `2024-spring` (the meteorological seasons of the
    northern hemisphere: spring starts on March 1; January belongs to the winter of the year before). Time zones
    are not applied to text: the period is that of the date as written.
    """

    use: Literal["truncate_date"] = "truncate_date"
    positional: ClassVar[str | None] = "to"

    to: Period
    """The length of the period."""
    keep_format: bool = False
    """Write the first day of the period (at 00:00) in the value's own spelling or type instead."""
    format: Annotated[str | None, AfterValidator(check_format)] = None
    """The spelling of the given dates if it is a special one, as in `%d/%m/%Y`."""

    def properties(self) -> Properties:
        if not self.keep_format:
            return Properties(survives=f"the {self.to}")
        return Properties(keeps=frozenset({"type", "order", "format"}), survives=f"the {self.to}")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        kept = date_type(given)
        return kept if self.keep_format else pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        dates = parse_dates(values, context, self.format)
        if not self.keep_format:
            return names(dates, self.to)
        return restore(first_days(dates, self.to), floored(dates, kept_clock(self.to)), values, context)


DAY = "2024-05-17"
EXAMPLES = [
    Example(TruncateDate(to="month"), [DAY, "2024/05/17 23:59", "2024年5月17日", None], ["2024-05"] * 3 + [None]),
    Example(TruncateDate(to="year"), [DAY, "19991231"], ["2024", "1999"]),
    Example(TruncateDate(to="quarter"), [DAY], ["2024-Q2"]),
    Example(TruncateDate(to="week"), [DAY, "2027-01-01"], ["2024-W20", "2026-W53"]),
    Example(TruncateDate(to="season"), [DAY, "2024-01-31"], ["2024-spring", "2023-winter"]),
    Example(TruncateDate(to="decade"), [DAY], ["2020s"]),
    Example(TruncateDate(to="century"), [DAY, "2000-01-01"], ["2001-2100", "1901-2000"]),
    Example(TruncateDate(to="millennium"), [DAY], ["2001-3000"]),
    Example(TruncateDate(to="hour"), ["2024-05-17T12:30:59.5Z", DAY], ["2024-05-17T12", "2024-05-17T00"]),
    Example(
        TruncateDate(to="month", keep_format=True),
        [DAY, "2024年5月17日", "2024-05-17 12:30:59+02:00", None],
        ["2024-05-01", "2024年5月1日", "2024-05-01 00:00:00+02:00", None],
    ),
    Example(TruncateDate(to="year", format="%d/%m/%Y"), ["17/05/2024"], ["2024"]),
    Example(TruncateDate(to="week", keep_format=True, format="%-d %B %Y"), ["1 March 2024"], ["26 February 2024"]),
]
