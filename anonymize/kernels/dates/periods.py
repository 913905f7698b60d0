"""Calendar periods: the first day of each, and its name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.kernels.arrays import fixed_width_text, from_numpy, where
from anonymize.kernels.dates.calendars import FIRST_DAY, Integers, iso_week, month_starts, weekday
from anonymize.kernels.dates.layouts import fields_of, period_layout
from anonymize.kernels.dates.parsing import NANOSECONDS, Dates
from anonymize.kernels.text.labels import labelled

Period = Literal[
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "season",
    "quarter",
    "year",
    "decade",
    "century",
    "millennium",
]
SPELLED = {
    "second": "%Y-%m-%dT%H:%M:%S",
    "minute": "%Y-%m-%dT%H:%M",
    "hour": "%Y-%m-%dT%H",
    "day": "%Y-%m-%d",
    "week": "%Y-W%m",
    "month": "%Y-%m",
    "year": "%Y",
}
"""Periods whose names are digits at fixed places; a week stands at the place of a month."""
MONTHS = {"month": 1, "year": 12}
SEASONS = ("spring", "summer", "autumn", "winter")


def _seasons(dates: Dates) -> Integers:
    months = dates.year * 12 + dates.month - 3  # March starts the year of seasons; months count from 0 there
    return months // 3


@dataclass(frozen=True)
class Kind:
    """One length of period: its number for a date, and the name of a number."""

    number: Callable[[Dates], Integers]
    name: Callable[[int], str]
    months: int
    """How many months it lasts."""
    first: int = 12
    """Number of the first month of any one period, as 12 times the year plus the month from 0."""


KINDS: dict[str, Kind] = {
    "season": Kind(_seasons, lambda n: f"{n // 4:04}-{SEASONS[n % 4]}", 3, 14),
    "quarter": Kind(lambda d: d.year * 4 + (d.month - 1) // 3, lambda n: f"{n // 4:04}-Q{n % 4 + 1}", 3),
    "decade": Kind(lambda d: d.year // 10, lambda n: f"{n:03}0s", 120, 0),
    "century": Kind(lambda d: (d.year - 1) // 100, lambda n: f"{n * 100 + 1:04}-{n * 100 + 100:04}", 1200),
    "millennium": Kind(
        lambda d: (d.year - 1) // 1000, lambda n: f"{n * 1000 + 1:04}-{n * 1000 + 1000:04}", 12_000
    ),
}


def names(dates: Dates, to: Period) -> pa.Array:
    """The name of the period that holds each date; null where there is no date."""
    if to in KINDS:
        return labelled(KINDS[to].number(dates), dates.valid, KINDS[to].name)
    numbers = {"Y": dates.year, "m": dates.month, "d": dates.day}
    if to == "week":
        numbers["Y"], numbers["m"] = iso_week(dates.days)
    if kept_clock(to):
        numbers = fields_of(dates.year, dates.month, dates.day, dates.seconds * NANOSECONDS["s"])
    layout = period_layout(SPELLED[to])
    spelled = fixed_width_text(layout.write(numbers, len(dates)), layout.width)
    if dates.valid.all():
        return spelled
    return where(from_numpy(dates.valid), spelled, pa.scalar(None, pa.string()))


def first_days(dates: Dates, to: Period) -> Integers:
    """The first day of the period that holds each date; it may lie before the year 1."""
    if to == "week":
        return dates.days - (weekday(dates.days) - 1)
    months, first = (KINDS[to].months, KINDS[to].first) if to in KINDS else (MONTHS.get(to), 12)
    if months is None:
        return dates.days
    past = (dates.year * 12 + dates.month - 1 - first) % months
    return months_first_days(dates.year * 12 + dates.month - 1 - past)


def months_first_days(months: Integers) -> Integers:
    """The first day of months counted from January of the year 0; of that year itself, a day before all years."""
    first: Integers = month_starts()[np.maximum(months - 12, 0)]
    return np.where(months >= 12, first, FIRST_DAY - 1)


def kept_clock(to: Period) -> int:
    """How many of hour, minute and second a period keeps."""
    return {"hour": 1, "minute": 2, "second": 3}.get(to, 0)
