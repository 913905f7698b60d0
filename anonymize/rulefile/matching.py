"""Finds the rule of a column: exact name, then path, then the longer glob."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from anonymize.core.errors import RuleError, quoted

ITEMS = "[*]"


def is_glob(pattern: str) -> bool:
    """True if the pattern may match several names. `[*]`, the items of a list, is no wildcard."""
    rest = pattern.replace(ITEMS, "")
    return "*" in rest or "?" in rest or "[" in rest


_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυ", "ABESIJKMHOPCTYXaesijopcyxhdqwABEZHIKMNOPTYXaivopu"
)
"""Cyrillic and Greek letters that are drawn as Latin ones are (after Unicode's confusables, UTS #39)."""


def looks(name: str) -> str:
    """What is left of a name without case, width, blanks, marks that nobody sees, and scripts that share letters:
    two names of one look are easily confused."""
    if name.isascii():
        return "".join(name.lower().split())
    seen = (c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return "".join("".join(seen).translate(_TWINS).casefold().split())


def ancestors(path: str) -> Iterator[str]:
    """The paths that hold this one, nearest first: `a.b[*].c` gives `a.b[*]`, `a.b`, `a`."""
    while True:
        cut = max(path.rfind("."), path.rfind(ITEMS))
        if cut <= 0:
            return
        path = path[:cut]
        yield path


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression: `*` any text, `?` one character, `[abc]` one of these."""
    pieces = re.split(r"(\[\*\]|\*|\?|\[[^\]]+\])", pattern)
    wild = {"*": ".*", "?": ".", ITEMS: re.escape(ITEMS)}
    return re.compile(
        "".join(
            wild[p] if p in wild else _one_of(p[1:-1]) if len(p) > 2 and p[0] == "[" else re.escape(p)
            for p in pieces
        ),
        re.DOTALL,
    )


def _one_of(characters: str) -> str:
    """A class of characters; `!` in front excludes them, and a bracket is one of them."""
    inner = characters.replace("[", r"\[")
    return f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"


def matches(pattern: str, path: str) -> bool:
    """True if the pattern names the path or something that holds it."""
    names = [path, *ancestors(path)]
    if not is_glob(pattern):
        return pattern in names
    return any(_glob(pattern).fullmatch(name) for name in names)


@cache
def leads_to(pattern: str, path: str) -> bool:
    """True if the pattern may name something that the path holds."""
    if not is_glob(pattern):
        return path in ancestors(pattern)
    import regex  # type: ignore[import-untyped]  # noqa: PLC0415 - 10 ms, for empty objects of JSON only

    starts = (path + ".", path + "[")
    return any(regex.fullmatch(_glob(pattern).pattern, s, regex.DOTALL, partial=True) for s in starts)


def globs_of(rules: Mapping[str, object]) -> list[str]:
    """The patterns that may match several names, the longest first."""
    return sorted(filter(is_glob, rules), key=len, reverse=True)


def find_rule(rules: Mapping[str, object], path: str, globs: Sequence[str] | None = None) -> str | None:
    """The pattern that decides about a column. Raises RuleError when two globs tie and say different things.

    Who asks for many columns passes the globs, as `globs_of` gives them.
    """
    for name in (path, *ancestors(path)):
        if name in rules:
            return name
    found = [p for p in (globs_of(rules) if globs is None else globs) if matches(p, path)]
    if len(found) > 1 and len(found[0]) == len(found[1]) and rules[found[0]] != rules[found[1]]:
        raise RuleError(
            f"column {quoted(path)} matches both {quoted(found[0])} and {quoted(found[1])}",
            hint=f"say which one by a line for {quoted(path)} itself",
        )
    return found[0] if found else None
