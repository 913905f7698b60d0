"""English names behind words that announce them."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.detection.english_names import (
    LEFT,
    RIGHT,
    Word,
    announced,
    name_scores,
    plain,
    single_scores,
)

_LABELS = (
    "name|patient|customer|client|contact|employee|student|tenant|landlord|attn|attention|from|signed|signed by"
    "|approved by|prepared by|reviewed by|written by|reported by|author|agent|cc|candidate|interviewer|passenger"
    "|guest|driver|physician|doctor|insured|holder|payee|beneficiary|complainant|witness|user|member|caller"
    "|resident|applicant|spouse|kin|sender|recipient|assignee|reporter|owner|manager|teacher|parent|guardian|present"
)
_GREETINGS = "hi|hello|hey|dear|thanks|thank you|good morning|good afternoon|good evening|happy birthday|welcome"
_CLOSINGS = "regards|sincerely|faithfully|truly|cheers|thanks|wishes|love|best|yours"
_INTRODUCTIONS = (
    "my name is|my name's|i am|i'm|im|this is|it is|it's|its|speaking with|speaking to|spoke with|spoke to"
    "|talked to|talked with|call me|named|ask for"
)
_SMALL = "[a-z]{2,20}(?:['’-][a-z]{2,20})?"


def _small(before: str) -> tuple[Pattern, ...]:
    """One word and two in lower case."""
    before = rf"(?i){LEFT}(?:{before}) "
    return tuple(Pattern(body, before=before, after=RIGHT) for body in (_SMALL, f"{_SMALL} {_SMALL}"))


class PersonEnSaid(Detector):
    """English names behind a label, a greeting or an introduction, and after a closing; there in lower case, too.

    Whatever is capitalized there is taken for a name, unless it is a word that is common in English and no name.
    """

    use: Literal["person_en_said"] = "person_en_said"

    entity = "PERSON"
    family = "text"
    patterns = (
        *announced(
            rf"(?i:(?:{_LABELS}) ?[:=] ?|(?:{_GREETINGS})[ ,] ?|(?:{_CLOSINGS}) ?[,!.]?[ \n] ?"
            rf"|(?:{_INTRODUCTIONS}|ask|tell) )"
        ),
        *_small(
            rf"(?:(?:{_GREETINGS}),? )?(?:{_INTRODUCTIONS})|{_GREETINGS}"
            "|(?:name|customer|patient|client|caller|from|signed):"
        ),
    )
    standard = "US Census Bureau, names of 1990 and 2000; US Social Security Administration, names since 1940"
    laws = ("HIPAA 164.514(b)(2)(i)(A)",)
    chance = 0.02
    supported = 0.9
    closed = False

    def check(self, candidates: pa.StringArray) -> NDArray[np.float64]:
        spelled = plain(candidates)
        small = to_numpy(pc.match_substring_regex(candidates, "^[a-z]"))
        several = to_numpy(pc.match_substring(spelled, " "))
        scores = np.zeros(len(spelled))
        scores[several] = _several(spelled.filter(from_numpy(several)), small[several])
        scores[~several] = _single(spelled.filter(from_numpy(~several)), small[~several])
        return scores


def _several(spelled: pa.StringArray, small: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Small letters must be known names; of others it is enough that they may be."""
    scores = name_scores(spelled)
    return np.where(
        small, np.where(scores >= 0.6, scores, 0.0), np.where(scores > 0, np.maximum(scores, 0.86), 0.0)
    )


def _single(spelled: pa.StringArray, small: NDArray[np.bool_]) -> NDArray[np.float64]:
    word = Word(spelled)
    return np.where(small, np.where(word.alone, 0.55, 0.0), single_scores(word))


EXAMPLES = [
    Example(PersonEnSaid(), "Patient: Grace Parkinson. Signed: Ngozi", ["Grace Parkinson", "Ngozi"]),
    Example(PersonEnSaid(), "hi this is sarah johnson, my name is mohammed", ["sarah johnson", "mohammed"]),
    Example(PersonEnSaid(), "Hello Mark, thanks Hitesh! Kind regards, April", ["Mark", "Hitesh", "April"]),
    Example(PersonEnSaid(), "Dear Customer, dear Sir or Madam, this is fine. Kind regards, Support Team", []),
]
