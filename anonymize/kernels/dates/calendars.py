"""The proleptic Gregorian calendar over columns: days since 1970-01-01 from and to year, month and day."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

FIRST_DAY, LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31

Integers = NDArray[np.int64]


@cache
def month_starts() -> Integers:
    """The first day of each month from January of year 1; ends with the day after December 9999."""
    months = np.arange(-1969 * 12, 8030 * 12 + 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def days_from_civil(year: Integers, month: Integers, day: Integers) -> Integers:
    """Days since 1970-01-01 of existing dates of the years 1 to 9999."""
    first: Integers = month_starts()[(year - 1) * 12 + (month - 1)]
    return first + (day - 1)


def exists(year: Integers, month: Integers, day: Integers) -> NDArray[np.bool_]:
    """Whether there is such a date in the years 1 to 9999."""
    good = (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12) & (day >= 1)
    late = np.flatnonzero(good & (day > 28))
    index = (year[late] - 1) * 12 + (month[late] - 1)
    good[late] = day[late] <= month_starts()[index + 1] - month_starts()[index]
    return good


def civil_from_days(days: Integers) -> tuple[Integers, Integers, Integers]:
    """Year, month and day of days in the years 1 to 9999."""
    starts = month_starts()
    # 4,800 months last 146,097 days, and no month starts a whole month off from their average
    index = (days - FIRST_DAY) * 4800 // 146_097
    index += starts[index + 1] <= days
    index -= starts[index] > days
    year, month = np.divmod(index, 12)
    return year + 1, month + 1, days - starts[index] + 1


def weekday(days: Integers) -> Integers:
    """The ISO 8601 weekday, 1 for Monday to 7 for Sunday."""
    return (days + 3) % 7 + 1


def iso_week(days: Integers) -> tuple[Integers, Integers]:
    """The ISO 8601 year and week: a week belongs to the year that holds its Thursday."""
    thursday = np.clip(days - weekday(days) + 4, FIRST_DAY, LAST_DAY)
    year, _, _ = civil_from_days(thursday)
    first = month_starts()[(year - 1) * 12]
    return year, (thursday - first) // 7 + 1
