"""Passports of China, Hong Kong and Macau."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class CnPassport(Detector):
    """Passports of China, Hong Kong and Macau, and beside 护照 those of others. There is no check digit."""

    use: Literal["cn_passport"] = "cn_passport"

    entity = "CN_PASSPORT"
    patterns = (
        Pattern("(?i:E[A-HJ-NP-Z][0-9]{7}|[EG][0-9]{8})", bare=0.3),
        Pattern(
            "(?i:[DSP]E?[0-9]{7}|[DSPKH][0-9]{8}|K[JKL][0-9]{7}|HJ[0-9]{7}|M[ABC]?[0-9]{7,8}|1[45][0-9]{7})",
            bare=0.05,
        ),
        Pattern("[A-Z]{1,2}[0-9]{6,8}|[0-9]{9}", bare=0.0, supported=0.55),
    )
    standard = "GB/T 34946-2017; ICAO Doc 9303"
    locales = ("CN", "HK", "MO")
    tier = 2
    laws = ("GB/T 35273-2020 app. B", "PIPL Art. 28", "GDPR Art. 87")
    chance = 0.5
    contexts = words(zh="护照, 護照", en="passport, passport no, passport number, chinese passport")
    against = words(zh="订单, 流水, 单号, 编号, 序列号", en="order, invoice, tracking, serial")
    headers = words(
        zh="护照, 护照号, 护照号码, 護照, 護照號碼",
        pinyin="hzh, hzhm, huzhao, huzhaohao",
        en="passport, passport no, passport number, passport num, chinese passport",
    )
    not_headers = words(en="passport country, passport expiry", zh="护照签发地, 护照有效期")


EXAMPLES = [
    Example(CnPassport(), "护照号码：E12345678，EA1234567", ["E12345678", "EA1234567"]),
    Example(CnPassport(), "护照 G87654321", ["G87654321"]),
    Example(CnPassport(), "订单E12345678", []),
    Example(CnPassport(), "E1234567 and G8765432 in stock, E12345678", []),
]
