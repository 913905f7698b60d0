"""NHS numbers of England, Wales and the Isle of Man."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.checksums_west import mod_11_rest, varied
from anonymize.kernels.detection.wording import other_numbers


class UkNhs(Detector):
    """NHS numbers: ten digits, modulo 11. One telephone number of eleven passes: without context none counts."""

    use: Literal["uk_nhs"] = "uk_nhs"

    entity = "UK_NHS"
    patterns = (
        Pattern("[0-9]{3} [0-9]{3} [0-9]{4}|[0-9]{3}-[0-9]{3}-[0-9]{4}", bare=0.45),
        Pattern("[0-9]{10}", bare=0.3),
    )
    standard = "NHS Data Dictionary, NHS NUMBER (ISB 0149)"
    locales = ("GB", "IM")
    tier = 2
    laws = ("GDPR Art. 9", "GDPR Art. 87")
    chance = 0.1
    known_tests = frozenset(["9434765919", "9434765870", "9876543210", "4010232137"])
    contexts = words(en="nhs, nhs no, nhs number, national health service, patient")
    against = other_numbers()
    headers = words(en="nhs, nhs no, nhs number, nhs id, national health service number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _ten_digits)


def _ten_digits(digits: Matrix) -> Passed:
    passed: Passed = mod_11_rest(digits, range(10, 1, -1), ten=-1) == digits[:, 9]
    return passed & varied(digits)


EXAMPLES = [
    Example(UkNhs(), "NHS number 943 476 5919, NHS no. 9434765870", ["943 476 5919", "9434765870"]),
    Example(UkNhs(), "NHS 943 476 5918", []),
    Example(UkNhs(), "invoice 9434765919, tel 943-476-5919, 9434765919", []),
]
