"""What the name of a column says: words apart, in lower case, the last part of a path counting most."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from anonymize.core.detector import Detector, Words

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BORDER = re.compile(r"[^\w]+|_+|(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])", re.UNICODE)
_ASCII_BESIDE_OTHER = re.compile(r"(?<=[a-z])(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])(?=[a-z])")
_EMPTY_WORDS = "the of a s col column field value data info str txt zh en usd eur gbp cny rmb jpy chf brl inr krw"
_EMPTY = frozenset(_EMPTY_WORDS.split())

_NEUTRAL_WORDS = """
    type count flag status total sum avg mean rate ratio pct percent amount price qty quantity version level rank
    size length len width height score weight hash checksum enabled verified valid format kind category mode file
    filename host hostname product item sku company brand class table schema event
"""
NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
"""Words that turn the name of a person's attribute into something about it: `phone_type`, `email_count`."""

_NEUTRAL_ENDINGS = """
    类型 数量 是否 个数 次数 状态 标志 标识 总数 金额 比例 版本 级别 等级 类别 名称 格式 种类
"""
NEUTRAL_ENDINGS = tuple(_NEUTRAL_ENDINGS.split())
_NEUTRAL_BEGINNINGS = ("has", "is", "num", "count", "n")


class Fit(IntEnum):
    """How a column's name speaks for an entity."""

    AGAINST = -1
    NOTHING = 0
    SUFFIX = 1
    EXACT = 2


@lru_cache(maxsize=4096)
def header_words(name: str) -> tuple[str, ...]:
    """`contact.phoneNumbers[*]` as (contact, phone, numbers)."""
    plain = unicodedata.normalize("NFKC", name).replace("[*]", "")
    apart = _ASCII_BESIDE_OTHER.sub(" ", _BORDER.sub(" ", _CAMEL.sub(" ", plain)).lower())
    return tuple(word for word in apart.split() if word not in _EMPTY)


@dataclass(frozen=True)
class _Name:
    """The name of a column, as it is compared."""

    words: tuple[str, ...]
    """Those that are no numbers."""
    whole: str
    """As one word, plurals as singulars."""
    tails: frozenset[str]
    """Its last word, its last two, and so on, so written; and the last as it is."""
    is_neutral: bool


@lru_cache(maxsize=4096)
def _named(name: str) -> _Name:
    words = tuple(part for part in header_words(name) if not part.isdigit())
    tails = (f"{count} {_joined(words[-count:])}" for count in range(1, len(words) + 1))
    return _Name(words, _joined(words), frozenset([*tails, *words[-1:]]), _is_neutral(words))


class Phrases:
    """Names that a column may have, ready to be compared."""

    def __init__(self, known: Words) -> None:
        phrases = [phrase.split() for said in known.values() for phrase in said]
        self._whole = frozenset(map(_joined, phrases))
        ascii_ = [parts for parts in phrases if "".join(parts).isascii()]
        self._tails = frozenset(f"{len(parts)} {_joined(parts)}" for parts in ascii_) | {
            "".join(parts) for parts in ascii_
        }
        self._endings = tuple({_joined(parts) for parts in phrases if not "".join(parts).isascii()})

    def equal(self, name: _Name) -> bool:
        """Whether a name is one of these."""
        return name.whole in self._whole

    def end(self, name: _Name) -> bool:
        """Whether a name ends with one of these: whole words if it is ASCII, else characters."""
        return not self._tails.isdisjoint(name.tails) or name.whole.endswith(self._endings)


class _Mentions:
    """Words that may stand anywhere in a name, ready to be looked for."""

    def __init__(self, known: Words) -> None:
        phrases = {phrase.lower() for said in known.values() for phrase in said}
        self._words = frozenset(filter(str.isascii, phrases))
        self._parts = tuple(phrases - self._words)

    def stand_in(self, name: _Name) -> bool:
        """Whether one of them does."""
        if not self._words.isdisjoint(name.words):
            return True
        whole = "".join(name.words)
        return not whole.isascii() and any(part in whole for part in self._parts)


@lru_cache(maxsize=1024)
def _told_by(detector: type[Detector]) -> tuple[Phrases, Phrases, _Mentions]:
    return Phrases(detector.headers), Phrases(detector.not_headers), _Mentions(detector.against)


@lru_cache(maxsize=1 << 16)
def header_fit(detector: type[Detector], name: str | None) -> Fit:
    """How a column's name speaks for a detector."""
    found = _named(name) if name else None
    if found is None or not found.words:
        return Fit.NOTHING
    headers, others, against = _told_by(detector)
    if found.is_neutral or others.end(found):
        return Fit.AGAINST
    if headers.equal(found):
        return Fit.EXACT
    if headers.end(found):
        return Fit.SUFFIX
    return Fit.AGAINST if against.stand_in(found) else Fit.NOTHING


def named_exactly(name: str, known: Phrases) -> bool:
    """Whether a column's name is one of these, whatever stands around its words."""
    found = _named(name)
    return bool(found.words) and known.equal(found)


def named_so(name: str, known: Phrases) -> bool:
    """Whether a column's name ends with one of these and is not about something else."""
    found = _named(name)
    return bool(found.words) and not found.is_neutral and known.end(found)


def _is_neutral(found: Sequence[str]) -> bool:
    whole = "".join(found)
    if len(found) > 1 and (found[-1] in NEUTRAL or found[0] in _NEUTRAL_BEGINNINGS):
        return True
    return not whole.isascii() and (whole.endswith(NEUTRAL_ENDINGS) or whole.startswith(("是否", "有无")))


def _joined(parts: Sequence[str]) -> str:
    """The words as one, plurals as singulars."""
    return "".join(_singular(part) for part in parts)


def _singular(word: str) -> str:
    """`numbers` as `number`; both sides are treated alike, so that `address` loses its end does not matter."""
    return word[:-1] if len(word) > 3 and word.isascii() and word.endswith("s") else word
