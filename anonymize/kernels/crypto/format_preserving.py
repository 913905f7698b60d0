"""Encrypts the characters of an alphabet inside texts, and leaves the rest where it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.crypto.alphabets import NAMED, Alphabet
from anonymize.kernels.crypto.check_digits import luhn, mod_11_2, mod_97
from anonymize.kernels.crypto.ff1 import LONGEST, Ff1
from anonymize.kernels.text.characters import Characters, running_totals

Check = Literal["luhn", "iso7064", "iban"]

WRONG_CHECK = "the check digit is wrong"
OUTSIDE = "holds characters outside the alphabet"

_HEAD = {"luhn": 0, "iso7064": 0, "iban": 4}  # characters in front and behind that the check digit takes
_TAIL = {"luhn": 1, "iso7064": 1, "iban": 0}
_DIGITS = "0123456789X"
_IBAN = Alphabet(NAMED["digits"] + NAMED["uppercase"])
_IBAN_LENGTHS = range(15, 35)
_NOTHING = -1  # no character's code

Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Format:
    """Which characters of a text are encrypted."""

    alphabet: Alphabet
    keep: str = ""
    """Characters that are left alone and count for nothing."""
    keep_first: int = 0
    """Characters of the alphabet that stay in front."""
    keep_last: int = 0
    check: Check | None = None
    skip_foreign: bool = False

    @property
    def head(self) -> int:
        return _HEAD[self.check] if self.check else 0

    @property
    def tail(self) -> int:
        return _TAIL[self.check] if self.check else 0


@dataclass
class Crypted:
    """The result, and what could not be encrypted; at these values the result means nothing."""

    text: Characters
    problems: list[tuple[Mask, str]] = field(default_factory=list)


class _Runs(NamedTuple):
    """Positions of some characters of all values, and between which of these each value's stand."""

    places: Positions | None
    """None: all characters."""
    starts: Positions
    ends: Positions

    @property
    def counts(self) -> Positions:
        return self.ends - self.starts

    def places_of(self, rows: Positions, first: int | Positions, count: int) -> Positions:
        """The places of `count` characters, from the one with that index, of each chosen value."""
        index = (self.starts[rows] + first)[:, None] + np.arange(count)
        return index if self.places is None else self.places[index]

    def matrix(self, codes: NDArray[Any], rows: Positions, first: int, count: int) -> NDArray[Any] | None:
        """The characters at these places as a view, where they are all values' and evenly spaced."""
        total = len(self.starts)
        if self.places is not None or len(rows) != total or len(codes) % total:
            return None
        size = len(codes) // total
        if (self.starts != self.starts[0] + size * np.arange(total)).any():
            return None
        begin = int(self.starts[0]) + first
        return codes.reshape(-1, size)[:, begin : begin + count]

    def take(self, codes: NDArray[Any], rows: Positions, first: int, count: int) -> NDArray[Any]:
        """The characters at these places."""
        found = self.matrix(codes, rows, first, count)
        return codes[self.places_of(rows, first, count)] if found is None else found

    def put(self, codes: NDArray[Any], rows: Positions, first: int, new: NDArray[Any]) -> None:
        """Writes characters to these places."""
        found = self.matrix(codes, rows, first, new.shape[1])
        if found is None:
            codes[self.places_of(rows, first, new.shape[1])] = new
        else:
            found[:] = new


def crypt(text: Characters, wanted: Format, cipher: Ff1, tweaks: NDArray[np.uint8], *, decrypt: bool) -> Crypted:
    """The text, encrypted or decrypted under a row of tweak bytes for each value (or one for all).

    What `keep_first` and `keep_last` leave in place is part of the tweak, as SP 800-38G (appendix C) advises.
    """
    significant = _significant(text, wanted.keep)
    inside, foreign = _inside(text, significant, wanted)
    sizes = inside.counts - wanted.keep_first - wanted.keep_last
    width = text.width_for(int(wanted.alphabet.codes.max()))
    found = Crypted(replace(text, codes=text.codes.astype(width)))
    good = _report(found, text, significant, inside, foreign, sizes, wanted)
    codes = found.text.codes
    for rows, size in _groups(np.where(good, sizes, -1)):
        numerals = wanted.alphabet.numerals(inside.take(text.codes, rows, wanted.keep_first, size))
        tweak = _tweak(text, inside, rows, wanted, tweaks)
        made = (cipher.decrypt if decrypt else cipher.encrypt)(numerals, tweak)
        inside.put(codes, rows, wanted.keep_first, wanted.alphabet.spelled(made, codes.dtype))
    if wanted.check is not None:
        _write_checks(found.text, significant, inside, good, wanted)
    return found


def _runs(places: Positions, bounds: Positions) -> _Runs:
    return _Runs(places, bounds[:-1], bounds[1:])


def _significant(text: Characters, keep: str) -> _Runs:
    if not keep:
        return _Runs(None, text.starts, text.ends)
    chosen = np.ones(len(text.codes), bool)
    for character in keep:
        chosen &= text.codes != ord(character)
    return _runs(np.flatnonzero(chosen), running_totals(chosen)[text.offsets])


