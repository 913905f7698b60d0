"""Which columns of a release still tell what the rules took away."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.comparison import Comparison, Pair, compare
from anonymize.kernels.combining import Numbers
from anonymize.kernels.risk.characters import telling
from anonymize.kernels.risk.columns import codes_of, one_array, spelling
from anonymize.kernels.risk.pairs import Joint
from anonymize.matching import find_rule
from anonymize.rules import RuleFile

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


@dataclass(frozen=True)
class Leak:
    """A released column that tells about a hidden one."""

    hidden: str
    told_by: str
    how: str
    """In words."""
    share: float | None = None
    """The share of rows for which it tells."""


@dataclass(frozen=True)
class Holder:
    """A kind of column that holds others by its nature."""

    name: str
    held: str
    """The names of columns that it tells."""
    how: str


_IDENTITY = r"身份证|证件号|id.?card|sfz|resident.?(id|number)"
_MAIL = r"e.?mail|邮箱"
_PLACE = r"region|province|city|town|county|country|籍贯|地区|省|市|户籍"
_BIRTH = r"birth|dob\b|born|生日|出生"
_NUMBER = "of a Chinese resident number"
HOLDERS = (
    Holder(_IDENTITY, rf"{_BIRTH}|\bage\b|年龄", f"characters 7 to 14 {_NUMBER} are the birth date"),
    Holder(_IDENTITY, r"\bsex\b|gender|性别", f"character 17 {_NUMBER} is odd for men, even for women"),
    Holder(_IDENTITY, _PLACE, f"characters 1 to 6 {_NUMBER} are the region of its issue"),
    Holder(_MAIL, r"\bname\b|姓名|surname|first.?name|last.?name", "an e-mail address often holds a name"),
    Holder(_MAIL, r"company|employer|organi[sz]ation|公司|单位", "the domain of an address tells the employer"),
    Holder(r"\bzip\b|zip.?code|post.?code|postal|邮编", _PLACE, "a postcode tells the city"),
    Holder(_BIRTH, r"\bage\b|年龄", "a birth date tells the age"),
    Holder(r"phone|mobile|\btel|手机|电话", _PLACE, "the first digits of a number tell the region"),
    Holder(r"\bip\b|ip.?addr", _PLACE, "an IP address tells the place"),
    Holder(
        r"latitude|longitude|\blat\b|\blon\b|经度|纬度", rf"{_PLACE}|address|地址", "coordinates tell the place"
    ),
)


@dataclass(frozen=True)
class Beside:
    """What a release loses and leaks beside its original."""

    loss: Comparison | None
    leaks: tuple[Leak, ...]
    notes: tuple[str, ...] = ()


def beside(pair: Pair) -> Beside:
    """A release beside its original."""
    original, release = pair.original, pair.release
    loss = compare(pair)
    together = pair.aligned()
    if together is None:
        hidden = [name for name in original.column_names if name not in release.column_names]
        rows = f"the original has {len(original):,} rows and the release {len(release):,}"
        said = f"{rows}, and no column tells which belong together: only distributions were compared"
        return Beside(loss, known_leaks(hidden, release.column_names), (said,))
    original, release = together
    hidden = hidden_columns(original, release)
    bare = [name for name in release.column_names if name not in hidden]
    measured = measured_leaks(original, release, hidden)
    told = {(leak.hidden, leak.told_by) for leak in measured}
    known = [leak for leak in known_leaks(hidden, bare) if (leak.hidden, leak.told_by) not in told]
    return Beside(loss, (*measured, *known))


def known_beside(rules: RuleFile, columns: Sequence[str]) -> Beside:
    """What the rules of a release alone tell."""
    changed = {pattern for pattern, rule in rules.columns.items() if any(s.use != "keep" for s in rule.steps)}
    ruled = {name: find_rule(rules.columns, name) for name in columns}
    hidden = list(dict.fromkeys([*changed, *(name for name, rule in ruled.items() if rule in changed)]))
    return Beside(None, known_leaks(sorted(hidden), [name for name in columns if ruled[name] not in changed]))


def known_leaks(hidden: Sequence[str], bare: Sequence[str]) -> tuple[Leak, ...]:
    """What the names of columns tell: those that pass as they are, and hold by their nature what is hidden."""
    return tuple(
        Leak(column, holder_name, holder.how)
        for holder in HOLDERS
        for holder_name in bare
        for column in hidden
        if column != holder_name and _is(holder.name, holder_name) and _is(holder.held, column)
    )


def measured_leaks(original: pa.Table, release: pa.Table, hidden: Sequence[str]) -> tuple[Leak, ...]:
    """What the data tells, of tables with the same rows: a hidden value stands inside a released one, or can be
    guessed from it."""
    found = []
    released = {name: codes_of(release[name]) for name in release.column_names}
    holders = {name: _Sample(release[name]) for name in release.column_names}
    for column in hidden:
        target, values = codes_of(original[column]), _Sample(original[column])
        for name, given in released.items():
            if name == column:
                continue
            leak = (
                _inside(values, holders[name], column, name)
                or _guessed(given, target, column, name)
                or _told_by_characters(values, holders[name], column, name)
            )
            found += [leak] if leak is not None else []
    return tuple(found)


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


def _guessed(given: Any, target: Any, column: str, name: str) -> Leak | None:
    """A leak if guesses from the other rows are right much more often than without the column."""
    if not len(target) or not _may_tell(given, target):
        return None
    joint = Joint.of(given, target)
    share, blind = joint.guessed() / joint.rows, joint.baseline() / joint.rows
    if share <= blind or share < blind + CLEAR * (1 - blind):
        return None
    left, all_bits = joint.conditional_entropy(), joint.entropy()
    how = f"{left:.2g} of {all_bits:.2g} bits are left; guesses from it are right for {share:.0%} of the rows"
    return Leak(column, name, f"{how}, without it for {blind:.0%}", share)


def _may_tell(given: Any, target: Any) -> bool:
    """Whether enough values occur twice that guesses from other rows could be right: few columns pass, and to join
    two is dear."""
    counts = np.bincount(target)
    enough = counts.max() + CLEAR * (len(target) - counts.max())
    return all(len(codes) - int((np.bincount(codes) == 1).sum()) >= enough for codes in (given, target))


def _told_by_characters(before: "_Sample", after: "_Sample", column: str, name: str) -> Leak | None:
    """A leak if some characters of a column whose values are nearly all different tell it."""
    if after.distinct < len(after.values) / 2:
        return None
    found = telling(np.array(after.values, np.str_), before.codes, CLEAR)
    if found is None:
        return None
    one = found.first == found.last
    where = f"character {found.first}" if one else f"characters {found.first} to {found.last}"
    how = f"{where} of {found.length} {'tells' if one else 'tell'} it: guesses are right for {found.share:.0%}"
    return Leak(column, name, f"{how} of the rows, without for {found.baseline:.0%}", found.share)


def _inside(before: "_Sample", after: "_Sample", column: str, name: str) -> Leak | None:
    """A leak if the value, or a word of it, stands in the other column's."""
    holders = after.plain
    for words, what in ((before.plain, "the value"), (before.longest_words, "a word of the value")):
        long = np.char.str_len(words) >= SHORTEST
        if not long.sum():
            continue
        places = np.char.find(holders[long], words[long])
        share = float((places >= 0).sum() / long.sum())
        others = np.char.find(np.roll(holders[long], 1), words[long])  # what chance alone gives
        if share >= HELD and share > 2 * float((others >= 0).mean()):
            said = f"{what} stands in it{_positions(places, words[long])}, in {share:.0%} of the rows"
            return Leak(column, name, said, share)
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


def _is(pattern: str, name: str) -> bool:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\W]+", " ", name)
    return bool(re.search(pattern, words.lower()))
