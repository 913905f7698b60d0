"""What a pattern's syntax tells: texts it cannot do without, and its shape."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import groupby, product
from operator import add
from re import _casefix as casefix  # type: ignore[attr-defined]
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from anonymize.kernels.detection.worked_out import UNKNOWN, worked_out

_CODE_POINT = re.compile(r"\\x\{([0-9A-Fa-f]+)\}")
_UNKNOWN = re.compile(r"\\p\{[^}]+\}|\\p[A-Z]|\\z")
_STRANGE = re.compile(r"\\[pPzQC]|\[:\^?[a-z]+:\]|\{,")
"""What RE2 reads otherwise than Python, or Python not at all."""


@lru_cache(maxsize=4096)
def parsed(pattern: str) -> Any | None:
    """The tree of an RE2 pattern, by Python's parser; None if it cannot read it."""
    plain = _CODE_POINT.sub(lambda found: re.escape(chr(int(found[1], 16))), pattern)
    try:
        return parser.parse(_UNKNOWN.sub("x?", plain))
    except (re.error, OverflowError):
        return None


REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)


# ── texts that it cannot do without ──

MOST_TEXTS = 64
"""So many ways of writing one part of a pattern are told apart; a list of words may be longer."""
_SHORT, _FEW = 3, 4
"""Bytes: what is longer is no better; and so many texts may be of two."""


@dataclass(frozen=True)
class Needed:
    """A text, in small letters if case does not matter."""

    text: str
    any_case: bool
    is_end: bool = False
    """Whether no ASCII letter follows."""

    def __add__(self, other: "Needed") -> "Needed":
        return Needed(self.text + other.text, self.any_case or other.any_case)

    @property
    def worth(self) -> int:
        return min(len(self.text.encode()), _SHORT)


Texts = frozenset[Needed]
_EMPTY: Texts = frozenset([Needed("", False)])


def literals(*patterns: str) -> Texts | None:
    """Texts of which a text in which all the patterns match holds at least one; None if there are none.

    Where case does not matter only ASCII letters are one for both cases: others stand there in each case.
    """
    found = worked_out("texts", *patterns)
    if found is UNKNOWN:
        return ask_literals(*patterns)
    return None if found is None else frozenset(Needed(text, any_case) for text, any_case in found)


def ask_literals(*patterns: str) -> Texts | None:
    """The same, by their syntax."""
    best = None
    for pattern in patterns:
        tree = None if _STRANGE.search(pattern) else parsed(pattern)
        if tree is not None:
            best = _better(best, _needed(tree, bool(tree.state.flags & re.IGNORECASE)))
    return best if best is not None and _tells(best) else None


def texts_of_word(word: str, any_case: bool) -> Texts | None:
    """The same of a word, whose spaces may be missing: without the detour by a pattern."""
    longest = max(reversed(word.split(" ")), key=len)
    if not any_case:
        best = frozenset([Needed(longest, False)])
    elif found := _ASCII_RUN.findall(longest):
        text = max(found, key=len)
        best = frozenset([Needed(text.lower(), True, word.endswith(text))])
    else:
        letters = [_letter(ord(letter), True) for letter in longest[:_SHORT]]
        best = frozenset(reduce(add, spelled) for spelled in product(*letters))
    return best if _tells(best) else None


_ASCII_RUN = re.compile(r"[\x00-\x7f]{3,}|^[\x00-\x7f]+$")


def _tells(texts: Texts) -> bool:
    return _worth(texts) >= 2 and sum(each.worth < _SHORT for each in texts) <= _FEW


def _needed(tree: Iterable[Any], any_case: bool) -> Texts | None:
    """The best of the parts of a sequence, joined where they follow each other."""
    best, run = None, _EMPTY
    for operation, argument in _with_runs(tree):
        texts = _texts(operation, argument, any_case)
        if texts is not None and len(texts) * len(run) <= max(MOST_TEXTS, len(texts), len(run)) * 2:
            run = frozenset(left + right for left in run for right in texts)
            continue
        best = _better(_better(best, run), _inside(operation, argument, any_case))
        run = _EMPTY if texts is None else texts
    return _better(best, run)


