"""Detectors that a rule file brings along."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from anonymize.core.detector import Detector, Pattern, Verdict, Words
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection import checksums
from anonymize.kernels.detection.phrases import phrase_pattern
from anonymize.kernels.text.patterns import check_pattern

CheckName = Literal["luhn", "mod_97_10", "mod_11_2", "mod_11_10", "iban", "verhoeff"]

CHECKS: Mapping[str, Callable[[checksums.Matrix], checksums.Passed]] = MappingProxyType(
    {
        "luhn": checksums.luhn,
        "mod_97_10": checksums.mod_97_10,
        "mod_11_2": checksums.mod_11_2,
        "mod_11_10": checksums.mod_11_10,
        "iban": checksums.iban,
        "verhoeff": checksums.verhoeff,
    }
)
CHANCES = {"mod_97_10": 0.01, "iban": 0.01}
"""How often random characters pass; one of ten for the others."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DetectorCase(_Strict):
    """A text and what is found in it; `anonymize test` proves it."""

    text: str
    """A text."""
    found: tuple[str, ...]
    """The parts of it that are found, in order; none for a text that must not be touched."""


class DetectorRule(_Strict):
    """A kind of personal data that only this rule file knows."""

    name: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
    """What is found, as `EMPLOYEE_NO`; `redact_text(entities=[EMPLOYEE_NO])` looks for it."""
    pattern: Annotated[str, Field(min_length=1)] | None = None
    """A regular expression in RE2's syntax: no look-around, no back-references."""
    check: CheckName | None = None
    """A check that letters and digits of a match must pass."""
    score: float = Field(default=0.6, ge=0, le=1)
    """How sure a match is without context; 0.5 is enough to be found."""
    context: tuple[str, ...] = ()
    """Words nearby, or in the name of the column, that make it sure."""
    against: tuple[str, ...] = ()
    """Words nearby that say it is something else."""
    deny: tuple[str, ...] = ()
    """Words and phrases that are always found; case does not matter."""
    model: str | None = None
    """A model for names, as `spacy:FOLDER` or `gliner:FOLDER`; it needs that library. Nothing is downloaded."""
    labels: tuple[str, ...] = ()
    """What the model calls it, as `[PERSON, PER]`; by default the detector's name. GLiNER takes any words."""
    examples: tuple[DetectorCase, ...] = ()
    """Texts and what is found in them."""

    @field_validator("pattern")
    @classmethod
    def _can_run(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            check_pattern(pattern)
        return pattern

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if self.model is not None:
            self._is_model()
        elif self.pattern is None and not any(word.strip() for word in self.deny):
            raise ValueError("a detector needs a `pattern`, a `deny` list or a `model`")
        elif self.labels:
            raise ValueError("`labels` are what a `model` calls it")
        return self

    def _is_model(self) -> None:
        from anonymize.kernels.detection.models import Reference  # noqa: PLC0415 - few rules name a model

        Reference.of(self.model or "")
        if self.pattern or self.check or self.deny or self.context or self.against:
            raise ValueError("a model stands alone: give patterns and words a detector of their own")

    def build(self) -> Detector:
        """The detector."""
        return _built(self)


@lru_cache(maxsize=256)
def _built(rule: DetectorRule) -> Detector:
    if rule.model is not None:
        from anonymize.kernels.detection.models import ModelDetector  # noqa: PLC0415 - few rules name a model

        return _made(rule, ModelDetector, {"model": rule.model, "labels": rule.labels or (rule.name,)})
    said: Words = MappingProxyType({"": rule.context})
    listed = phrase_pattern(rule.deny)
    patterns = [Pattern(rule.pattern, bare=rule.score, supported=max(rule.score, 0.95))] if rule.pattern else []
    patterns += [Pattern(listed, bare=1.0)] if listed else []

    def check(_: Detector, candidates: pa.StringArray) -> Verdict:
        on_list = _matching(candidates, listed)
        return np.where(on_list, 1.0, np.where(_passed(candidates, rule.check), rule.score, 0.0))

    members = {
        "family": "text",
        "patterns": tuple(patterns),
        "chance": CHANCES.get(rule.check or "", 0.1 if rule.check else 0.3),
        "contexts": said,
        "headers": MappingProxyType({"": tuple(word.lower() for word in rule.context)}),
        "against": MappingProxyType({"": rule.against}),
        "check": check,
    }
    return _made(rule, Detector, members)


def _made(rule: DetectorRule, kind: type[Detector], members: Mapping[str, Any]) -> Detector:
    about = {
        "__module__": __name__,
        "__doc__": f"{rule.name}, as the rule file describes it.",
        "__annotations__": {"use": str},
        "use": rule.name.lower(),
        "entity": rule.name,
    }
    made: type[Detector] = type("OwnDetector", (kind,), {**about, **members})
    return made()  # type: ignore[call-arg]


def _matching(candidates: pa.StringArray, pattern: str | None) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if pattern is None:
        return np.zeros(len(candidates), np.bool_)
    return to_numpy(pc.match_substring_regex(candidates, pattern))


def _passed(candidates: pa.StringArray, name: str | None) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if name is None:
        return np.ones(len(candidates), np.bool_)
    compact = pc.ascii_upper(pc.replace_substring_regex(candidates, r"[^0-9A-Za-z]+", ""))
    return checksums.by_length(compact, CHECKS[name])
