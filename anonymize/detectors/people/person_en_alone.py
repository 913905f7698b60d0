"""English given names that stand alone."""

from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.english_names import CAPITALIZED, HEADERS, NOT_HEADERS, Word, first_word, plain


class PersonEnAlone(Detector):
    """A given name by itself, capitalized: *Sarah said*. Names that are words, places or months need a word beside
    them that goes with people.
    """

    use: Literal["person_en_alone"] = "person_en_alone"

    entity = "PERSON"
    family = "name"
    patterns = (Pattern(f"^{CAPITALIZED}", after=r"$|, | [^A-Z]"),)
    standard = "US Social Security Administration, names since 1940"
    laws = ("HIPAA 164.514(b)(2)(i)(A)",)
    chance = 0.02
    supported = 0.8
    closed = False
    contexts = words(
        en="said, says, ask, asked, tell, told, thinks, wrote, promised, hi, hey, hello, dear, thanks, birthday,"
        " call, email, emailed, met, meet, spoke, talked, my name is, i am, regards, cheers, sincerely, mum, mom,"
        " dad, brother, sister, husband, wife, son, daughter, friend, colleague, name, patient, she, he, her, him"
    )
    against = words(
        en="street, avenue, road, lane, city, company, inc, ltd, corp, university, college, school, hospital,"
        " bank, brand, county, airport, hotel, island, river, lake, mount, fort, port, san, santa, saint, st,"
        " royal, new, north, south, east, west, cup, prize, award, act, method, theorem"
    )
    headers = HEADERS
    not_headers = NOT_HEADERS

    def check(self, candidates: pa.StringArray) -> NDArray[np.float64]:
        name = Word(first_word(plain(candidates)))
        known = name.given & ~name.is_initial
        return np.select(
            [name.alone, known & ~name.ordinary, known & name.is_person, known], [0.55, 0.3, 0.3, 0.0], 0.0
        )


EXAMPLES = [
    Example(PersonEnAlone(), "Sarah said that Michael, too, was there.", ["Sarah", "Michael"]),
    Example(PersonEnAlone(), "Ask Grace. By the grace of May", ["Grace"]),
    Example(PersonEnAlone(), "San Diego, Lake Victoria and Paris in June", []),
]
