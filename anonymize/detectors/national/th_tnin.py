"""Thai identity numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class ThTnin(Detector):
    """Thai identity and tax numbers of persons: thirteen digits, the last a check digit, MOD 11."""

    use: Literal["th_tnin"] = "th_tnin"

    entity = "TH_TNIN"
    patterns = (
        Pattern("[1-8]-[0-9]{4}-[0-9]{5}-[0-9]{2}-[0-9]|[1-8] [0-9]{4} [0-9]{5} [0-9]{2} [0-9]", bare=0.85),
        Pattern("[1-8][0-9]{12}", bare=0.3),
    )
    standard = "Population Registration Act B.E. 2534 (Thailand)"
    locales = ("TH",)
    tier = 2
    laws = ("PDPA (Thailand)", "GDPR Art. 87")
    chance = 0.1
    contexts = words(
        th="เลขประจำตัวประชาชน, บัตรประชาชน, เลขบัตร, ประจำตัวผู้เสียภาษี",
        en="tnin, thai id, national id, citizen id, tax id",
    )
    against = words(
        th="คำสั่งซื้อ, ใบแจ้งหนี้, โทรศัพท์", en="order, invoice, tracking, serial, phone, isbn, ean, timestamp"
    )
    headers = words(
        th="เลขประจำตัวประชาชน, เลขบัตรประชาชน, เลขประจำตัวผู้เสียภาษี", en="thai id, citizen id, tnin, thai national id"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    check = (11 - weighted(digits, range(13, 1, -1)) % 11) % 10
    passed: Passed = check == digits[:, 12]
    return passed


EXAMPLES = [
    Example(ThTnin(), "บัตรประชาชน 1-1017-00203-45-0", ["1-1017-00203-45-0"]),
    Example(ThTnin(), "citizen id: 1101700203450", ["1101700203450"]),
    Example(ThTnin(), "1-1017-00203-45-1, 1101700203450", []),
    Example(ThTnin(), "order 1101700203450", []),
]
