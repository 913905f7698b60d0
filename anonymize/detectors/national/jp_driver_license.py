"""Japanese driving licences."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted


class JpDriverLicense(Detector):
    """Japanese driving licences: twelve digits, the first two of a prefecture, the eleventh a check digit."""

    use: Literal["jp_driver_license"] = "jp_driver_license"

    entity = "JP_DRIVER_LICENSE"
    patterns = (Pattern("[1-9][0-9]{11}", bare=0.2),)
    standard = "National Police Agency, rule for licence numbers"
    locales = ("JP",)
    tier = 2
    laws = ("APPI Art. 2", "GDPR Art. 87")
    chance = 0.05
    contexts = words(
        ja="免許証, 運転免許, 免許証番号, 免許番号", en="driver license, driving licence, license number"
    )
    against = words(
        ja="注文, 伝票, 請求書, 受付番号, 商品, 電話, マイナンバー, 個人番号",
        en="order, invoice, tracking, serial, phone",
    )
    headers = words(
        ja="免許証番号, 運転免許証番号, 運転免許番号, 運転免許証",
        en="driver license, driver license no, driving licence no, license number",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_PREFECTURES = np.array(
    [
        *range(10, 15),
        *range(20, 26),
        30,
        *range(40, 56),
        *range(60, 66),
        *range(70, 75),
        *range(80, 84),
        *range(90, 98),
    ]
)


def _is_valid(digits: Matrix) -> Passed:
    check = (11 - weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 10
    passed: Passed = (check == digits[:, 10]) & np.isin(number(digits[:, :2]), _PREFECTURES)
    return passed


EXAMPLES = [
    Example(JpDriverLicense(), "運転免許証番号 309212345690", ["309212345690"]),
    Example(JpDriverLicense(), "免許証番号：第309212345690号", ["309212345690"]),
    Example(JpDriverLicense(), "免許証番号309212345680", []),
    Example(JpDriverLicense(), "注文309212345690", []),
]
