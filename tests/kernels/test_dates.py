"""Dates in any spelling, in and out."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.core.errors import DataError
from anonymize.kernels.dates.calendars import (
    FIRST_DAY,
    LAST_DAY,
    civil_from_days,
    days_from_civil,
    iso_week,
    weekday,
)
from anonymize.kernels.dates.layouts import layouts
from anonymize.kernels.dates.parsing import Dates, date_type, floored, parse_dates, restore
from anonymize.transforms.masking.keep import Keep
from tests.harness import context

EPOCH = date(1970, 1, 1)
STYLES = {
    "%Y-%m-%d": lambda d: d.isoformat(),
    "%Y/%m/%d": lambda d: f"{d.year:04}/{d.month:02}/{d.day:02}",
    "%Y.%m.%d": lambda d: f"{d.year:04}.{d.month:02}.{d.day:02}",
    "%Y%m%d": lambda d: f"{d.year:04}{d.month:02}{d.day:02}",
    "%Y年%-m月%-d日": lambda d: f"{d.year:04}年{d.month}月{d.day}日",
}
TIMES = ["", "T00:00", " 23:59:59", "T12:30:01.123456Z", " 08:00:00+02:00", "T08:00 -0330", " 10:00:00 UTC"]


def read(
    values: list[Any], format: str | None = None, type: pa.DataType | None = None
) -> tuple[pa.Array, Dates, Any]:
    array = pa.array(values, type or pa.string())
    found = context(Keep(), None, len(array))
    return array, parse_dates(array, found, format), found.rejections


@given(st.lists(st.tuples(st.dates(), st.sampled_from(list(STYLES)), st.sampled_from(TIMES)), max_size=10))
@settings(deadline=None)
def test_every_value_is_read_and_written_in_its_own_spelling(dates: list[tuple[date, str, str]]) -> None:
    """Days come from the date as written, and go back with the time part untouched."""
    texts = [STYLES[style](day) + time for day, style, time in dates]
    array, parsed, rejections = read(texts)

    assert rejections == []
    assert [(day - EPOCH).days for day, _, _ in dates] == parsed.days.tolist()
    assert texts == restore(parsed.days, parsed, array).to_pylist()


@given(st.dates(date(1, 2, 1), date(9999, 11, 30)), st.sampled_from(list(STYLES)), st.integers(-31, 31))
@settings(deadline=None)
def test_shifted_dates_keep_the_spelling(day: date, style: str, shift: int) -> None:
    """Another day, the same spelling."""
    array, parsed, _ = read([STYLES[style](day)])
    moved = STYLES[style](day + timedelta(shift))
    assert [moved] == restore(parsed.days + shift, parsed, array).to_pylist()


@given(st.datetimes(datetime(1969, 1, 1), datetime(2068, 12, 31)))
@settings(max_examples=50, deadline=None)
@pytest.mark.parametrize(
    "format",
    ["%d/%m/%Y", "%m-%d-%y", "%d %b %Y", "%B %d, %Y", "%Y-%m-%d %H:%M:%S.%f", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %%"],
)
def test_formats_agree_with_strptime(format: str, moment: datetime) -> None:
    """A given format reads and writes as Python's does."""
    text = moment.strftime(format) if moment.year >= 1000 else None
    array, parsed, rejections = read([text], format)
    expected = datetime.strptime(text or "", format)
    assert rejections == []
    assert (expected.date() - EPOCH).days == parsed.days[0]
    assert expected.hour * 3600 + expected.minute * 60 + expected.second == parsed.seconds[0]
    assert [text] == restore(parsed.days, parsed, array).to_pylist()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13/05/2024",
        "2024-5-1",
        "24-05-01",
        "2024-05/01",
        " 2024-05-01",
        "2024-05-01 ",
        "2024-05-01T",
        "20240501123000",
        "2024-05-01T24:00",
        "2024-05-01T12",
        "2024-05-01T12:30:60",
        "2024-05-01\n",
        "２０２４-05-01",
        "2024年05月1日",
        "2024-05-01T12:30+2",
        "99999999",
        "x",
    ],
)
def test_other_spellings_are_rejected(text: str) -> None:
    """No guessing; the message tells of `format` and quotes nothing."""
    array, parsed, (rejection,) = read(["2024-05-01", text, None])
    assert rejection.bad.to_pylist() == [False, True, False]
    assert rejection.problem.startswith("not a date")
    assert restore(parsed.days, parsed, array).to_pylist() == ["2024-05-01", None, None]


@pytest.mark.parametrize(
    "text", ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "0000-01-01"]
)
def test_dates_that_the_calendar_lacks_are_rejected(text: str) -> None:
    """A date must exist."""
    _, _, (rejection,) = read([text])
    assert rejection.problem == "not a date of the calendar"


