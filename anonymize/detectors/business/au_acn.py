"""Australian company numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class AuAcn(Detector):
    """Australian company numbers: nine digits, the last a check digit, MOD 10."""

    use: Literal["au_acn"] = "au_acn"

    entity = "AU_ACN"
    patterns = (Pattern("[0-9]{3} [0-9]{3} [0-9]{3}", bare=0.3), Pattern("[0-9]{9}", bare=0.1))
    standard = "Corporations Act 2001 (Australia), s. 118"
    locales = ("AU",)
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("Corporations Act 2001 (Australia)",)
    chance = 0.1
    joints = " -."
    contexts = words(en="acn, australian company number, acn no")
    against = words(en="order, invoice, tracking, serial, phone, tfn, account")
    headers = words(en="acn, australian company number, acn no, acn number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    passed: Passed = (weighted(digits, (8, 7, 6, 5, 4, 3, 2, 1)) + digits[:, 8]) % 10 == 0
    return passed


EXAMPLES = [
    Example(AuAcn(), "ACN 123 456 780", ["123 456 780"]),
    Example(AuAcn(), "acn: 123456780", ["123456780"]),
    Example(AuAcn(), "ACN 123 456 781, 123456780, tfn 123 456 780", []),
]
