"""Korean business registration numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted


class KrBrn(Detector):
    """Korean business registration numbers: three, two and five digits, the last a check digit."""

    use: Literal["kr_brn"] = "kr_brn"

    entity = "KR_BRN"
    patterns = (Pattern("[1-9][0-9]{2}-[0-9]{2}-[0-9]{5}", bare=0.65), Pattern("[1-9][0-9]{9}", bare=0.15))
    standard = "National Tax Service (Korea), rule for registration numbers"
    locales = ("KR",)
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("PIPA (Korea) Art. 2",)
    chance = 0.1
    contexts = words(
        ko="사업자등록번호, 사업자번호, 사업자", en="brn, business registration number, business reg no"
    )
    against = words(
        ko="주문, 송장, 접수번호, 상품, 계좌, 전화", en="order, invoice, tracking, serial, account, phone"
    )
    headers = words(ko="사업자등록번호, 사업자번호", en="brn, business registration number, business reg no")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    total = weighted(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + digits[:, 8] * 5 // 10
    passed: Passed = (total + digits[:, 9]) % 10 == 0
    return passed & (number(digits[:, 3:5]) > 0)


EXAMPLES = [
    Example(KrBrn(), "사업자등록번호 220-81-34796", ["220-81-34796"]),
    Example(KrBrn(), "사업자번호: 2208134796", ["2208134796"]),
    Example(KrBrn(), "220-81-34797, 2208134796", []),
    Example(KrBrn(), "주문 220-81-34796", []),
]