_RUN = object()
"""Several ASCII letters, one after the other."""


def _with_runs(tree: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """The parts of a sequence, its ASCII letters put together."""
    for is_run, parts in groupby(tree, lambda part: part[0] is sre.LITERAL and part[1] < 0x80):
        if is_run:
            yield _RUN, "".join(chr(code) for _, code in parts)
        else:
            yield from parts


def _worth(texts: Texts) -> int:
    return min(each.worth for each in texts)


def _better(one: Texts | None, other: Texts | None) -> Texts | None:
    """The one whose shortest text is longer; if alike, with fewer."""
    if one is None or other is None:
        return other if one is None else one
    return max((one, other), key=lambda texts: (_worth(texts), -len(texts)))


def _inside(operation: Any, argument: Any, any_case: bool) -> Texts | None:
    """What a part that is not one of a few texts cannot do without."""
    if operation is sre.SUBPATTERN:
        return _needed(argument[3], inner_case(any_case, argument))
    if operation in REPEATS and argument[0]:
        return _needed(argument[2], any_case)
    if operation is sre.BRANCH:
        return _any_of([_needed(option, any_case) for option in argument[1]])
    return None


def _texts(operation: Any, argument: Any, any_case: bool) -> Texts | None:
    """All texts that a part matches, if they are few."""
    if operation is _RUN:
        return frozenset([Needed(argument.lower() if any_case else argument, any_case)])
    if operation is sre.LITERAL:
        return _letter(argument, any_case)
    if operation is sre.IN:
        return _members(argument, any_case)
    if operation is sre.SUBPATTERN:
        return _sequence(argument[3], inner_case(any_case, argument))
    if operation is sre.BRANCH:
        return _any_of([_sequence(option, any_case) for option in argument[1]])
    optional = operation in REPEATS and argument[:2] == (0, 1)
    texts = _sequence(argument[2], any_case) if optional else None
    return _EMPTY if operation is sre.AT else texts and texts | _EMPTY


def _any_of(options: list[Texts | None]) -> Texts | None:
    known = [option for option in options if option is not None]
    return frozenset().union(*known) if len(known) == len(options) else None


def _sequence(tree: Iterable[Any], any_case: bool) -> Texts | None:
    found = _EMPTY
    for operation, argument in _with_runs(tree):
        texts = _texts(operation, argument, any_case)
        if texts is None or len(found) * len(texts) > max(MOST_TEXTS, len(found), len(texts)):
            return None
        found = frozenset(left + right for left in found for right in texts)
    return found


def inner_case(any_case: bool, argument: Any) -> bool:
    """Whether case does not matter within a group."""
    return (any_case or bool(argument[1] & re.IGNORECASE)) and not argument[2] & re.IGNORECASE


def _members(argument: Any, any_case: bool) -> Texts | None:
    """The characters of a class, if they are few."""
    codes: list[int] = []
    for kind, value in argument:
        if kind is sre.LITERAL:
            codes.append(value)
        elif kind is sre.RANGE and value[1] - value[0] < MOST_TEXTS:
            codes.extend(range(value[0], value[1] + 1))
        else:
            return None
    if len(codes) > MOST_TEXTS:
        return None
    return frozenset().union(*(_letter(code, any_case) for code in codes))


def _letter(code: int, any_case: bool) -> Texts:
    if not any_case:
        return frozenset([Needed(chr(code), False)])
    if code < 0x80:
        return frozenset([Needed(chr(code).lower(), chr(code).isalpha())])
    return frozenset(Needed(each, False) for each in cases(chr(code)))


def cases(letter: str) -> set[str]:
    """A letter beyond ASCII in both cases."""
    low = letter.lower() if len(letter.lower()) == 1 else letter
    forms = {letter, low, *map(chr, casefix._EXTRA_CASES.get(ord(low), ()))}
    return forms | {each.upper() for each in forms if len(each.upper()) == 1}


UNUSUAL = (
    r"[\x{b5}\x{130}\x{131}\x{17f}\x{345}\x{3d0}\x{3d1}\x{3d5}\x{3d6}\x{3f0}\x{3f1}\x{3f4}\x{3f5}"
    r"\x{1c80}-\x{1c88}\x{1e9e}\x{1fbe}\x{2126}\x{212a}\x{212b}]"
)
"""Characters that are, case ignored, the same as letters of another alphabet or place."""


# ── its shape ──


@lru_cache(maxsize=4096)
def shape_pattern(pattern: str) -> str | None:
    """A pattern that matches the shape (see `SHAPES`) of every ASCII text that the given one matches."""
    found = worked_out("shape", pattern)
    return ask_shape_pattern(pattern) if found is UNKNOWN else found


def ask_shape_pattern(pattern: str) -> str | None:
    """The same, by its syntax."""
    tree = parsed(pattern)
    if tree is None or _STRANGE.search(pattern) or tree.state.flags & ~_KNOWN_FLAGS:
        return None
    try:
        return "".join(_shapes(tree, bool(tree.state.flags & re.IGNORECASE)))
    except NotImplementedError:
        return None


_KNOWN_FLAGS = re.IGNORECASE | re.UNICODE
SHAPES = bytes(range(48)) + b"0" * 10 + bytes(range(58, 65)) + b"A" * 26 + bytes(range(91, 97)) + b"a" * 26
SHAPES += bytes(range(123, 256))
"""Every byte's place in a shape: all digits are alike, all capitals and all small letters."""
NO_SHAPE = r"[^\x00-\x{10FFFF}]"
"""What no shape has."""
_PLACES = {
    sre.AT_BEGINNING: "^",
    sre.AT_END: "$",
    sre.AT_BOUNDARY: r"\b",
    sre.AT_NON_BOUNDARY: r"\B",
    sre.AT_BEGINNING_STRING: r"\A",
}


def _shapes(tree: Iterable[Any], any_case: bool) -> Iterator[str]:
    for operation, argument in tree:
        if operation in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
            yield _shape_class(operation, argument, any_case)
        elif operation is sre.AT and argument in _PLACES:
            yield _PLACES[argument]
        elif operation is sre.SUBPATTERN:
            yield f"(?:{''.join(_shapes(argument[3], inner_case(any_case, argument)))})"
        elif operation is sre.BRANCH:
            yield f"(?:{'|'.join(''.join(_shapes(option, any_case)) for option in argument[1])})"
        elif operation in REPEATS:
            most = "" if argument[1] is sre.MAXREPEAT else argument[1]
            yield f"(?:{''.join(_shapes(argument[2], any_case))}){{{argument[0]},{most}}}"
        else:
            raise NotImplementedError(operation)


def _shape_class(operation: Any, argument: Any, any_case: bool) -> str:
    """The shapes of the ASCII characters that a part of one character matches."""
    return _shape_of(operation, tuple(argument) if operation is sre.IN else argument, any_case)


@lru_cache(maxsize=4096)
def _shape_of(operation: Any, argument: Any, any_case: bool) -> str:
    matched = {code for code in range(0x80) if _is_member(operation, argument, code)}
    if any_case:
        matched |= {ord(chr(code).swapcase()) for code in matched}
    if not matched:
        return NO_SHAPE
    codes = sorted({SHAPES[code] for code in matched})
    return "[" + "".join(rf"\x{code:02x}" for code in codes) + "]"


def _is_member(operation: Any, argument: Any, code: int) -> bool:
    if operation is sre.IN:
        negated = argument[0][0] is sre.NEGATE
        return negated != any(_is_member(kind, value, code) for kind, value in argument[negated:])
    if operation is sre.RANGE:
        return bool(argument[0] <= code <= argument[1])
    if operation is sre.CATEGORY:
        return _in_category(argument, chr(code))
    if operation is sre.ANY:
        return code != ord("\n")
    return (operation is sre.NOT_LITERAL) is not bool(argument == code)


def _in_category(category: Any, character: str) -> bool:
    tests = {
        sre.CATEGORY_DIGIT: character.isdigit(),
        sre.CATEGORY_SPACE: character.isspace(),
        sre.CATEGORY_WORD: character.isalnum() or character == "_",
    }
    negated = {sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT, sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE}
    negated |= {sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD}
    return tests[category] if category in tests else not tests[negated[category]]
