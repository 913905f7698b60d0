"""Argentine tax numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted
from anonymize.kernels.detection.wording import other_numbers


class ArCuit(Detector):
    """Argentine tax and labour numbers (CUIT, CUIL): kind, identity number, a check digit modulo 11."""

    use: Literal["ar_cuit"] = "ar_cuit"

    entity = "AR_CUIT"
    patterns = (
        Pattern("(?:2[03-7]|3[034]|5[015])-[0-9]{8}-[0-9]", bare=0.9),
        Pattern("(?:2[03-7]|3[034]|5[015])[0-9]{9}", bare=0.4),
    )
    standard = "AFIP, Resolución General 10/1997"
    locales = ("AR",)
    tier = 2
    laws = ("Ley 25.326 Art. 2", "GDPR Art. 87")
    chance = 0.1
    contexts = words(
        es="CUIT, CUIL, C.U.I.T., clave única de identificación tributaria", en="cuit, cuil, argentine tax"
    )
    against = other_numbers("es")
    headers = words(es="cuit, cuil, cuit cuil, numero cuit, nro cuit")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _last_digit)


def _last_digit(digits: Matrix) -> Passed:
    """Where it would be 10 another kind is given, and 9 in old ones."""
    rest = -weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    passed: Passed = (rest == digits[:, 10]) | ((rest == 10) & (digits[:, 10] == 9))
    return passed


EXAMPLES = [
    Example(ArCuit(), "CUIT 20-05536168-2, CUIL 20055361682", ["20-05536168-2", "20055361682"]),
    Example(ArCuit(), "CUIT 20-05536168-3, 21-05536168-2", []),
    Example(ArCuit(), "pedido 20055361682, 20055361682", []),
]
