"""German names."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Verdict, words
from anonymize.kernels.detection.western_names import name_patterns, name_scores


class PersonDe(Detector):
    """German names: a frequent given name and capitalized words after it, or what stands behind a title.

    Names of other origins are found behind titles, and in columns that are called names.
    """

    use: Literal["person_de"] = "person_de"

    entity = "PERSON"
    family = "text"
    patterns = name_patterns("de", "Herrn?|Frau|Hr|Fr|Dr|Prof", "von der|von|van|zu|zur|vom|de")
    standard = "Gesellschaft für deutsche Sprache, frequent given names"
    locales = ("DE", "AT", "CH", "LI", "LU")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(A)")
    chance = 0.02
    supported = 0.9
    closed = False
    contexts = words(
        de="Name, Vorname, Nachname, Patient, Patientin, Kunde, Kundin, Ansprechpartner, Mitarbeiter, Sehr"
        " geehrter, Sehr geehrte, Liebe, Lieber, Grüße"
    )
    against = words(
        de="Straße, Firma, Stadt, Produkt, Marke, Schule, Platz", en="street, company, university, product, brand"
    )
    headers = words(
        de="name, vorname, nachname, familienname, geburtsname, kundenname, ansprechpartner, patientenname,"
        " kontoinhaber, rufname, vollständiger name"
    )
    not_headers = words(
        de="dateiname, produktname, firmenname, straßenname, ortsname, hostname, tabellenname, markenname",
        en="file name, product name, company name, host name",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return name_scores(candidates, "de")


EXAMPLES = [
    Example(PersonDe(), "Frau Petra von der Heide traf Jürgen Müller.", ["Petra von der Heide", "Jürgen Müller"]),
    Example(PersonDe(), "Sehr geehrter Herr Öztürk, danke", ["Öztürk"]),
    Example(PersonDe(), "Die Sophie-Scholl-Schule in der Martin Straße, Guten Tag Liebe Leute", []),
]
