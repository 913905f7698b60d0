"""Japanese health insurance numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn


class JpHealthInsurance(Detector):
    """Japanese health insurance: the eight or six digits of the insurer, with Luhn check, and the numbers of
    the insured."""

    use: Literal["jp_health_insurance"] = "jp_health_insurance"

    entity = "JP_HEALTH_INSURANCE"
    patterns = (Pattern("[0-9]{6,11}", bare=0.03, supported=0.9),)
    standard = "Ministry of Health, Labour and Welfare: rule for insurer numbers"
    locales = ("JP",)
    tier = 2
    laws = ("APPI Art. 2", "HIPAA 164.514(b)(2)(i)(I)")
    chance = 0.4
    contexts = words(
        ja="保険者番号, 被保険者番号, 健康保険, 保険証, 被保険者証, 公費負担者番号, 受給者番号",
        en="health insurance number, insurer number, insured number",
    )
    against = words(
        ja="注文, 伝票, 請求書, 受付番号, 商品, 電話, 年金", en="order, invoice, tracking, serial, phone"
    )
    headers = words(
        ja="保険者番号, 被保険者番号, 保険証番号, 健康保険証番号, 被保険者証番号",
        en="health insurance number, insurer number, insured number",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    """Insurers' numbers, of six or eight digits, have a check digit; those of the insured have none."""
    if digits.shape[1] in (6, 8):
        return luhn(digits)
    return np.ones(len(digits), np.bool_)


EXAMPLES = [
    Example(JpHealthInsurance(), "保険者番号 33120015", ["33120015"]),
    Example(JpHealthInsurance(), "国民健康保険 138016、被保険者番号1234567", ["138016", "1234567"]),
    Example(JpHealthInsurance(), "保険者番号 33120016", []),
    Example(JpHealthInsurance(), "注文33120015", []),
]
