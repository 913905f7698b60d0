"""Korean foreigner registration numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.checksums_asia import korean_check_digit, short_date


class KrFrn(Detector):
    """Korean registration numbers of foreigners: as those of residents, but 5 to 8 in the seventh place."""

    use: Literal["kr_frn"] = "kr_frn"

    entity = "KR_FRN"
    patterns = (Pattern("[0-9]{6}-?[5-8][0-9]{6}"),)
    standard = "Enforcement Decree of the Immigration Act (Korea), Art. 40-2"
    locales = ("KR",)
    tier = 2
    laws = ("PIPA (Korea) Art. 24", "GDPR Art. 87")
    chance = 0.1
    contexts = words(
        ko="외국인등록번호, 외국인등록, 외국인번호, 거소신고번호",
        en="frn, foreigner registration number, alien registration number, arc",
    )
    against = words(ko="주문, 송장, 접수번호, 상품, 계좌", en="order, invoice, tracking, serial, account")
    headers = words(
        ko="외국인등록번호, 거소신고번호, 외국인번호",
        en="frn, foreigner registration number, alien registration no",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return _judged(candidates)


_MORE_THAN_RESIDENTS = 2


def _judged(candidates: pa.StringArray) -> Verdict:
    return np.where(
        by_length(candidates, _is_checked), 0.75, np.where(by_length(candidates, short_date), 0.25, 0.0)
    )


def _is_checked(digits: Matrix) -> Passed:
    passed: Passed = (korean_check_digit(digits) + _MORE_THAN_RESIDENTS) % 10 == digits[:, 12]
    return passed & short_date(digits)


EXAMPLES = [
    Example(KrFrn(), "외국인등록번호: 880712-5123453", ["880712-5123453"]),
    Example(KrFrn(), "FRN 8807125123453", ["8807125123453"]),
    Example(KrFrn(), "880712-5123454, 881312-5123453", []),
    Example(KrFrn(), "주문 880712-5123453", []),
]
