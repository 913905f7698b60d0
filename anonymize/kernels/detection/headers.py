"""What the name of a column says: words apart, in lower case, the last part of a path counting most."""

import re
import unicodedata
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


@lru_cache(maxsize=1 << 16)
def header_fit(detector: type[Detector], name: str | None) -> Fit:
    """How a column's name speaks for a detector."""
    if not name:
        return Fit.NOTHING
    found = _told(name)
    if not found:
        return Fit.NOTHING
    if _is_neutral(found) or _ends_with(found, detector.not_headers):
        return Fit.AGAINST
    if _equals(found, detector.headers):
        return Fit.EXACT
    if _ends_with(found, detector.headers):
        return Fit.SUFFIX
    return Fit.AGAINST if _has(found, detector.against) else Fit.NOTHING


def named_exactly(name: str, known: Words) -> bool:
    """Whether a column's name is one of these, whatever stands around its words."""
    found = _told(name)
    return bool(found) and _equals(found, known)


def named_so(name: str, known: Words) -> bool:
    """Whether a column's name ends with one of these and is not about something else."""
    found = _told(name)
    return bool(found) and not _is_neutral(found) and _ends_with(found, known)


def _told(name: str) -> list[str]:
    return [part for part in header_words(name) if not part.isdigit()]


def _is_neutral(found: list[str]) -> bool:
    whole = "".join(found)
    if len(found) > 1 and (found[-1] in NEUTRAL or found[0] in _NEUTRAL_BEGINNINGS):
        return True
    return not whole.isascii() and (whole.endswith(NEUTRAL_ENDINGS) or whole.startswith(("是否", "有无")))


def _equals(found: list[str], known: Words) -> bool:
    whole = _joined(found)
    return any(whole == _joined(phrase.split()) for said in known.values() for phrase in said)


def _ends_with(found: list[str], known: Words) -> bool:
    """Whether the name ends with a synonym: whole words if it is ASCII, else characters."""
    return any(_ends_with_phrase(found, phrase) for said in known.values() for phrase in said)


def _ends_with_phrase(found: list[str], phrase: str) -> bool:
    parts = phrase.split()
    if not phrase.isascii():
        return _joined(found).endswith(_joined(parts))
    if found[-1] == "".join(parts):
        return True
    return len(parts) <= len(found) and _joined(found[-len(parts) :]) == _joined(parts)


def _has(found: list[str], known: Words) -> bool:
    """Whether a word stands anywhere in the name."""
    phrases = [phrase.lower() for said in known.values() for phrase in said]
    whole = "".join(found)
    return any(phrase in found if phrase.isascii() else phrase in whole for phrase in phrases)


def _joined(parts: list[str]) -> str:
    """The words as one, plurals as singulars."""
    return "".join(_singular(part) for part in parts)


def _singular(word: str) -> str:
    """`numbers` as `number`; both sides are treated alike, so that `address` loses its end does not matter."""
    return word[:-1] if len(word) > 3 and word.isascii() and word.endswith("s") else word
