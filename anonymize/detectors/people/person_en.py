"""English names."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.detection.english_names import (
    CAPITALIZED,
    HEADERS,
    INITIAL,
    NOT_HEADERS,
    PARTICLES,
    Word,
    first_word,
    name_scores,
    plain,
)


class PersonEn(Detector):
    """English names of two words and more: a known given name, a known surname, or both.

    Given names are those that the US has registered since 1940, of all origins; surnames those of the census.
    Words that are common in English count for less, and two of them are no name unless a word beside them says so.
    """

    use: Literal["person_en"] = "person_en"

    entity = "PERSON"
    family = "name"
    patterns = (
        Pattern(rf"^{CAPITALIZED}(?: {INITIAL}){{0,2}} {PARTICLES}?{CAPITALIZED}"),
        Pattern(rf"^{CAPITALIZED} {CAPITALIZED} {PARTICLES}?{CAPITALIZED}"),
        Pattern(rf"^(?:{INITIAL} ?){{1,3}} {PARTICLES}?{CAPITALIZED}"),
        Pattern(rf"^{CAPITALIZED}, {CAPITALIZED}(?: {INITIAL})?"),
    )
    standard = "US Census Bureau, names of 1990 and 2000; US Social Security Administration, names since 1940"
    laws = ("HIPAA 164.514(b)(2)(i)(A)",)
    chance = 0.02
    supported = 0.9
    closed = False
    contexts = words(
        en="name, patient, contact, customer, client, attn, attention, dear, payee, signed, regards, "
        "sincerely, employee, tenant, student, mr, mrs, ms, dr, miss, prof, professor, i am, my name is, "
        "hi, hello, called, physician, nurse, witness, candidate, applicant, beneficiary, holder, spouse, "
        "colleague, manager, agent, by, with, cc, meet, met, ask, asked, tell, told, said, says, states, "
        "stated, joined, reports, wrote, spoke, talked, whose, husband, wife, son, daughter, brother, "
        "sister, mother, father, neighbour, neighbor, friend, minutes, interviewer, executor, doctor, "
        "owner, author, editor, director, secretary, chair, defendant, plaintiff, complainant, resident, "
        "member, guest, passenger, driver, born, aged",
        de="Herr, Frau, Name",
        fr="nom, Monsieur, Madame",
        es="nombre, señor, señora",
    )
    against = words(
        en="street, avenue, road, city, company, inc, ltd, corp, university, hospital, bank, product,"
        " brand, county, airport"
    )
    headers = HEADERS
    not_headers = NOT_HEADERS

    def check(self, candidates: pa.StringArray) -> NDArray[np.float64]:
        spelled = plain(candidates)
        swapped = to_numpy(pc.match_substring(spelled, ","))
        scores = name_scores(spelled)
        if swapped.any():
            scores[swapped] = _swapped_scores(spelled.filter(from_numpy(swapped)))
        abbreviated = to_numpy(pc.match_substring_regex(candidates, _ABBREVIATION))
        return np.where(abbreviated & (scores < SURE), 0.0, scores)


_ABBREVIATION = r"\b[A-Z]{2,}\b"
SURE = 0.65
"""Less is not enough for words in capitals: most are abbreviations."""


def _swapped_scores(spelled: pa.StringArray) -> NDArray[np.float64]:
    """Surname, comma, given name."""
    family = Word(first_word(spelled))
    given = Word(first_word(pc.replace_substring_regex(spelled, "^[^,]+, ", "")))
    known = family.family & given.given
    possible = ~family.ordinary & ~given.ordinary
    return np.select([known & possible, known & ~given.ordinary, known, possible], [0.82, 0.6, 0.4, 0.3], 0.0)


EXAMPLES = [
    Example(PersonEn(), "We met Mary Johnson and Robert J. Miller there.", ["Mary Johnson", "Robert J. Miller"]),
    Example(PersonEn(), "Patient Nancy Brown, customer Priya Venkataraman", ["Nancy Brown", "Priya Venkataraman"]),
    Example(PersonEn(), "Notes of J. R. Anderson and Vincent van Gogh", ["J. R. Anderson", "Vincent van Gogh"]),
    Example(PersonEn(), "Johnson, Patricia was seen by MARY O'BRIEN", ["Johnson, Patricia", "MARY O'BRIEN"]),
    Example(PersonEn(), "New York and Machine Learning are Great Things, Virginia Beach is a city", []),
]
