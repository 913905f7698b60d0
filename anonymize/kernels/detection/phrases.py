"""A pattern for words and phrases on a list."""

import re
from collections.abc import Sequence


def phrase_pattern(phrases: Sequence[str]) -> str | None:
    """Any of the phrases, whole words in ASCII, case ignored; None if there is none."""
    longest_first = sorted({phrase.strip() for phrase in phrases} - {""}, key=len, reverse=True)
    return f"(?i:{'|'.join(map(_spelled, longest_first))})" if longest_first else None


def _spelled(phrase: str) -> str:
    """The phrase between borders of words, where it begins or ends with an ASCII letter or digit."""
    inner = r"[\s_-]+".join(map(_escaped, phrase.split()))
    before = r"\b" if phrase[0].isascii() and phrase[0].isalnum() else ""
    after = r"\b" if phrase[-1].isascii() and phrase[-1].isalnum() else ""
    return f"{before}{inner}{after}"


def _escaped(word: str) -> str:
    """RE2 knows fewer escapes than Python: only what is punctuation in ASCII."""
    return "".join(rf"\{c}" if c.isascii() and re.fullmatch(r"\W", c) else c for c in word)
