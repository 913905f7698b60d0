"""Tables of many trades and countries, whose columns are labelled with what they hold: nothing personal, mostly.

Each source of `tables.txt` names its columns in its own manner: in words, abbreviated, in pinyin initials, or not
at all. Values are Faker's or drawn here.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import pyarrow as pa
from faker import Faker

LISTED = Path(__file__).parent / "tables.txt"
ROWS = 250

Draw: TypeAlias = Callable[[Random, Faker, int], object]


@dataclass(frozen=True)
class Column:
    """A column of a table, and what it holds; None if nothing personal."""

    source: str
    name: str
    entity: str | None
    values: pa.Array


def digits(count: int) -> Draw:
    return lambda random, fake, row: "".join(random.choices("0123456789", k=count))


def number(low: int, high: int) -> Draw:
    return lambda random, fake, row: random.randint(low, high)


def decimal(low: float, high: float, places: int = 2) -> Draw:
    return lambda random, fake, row: f"{random.uniform(low, high):.{places}f}"


def code(pattern: str) -> Draw:
    """Capital letters for `A`, digits for `9`, hexadecimal digits for `x`."""
    members = {"A": "ABCDEFGHJKLMNPRSTUVWXYZ", "9": "0123456789", "x": "0123456789abcdef"}
    return lambda random, fake, row: "".join(random.choice(members.get(c, c)) for c in pattern)


def drawn(*words: str) -> Draw:
    return lambda random, fake, row: random.choice(words)


def counter(first: int) -> Draw:
    return lambda random, fake, row: first + row


def moment(pattern: str = "%Y-%m-%d %H:%M:%S") -> Draw:
    first, last = datetime(2021, 1, 1), datetime(2024, 1, 1)
    return lambda random, fake, row: fake.date_time_between(first, last).strftime(pattern)


def born(pattern: str = "%Y-%m-%d") -> Draw:
    return lambda random, fake, row: fake.date_between(date(1935, 1, 1), date(2006, 1, 1)).strftime(pattern)


def faked(method: str) -> Draw:
    return lambda random, fake, row: str(getattr(fake, method)()).replace("\n", ", ")


def mobile() -> Draw:
    """A mobile telephone of China."""
    return lambda random, fake, row: f"1{random.choice('3578')}{random.randint(0, 999999999):09}"


def german_iban() -> Draw:
    def draw(random: Random, fake: Faker, row: int) -> str:
        body = "".join(random.choices("0123456789", k=18))
        return f"DE{98 - int(body + '131400') % 97:02}{body}"

    return draw


def imei() -> Draw:
    def draw(random: Random, fake: Faker, row: int) -> str:
        body = "35" + "".join(random.choices("0123456789", k=12))
        total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(reversed(body)))
        return body + str(-total % 10)

    return draw


def nir() -> Draw:
    """A French number of social security."""

    def draw(random: Random, fake: Faker, row: int) -> str:
        when = f"{random.choice('12')}{random.randint(40, 99)}{random.randint(1, 12):02}"
        body = f"{when}{random.randint(1, 95):02}{random.randint(1, 990):03}{random.randint(1, 999):03}"
        return f"{body}{97 - int(body) % 97:02}"

    return draw


def dni() -> Draw:
    """A Spanish identity number."""

    def draw(random: Random, fake: Faker, row: int) -> str:
        body = random.randint(10_000_000, 99_999_999)
        return f"{body}{'TRWAGMYFPDXBNJZSQVHLCKE'[body % 23]}"

    return draw


_DRAWS = (digits, number, decimal, code, drawn, counter, moment, born, faked, mobile, german_iban, imei, nir, dni)
DRAWS: dict[str, Callable[..., Draw]] = {draw.__name__: draw for draw in _DRAWS}


def _draw(spelled: str) -> Draw:
    """`digits(8)` as what draws values."""
    call: Any = ast.parse(spelled, mode="eval").body
    return DRAWS[call.func.id](*(ast.literal_eval(each) for each in call.args))


def columns() -> Iterator[Column]:
    """All columns of all sources."""
    source, random, fake = "", Random(0), Faker()  # noqa: S311
    for line in LISTED.read_text("utf-8").splitlines():
        if line.startswith("["):
            source, locale = line[1:].split("] ")
            random, fake = Random(source), Faker(locale)  # noqa: S311
            fake.seed_instance(source)
        elif line and not line.startswith("#"):
            name, entity, spelled = line.split(" | ")
            draw = _draw(spelled)
            values = pa.array([str(draw(random, fake, row)) for row in range(ROWS)], pa.string())
            yield Column(source, name, None if entity == "-" else entity, values)
