"""The least and the most that a pattern matches: what its syntax tells of the cells in which it cannot."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from re import _constants as sre  # type: ignore[attr-defined]
from typing import Any

from anonymize.kernels.detection.syntax import REPEATS, inner_case, parsed
from anonymize.kernels.detection.worked_out import UNKNOWN, worked_out

Ranges = tuple[tuple[int, int], ...]
DIGITS: Ranges = ((ord("0"), ord("9")),)
CAPITALS: Ranges = ((ord("A"), ord("Z")),)
LETTERS: Ranges = (*DIGITS, *CAPITALS, (ord("a"), ord("z")))
FOREIGN: Ranges = ((0x80, 0x10FFFF),)


LONGEST = 1 << 16
"""More characters than this are any number."""


@dataclass(frozen=True)
class Least:
    """What a text must have at least, for a pattern to match in it."""

    characters: int = 0
    digits: int = 0
    foreign: int = 0
    """Characters beyond ASCII."""
    capitals: int = 0
    """So many ASCII capitals in a row."""
    letters: int = 0
    """So many ASCII letters and digits in a row."""
    most: int | None = None
    """And no more characters than this."""


@lru_cache(maxsize=4096)
def least(pattern: str) -> Least:
    """The least that a pattern matches; nothing if that is not known."""
    found = worked_out("least", pattern)
    return ask_least(pattern) if found is UNKNOWN else Least(*found)


def ask_least(pattern: str) -> Least:
    """The same, by its syntax."""
    tree = parsed(pattern)
    if tree is None:
        return Least()
    any_case = bool(tree.state.flags & sre.SRE_FLAG_IGNORECASE)
    low, high = tree.getwidth()
    return Least(
        int(low),
        _count(tree, DIGITS),
        _count(tree, FOREIGN),
        _longest(tree, CAPITALS, any_case).best,
        _longest(tree, LETTERS, any_case).best,
        int(high) if high <= LONGEST and _is_whole(tree) else None,
    )


@lru_cache(maxsize=4096)
def least_of_both(one: str, other: str) -> Least:
    """What a text must have for two patterns to match in it."""
    mine, others = least(one), least(other)
    known = [each.most for each in (mine, others) if each.most is not None]
    return Least(
        max(mine.characters, others.characters),
        max(mine.digits, others.digits),
        max(mine.foreign, others.foreign),
        max(mine.capitals, others.capitals),
        max(mine.letters, others.letters),
        min(known, default=None),
    )


def _count(tree: Iterable[Any], ranges: Ranges) -> int:
    """The fewest characters of some ranges that a parsed pattern matches."""
    total = 0
    for operation, argument in tree:
        if operation is sre.BRANCH:
            total += min(_count(option, ranges) for option in argument[1])
        elif operation is sre.SUBPATTERN:
            total += _count(argument[3], ranges)
        elif operation in REPEATS:
            total += argument[0] * _count(argument[2], ranges)
        else:
            total += _is_one_of(operation, argument, ranges)
    return total


def _is_one_of(operation: Any, argument: Any, ranges: Ranges) -> bool:
    """Whether a part matches nothing but one character of the ranges."""
    if operation is sre.IN:
        return all(_is_one_of(kind, value, ranges) for kind, value in argument)
    if operation is sre.RANGE:
        return any(low <= argument[0] and argument[1] <= high for low, high in ranges)
    return operation is sre.LITERAL and any(low <= argument <= high for low, high in ranges)


# ── in a row ──


@dataclass(frozen=True)
class _Row:
    """How many characters of some ranges a part surely has in a row."""

    best: int = 0
    first: int = 0
    """At its beginning."""
    last: int = 0
    """At its end."""
    pure: bool = False
    """Whether it has no others."""

    def __add__(self, other: "_Row") -> "_Row":
        return _Row(
            max(self.best, other.best, self.last + other.first),
            self.first + other.first if self.pure else self.first,
            self.last + other.last if other.pure else other.last,
            self.pure and other.pure,
        )


_EMPTY = _Row(pure=True)


def _longest(tree: Iterable[Any], ranges: Ranges, any_case: bool) -> _Row:
    return reduce(_Row.__add__, (_row(kind, value, ranges, any_case) for kind, value in tree), _EMPTY)


def _row(operation: Any, argument: Any, ranges: Ranges, any_case: bool) -> _Row:
    if operation is sre.AT:
        return _EMPTY
    if operation is sre.SUBPATTERN:
        return _longest(argument[3], ranges, inner_case(any_case, argument))
    if operation is sre.BRANCH:
        options = [_longest(option, ranges, any_case) for option in argument[1]]
        best, first, last = (min(getattr(row, each) for row in options) for each in ("best", "first", "last"))
        return _Row(best, first, last, all(row.pure for row in options))
    if operation in REPEATS:
        inner = _longest(argument[2], ranges, any_case)
        if inner.pure:
            return _Row(*3 * (argument[0] * inner.best,), pure=True)
        return inner if argument[0] else _Row()
    one = not any_case and _is_one_of(operation, argument, ranges)
    return _Row(1, 1, 1, pure=True) if one else _Row()


def _is_whole(tree: Any) -> bool:
    """Whether it matches whole texts only."""
    by_line = tree.state.flags & sre.SRE_FLAG_MULTILINE
    return not by_line and _edge(tree, 0) is sre.AT_BEGINNING and _edge(tree, -1) is sre.AT_END


def _edge(tree: Any, place: int) -> Any:
    """The place that a pattern is bound to at one of its sides."""
    if not len(tree):
        return None
    operation, argument = tree[place]
    if operation is sre.SUBPATTERN and not argument[1] & sre.SRE_FLAG_MULTILINE:
        return _edge(argument[3], place)
    return argument if operation is sre.AT else None
