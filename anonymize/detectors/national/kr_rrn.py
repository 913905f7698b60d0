"""Korean resident registration numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.checksums_asia import korean_check_digit, short_date


class KrRrn(Detector):
    """Korean resident registration numbers: a date of birth, sex and century, and a check digit.

    Since October 2020 the last digits are random: the check digit only makes it surer. Without it, it counts
    with context.
    """

    use: Literal["kr_rrn"] = "kr_rrn"

    entity = "KR_RRN"
    patterns = (Pattern("[0-9]{6}-[0-49][0-9]{6}"), Pattern("[0-9]{6}[0-49][0-9]{6}"))
    standard = "Enforcement Rule of the Resident Registration Act (Korea), Art. 2"
    locales = ("KR",)
    tier = 2
    laws = ("PIPA (Korea) Art. 24-2", "GDPR Art. 87")
    chance = 0.1
    contexts = words(
        ko="주민등록번호, 주민번호, 주민등록", en="rrn, resident registration number, resident number"
    )
    against = words(ko="주문, 송장, 접수번호, 상품, 계좌", en="order, invoice, tracking, serial, account")
    headers = words(ko="주민등록번호, 주민번호", en="rrn, resident registration number, resident reg no, jumin no")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return _judged(candidates)


_KOREANS = (0, 1, 2, 3, 4, 9)


def _judged(candidates: pa.StringArray) -> Verdict:
    return np.where(by_length(candidates, _is_checked), 0.75, np.where(by_length(candidates, _has_date), 0.3, 0.0))


def _is_checked(digits: Matrix) -> Passed:
    passed: Passed = _has_date(digits) & (korean_check_digit(digits) == digits[:, 12])
    return passed


def _has_date(digits: Matrix) -> Passed:
    return short_date(digits) & np.isin(digits[:, 6], _KOREANS)


EXAMPLES = [
    Example(KrRrn(), "주민등록번호 900101-1234568", ["900101-1234568"]),
    Example(KrRrn(), "no. 8505202123457", ["8505202123457"]),
    Example(KrRrn(), "주민번호: 210315-3123456", ["210315-3123456"]),
    Example(KrRrn(), "900101-1234567, 901301-1234568, 주문 900101-1234568", []),
]
