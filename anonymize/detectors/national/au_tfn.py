"""Australian tax file numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted


class AuTfn(Detector):
    """Australian tax file numbers: nine digits, formerly eight, whose weighted sum 11 divides."""

    use: Literal["au_tfn"] = "au_tfn"

    entity = "AU_TFN"
    patterns = (
        Pattern("[0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{3}-[0-9]{3}-[0-9]{3}", bare=0.35),
        Pattern("[0-9]{8,9}", bare=0.15),
    )
    standard = "Taxation Administration Act 1953 (Australia); Privacy (Tax File Number) Rule 2015"
    locales = ("AU",)
    tier = 2
    laws = ("Privacy Act 1988 (Australia)", "GDPR Art. 87")
    chance = 0.09
    joints = " -."
    known_tests = frozenset(["123456782"])
    contexts = words(en="tfn, tax file number, tax file no")
    against = words(en="order, invoice, tracking, serial, phone, acn, abn, account, bsb")
    headers = words(en="tfn, tax file number, tax file no, tfn no, tfn number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    passed: Passed = weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)[: digits.shape[1]]) % 11 == 0
    return passed & (number(digits) > 0)


EXAMPLES = [
    Example(AuTfn(), "TFN: 837 465 129", ["837 465 129"]),
    Example(AuTfn(), "tax file number 12345679", ["12345679"]),
    Example(AuTfn(), "TFN 837 465 128, 837465129, order 837 465 129", []),
]
