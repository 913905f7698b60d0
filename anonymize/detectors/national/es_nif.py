"""Spanish tax identification numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.checksums_west import spanish_company, spanish_person
from anonymize.kernels.detection.wording import other_numbers


class EsNif(Detector):
    """Spanish tax identification numbers: of people (DNI, eight digits and a control letter) and of companies
    (CIF).
    """

    use: Literal["es_nif"] = "es_nif"

    entity = "ES_NIF"
    patterns = (
        Pattern(r"[0-9]{8}-?[A-HJ-NP-TV-Za-hj-np-tv-z]|[0-9]{2}\.[0-9]{3}\.[0-9]{3}[- ]?[A-HJ-NP-TV-Z]", bare=0.7),
        Pattern("[0-9]{8} [A-HJ-NP-TV-Z]|[KLM][0-9]{7}[A-Z]|[0-9]{7}-?[A-HJ-NP-TV-Z]", bare=0.3),
        Pattern("[A-HJNP-SUVW][ -]?[0-9]{7}[ -]?[0-9A-J]", bare=0.35),
    )
    standard = "Real Decreto 1553/2005; Orden EHA/451/2008"
    locales = ("ES",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.05
    known_tests = frozenset(["12345678Z", "00000000T"])
    contexts = words(
        es="DNI, NIF, CIF, documento, documento nacional de identidad, identificación fiscal, con DNI",
        en="spanish id, nif, dni",
        ca="NIF, DNI",
    )
    against = other_numbers("es")
    headers = words(es="dni, nif, cif, dni nif, nif cif, documento de identidad, numero documento, num documento")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _person_or_company)


def _person_or_company(characters: Matrix) -> Passed:
    """A leading zero may be missing."""
    if characters.shape[1] == 8:
        characters = characters[:, [0, *range(8)]].copy()
        characters[:, 0] = 0
    return spanish_person(characters) | spanish_company(characters)


EXAMPLES = [
    Example(EsNif(), "DNI 12345678Z, NIF 54.362.315-K, CIF B58378431", ["12345678Z", "54.362.315-K", "B58378431"]),
    Example(EsNif(), "DNI 12345678A, NIF 54362315-L, CIF B58378432", []),
    Example(EsNif(), "pedido 12345678Z, B58378431", []),
]
