"""Spellings of dates as byte tables: where each field stands, read and written for a whole column at once."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.dates.words import Fields, WordReader, word_reader

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WIDTHS = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "I": 2, "M": 2, "S": 2, "f": 6, "b": 3, "p": 2}
ALTERNATIVES = {"-m": (1, 2), "-d": (1, 2), "-H": (1, 2), "B": tuple(range(3, 10))}
DIRECTIVE = re.compile(r"%(-?.)", re.DOTALL)
FIRST_NANOSECONDS = {"H": 3_600_000_000_000, "M": 60_000_000_000, "S": 1_000_000_000, "f": 1_000}
PAIRS = np.frombuffer("".join(f"{number:02}" for number in range(100)).encode(), np.uint16)


@dataclass(frozen=True)
class Field:
    """The bytes [start, start + width) of a spelling that hold one directive."""

    directive: str
    start: int
    width: int

    def read(self, columns: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The number in each spelling and whether it is one, given the bytes column by column."""
        part = columns[self.start : self.start + self.width]
        if self.directive in ("b", "B", "p"):
            return _read_name(part, self._names())
        digits = part - np.uint8(48)
        number = digits[0].astype(np.int64)
        good = digits[0] <= 9
        for digit in digits[1:]:
            number = number * 10 + digit
            good &= digit <= 9
        if self.directive.startswith("-") and self.width == 2:
            good &= digits[0] > 0  # with a zero in front it is the padded spelling
        return number, good

    def write(self, spelled: NDArray[np.uint8], number: NDArray[np.int64]) -> None:
        """Put the numbers into their place in spellings, one in each row of a table of bytes."""
        part = spelled[:, self.start : self.start + self.width]
        if self.directive in ("b", "B", "p"):
            table = np.array([_bytes(name, self.width) for name in self._names()], np.uint8)
            part[:] = table[number - (self.directive != "p")]
            return
        for place in range(self.width - 2, -1, -2):
            above = number // 100
            part[:, place : place + 2].view(np.uint16)[:, 0] = PAIRS[number - above * 100]
            number = above
        if self.width == 1:
            part[:, 0] = number + ord("0")

    def fits(self, number: NDArray[np.int64]) -> NDArray[np.bool_] | None:
        """Where a number takes exactly this width; None if every number does."""
        if self.directive == "B":
            fitting: NDArray[np.bool_] = np.array([len(name) == self.width for name in MONTHS])
            return fitting[number - 1]
        if not self.directive.startswith("-"):
            return None
        return number >= 10 if self.width == 2 else number < 10

    def _names(self) -> tuple[str, ...]:
        names = {"b": tuple(name[:3] for name in MONTHS), "B": MONTHS, "p": ("AM", "PM")}[self.directive]
        return tuple(name if len(name) == self.width else "" for name in names)


