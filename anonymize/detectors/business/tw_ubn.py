"""Taiwanese business numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length


class TwUbn(Detector):
    """Taiwanese business numbers: eight digits, of which one in five or more passes the check; hence only with
    context."""

    use: Literal["tw_ubn"] = "tw_ubn"

    entity = "TW_UBN"
    patterns = (Pattern("[0-9]{8}", bare=0.05),)
    standard = "Ministry of Finance, Taiwan: rule for uniform numbers (since 2023-04 divisible by 5)"
    locales = ("TW",)
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("PDPA (Taiwan) Art. 2",)
    chance = 0.22
    contexts = words(
        zh="統一編號, 統編, 统一编号, 统编, 買受人", en="ubn, vat no, uniform number, business number"
    )
    against = words(
        zh="订单, 流水, 单号, 编号, 序列号, 電話, 訂單, 身分證統一編號",
        en="order, invoice, tracking, serial, tel, phone, date",
    )
    headers = words(
        zh="統一編號, 統編, 统一编号, 统编, 公司統編, 營利事業統一編號", en="ubn, uniform number, tw vat no"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    """Products with 1 2 1 2 1 2 4 1, their digits summed; a 7 in the seventh place counts as 0 or 1."""
    products = digits * np.array([1, 2, 1, 2, 1, 2, 4, 1])
    total = (products // 10 + products % 10).sum(axis=1)
    seventh = digits[:, 6] == 7
    passed: Passed = (total % 5 == 0) | (seventh & ((total + 1) % 5 == 0))
    return passed


EXAMPLES = [
    Example(TwUbn(), "統一編號：24831568", ["24831568"]),
    Example(TwUbn(), "統編 12345675", ["12345675"]),
    Example(TwUbn(), "統一編號 24831569", []),
    Example(TwUbn(), "20240105 電話24831568", []),
]
