"""Italian names."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Verdict, words
from anonymize.kernels.detection.western_names import name_patterns, name_scores


class PersonIt(Detector):
    """Italian names: a frequent given name and capitalized words after it, or what stands behind a title.

    Names of other origins are found behind titles, and in columns that are called names.
    """

    use: Literal["person_it"] = "person_it"

    entity = "PERSON"
    family = "text"
    patterns = name_patterns(
        "it",
        "Signora?|Sig|Sig\\.ra|Dott|Dott\\.ssa|Dottore|Dottoressa|Avv|Ing|Egr",
        "de|di|del|della|dello|de la|da|lo|la",
    )
    standard = "ISTAT, Contanomi"
    locales = ("IT", "CH", "SM")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(A)")
    chance = 0.02
    supported = 0.9
    closed = False
    contexts = words(
        it="nome, cognome, paziente, cliente, signor, signora, gentile, egregio, titolare, dipendente,"
        " sottoscritto"
    )
    against = words(
        it="via, azienda, città, prodotto, marca, scuola", en="street, company, university, product, brand"
    )
    headers = words(
        it="nome, cognome, nome cognome, nominativo, nome completo, intestatario, nome cliente, nome paziente,"
        " cognome nome"
    )
    not_headers = words(
        it="nome file, nome prodotto, nome azienda, nome utente",
        en="file name, product name, company name, host name",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return name_scores(candidates, "it")


EXAMPLES = [
    Example(PersonIt(), "Il paziente Giuseppe Di Stefano e Chiara Rossi", ["Giuseppe Di Stefano", "Chiara Rossi"]),
    Example(PersonIt(), "Gentile Signora Bevilacqua, grazie", ["Bevilacqua"]),
    Example(PersonIt(), "Buona Sera, Santo Ospedale e Vito Piazza", []),
]
