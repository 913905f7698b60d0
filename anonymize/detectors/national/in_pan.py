"""Indian permanent account numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number


class InPan(Detector):
    """Indian permanent account numbers: five letters, of which the fourth tells the kind of holder, four
    digits, a letter."""

    use: Literal["in_pan"] = "in_pan"

    entity = "IN_PAN"
    patterns = (
        Pattern("[A-Z]{3}[ABCFGHJKLPT][A-Z][0-9]{4}[A-Z]", bare=0.7),
        Pattern("[a-z]{3}[abcfghjklpt][a-z][0-9]{4}[a-z]", bare=0.3),
    )
    standard = "Income-tax Rules (India), rule 114"
    locales = ("IN",)
    tier = 2
    laws = ("DPDP Act 2023", "GDPR Art. 87")
    chance = 0.45
    known_tests = frozenset(["ABCDE1234F", "AAAPL1234C"])
    contexts = words(en="pan, pan no, pan number, pan card, permanent account number, income tax", hi="पैन")
    against = words(en="order, invoice, tracking, serial, sku, part, model")
    headers = words(en="pan, pan no, pan number, pan card, pan num, permanent account number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_issued)


def _is_issued(characters: Matrix) -> Passed:
    passed: Passed = number(characters[:, 5:9]) > 0
    return passed


EXAMPLES = [
    Example(InPan(), "PAN: ABCPK1234M", ["ABCPK1234M"]),
    Example(InPan(), "my pan no abcpk1234m", ["abcpk1234m"]),
    Example(InPan(), "ABCXK1234M, ABCPK0000M, part ABCPK1234M, abcpk1234m", []),
]
