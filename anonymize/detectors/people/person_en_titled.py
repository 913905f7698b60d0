"""English names behind titles."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.component import Example
from anonymize.core.detector import Detector
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.detection.english_names import (
    Word,
    announced,
    first_word,
    last_word,
    name_scores,
    plain,
    single_scores,
)

_TITLES = (
    "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev|Reverend|Father|Capt|Captain|Sgt|Sergeant|Judge|Justice"
    "|Officer|Nurse|Doctor|Detective|Inspector|Madam|Hon|Herr|Frau|Mme|Señora?|Sra?"
)


class PersonEnTitled(Detector):
    """Whatever is capitalized behind a title, unless it is a word that is common in English and no surname."""

    use: Literal["person_en_titled"] = "person_en_titled"

    entity = "PERSON"
    family = "text"
    patterns = announced(rf"(?:{_TITLES})\.? (?:(?:Dr|Prof)\.? )?")
    standard = "US Census Bureau, names of 1990 and 2000; US Social Security Administration, names since 1940"
    laws = ("HIPAA 164.514(b)(2)(i)(A)",)
    chance = 0.02
    supported = 0.9
    closed = False

    def check(self, candidates: pa.StringArray) -> NDArray[np.float64]:
        spelled = plain(candidates)
        several = to_numpy(pc.match_substring(spelled, " "))
        scores = np.zeros(len(spelled))
        longer = spelled.filter(from_numpy(several))
        names, first, last = name_scores(longer), Word(first_word(longer)), Word(last_word(longer))
        certain = (first.given & ~first.ordinary & ~last.is_thing) | (names > 0)
        scores[several] = np.where(certain, np.maximum(names, 0.9), 0.0)
        word = Word(spelled.filter(from_numpy(~several)))
        surname = word.family & ~word.is_thing & ~word.is_initial
        scores[~several] = np.where(surname | (single_scores(word) > 0), 0.9, 0.0)
        return scores


EXAMPLES = [
    Example(PersonEnTitled(), "Dear Dr. Oyelaran, thanks", ["Oyelaran"]),
    Example(PersonEnTitled(), "Ms Price met Prof. Anna de Vries", ["Price", "Anna de Vries"]),
    Example(PersonEnTitled(), "Justice Department, Nurse Practitioner, Officer Training", []),
]
