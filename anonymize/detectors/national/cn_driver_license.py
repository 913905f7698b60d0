"""Chinese driving licences."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number
from anonymize.kernels.detection.checksums_asia import CHINESE_PROVINCES, chinese_resident_number


class CnDriverLicense(Detector):
    """Chinese driving licences: their number is that of the identity card; and the twelve digits of their file.

    Both count only beside words that name a licence.
    """

    use: Literal["cn_driver_license"] = "cn_driver_license"

    entity = "CN_DRIVER_LICENSE"
    patterns = (
        Pattern("[1-9][0-9]{16}[0-9Xx]", bare=0.0, supported=0.98),
        Pattern("[1-8][0-9]{11}", bare=0.02, supported=0.9),
    )
    standard = "GA 482-2012; GB 11643-1999"
    locales = ("CN",)
    tier = 2
    laws = ("GB/T 35273-2020 app. B", "PIPL Art. 28", "GDPR Art. 87")
    chance = 0.05
    contexts = words(
        zh="驾驶证, 驾照, 档案编号, 驾驶执照",
        en="driver license, driving licence, driver licence no, license file no",
    )
    against = words(
        zh="订单, 流水, 单号, 序列号, 身份证, 手机, 电话", en="order, invoice, tracking, serial, phone"
    )
    headers = words(
        zh="驾驶证, 驾驶证号, 驾驶证号码, 驾照, 驾照号, 驾照号码, 档案编号, 驾驶证档案编号",
        pinyin="jszh, jsz, jzh, dabh, jiashizheng",
        en="driver license, driver license no, driving licence no, drivers license number",
    )
    not_headers = words(zh="驾驶证类型, 准驾车型")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    if digits.shape[1] == 18:
        return chinese_resident_number(digits)
    passed: Passed = np.isin(number(digits[:, :2]), CHINESE_PROVINCES)
    return passed


EXAMPLES = [
    Example(CnDriverLicense(), "驾驶证号：110101199003074477", ["110101199003074477"]),
    Example(CnDriverLicense(), "驾照档案编号440300123456", ["440300123456"]),
    Example(CnDriverLicense(), "驾驶证110101199003074471，档案编号990300123456", []),
    Example(CnDriverLicense(), "身份证110101199003074477，流水440300123456", []),
]
