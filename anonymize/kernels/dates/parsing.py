"""Dates from columns of any type, and back in the type or the very spelling they came in."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import fixed_width_text, from_numpy, text_array, text_buffers, to_numpy, where
from anonymize.kernels.dates.calendars import (
    FIRST_DAY,
    LAST_DAY,
    Integers,
    civil_from_days,
    days_from_civil,
    exists,
)
from anonymize.kernels.dates.layouts import Layout, clock_of, date_of, fields_of, layouts
from anonymize.kernels.dates.words import Fields, Words, windows
from anonymize.kernels.numbers.parsing import Rejects, plain, plain_type
from anonymize.kernels.segments import gather
from anonymize.kernels.text.scanning import first_of, in_ranges

SPELLINGS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%-m月%-d日", "%Y年%m月%d日")
TIME = (
    r"^$|^[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?"
    r"( ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))?$"
)
NANOSECONDS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
DAY = 86_400_000_000_000


@dataclass(frozen=True)
class Dates:
    """The dates of a column. What stands where `valid` is false is undefined, but never out of range."""

    year: Integers
    month: Integers
    day: Integers
    valid: NDArray[np.bool_]
    """False where the value is null or was rejected."""
    clock: Integers | None = None
    """Nanoseconds of the day of a timestamp or a format with a time; None elsewhere (see `seconds`)."""
    spelling: NDArray[np.int8] | None = None
    """Text only: the number of the spelling in `spellings`."""
    spellings: tuple[str, ...] = SPELLINGS
    rest: pa.Array | None = None
    """Text only: what follows the date, such as `T12:00:00Z`; None where nothing does."""

    def __len__(self) -> int:
        return len(self.valid)

    @cached_property
    def days(self) -> Integers:
        """Days since 1970-01-01, by the clock of the value itself: no time zone is applied to text."""
        return days_from_civil(self.year, self.month, self.day)

    @cached_property
    def seconds(self) -> Integers:
        """Seconds of the day, 0 where there is no time."""
        if self.clock is not None:
            return self.clock // NANOSECONDS["s"]
        if self.rest is None:
            return np.zeros(len(self), np.int64)
        return _seconds(self.rest)


def date_type(given: pa.DataType) -> pa.DataType:
    """The type that `restore` gives back for a column of this type. Raises TypeError if it cannot hold dates."""
    plainly = plain_type(given)
    if pa.types.is_timestamp(plainly) and plainly.tz is not None:
        _check_zone(plainly)
    if pa.types.is_string(plainly) or pa.types.is_date(plainly) or pa.types.is_timestamp(plainly):
        return plainly
    raise TypeError(f"needs dates, timestamps or text, not {given}")


def _check_zone(zoned: pa.DataType) -> None:
    try:
        pc.local_timestamp(pa.array([0], pa.int64()).view(zoned))
    except pa.ArrowInvalid:
        raise TypeError(f"needs a time zone that this computer knows, unlike that of {zoned}") from None


def check_format(format: str | None) -> str | None:
    """The format, if dates can be read and written by it. Raises ValueError."""
    if format is not None:
        layouts(format)
    return format


def parse_dates(values: pa.Array, context: Rejects, format: str | None = None) -> Dates:
    """The dates of a date, timestamp or text column; what is none is rejected.

    Text is recognized value by value: year, month and day as 2024-05-01, 2024/05/01, 2024.05.01, 20240501,
    2024年5月1日 or 2024年05月01日, each with or without a time such as `T12:30`, ` 12:30:59.5` and a zone such as
    `Z` or `+02:00`. Other spellings need `format` (see `calendar_layouts.layouts`), which must match whole
    values. Dates that the calendar lacks, and years outside 1 to 9999, are rejected.
    """
    values = plain(values)
    if pa.types.is_string(values.type):
        return _parse_text(values, context, format)
    return _parse_typed(values, context)


def restore(days: Integers, dates: Dates, like: pa.Array, context: Rejects | None = None) -> pa.Array:
    """Other days in the type of `like`, or in each value's own spelling, the time part as it was.

    Days outside the years 1 to 9999, or what the type can hold, are rejected, or raise DataError without a
    context.
    """
    target = plain_type(like.type)
    outside = ((days < FIRST_DAY) | (days > LAST_DAY)) & dates.valid
    if pa.types.is_timestamp(target):
        limit = (2**63 - 1) // (DAY // NANOSECONDS[target.unit]) - 1
        outside |= (np.abs(days) > limit) & dates.valid
    if outside.any():
        if context is None:
            raise DataError("a changed date leaves the years that the column can hold")
        context.reject(from_numpy(outside), "the changed date leaves the years that the column can hold")
    valid = dates.valid & ~outside
    days = np.where(valid, days, 0)
    result = _write(days, dates) if pa.types.is_string(target) else _typed(days, dates, target)
    return where(from_numpy(valid), result, pa.scalar(None, result.type))


def floored(dates: Dates, keep: int) -> Dates:
    """The dates at 00:00:00 except for the first `keep` of hour, minute and second; zones and widths stay."""
    clock, rest = dates.clock, dates.rest
    if clock is not None:
        clock = clock - clock % (DAY, 3600 * NANOSECONDS["s"], 60 * NANOSECONDS["s"], NANOSECONDS["s"])[keep]
    if rest is not None:
        rest = _zeroed(rest, keep)
    return replace(dates, clock=clock, rest=rest)


def _zeroed(rest: pa.Array, keep: int) -> pa.Array:
    """Time parts with zeros for their digits after the first `keep` numbers and before the zone."""
    offsets, data = text_buffers(rest)
    starts, ends = offsets[:-1], offsets[1:]
    zones = first_of(data, b" ZU+-", np.minimum(starts + 1, ends), ends)
    times = in_ranges(len(data), np.minimum(starts + 3 * keep, zones), zones)
    digits = data[: len(times)] - np.uint8(48) <= 9
    return text_array(offsets, np.where(times & digits, np.uint8(48), data), rest)


def _parse_typed(values: pa.Array, context: Rejects) -> Dates:
    valid = to_numpy(values.is_valid())
    clock = None
    if pa.types.is_timestamp(values.type):
        if values.type.tz is not None:
            values = pc.local_timestamp(values)
        per_day = DAY // NANOSECONDS[values.type.unit]
        days, ticks = np.divmod(to_numpy(values.view(pa.int64())), per_day)
        clock = np.where(valid, ticks * NANOSECONDS[values.type.unit], 0)
    elif pa.types.is_date64(values.type):
        days = to_numpy(values.view(pa.int64())) // 86_400_000
    else:
        days = to_numpy(values.view(pa.int32())).astype(np.int64)
    outside = valid & ((days < FIRST_DAY) | (days > LAST_DAY))
    context.reject(from_numpy(outside), "a date outside the years 1 to 9999")
    valid &= ~outside
    year, month, day = civil_from_days(np.where(valid, days, 0))
    return Dates(year, month, day, valid, clock)


def _parse_text(values: pa.Array, context: Rejects, format: str | None) -> Dates:
    formats = SPELLINGS if format is None else (format,)
    reader = _Reader(values, open_ended=format is None)
    for number, spelling in enumerate(formats):
        for layout in layouts(spelling):
            reader.read(layout, number)
    rest = reader.rest()
    known = "in a known spelling; say `format`" if format is None else "in the given format"
    context.reject(from_numpy(reader.present & ~reader.found), f"not a date {known}")
    context.reject(from_numpy(reader.found & ~reader.good), "not a date of the calendar")
    valid = reader.found & reader.good
    year, month, day, clock = reader.year, reader.month, reader.day, reader.clock
    if not valid.all():
        year, month, day = (np.where(valid, part, 1) for part in (year, month, day))
        clock = None if clock is None else np.where(valid, clock, 0)
    return Dates(year, month, day, valid, clock, reader.spelling, formats, rest)


class _Reader:
    """Reads a text column layout by layout; each value belongs to the first layout that it matches."""

    def __init__(self, values: pa.Array, open_ended: bool) -> None:
        offsets, self.data = text_buffers(values)
        self.starts, self.ends, self.open_ended = offsets[:-1], offsets[1:], open_ended
        self.lengths = self.ends - self.starts
        self.present = to_numpy(values.is_valid())
        count, self.left = len(values), len(values) - values.null_count
        self.found, self.good = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        self.year, self.month, self.day = (np.ones(count, np.int64) for _ in range(3))
        self.spelling = np.zeros(count, np.int8)
        self.cuts = self.ends.copy()
        self.clock: Integers | None = None

    def read(self, layout: Layout, number: int) -> None:
        """Read what is not read yet and spelled so."""
        if not self.left:
            return
        rows = np.flatnonzero(self._candidates(layout.width))
        if not len(rows):
            return
        if layout.words is None and layout.literals:
            position, byte = layout.literals[0]
            rows = rows[self.data[self.starts[rows] + position] == byte]
        numbers, good = self._fields(layout, rows)
        if not good.all():
            rows, numbers = rows[good], {name: part[good] for name, part in numbers.items()}
        self.left -= len(rows)
        chosen = rows if len(rows) < len(self.found) else slice(None)
        self._store(chosen, numbers)
        self.spelling[chosen] = number
        self.cuts[chosen] = self.starts[chosen] + np.int32(layout.width)

    def _candidates(self, width: int) -> NDArray[np.bool_]:
        fitting: NDArray[np.bool_] = self.lengths == width
        if self.open_ended:
            longer = np.flatnonzero(self.lengths > width)
            after = self.data[self.starts[longer] + width]
            fitting[longer] = (after == ord("T")) | (after == ord(" "))
        fitting &= self.present & ~self.found
        return fitting

    def _fields(self, layout: Layout, rows: NDArray[np.int64]) -> tuple[Fields, NDArray[np.bool_]]:
        if layout.words is not None:
            return layout.words.read(self._words, self.starts[rows])
        return layout.read(self._columns(rows, layout.width))

    @cached_property
    def _words(self) -> Words:
        return windows(self.data)

    def _columns(self, rows: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
        """The first bytes of these values, as one row of the table per byte."""
        if not len(rows):
            return np.zeros((width, 0), np.uint8)
        windows = np.lib.stride_tricks.sliding_window_view(self.data, width)
        return np.ascontiguousarray(windows[self.starts[rows]].T)

    def _store(self, rows: NDArray[np.int64] | slice, numbers: Fields) -> None:
        year, month, day = date_of(numbers)
        good = exists(year, month, day)
        self.found[rows] = True
        self.year[rows], self.month[rows], self.day[rows] = year, month, day
        if (told := clock_of(numbers)) is not None:
            self.clock = np.zeros(len(self.found), np.int64) if self.clock is None else self.clock
            self.clock[rows] = told[0]
            good &= told[1]
        self.good[rows] = good

    def rest(self) -> pa.Array | None:
        """What follows each date; None if nothing follows any. A value with something else is not a date."""
        if not (self.cuts < self.ends).any():
            return None
        rest = pc.cast(gather(self.data, self.cuts, self.ends), pa.string())
        self.found &= to_numpy(pc.match_substring_regex(rest, TIME))
        return rest


def _seconds(rest: pa.Array) -> Integers:
    """Seconds of the day that checked time parts such as `T12:30:59.5Z` say."""
    offsets, data = text_buffers(rest)
    starts, lengths = offsets[:-1].astype(np.int64), np.diff(offsets)
    seconds = np.zeros(len(rest), np.int64)
    timed = np.flatnonzero(lengths > 0)
    exact = timed[lengths[timed] > 6]
    exact = exact[data[starts[exact] + 6] == ord(":")]
    for rows, position, unit in ((timed, 1, 3600), (timed, 4, 60), (exact, 7, 1)):
        first = starts[rows] + position
        seconds[rows] += unit * ((data[first] - 48) * np.int64(10) + (data[first + 1] - 48))
    return seconds


def _typed(days: Integers, dates: Dates, target: pa.DataType) -> pa.Array:
    if pa.types.is_date32(target):
        return from_numpy(days.astype(np.int32)).view(target)
    if pa.types.is_date64(target):
        return from_numpy(days * 86_400_000).view(target)
    ticks = days * (DAY // NANOSECONDS[target.unit])
    if dates.clock is not None:
        ticks = ticks + dates.clock // NANOSECONDS[target.unit]
    naive = from_numpy(ticks).view(pa.timestamp(target.unit))
    if target.tz is None:
        return naive
    # a local time that the zone skips moves on; of one that it has twice, the first is meant
    return pc.assume_timezone(naive, target.tz, ambiguous="earliest", nonexistent="latest")


def _write(days: Integers, dates: Dates) -> pa.Array:
    year, month, day = civil_from_days(days)
    numbers = fields_of(year, month, day, dates.clock)
    spelling = dates.spelling if dates.spelling is not None else np.zeros(len(days), np.int8)
    rows, pieces = [], []
    for number, layout in _used(spelling, dates.spellings):
        chosen = np.flatnonzero((spelling == number) & layout.fits(numbers, len(days)))
        if len(chosen):
            everywhere = len(chosen) == len(days)
            part = numbers if everywhere else {name: every[chosen] for name, every in numbers.items()}
            pieces.append(fixed_width_text(layout.write(part, len(chosen)), layout.width))
            rows.append(chosen)
    result = _scattered(rows, pieces)
    return result if dates.rest is None else pc.binary_join_element_wise(result, dates.rest, "")


def _used(spelling: NDArray[np.int8], spellings: tuple[str, ...]) -> list[tuple[int, Layout]]:
    used = np.flatnonzero(np.bincount(spelling, minlength=len(spellings)))
    return [(int(number), layout) for number in used for layout in layouts(spellings[number])]


def _scattered(rows: list[NDArray[np.int64]], pieces: list[pa.Array]) -> pa.Array:
    """The pieces' values at the rows they belong to."""
    if len(pieces) < 2:
        return pieces[0] if pieces else pa.array([], pa.string())
    order = np.argsort(np.concatenate(rows), kind="stable")
    return pa.concat_arrays(pieces).take(from_numpy(order))