def _inside(text: Characters, significant: _Runs, wanted: Format) -> tuple[_Runs, Mask]:
    """The characters of the alphabet without those that the check digit takes, and which values hold others."""
    starts = np.minimum(significant.starts + wanted.head, significant.ends)
    ends = np.maximum(significant.ends - wanted.tail, starts)
    codes = text.codes if significant.places is None else text.codes[significant.places]
    between = np.ones(len(codes), bool)
    for bounds, size, step in ((significant.starts, wanted.head, 1), (significant.ends - 1, wanted.tail, -1)):
        for place in range(size):
            between[(bounds + step * place)[significant.counts > place]] = False
    known = wanted.alphabet.numerals(codes) >= 0
    if (known | ~between).all():
        return _Runs(significant.places, starts, ends), np.zeros(len(starts), bool)
    others, chosen = running_totals(between & ~known), between & known
    places = np.flatnonzero(chosen) if significant.places is None else significant.places[chosen]
    totals = running_totals(chosen)
    return _Runs(places, totals[starts], totals[ends]), others[ends] > others[starts]


def _report(
    found: Crypted,
    text: Characters,
    significant: _Runs,
    inside: _Runs,
    foreign: Mask,
    sizes: Positions,
    wanted: Format,
) -> Mask:
    """Which values can be encrypted, after saying of the others why not."""
    least = wanted.alphabet.least
    good = np.ones(len(sizes), bool) if text.present is None else text.present
    tests: list[tuple[Callable[[], Mask], str]] = [
        (lambda: foreign & (not wanted.skip_foreign), OUTSIDE),
        (lambda: sizes < least, f"fewer than {least} characters to encrypt (under 1,000,000 possible values)"),
        (lambda: sizes > LONGEST, f"more than {LONGEST} characters to encrypt"),
        (lambda: _has_wrong_check(text, significant, inside, good, wanted), WRONG_CHECK),
    ]
    for test, problem in tests:
        bad = good & test()
        if bad.any():
            found.problems.append((bad, problem))
            good = good & ~bad
    return good


def _tweak(
    text: Characters, inside: _Runs, rows: Positions, wanted: Format, tweaks: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The tweak of each value: what was given, then each kept character in 2 bytes, as its numeral."""
    own = tweaks if len(tweaks) == 1 else tweaks[rows]
    if not wanted.keep_first + wanted.keep_last:
        return own
    behind = inside.counts[rows] - wanted.keep_last
    ends = [inside.places_of(rows, place, 1) for place in range(wanted.keep_first)]
    ends += [inside.places_of(rows, behind + place, 1) for place in range(wanted.keep_last)]
    kept = text.codes[np.concatenate(ends, axis=1)]
    numerals = np.ascontiguousarray(wanted.alphabet.numerals(kept).astype(">u2"))
    own = np.broadcast_to(own, (len(rows), own.shape[1]))
    return np.concatenate([own, numerals.view(np.uint8).reshape(len(rows), -1)], axis=1)


def _groups(sizes: Positions) -> Iterator[tuple[Positions, int]]:
    """The values of each size that is not negative."""
    for size in np.unique(sizes[sizes >= 0]).tolist():
        yield np.flatnonzero(sizes == size), size


def _has_wrong_check(text: Characters, significant: _Runs, inside: _Runs, good: Mask, wanted: Format) -> Mask:
    wrong = np.zeros(len(good), bool)
    for rows, places, expected in _checks(text, significant, inside, good, wanted):
        wrong[rows] = (text.codes[places] != expected).any(axis=1)
    return wrong


def _write_checks(text: Characters, significant: _Runs, inside: _Runs, good: Mask, wanted: Format) -> None:
    for _, places, expected in _checks(text, significant, inside, good, wanted):
        text.codes[places] = expected


def _checks(
    text: Characters, significant: _Runs, inside: _Runs, good: Mask, wanted: Format
) -> Iterator[tuple[Positions, NDArray[np.int64], NDArray[Any]]]:
    """Values, the places of their check digits, and what belongs there."""
    digits = np.frombuffer(_DIGITS.encode(), np.uint8).astype(np.int64)
    if wanted.check == "iban":
        for rows, size in _groups(np.where(good, significant.counts, -1)):
            places = significant.places_of(rows, 0, size)
            expected = _iban(_IBAN.numerals(text.codes[places]))
            pairs = digits[np.stack(np.divmod(np.maximum(expected, 0), 10), axis=1)]
            yield rows, places[:, 2:4], np.where(expected[:, None] < 0, _NOTHING, pairs)
    elif wanted.check is not None:
        of = luhn if wanted.check == "luhn" else mod_11_2
        for rows, size in _groups(np.where(good, inside.counts, -1)):
            numbers = of(wanted.alphabet.numerals(inside.take(text.codes, rows, 0, size)))
            last = significant.counts[rows] - 1
            yield rows, significant.places_of(rows, last, 1), digits[numbers][:, None]


def _iban(numerals: NDArray[np.int32]) -> NDArray[np.int64]:
    """The two check digits of each row as a number, -1 if the row cannot be an IBAN (ISO 13616-1)."""
    if numerals.shape[1] not in _IBAN_LENGTHS:
        return np.full(len(numerals), -1)
    good = (numerals >= 0).all(axis=1) & (numerals[:, :2] >= 10).all(axis=1)
    turned = np.concatenate([numerals[:, 4:], numerals[:, :2], np.zeros((len(numerals), 2), np.int32)], axis=1)
    return np.where(good, 98 - mod_97(turned), -1)