def test_the_calendar_is_numpys_and_pythons() -> None:
    """Every day of the years 1 to 9999, there and back; weekdays and weeks as in datetime."""
    days = np.arange(FIRST_DAY, LAST_DAY + 1)
    year, month, day = civil_from_days(days)
    assert (days == days_from_civil(year, month, day)).all()
    assert (
        (year - 1970) * 12 + month - 1 == days.astype("datetime64[D]").astype("datetime64[M]").astype(int)
    ).all()
    some = np.concatenate([days[:400], days[-400:], days[::97]])
    expected = [date.fromordinal(int(d) - FIRST_DAY + 1).isocalendar() for d in some]
    weeks = iso_week(some)
    assert expected == list(zip(weeks[0].tolist(), weeks[1].tolist(), weekday(some).tolist(), strict=True))


MOMENTS = st.lists(st.none() | st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)), max_size=5)


@given(MOMENTS)
@settings(deadline=None)
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_keep_type_and_time(unit: str, moments: list[datetime | None]) -> None:
    """Typed columns go through unchanged, and floor to midnight."""
    array = pa.array(moments, pa.timestamp("us")).cast(pa.timestamp(unit), safe=False)
    found = context(Keep(), None, len(array))
    parsed = parse_dates(array, found)
    assert array.equals(restore(parsed.days, parsed, array))
    midnights = [m and datetime(m.year, m.month, m.day) for m in moments]
    floors = floored(parsed, 0)
    result = restore(floors.days, floors, array)
    assert midnights == result.cast(pa.timestamp("us")).to_pylist()


def test_zoned_timestamps_are_dated_by_their_own_clock() -> None:
    """23:30 UTC is the next day in Berlin, and stays at 01:30 there when the day changes."""
    array = pa.array([datetime(2024, 3, 30, 23, 30)], pa.timestamp("us", "Europe/Berlin"))
    found = context(Keep(), None, 1)
    parsed = parse_dates(array, found)
    assert [(date(2024, 3, 31) - EPOCH).days] == parsed.days.tolist()
    moved = restore(parsed.days + 1, parsed, array)
    assert array.type == moved.type
    assert [str(moment)[:16] for moment in moved.to_pylist()] == ["2024-04-01 00:30"]


def test_days_outside_the_column_are_rejected() -> None:
    """The years 1 to 9999, and for nanoseconds those that 64 bits hold."""
    array, parsed, _ = read(["9999-12-31", "2024-05-01"])
    found = context(Keep(), None, 2)
    assert restore(parsed.days + 1, parsed, array, found).to_pylist() == [None, "2024-05-02"]
    assert found.rejections[0].bad.to_pylist() == [True, False]
    with pytest.raises(DataError):
        restore(parsed.days + 1, parsed, array)
    array, parsed, _ = read([datetime(2262, 1, 1)], type=pa.timestamp("ns"))
    assert restore(parsed.days + 365, parsed, array, found).to_pylist() == [None]


@pytest.mark.parametrize(
    ("keep", "expected"), [(0, "T00:00:00.00+05:30"), (1, "T12:00:00.00+05:30"), (3, "T12:34:56.00+05:30")]
)
def test_floors_keep_widths_and_zones(keep: int, expected: str) -> None:
    """Only digits before the zone become zero."""
    array, parsed, _ = read(["2024-05-01T12:34:56.78+05:30", "2024-05-01 12:34 Z", "2024-05-01", None])
    floors = floored(parsed, keep)
    assert "2024-05-01" + expected == restore(floors.days, floors, array)[0].as_py()
    assert restore(floors.days, floors, array)[2].as_py() == "2024-05-01"


@pytest.mark.parametrize(
    "format", ["%Y", "%d/%m", "%Y-%m-%d %Y", "%Y-%m-%q", "%d/%m/%Y %I:%M", "%Y %m %b %d", "", "%"]
)
def test_unusable_formats_are_refused(format: str) -> None:
    """A format must name one year, month and day, and only known directives."""
    with pytest.raises(ValueError, match=r"directive|a date format"):
        layouts(format)


def test_other_types_are_refused() -> None:
    """Numbers are no dates."""
    with pytest.raises(TypeError, match="needs dates, timestamps or text, not int64"):
        date_type(pa.int64())
    with pytest.raises(TypeError, match="time zone"):
        date_type(pa.timestamp("us", "Mars/Olympus"))


@given(
    st.lists(st.none() | st.text("0123456789-/T: 年", max_size=12) | st.dates().map(str), max_size=8),
    st.integers(0, 8),
)
@settings(deadline=None)
def test_reading_does_not_depend_on_the_neighbours(values: list[str | None], cut: int) -> None:
    """A value is a date or not, however the column is cut."""

    def days(part: list[str | None]) -> list[int | None]:
        _, parsed, _ = read(part)
        return [d if ok else None for d, ok in zip(parsed.days.tolist(), parsed.valid.tolist(), strict=True)]

    assert days(values) == days(values[:cut]) + days(values[cut:])
