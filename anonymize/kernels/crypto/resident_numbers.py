"""Resident identity numbers of China (GB 11643) as numbers from 0 on, and back.

A number is a region (province and four digits), a date of birth, a sequence of three digits and a check character.
Encrypting its rank among all that are well-formed gives a number that is well-formed again.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.crypto.alphabets import Alphabet
from anonymize.kernels.crypto.check_digits import mod_11_2
from anonymize.kernels.crypto.cycle_walking import Permutation
from anonymize.kernels.crypto.format_preserving import Crypted
from anonymize.kernels.text.characters import Characters

LENGTH = 18
MALFORMED = "not a well-formed resident identity number"

_PROVINCES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)
_CODES = np.array(
    _PROVINCES.split(), np.int64
)  # GB/T 2260, and those of residents from Taiwan, Hong Kong and Macao
_IN_PROVINCE = 10_000
_FIRST, _END = np.datetime64("1900-01-01"), np.datetime64("2100-01-01")
_DAYS = int((_END - _FIRST).astype(np.int64))
_SEQUENCES = 1000
_CHARACTERS = Alphabet("0123456789X")
_REGIONS = len(_CODES) * _IN_PROVINCE

Numerals = NDArray[np.int32]
Ranks = NDArray[np.int64]
Dates = NDArray[np.datetime64]


class Parts(NamedTuple):
    """The parts of numbers, each counted from 0."""

    region: Ranks
    day: Ranks
    sequence: Ranks


@dataclass(frozen=True)
class Domain:
    """The numbers that agree in what is kept."""

    keep_region: bool
    keep_birth_date: bool

    @property
    def size(self) -> int:
        return (1 if self.keep_region else _REGIONS) * (1 if self.keep_birth_date else _DAYS) * _SEQUENCES

    def rank(self, parts: Parts) -> NDArray[np.uint64]:
        """The place of each number in its domain."""
        region = np.zeros_like(parts.region) if self.keep_region else parts.region
        if not self.keep_birth_date:
            region = region * _DAYS + parts.day
        return (region * _SEQUENCES + parts.sequence).astype(np.uint64)

    def kept(self, parts: Parts) -> NDArray[np.uint8]:
        """What is kept, as 8 bytes a number: the tweak."""
        region = parts.region if self.keep_region else np.zeros_like(parts.region)
        kept = region * _DAYS + parts.day if self.keep_birth_date else region
        return kept.astype(">u8").view(np.uint8).reshape(-1, 8)

    def unrank(self, ranks: NDArray[np.uint64], like: Parts) -> Parts:
        """The numbers at these places of the domains that those of `like` are in."""
        rest, sequence = np.divmod(ranks.astype(np.int64), _SEQUENCES)
        day = like.day
        if not self.keep_birth_date:
            rest, day = np.divmod(rest, _DAYS)
        return Parts(like.region if self.keep_region else rest, day, sequence)


def crypt(
    text: Characters, domain: Domain, cipher: Permutation, tweaks: NDArray[np.uint8], *, decrypt: bool
) -> Crypted:
    """The numbers, encrypted or decrypted in their domains, under a row of tweak bytes each (or one for all)."""
    found = Crypted(replace(text, codes=text.codes.copy()))
    rows = np.flatnonzero(text.lengths == LENGTH)
    places = text.starts[rows][:, None] + np.arange(LENGTH)
    parts, good = read(_CHARACTERS.numerals(text.codes[places]))
    bad = np.ones(len(text.starts), bool) if text.present is None else text.present.copy()
    bad[rows[good]] = False
    found.problems.append((bad, MALFORMED))
    kept = domain.kept(parts)
    own = np.broadcast_to(tweaks if len(tweaks) == 1 else tweaks[rows], (len(rows), tweaks.shape[1]))
    ranks = cipher.apply(domain.rank(parts), np.concatenate([own, kept], axis=1), inverse=decrypt)
    made = _CHARACTERS.codes[write(domain.unrank(ranks, parts))]
    found.text.codes[places[good]] = made[good]
    return found


def read(numerals: Numerals) -> tuple[Parts, NDArray[np.bool_]]:
    """The parts of each row of 18 numerals (10 for X), and which rows are well-formed; parts of others are 0."""
    digits = numerals.astype(np.int64)
    good = np.logical_and.reduce((numerals[:, :-1] >= 0) & (numerals[:, :-1] <= 9), axis=1)
    good &= mod_11_2(np.where(good[:, None], numerals, 0)[:, :-1]) == numerals[:, -1]
    digits[~good] = 0
    province, within = _number(digits[:, :2]), _number(digits[:, 2:6])
    place = np.minimum(np.searchsorted(_CODES, province), len(_CODES) - 1)
    year, month, day = _number(digits[:, 6:10]), _number(digits[:, 10:12]), _number(digits[:, 12:14])
    date = _date(year, month, day)
    good &= (_CODES[place] == province) & (month >= 1) & (month <= 12) & (day >= 1)
    good &= (date.astype("M8[M]") == _month(year, month)) & (date >= _FIRST) & (date < _END)
    parts = (place * _IN_PROVINCE + within, (date - _FIRST).astype(np.int64), _number(digits[:, 14:17]))
    return Parts(*(np.where(good, part, 0) for part in parts)), good


def write(parts: Parts) -> Numerals:
    """The 18 numerals of each number."""
    date = _FIRST + parts.day
    month = date.astype("M8[M]")
    year, first = month.astype("M8[Y]"), month.astype("M8[D]")
    pieces = [
        (_CODES[parts.region // _IN_PROVINCE], 2),
        (parts.region % _IN_PROVINCE, 4),
        (year.astype(np.int64) + 1970, 4),
        ((month - year.astype("M8[M]")).astype(np.int64) + 1, 2),
        ((date - first).astype(np.int64) + 1, 2),
        (parts.sequence, 3),
    ]
    columns = [piece // 10**place % 10 for piece, width in pieces for place in reversed(range(width))]
    numerals = np.stack(columns, axis=1).astype(np.int32)
    return np.concatenate([numerals, mod_11_2(numerals)[:, None]], axis=1)


def _number(digits: NDArray[np.int64]) -> Ranks:
    number: Ranks = digits @ 10 ** np.arange(digits.shape[1] - 1, -1, -1)
    return number


def _month(year: Ranks, month: Ranks) -> Dates:
    return ((year - 1970) * 12 + month - 1).astype("M8[M]")


def _date(year: Ranks, month: Ranks, day: Ranks) -> Dates:
    date: Dates = _month(year, month).astype("M8[D]") + (day - 1).astype("m8[D]")
    return date
