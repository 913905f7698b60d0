"""Japanese individual numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class JpMyNumber(Detector):
    """Japanese individual numbers (マイナンバー): twelve digits, the last a check digit that one in eleven others
    passes."""

    use: Literal["jp_my_number"] = "jp_my_number"

    entity = "JP_MY_NUMBER"
    patterns = (
        Pattern("[0-9]{4} [0-9]{4} [0-9]{4}|[0-9]{4}-[0-9]{4}-[0-9]{4}", bare=0.35),
        Pattern("[0-9]{12}", bare=0.25),
    )
    standard = "Ordinance 85 of 2014 of the Ministry of Internal Affairs and Communications, Art. 5"
    locales = ("JP",)
    tier = 2
    laws = ("My Number Act Art. 2", "APPI Art. 2", "GDPR Art. 87")
    chance = 0.1
    joints = " -."
    contexts = words(ja="マイナンバー, 個人番号", en="my number, individual number")
    against = words(
        ja="注文, 伝票, 請求書, 受付番号, 商品, 免許, 電話, 法人番号, カード番号",
        en="order, invoice, tracking, serial, phone",
    )
    headers = words(ja="マイナンバー, 個人番号", en="my number, individual number, mynumber")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    remainder = weighted(digits, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    passed: Passed = np.where(remainder <= 1, 0, 11 - remainder) == digits[:, 11]
    return passed


EXAMPLES = [
    Example(JpMyNumber(), "マイナンバーは1234 5678 9018です", ["1234 5678 9018"]),
    Example(JpMyNumber(), "個人番号：839120456717", ["839120456717"]),
    Example(JpMyNumber(), "個人番号：839120456718", []),
    Example(JpMyNumber(), "注文839120456717, 839120456717", []),
]
