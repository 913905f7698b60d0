"""Which columns of a release still tell what the rules took away."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from anonymize.kernels.risk.leaking import hidden_columns, tellings
from anonymize.releases.comparison import Comparison, Pair, compare
from anonymize.rulefile.matching import find_rule
from anonymize.rulefile.rules import RuleFile


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
    found = tellings(original, release, hidden)
    measured = [Leak(told.hidden, told.told_by, told.how, told.share) for told in found]
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


def _is(pattern: str, name: str) -> bool:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\W]+", " ", name)
    return bool(re.search(pattern, words.lower()))
