"""What the released columns of a table still tell about a hidden one."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import one_array
from anonymize.kernels.combining import Numbers
from anonymize.kernels.risk.characters import telling
from anonymize.kernels.risk.columns import codes_of, spelling
from anonymize.kernels.risk.pairs import Joint

SAMPLE = 5_000
"""Rows in which values are looked for inside others."""
CLEAR = 0.5
"""How much of the way from the baseline to certainty a guess must go to be a leak."""
HELD = 0.5
"""The share of rows whose value must stand inside another column's."""
MOSTLY = 0.9
"""The share of the finds that stand at the same characters."""
SHORTEST = 3
"""Characters of a value that is looked for inside others."""


_Found: TypeAlias = tuple[str, float, float]
"""As the last three of `Told`."""


@dataclass(frozen=True)
class Told:
    """A released column that tells about a hidden one."""

    hidden: str
    told_by: str
    how: str
    """In words."""
    share: float
    """The share of rows for which it tells."""
    control: float
    """The share for which chance would, or a guess without the column."""


def tellings(original: pa.Table, release: pa.Table, hidden: Sequence[str]) -> Iterator[Told]:
    """What the data tells, of tables with the same rows: a hidden value stands inside a released one, or can be
    guessed from it."""
    released = {name: codes_of(release[name]) for name in release.column_names}
    holders = {name: _Sample(release[name]) for name in release.column_names}
    for column in hidden:
        target, values = codes_of(original[column]), _Sample(original[column])
        for name, given in released.items():
            if name == column:
                continue
            found = (
                _inside(values, holders[name])
                or _guessed(given, target)
                or _told_by_characters(values, holders[name])
            )
            if found is not None:
                yield Told(column, name, *found)


def hidden_columns(original: pa.Table, release: pa.Table) -> list[str]:
    """Columns that were dropped, or most of whose values were changed, in tables with the same rows."""
    return [
        name
        for name in original.column_names
        if name not in release.column_names or _changed(original[name], release[name])
    ]


def _changed(before: Any, after: Any) -> bool:
    differs = pc.fill_null(pc.not_equal(spelling(before), spelling(after)), True)
    return len(before) > 0 and pc.sum(differs).as_py() > len(before) / 2 and before.null_count < len(before)


def _guessed(given: Any, target: Any) -> _Found | None:
    """A leak if guesses from the other rows are right much more often than without the column."""
    if not len(target) or not _may_tell(given, target):
        return None
    joint = Joint.of(given, target)
    share, blind = joint.guessed() / joint.rows, joint.baseline() / joint.rows
    if share <= blind or share < blind + CLEAR * (1 - blind):
        return None
    left, all_bits = joint.conditional_entropy(), joint.entropy()
    how = f"{left:.2g} of {all_bits:.2g} bits are left; guesses from it are right for {share:.0%} of the rows"
    return f"{how}, without it for {blind:.0%}", share, blind


def _may_tell(given: Any, target: Any) -> bool:
    """Whether enough values occur twice that guesses from other rows could be right: few columns pass, and to join
    two is dear."""
    counts = np.bincount(target)
    enough = counts.max() + CLEAR * (len(target) - counts.max())
    return all(len(codes) - int((np.bincount(codes) == 1).sum()) >= enough for codes in (given, target))


def _told_by_characters(before: "_Sample", after: "_Sample") -> _Found | None:
    """A leak if some characters of a column whose values are nearly all different tell it."""
    if after.distinct < len(after.values) / 2:
        return None
    found = telling(np.array(after.values, np.str_), before.codes, CLEAR)
    if found is None:
        return None
    one = found.first == found.last
    where = f"character {found.first}" if one else f"characters {found.first} to {found.last}"
    how = f"{where} of {found.length} {'tells' if one else 'tell'} it: guesses are right for {found.share:.0%}"
    return f"{how} of the rows, without for {found.baseline:.0%}", found.share, found.baseline


def _inside(before: "_Sample", after: "_Sample") -> _Found | None:
    """A leak if the value, or a word of it, stands in the other column's."""
    holders = after.plain
    for words, what in ((before.plain, "the value"), (before.longest_words, "a word of the value")):
        long = np.char.str_len(words) >= SHORTEST
        if not long.sum():
            continue
        places = np.char.find(holders[long], words[long])
        share = float((places >= 0).sum() / long.sum())
        others = np.char.find(np.roll(holders[long], 1), words[long])  # what chance alone gives
        chance = float((others >= 0).mean())
        if share >= HELD and share > 2 * chance:
            said = f"{what} stands in it{_positions(places, words[long])}, in {share:.0%} of the rows"
            return said, share, chance
    return None


def _positions(places: NDArray[np.int64], words: NDArray[Any]) -> str:
    """At which characters, if they are mostly the same."""
    found = places >= 0
    spans, counts = np.unique(np.stack([places[found], np.char.str_len(words[found])]), axis=1, return_counts=True)
    most = int(np.argmax(counts))
    if counts[most] < MOSTLY * counts.sum():
        return ""
    start, length = spans[:, most].tolist()
    said = "" if len(counts) == 1 else "mostly "
    return f" {said}at characters {start + 1} to {start + length} (letters and digits)"


class _Sample:
    """Some values of a column, at equal distances; what is made of them is made once."""

    def __init__(self, column: Any) -> None:
        array = one_array(column)
        step = max(len(array) // SAMPLE, 1)
        self.values = [value or "" for value in spelling(array[::step]).to_pylist()]

    @cached_property
    def distinct(self) -> int:
        return len(set(self.values))

    @cached_property
    def codes(self) -> Numbers:
        return codes_of(pa.array(self.values, pa.string()))

    @cached_property
    def plain(self) -> NDArray[Any]:
        """The letters and digits, without case and accents."""
        return np.array([_squeezed(value) for value in self.values], np.str_)

    @cached_property
    def longest_words(self) -> NDArray[Any]:
        return np.array(
            [max(map(_squeezed, value.split()), key=len, default="") for value in self.values], np.str_
        )


def _squeezed(value: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", bare).casefold()
