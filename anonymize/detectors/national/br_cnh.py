"""Brazilian driving licences."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted
from anonymize.kernels.detection.checksums_west import varied
from anonymize.kernels.detection.wording import other_numbers


class BrCnh(Detector):
    """Brazilian driving licences (CNH): eleven digits, the last two check digits modulo 11.

    Where the first remainder is 10, both readings of the rule for the second are taken.
    """

    use: Literal["br_cnh"] = "br_cnh"

    entity = "BR_CNH"
    patterns = (Pattern("[0-9]{11}", bare=0.45),)
    standard = "Resolução CONTRAN 886/2021"
    locales = ("BR",)
    tier = 2
    laws = ("LGPD Art. 5", "GDPR Art. 87")
    chance = 0.012
    contexts = words(
        pt="CNH, carteira nacional de habilitação, habilitação, carteira de motorista, registro CNH",
        en="cnh, brazilian driving licence",
    )
    against = other_numbers("pt")
    headers = words(pt="cnh, nr cnh, num cnh, numero cnh, habilitação, habilitacao, registro cnh")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _two_checks)


def _two_checks(digits: Matrix) -> Passed:
    first = weighted(digits, range(9, 0, -1)) % 11
    second = weighted(digits, range(1, 10)) % 11
    lowered = np.where(first == 10, (second - 2) % 11, second)
    passed: Passed = digits[:, 9] == first % 10 * (first < 10)
    passed &= (digits[:, 10] == lowered * (lowered < 10)) | ((second == 10) & (digits[:, 10] == 0))
    return passed & varied(digits)


EXAMPLES = [
    Example(BrCnh(), "CNH 02650306461", ["02650306461"]),
    Example(BrCnh(), "CNH 02650306462, CNH 11111111111", []),
    Example(BrCnh(), "pedido 02650306461, 02650306461", []),
]
