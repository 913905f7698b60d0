"""Names of people in languages with Latin letters: a given name from a list, and capitalized words after it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Pattern
from anonymize.kernels.detection.lists import among, entries

_UPPER, _LOWER = r"[A-Z\x{c0}-\x{de}]", r"[a-z\x{df}-\x{17f}]"
_WORD = rf"(?:[DO]['’])?{_UPPER}{_LOWER}{{1,20}}(?:-{_UPPER}{_LOWER}{{1,20}})?"
_LEFT = r"^|[^A-Za-z0-9\x{c0}-\x{24f}_'’-]"
_RIGHT = r"$|[^A-Za-z0-9\x{c0}-\x{24f}_'’-]"


def name_patterns(language: str, titles: str, particles: str, surnames: int = 2) -> tuple[Pattern, ...]:
    """Patterns for a known given name with what follows it, and for what stands behind a title."""
    given = "|".join(sorted(map(_capital, entries(f"given_names_{language}")), key=len, reverse=True))
    family = rf"(?:(?:{particles}) )?{_WORD}(?: (?:(?:{particles}) )?{_WORD}){{0,{surnames - 1}}}"
    return (
        Pattern(
            rf"(?:{given})(?:[ -](?:{given}))? {family}",
            before=_LEFT,
            after=_RIGHT,
            trigger=rf"\b(?:{given})[ -][A-Za-z]",
        ),
        Pattern(
            rf"(?:{_WORD} )?{family}",
            before=rf"(?:{_LEFT})(?:{titles})\.? (?:(?:Dr|Prof|Dott|Ing)\.? )?",
            after=_RIGHT,
            trigger=rf"(?:{titles})\.? ",
            bare=0.85,
        ),
    )


def name_scores(candidates: pa.StringArray, language: str) -> NDArray[np.float64]:
    """How likely each is a name: both parts known, the first only, or neither."""
    lower = pc.utf8_lower(candidates)
    given = among(pc.replace_substring_regex(lower, "(?s) .*$", ""), f"given_names_{language}")
    family = among(pc.replace_substring_regex(lower, "(?s)^.* ", ""), f"surnames_{language}")
    thing = among(pc.replace_substring_regex(lower, "(?s)^.* ", ""), "not_surnames")
    return np.where(thing, 0.1, np.where(given & family, 0.85, np.where(given, 0.5, 0.85)))


def _capital(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
