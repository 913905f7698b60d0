"""British unique taxpayer references."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted
from anonymize.kernels.detection.wording import other_numbers

_CHECK = np.array([2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1])


class UkUtr(Detector):
    """British unique taxpayer references: ten digits, of which the first checks the others. Only with context."""

    use: Literal["uk_utr"] = "uk_utr"

    entity = "UK_UTR"
    patterns = (Pattern("[1-9][0-9]{9}[Kk]?", bare=0.2), Pattern("[1-9][0-9]{4} [0-9]{5}[Kk]?", bare=0.3))
    standard = "HMRC, Unique Taxpayer Reference; Taxes Management Act 1970"
    locales = ("GB",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.1
    contexts = words(en="utr, unique taxpayer, taxpayer reference, tax reference, self assessment, hmrc")
    against = other_numbers()
    headers = words(en="utr, utr number, unique taxpayer reference, tax reference, taxpayer reference")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _first_digit)


def _first_digit(digits: Matrix) -> Passed:
    passed: Passed = _CHECK[weighted(digits[:, 1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] == digits[:, 0]
    return passed


EXAMPLES = [
    Example(UkUtr(), "UTR 1955839661, tax reference 19558 39661", ["1955839661", "19558 39661"]),
    Example(UkUtr(), "UTR 2955839661", []),
    Example(UkUtr(), "order 1955839661, 1955839661, 19.55839661", []),
]
