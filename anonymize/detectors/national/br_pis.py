"""Brazilian social integration numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.checksums_west import mod_11_rest, varied
from anonymize.kernels.detection.wording import other_numbers


class BrPis(Detector):
    """Brazilian social integration numbers (PIS, PASEP, NIS, NIT): eleven digits modulo 11."""

    use: Literal["br_pis"] = "br_pis"

    entity = "BR_PIS"
    patterns = (
        Pattern(r"[0-9]{3}\.[0-9]{5}\.[0-9]{2}-[0-9]", bare=0.85),
        Pattern("[0-9]{11}", bare=0.25),
    )
    standard = "Caixa Econômica Federal; Decreto 10.854/2021"
    locales = ("BR",)
    tier = 2
    laws = ("LGPD Art. 5", "GDPR Art. 87")
    chance = 0.1
    contexts = words(pt="PIS, PASEP, PIS/PASEP, NIS, NIT, número de inscrição social", en="pis number")
    against = other_numbers("pt")
    headers = words(pt="pis, pasep, pis pasep, nis, nit, numero pis")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _last_digit)


def _last_digit(digits: Matrix) -> Passed:
    passed: Passed = mod_11_rest(digits, (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digits[:, 10]
    return passed & varied(digits)


EXAMPLES = [
    Example(BrPis(), "PIS 120.56874.10-7, PASEP 12056874107", ["120.56874.10-7", "12056874107"]),
    Example(BrPis(), "PIS 120.56874.10-8", []),
    Example(BrPis(), "pedido 12056874107, 12056874107", []),
]
