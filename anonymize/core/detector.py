"""Detector: recognizes one kind of personal data, in text and by the name of a column."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag
from types import MappingProxyType
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.component import Component
from anonymize.core.roles import Role

Family: TypeAlias = Literal["code", "hex", "at", "link", "han", "name", "text"]
"""Where candidates are looked for (see `kernels/detection/families.py`)."""

Words: TypeAlias = Mapping[str, tuple[str, ...]]
"""Language to words and phrases."""

Verdict: TypeAlias = NDArray[np.bool_] | NDArray[np.float64]
"""Per candidate: passed or not; or the score it has without any context, 0 for refused."""

NO_WORDS: Words = MappingProxyType({})


class Evidence(IntFlag):
    """What speaks for a finding, and against it."""

    CHECK = 1
    """It passed a checksum or another check that chance rarely passes."""
    CONTEXT = 2
    """A word nearby names it."""
    HEADER = 4
    """The column's name, or the JSON key, names it."""
    AGAINST = 8
    """A word nearby, or the column's name, says that it is something else."""
    PART = 16
    """It is a part of a longer number."""
    WIDE = 32
    """It was written in full-width or other unusual characters."""
    KNOWN_TEST = 64
    """It is a published test value."""
    WHOLE = 128
    """It is all that the cell holds."""


@dataclass(frozen=True)
class Pattern:
    """A shape, in RE2's syntax: repeats are bounded, there is no lookaround.

    `before` and `after` must stand beside the body but are no part of what is found.
    """

    body: str
    before: str = ""
    after: str = ""
    bare: float | None = None
    """The score without context; that of the detector if None."""
    supported: float | None = None
    """The score with context; that of the detector if None."""
    family: Family | None = None
    """Where this shape is looked for, if elsewhere than the detector's others."""
    trigger: str = ""
    """Cells, or other regions, that do not match this are skipped: a cheap test before a dear one."""
    head: str = ""
    """For a long body, a short pattern that matches exactly where the body does, from the same place on: places
    are found by it, and the body is read from there. No `before` and `after` go with it."""
    words: bool | None = None
    """Whether the body starts and ends at ASCII word borders; as the family has it if None."""


class Detector(Component):
    """Finds one entity. Everything is declared on the class; `check` judges many candidates at once."""

    kind: ClassVar[str] = "detector"

    entity: ClassVar[str]
    """Presidio's name where it has one, else ISO country code and thing: `CN_ID_CARD`."""
    family: ClassVar[Family] = "code"
    patterns: ClassVar[tuple[Pattern, ...]] = ()

    standard: ClassVar[str] = ""
    """The norm or law that defines it."""
    locales: ClassVar[tuple[str, ...]] = ()
    """The countries it belongs to, as `CN`; none if it is used everywhere."""
    tier: ClassVar[int] = 1
    """1 direct and common, 2 national, 3 only on request."""
    role: ClassVar[Role] = Role.DIRECT_IDENTIFIER
    laws: ClassVar[tuple[str, ...]] = ()

    chance: ClassVar[float] = 0.5
    """How often random text of the same layout (digits for digits) is taken for one."""
    bare: ClassVar[float] = 0.3
    """The score of a candidate that passed, without context."""
    supported: ClassVar[float] = 0.95
    """The score with context."""
    joints: ClassVar[str] = "-."
    """Characters by which a candidate may hang on to a longer number, whose part it then is."""
    closed: ClassVar[bool] = True
    """Whether its patterns know all that a column of it may hold; not so for names and addresses."""
    most_digits: ClassVar[float] = 0.2
    """If not closed: the share of digits above which a column holds something else."""
    is_long: ClassVar[bool] = False
    """If not closed: whether its values may be as long as sentences."""
    known_tests: ClassVar[frozenset[str]] = frozenset()
    """Published test values, as `check` sees them. They are flagged, never dropped."""

    contexts: ClassVar[Words] = NO_WORDS
    against: ClassVar[Words] = NO_WORDS
    headers: ClassVar[Words] = NO_WORDS
    """Names of columns. In lower case, words apart: `card no`; pinyin initials under `pinyin`."""
    not_headers: ClassVar[Words] = NO_WORDS

    def check(self, candidates: pa.StringArray) -> Verdict:
        """Judge candidates. Those of the family `code` come as capital letters and digits alone."""
        return np.ones(len(candidates), np.bool_)

    @classmethod
    def is_strong(cls) -> bool:
        """Whether passing the check says something by itself."""
        return cls.check is not Detector.check and cls.chance <= STRONG


STRONG = 0.1


def words(**languages: str) -> Words:
    """Words by language, with commas between them: `words(en="card, card no", zh="卡号")`."""
    return MappingProxyType(
        {language: tuple(word.strip() for word in said.split(",")) for language, said in languages.items()}
    )


def applies(detector: type[Detector] | Detector, locales: Any) -> bool:
    """Whether a detector belongs to one of the countries, or to all; every one does when none is named."""
    return not locales or not detector.locales or bool(set(detector.locales) & {_country(x) for x in locales})


def _country(locale: str) -> str:
    """`CN` of `zh_CN`."""
    return locale.replace("-", "_").rpartition("_")[2].upper()
