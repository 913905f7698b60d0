"""Hides fields of spelled dates for a whole column at once, by walking along each spelling."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.dates.layouts import ALTERNATIVES, MONTHS, WIDTHS
from anonymize.kernels.dates.parsing import NANOSECONDS, Dates
from anonymize.kernels.text import masking
from anonymize.kernels.text.characters import Characters

_DIRECTIVES = {
    "year": ("Y", "y"),
    "month": ("m", "-m", "b", "B"),
    "day": ("d", "-d"),
    "hour": ("H", "-H", "I", "p"),
    "minute": ("M",),
    "second": ("S", "f", "fraction"),
}
_AFTER_DATE = ("H", "M", "S", "fraction")
_HIDDEN_WIDTHS = {"-m": 2, "-d": 2, "-H": 2, "B": 3}
_NAME_LENGTHS = np.array([len(name) for name in MONTHS])

Positions = NDArray[np.int64]


class _Field(NamedTuple):
    """A directive in some of the values: which values, where in the text it starts, and how wide it is."""

    directive: str
    rows: Positions
    starts: Positions
    widths: Positions


def hide_fields(text: Characters, dates: Dates, parts: Collection[str], character: str) -> Characters:
    """The text of the dates with these parts hidden. What may be of several widths is shown in one."""
    directives = {directive for part in parts for directive in _DIRECTIVES[part]}
    fields = [field for field in _fields(text, dates, directives) if field.directive in directives]
    hidden = np.zeros(len(text.codes), np.bool_)
    for field in fields:
        for place in range(int(field.widths.max(initial=0))):
            hidden[field.starts[place < field.widths] + place] = True
    offsets = text.offsets
    text = masking.hide(text, hidden, character)
    for field in reversed([field for field in fields if field.directive in ALTERNATIVES]):
        # from the right, so that what is left of it stands where it stood, counted from the value's start
        first = text.starts.copy()
        first[field.rows] += field.starts - offsets[field.rows]
        last = first.copy()
        last[field.rows] += field.widths
        chosen = np.zeros(len(first), np.bool_)
        chosen[field.rows] = True
        region = masking.Region(first, last)
        text = masking.replace(text, region, character * _HIDDEN_WIDTHS[field.directive], chosen)
    return text


def _fields(text: Characters, dates: Dates, wanted: set[str]) -> Iterator[_Field]:
    """The fields of every spelling, from left to right; those of a time after the date only if wanted."""
    spelling = np.where(dates.valid, np.asarray(dates.spelling), -1)
    for number, directives in enumerate(dates.spellings):
        rows = np.flatnonzero(spelling == number)
        if not len(rows):
            continue
        position = text.starts[rows]
        for place, piece in enumerate(re.split(r"%(-?.)", directives, flags=re.DOTALL)):
            if place % 2 == 0 or piece == "%":
                position = position + len(piece)
                continue
            widths = _widths(piece, dates, rows)
            yield _Field(piece, rows, position, widths)
            position = position + widths
        if not wanted.isdisjoint(_AFTER_DATE):
            yield from _time_fields(text, rows, position)


def _widths(directive: str, dates: Dates, rows: Positions) -> Positions:
    if directive not in ALTERNATIVES:
        return np.full(len(rows), WIDTHS[directive])
    if directive == "B":
        return np.asarray(_NAME_LENGTHS[dates.month[rows] - 1])
    hours = np.zeros(len(dates), np.int64) if dates.clock is None else dates.clock // (3600 * NANOSECONDS["s"])
    number = {"-m": dates.month, "-d": dates.day, "-H": hours}[directive]
    return 1 + (number[rows] >= 10)


def _time_fields(text: Characters, rows: Positions, position: Positions) -> Iterator[_Field]:
    """The fields of a time that follows the date, as in `T12:30:59.25Z`."""
    timed = position < text.ends[rows]
    rows, position = rows[timed], position[timed]
    two = np.full(len(rows), 2)
    yield _Field("H", rows, position + 1, two)
    yield _Field("M", rows, position + 4, two)
    exact = _holds(text, rows, position + 6, ":")
    rows, position = rows[exact], position[exact]
    yield _Field("S", rows, position + 7, two[exact])
    digits, running = np.zeros(len(rows), np.int64), _holds(text, rows, position + 9, ".,")
    while running.any():
        digits += running
        running &= _holds(text, rows, position + 9 + digits, "0123456789")
    yield _Field("fraction", rows, position + 10, np.maximum(digits - 1, 0))


def _holds(text: Characters, rows: Positions, position: Positions, characters: str) -> NDArray[np.bool_]:
    """Whether one of the characters stands at the position, inside the value."""
    inside = position < text.ends[rows]
    codes = text.codes[np.where(inside, position, 0)] if len(text.codes) else text.codes
    return inside & np.isin(codes, [ord(character) for character in characters])
