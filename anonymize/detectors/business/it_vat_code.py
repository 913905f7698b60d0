"""Italian value added tax numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_west import italian_vat
from anonymize.kernels.detection.wording import other_numbers


class ItVatCode(Detector):
    """Italian value added tax numbers (partita IVA) without `IT`: eleven digits, a province and Luhn's check
    digit.

    They count only with context.
    """

    use: Literal["it_vat_code"] = "it_vat_code"

    entity = "IT_VAT_CODE"
    patterns = (Pattern("[0-9]{11}", bare=0.3),)
    standard = "D.P.R. 633/1972 Art. 35"
    locales = ("IT",)
    tier = 2
    role = Role.OTHER
    laws = ("GDPR Art. 4(1)",)
    chance = 0.1
    contexts = words(it="partita IVA, P.IVA, P. IVA, PIVA, IVA", en="italian vat, vat")
    against = other_numbers("it")
    headers = words(it="partita iva, p iva, piva, partitaiva", en="vat, vat number, vat code")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, italian_vat)


EXAMPLES = [
    Example(ItVatCode(), "P.IVA 00743110157", ["00743110157"]),
    Example(ItVatCode(), "P.IVA 00743110158", []),
    Example(ItVatCode(), "fattura 00743110157, 00743110157", []),
]
