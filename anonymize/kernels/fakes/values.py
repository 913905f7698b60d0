"""Makes fake values for a whole column: keyed numbers, chosen and assembled by array arithmetic."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, where
from anonymize.kernels.crypto import tokens
from anonymize.kernels.crypto.randomness import words
from anonymize.kernels.fakes.pools import pools
from anonymize.kernels.fakes.recipes import DEFAULT, recipe

Digits = NDArray[np.uint8]

_PIECES = re.compile(r"\{(?P<name>[a-z_]+)\}|\{(?P<low>\d+)-(?P<high>\d+)\}|(?P<digits>#+)|(?P<letter>\?)|[^{#?]+")
_ZERO = np.uint8(ord("0"))
_FOUR = np.frombuffer("".join(f"{number:04d}" for number in range(10_000)).encode(), np.uint8).reshape(-1, 4)
_BIRTHS = (-10_957, 14_609)  # days from 1970-01-01: births from 1940 to 2009


@dataclass
class Draws:
    """Independent random numbers for each value: AES over the value's keyed code and the number of the draw."""

    locale: str
    secret: bytes
    codes: NDArray[np.uint8]
    drawn: int = 0

    @cached_property
    def seeds(self) -> NDArray[np.int64]:
        """64 bits of each code."""
        return tokens.numbers(self.codes).view(np.int64)

    def words(self) -> NDArray[np.uint64]:
        """64 bits that were not drawn before."""
        self.drawn += 1
        return words(self.secret, self.seeds, np.zeros_like(self.seeds), self.drawn)

    def below(self, bound: int) -> NDArray[np.int64]:
        """A number in [0, bound); none is likelier than another by more than bound / 2**64."""
        return (self.words() % np.uint64(bound)).astype(np.int64)

    def digits(self, width: int) -> Digits:
        """n x width decimal digits as characters; up to 16."""
        return spell_digits(self.below(10**width), width)


def fake(kind: str, locale: str, secret: bytes, values: pa.Array) -> pa.Array:
    """A fake of the kind for each value, the same for the same value; null where the value is null."""
    draws = Draws(locale, secret, tokens.tags(secret, values))
    made = COMPUTED[kind](draws) if kind in COMPUTED else assemble(recipe(kind, locale), draws)
    return where(values.is_valid(), made, pa.scalar(None, made.type)) if values.null_count else made


def assemble(parts: str, draws: Draws) -> pa.Array:
    """A value for each draw by a recipe (see `fake_recipes`)."""
    pieces = [_piece(match, draws) for match in _PIECES.finditer(parts)]
    return pieces[0] if len(pieces) == 1 else pc.binary_join_element_wise(*pieces, "")


def _piece(match: re.Match[str], draws: Draws) -> pa.Array | str:
    if match["name"]:
        return _item(pools(draws.locale)[match["name"]], draws)
    if match["low"]:
        return _item(_range(int(match["low"]), int(match["high"])), draws)
    if match["digits"]:
        return tokens.column(draws.digits(len(match["digits"])), None)
    return _item(pools(draws.locale)["letter"], draws) if match["letter"] else match[0]


def _item(pool: pa.Array, draws: Draws) -> pa.Array:
    return pool.take(from_numpy(draws.below(len(pool))))


@lru_cache(maxsize=32)
def _range(low: int, high: int) -> pa.Array:
    return pa.array([str(number) for number in range(low, high + 1)], pa.string())


def spell_digits(numbers: NDArray[np.int64], width: int) -> Digits:
    """Numbers as n x width characters, with leading zeros."""
    out = np.empty((len(numbers), width), np.uint8)
    for end in range(width, 0, -4):
        numbers, last = np.divmod(numbers, 10_000)
        kept = min(4, end)
        out[:, end - kept : end] = _FOUR[last][:, 4 - kept :]
    return out


def _luhn(body: Digits) -> Digits:
    """The check digit that ISO/IEC 7812-1 puts behind a card number."""
    numbers = (body - _ZERO).astype(np.int64)
    doubled = numbers[:, ::-1][:, ::2] * 2  # every other digit, from the right
    total = numbers[:, ::-1][:, 1::2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return spell_digits(-total % 10, 1)


def credit_card(draws: Draws) -> pa.Array:
    """16 digits with a right check digit; 9999 99 is no network's prefix (ISO/IEC 7812 leaves 9 to nations)."""
    body = _beside("999999", draws.digits(9))
    return tokens.column(np.concatenate([body, _luhn(body)], axis=1), None)


def iban(draws: Draws) -> pa.Array:
    """Right check digits (ISO 13616) and a bank that does not exist: XXXX 00-00-00 or BLZ 00000000."""
    country, bank, width = ("GB", "XXXX000000", 8) if draws.locale == "en_GB" else ("DE", "00000000", 10)
    account = draws.below(10**width)
    head, tail = (int("".join(str(int(c, 36)) for c in part)) for part in (bank, country + "00"))
    base = (head * 10 ** (width + 6) + tail) % 97
    check = 98 - (account * (10**6 % 97) + base) % 97
    parts = [_beside(country, spell_digits(check, 2)), _beside(bank, spell_digits(account, width))]
    return tokens.column(np.concatenate(parts, axis=1), None)


def national_id(draws: Draws) -> pa.Array:
    """For zh_CN a number by GB 11643 with a right check character, of a region (19....) that does not exist."""
    if draws.locale != "zh_CN":
        return assemble(recipe("national_id", draws.locale), draws)
    births = np.datetime_as_string(_births(draws)).astype("S10").view(np.uint8).reshape(-1, 10)
    body = np.concatenate(
        [_beside("19", draws.digits(4)), births[:, [0, 1, 2, 3, 5, 6, 8, 9]], draws.digits(3)], axis=1
    )
    weights = np.array([2 ** (17 - place) % 11 for place in range(17)])
    check = np.frombuffer(b"10X98765432", np.uint8)[((body - _ZERO) * weights).sum(axis=1) % 11]
    return tokens.column(np.concatenate([body, check[:, None]], axis=1), None)


def date_of_birth(draws: Draws) -> pa.Array:
    """A day from 1940 to 2009."""
    return from_numpy(_births(draws).astype(np.int32)).view(pa.date32())


def uuid(draws: Draws) -> pa.Array:
    """A UUID of version 8 (RFC 9562)."""
    return tokens.column(tokens.uuid(draws.codes), None)


def _births(draws: Draws) -> NDArray[np.datetime64]:
    first, end = _BIRTHS
    return (first + draws.below(end - first)).view("M8[D]")


def _beside(constant: str, characters: Digits) -> Digits:
    """The same text before each row."""
    head = np.frombuffer(constant.encode(), np.uint8)
    return np.concatenate([np.broadcast_to(head, (len(characters), len(head))), characters], axis=1)


COMPUTED: dict[str, Callable[[Draws], pa.Array]] = {
    "credit_card": credit_card,
    "iban": iban,
    "national_id": national_id,
    "date_of_birth": date_of_birth,
    "uuid": uuid,
}
KINDS = tuple(DEFAULT | COMPUTED)
