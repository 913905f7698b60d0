"""Nigerian identity numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length, verhoeff
from anonymize.kernels.detection.wording import other_numbers


class NgNin(Detector):
    """Nigerian identity numbers (NIN): eleven digits, beside words that name one.

    No check is published; Verhoeff's, which others assume, only raises the score.
    """

    use: Literal["ng_nin"] = "ng_nin"

    entity = "NG_NIN"
    patterns = (
        Pattern("[0-9]{11}", bare=0.1),
        Pattern("[0-9]{4} [0-9]{3} [0-9]{4}|[0-9]{4}-[0-9]{3}-[0-9]{4}", bare=0.1),
    )
    standard = "NIMC Act 2007"
    locales = ("NG",)
    tier = 2
    laws = ("NDPA s. 30", "GDPR Art. 87")
    chance = 0.95
    contexts = words(en="nin, national identification number, national identity number, nimc")
    against = other_numbers()
    headers = words(en="nin, nin number, national identification number, national identity number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return np.where(by_length(candidates, verhoeff), 0.1, 0.05)


EXAMPLES = [
    Example(NgNin(), "NIN 12345678901, nin: 5234-678-9012", ["12345678901", "5234-678-9012"]),
    Example(NgNin(), "12345678901, phone 08031234567", []),
    Example(NgNin(), "order 12345678901", []),
]
