"""English names."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.lists import among

_UPPER, _LOWER = r"[A-Z\x{c0}-\x{de}]", r"[a-z\x{df}-\x{17f}]"
_WORD = rf"{_UPPER}(?:['’]{_UPPER})?{_LOWER}{{1,20}}(?:-{_UPPER}{_LOWER}{{1,20}})?"
_INITIAL = rf"(?:{_UPPER}\.? )"
_TITLE = r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Herr|Frau|Mme|Señora?|Sra?)\.? "


class PersonEn(Detector):
    """English names: a known given name and a known surname; or capitalized words behind a title or a label.

    The lists are those of the US census. Names of other origins are found behind titles and labels, and in columns
    that are called names; single given names in running text are not.
    """

    use: Literal["person_en"] = "person_en"

    entity = "PERSON"
    family = "text"
    patterns = (
        Pattern(
            r"[A-Z]{2,20} (?:[A-Z]\.? )?[A-Z]{2,20}",
            bare=0.2,
            words=True,
            trigger="[A-Z]{2} ([A-Z].? )?[A-Z]{2}",
        ),
        Pattern(rf"{_WORD} {_INITIAL}?{_WORD}", words=True, trigger="[A-Z][^ ]{1,20} [^ ]{0,3} ?[A-Z]"),
        Pattern(rf"{_WORD}(?: {_INITIAL}?{_WORD}){{0,2}}", before=_TITLE, bare=0.85, trigger=_TITLE),
    )
    standard = "US Census Bureau, names of 1990 and 2000"
    laws = ("HIPAA 164.514(b)(2)(i)(A)",)
    chance = 0.02
    supported = 0.9
    closed = False
    contexts = words(
        en="name, patient, contact, customer, client, attn, attention, dear, payee, signed, regards, sincerely,"
        " employee, tenant, student, mr, mrs, ms, dr, miss, by, i am, my name is, hi, hello",
        de="Herr, Frau, Name",
        fr="nom, Monsieur, Madame",
        es="nombre, señor, señora",
    )
    against = words(
        en="street, avenue, road, city, company, inc, ltd, corp, university, hospital, bank, product,"
        " brand, county, airport"
    )
    headers = words(
        en="name, full name, fullname, fname, lname, first name, last name, given name, surname, family"
        " name, middle name, maiden name,"
        " contact, payee, customer name, patient name, employee name, person, contact name, card holder,"
        " account holder, author, name first, name last, name given, name family, name middle, name full",
        de="name, vorname, nachname",
        fr="nom, prénom, prenom",
        es="nombre, apellido",
        it="nome, cognome",
        pt="nome, sobrenome",
    )
    not_headers = words(
        en="file name, product name, host name, company name, brand name, table name, item name, place"
        " name, city name, event name,"
        " domain name, app name, project name, department name, school name, drug name, shop name, street"
        " name, country name,"
        " column name, server name, station name, state name, team name, song name, movie name, class"
        " name, category name, name type"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        lower = pc.utf8_lower(candidates)
        given = among(pc.replace_substring_regex(lower, r"(?s)[ -].*$", ""), "given_names_en")
        family = among(pc.replace_substring_regex(lower, r"(?s)^.*[ -]", ""), "surnames_en")
        return np.where(given & family, 0.75, np.where(given | family, 0.25, 0.05))


EXAMPLES = [
    Example(PersonEn(), "We met Mary Johnson and Robert J. Miller there.", ["Mary Johnson", "Robert J. Miller"]),
    Example(PersonEn(), "Dear Dr. Oyelaran, thanks", ["Oyelaran"]),
    Example(PersonEn(), "New York and Machine Learning are Great Things", []),
]