def _read_name(part: NDArray[np.uint8], names: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    found = np.full(part.shape[1], -1, np.int64)
    for number, name in enumerate(names, 0 if len(names) == 2 else 1):
        if name:
            found[(part == np.array(_bytes(name, len(name)), np.uint8)[:, None]).all(axis=0)] = number
    return found, found >= 0


def _bytes(name: str, width: int) -> list[int]:
    return list(name.encode().ljust(width))


@dataclass(frozen=True)
class Layout:
    """One spelling of fixed width."""

    width: int
    fields: tuple[Field, ...]
    literals: tuple[tuple[int, int], ...]
    """(position, byte) of what stands between the fields."""

    @cached_property
    def words(self) -> WordReader | None:
        """A faster reader, for most layouts without names."""
        fields = {field.directive: range(field.start, field.start + field.width) for field in self.fields}
        return word_reader(self.width, fields, dict(self.literals))

    def read(self, columns: NDArray[np.uint8]) -> tuple[Fields, NDArray[np.bool_]]:
        """The fields of spellings given as a table of `width` rows of bytes, and which are spelled so."""
        numbers: Fields = {}
        good = np.ones(columns.shape[1], np.bool_)
        for position, byte in self.literals:
            good &= columns[position] == byte
        for field in self.fields:
            numbers[field.directive.removeprefix("-")], readable = field.read(columns)
            good &= readable
        return numbers, good

    def write(self, numbers: Fields, count: int) -> NDArray[np.uint8]:
        """The spellings, joined."""
        spelled = np.empty((count, self.width), np.uint8)
        for position, byte in self.literals:
            spelled[:, position] = byte
        for field in self.fields:
            field.write(spelled, numbers[field.directive.removeprefix("-")])
        return spelled.reshape(-1)

    def fits(self, numbers: Fields, count: int) -> NDArray[np.bool_]:
        """Where the numbers are spelled with this width."""
        fitting = np.ones(count, np.bool_)
        for field in self.fields:
            fits = field.fits(numbers[field.directive.removeprefix("-")])
            fitting &= True if fits is None else fits
        return fitting


@cache
def layouts(format: str) -> tuple[Layout, ...]:
    """The widths in which a strptime format may come. Raises ValueError for a format that cannot be used.

    Known are %Y %y %m %d %b %B %H %I %p %M %S %f %% and, without the leading zero, %-m %-d %-H. Names of
    months are English. %f has six digits. %y means 1969 to 2068, as in POSIX.
    """
    directives = [found.group(1) for found in DIRECTIVE.finditer(format) if found.group(1) != "%"]
    unknown = [name for name in directives if name not in WIDTHS and name not in ALTERNATIVES]
    if unknown:
        raise ValueError(f"%{unknown[0]} is not a known directive of a date format")
    bare = [name.removeprefix("-").replace("B", "m").replace("b", "m").replace("y", "Y") for name in directives]
    if len(set(bare)) != len(bare) or not {"Y", "m", "d"} <= set(bare):
        raise ValueError("a date format names a year, a month and a day once each, as in %d/%m/%Y")
    if ("p" in bare) != ("I" in bare) or ("I" in bare and "H" in bare):
        raise ValueError("a date format says the hour by %H, or by %I with %p")
    choices = [ALTERNATIVES.get(name) or (WIDTHS[name],) for name in directives]
    return tuple(_layout(format, widths) for widths in product(*choices))


@cache
def period_layout(format: str) -> Layout:
    """The layout of a fixed-width format that need not name a whole date."""
    directives = DIRECTIVE.findall(format)
    return _layout(format, tuple(WIDTHS[name] for name in directives))


def _layout(format: str, widths: tuple[int, ...]) -> Layout:
    fields: list[Field] = []
    literals: list[tuple[int, int]] = []
    position = 0
    for number, piece in enumerate(re.split(r"%(-?.)", format, flags=re.DOTALL)):
        if number % 2 and piece != "%":
            fields.append(Field(piece, position, widths[len(fields)]))
            position += fields[-1].width
            continue
        for byte in piece.encode():
            literals.append((position, byte))
            position += 1
    return Layout(position, tuple(fields), tuple(literals))


def date_of(numbers: Fields) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Year, month and day that the fields say."""
    year = numbers["Y"] if "Y" in numbers else numbers["y"] + np.where(numbers["y"] < 69, 2000, 1900)
    month = next(numbers[name] for name in ("m", "b", "B") if name in numbers)
    return year, month, numbers["d"]


def clock_of(numbers: Fields) -> tuple[NDArray[np.int64], NDArray[np.bool_]] | None:
    """Nanoseconds of the day that the fields say, and where there is such a time; None without any."""
    numbers = dict(numbers)
    good = np.ones(len(numbers["d"]), np.bool_)
    if "I" in numbers:
        good &= (numbers["I"] >= 1) & (numbers["I"] <= 12)
        numbers["H"] = numbers["I"] % 12 + 12 * numbers["p"]
    times = [name for name in FIRST_NANOSECONDS if name in numbers]
    if not times:
        return None
    for name, limit in (("H", 24), ("M", 60), ("S", 60)):
        good &= (numbers[name] < limit) if name in numbers else True
    return np.sum([numbers[name] * FIRST_NANOSECONDS[name] for name in times], axis=0, dtype=np.int64), good


def fields_of(
    year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64], clock: NDArray[np.int64] | None
) -> Fields:
    """Every field that a layout may write; of the year, %y writes the last two digits."""
    numbers = {"Y": year, "y": year, "m": month, "b": month, "B": month, "d": day}
    if clock is None:
        return numbers
    hour = clock // FIRST_NANOSECONDS["H"]
    numbers |= {"H": hour, "p": hour // 12, "I": (hour + 11) % 12 + 1}
    numbers |= {"M": clock // FIRST_NANOSECONDS["M"] % 60, "S": clock // FIRST_NANOSECONDS["S"] % 60}
    return numbers | {"f": clock // FIRST_NANOSECONDS["f"] % 1_000_000}
