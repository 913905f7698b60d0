"""The ways in which a known value may be written in a text: name order, initials, layouts of dates.

All are squeezed: letters without case and accents, and digits; nothing else. So `Zoë Kováč`, `KOVAC, Zoe` and
`zoe-kovac` meet, as do `138 1234 5678` and `13812345678`.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NAME = re.compile(r"[^\W\d_]+(?:[\s.,'’·-]+[^\W\d_]+)*\.?")
HAN = 0x3400, 0x9FFF
"""The first and the last of the Chinese characters."""
_HAN = re.compile(f"[{chr(HAN[0])}-{chr(HAN[1])}]")
_DATE = re.compile(r"([12]\d{3})(?:\D{1,2})(\d{1,2})(?:\D{1,2})(\d{1,2})(?!\d)")
_OTHER_LETTERS = str.maketrans("łøđðþßæœıŁØĐÐÞ", "lodðtsaoilodðt")
_YEAR = "january february march april may june july august september october november december"
_MONTHS = _YEAR.split()
_LONGEST_NAME = 6
LONGEST_VALUE = 100
_PARTICLES = """
    of the and de del della der den des di da do dos du la le les el al van von zu ter ten bin ibn bint mr mrs ms
    miss dr prof sir jr sr st ii iii phd md herr frau mme señor señora sra
"""
PARTICLES = frozenset(_PARTICLES.split())
"""Parts of names that say nothing alone."""

_WORDS = "true false yes no null none nan unknown other male female"
NO_SECRETS = PARTICLES.union(_WORDS.split())
"""Values of columns that are no secret by themselves."""

SHORT_NAME, LEAST_LETTERS, LEAST_DIGITS, LEAST_HAN = 2, 3, 4, 2


@lru_cache(maxsize=1 << 16)
def plain_character(character: str) -> int:
    """The code of a letter or digit without case and accents; 0 for anything else."""
    for part in unicodedata.normalize("NFKD", character.translate(_OTHER_LETTERS)):
        if unicodedata.category(part)[0] in "LN":
            return ord(part.lower()[0])
    return 0


def squeezed(text: str) -> str:
    """Letters without case and accents, and digits."""
    return "".join(chr(code) for code in map(plain_character, text) if code)


def spellings(value: str, is_name: bool) -> list[str]:
    """The squeezed ways of writing a value, without those that are too short to mean it."""
    if len(value) > LONGEST_VALUE:
        return []
    found = [squeezed(value)]
    is_name = is_name and _NAME.fullmatch(value.strip()) is not None
    if is_name:
        found += _of_name(value)
    if (date := _DATE.search(value)) is not None:
        found += _of_date(*map(int, date.groups()))
    return [each for each in dict.fromkeys(found) if _is_telling(each, is_name)]


def _is_telling(spelled: str, is_name: bool) -> bool:
    if spelled.isdigit():
        return len(spelled) >= LEAST_DIGITS
    if _HAN.search(spelled):
        return len(spelled) >= LEAST_HAN
    return len(spelled) >= (SHORT_NAME if is_name else LEAST_LETTERS) and spelled not in NO_SECRETS


def _of_name(value: str) -> list[str]:
    """Its parts in other orders, each alone, and with initials."""
    surname, comma, given = value.partition(",")
    parts = [squeezed(part) for part in _WORD.findall(f"{given} {surname}" if comma else value)]
    parts = [part for part in parts if part and not part.isdigit()]
    if len(parts) == 1 and _HAN.match(parts[0]):
        return [parts[0][1:], parts[0][2:]] if len(parts[0]) <= 4 else []
    telling = [part for part in parts if part not in PARTICLES]
    if not 1 < len(telling) <= _LONGEST_NAME:
        return telling
    first, last = telling[:-1], telling[-1]
    orders = ["".join(parts[i:] + parts[:i]) for i in range(len(parts))] + ["".join(telling)]
    initials = "".join(part[0] for part in first)
    return [*orders, first[0] + last, last + first[0], initials[0] + last, initials + last, *telling]


def _of_date(year: int, month: int, day: int) -> list[str]:
    """The usual layouts, with and without leading zeros."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return []
    name = _MONTHS[month - 1]
    numbers = [(f"{month:02}", f"{day:02}"), (str(month), str(day))]
    found = [each for m, d in numbers for each in (f"{year}{m}{d}", f"{d}{m}{year}", f"{m}{d}{year}")]
    found += [f"{year}年{m}月{d}日" for m, d in numbers]
    for _, d in numbers:
        for spelled in (name, name[:3], name[:4]):
            found += [f"{d}{spelled}{year}", f"{spelled}{d}{year}"]
            found += [f"{day}{ending}{spelled}{year}" for ending in ("st", "nd", "rd", "th")]
            found += [f"{spelled}{day}{ending}{year}" for ending in ("st", "nd", "rd", "th")]
    return found
