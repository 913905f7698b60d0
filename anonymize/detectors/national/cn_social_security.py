"""Chinese social security numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.checksums import Passed, by_length
from anonymize.kernels.detection.checksums_asia import chinese_resident_number
from anonymize.kernels.detection.matching import matches


class CnSocialSecurity(Detector):
    """Chinese social security and medical insurance numbers: personal numbers, card numbers, or that of the
    identity card.

    There is no common form: all count only beside words that name them.
    """

    use: Literal["cn_social_security"] = "cn_social_security"

    entity = "CN_SOCIAL_SECURITY"
    patterns = (
        Pattern("[1-9][0-9]{16}[0-9Xx]", bare=0.0, supported=0.98),
        Pattern("[A-Za-z][0-9]{8}|[0-9]{8}[0-9Xx]", bare=0.02, supported=0.9),
        Pattern("[0-9]{8,12}", bare=0.02, supported=0.85),
    )
    standard = "LB/T 32; GB 11643-1999"
    locales = ("CN",)
    tier = 2
    laws = ("GB/T 35273-2020 app. B", "PIPL Art. 28", "HIPAA 164.514(b)(2)(i)(I)")
    chance = 0.1
    contexts = words(
        zh="社保, 社保号, 社保卡, 社会保障, 医保, 医保卡, 参保, 社会保险, 公积金",
        en="social security, social insurance, medical insurance no",
    )
    against = words(
        zh="订单, 流水, 单号, 序列号, 身份证, 手机, 电话, 银行卡, 金额, 缴费",
        en="order, invoice, tracking, serial, phone, ssn",
    )
    headers = words(
        zh="社保号, 社保号码, 社保卡号, 社会保障号, 社会保障号码, 社保账号, 社保编号, 医保号, 医保卡号,"
        " 医保编号, 参保号, 公积金账号",
        pinyin="sbh, sbkh, shbzh, ybh, ybkh, shebao",
        en="social insurance no, social security card no, medical insurance no",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return _judged(candidates)


def _judged(candidates: pa.StringArray) -> Verdict:
    long = to_numpy(matches(candidates, "^.{13}"))
    passed: Passed = ~long | by_length(candidates, chinese_resident_number)
    return passed


EXAMPLES = [
    Example(CnSocialSecurity(), "社保号：1234567890", ["1234567890"]),
    Example(
        CnSocialSecurity(), "社会保障卡号A12345678，医保卡110101199003074477", ["A12345678", "110101199003074477"]
    ),
    Example(CnSocialSecurity(), "社保卡110101199003074471", []),
    Example(CnSocialSecurity(), "订单1234567890，手机13812345678", []),
]
