"""Permits for travel between China and Taiwan."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class CnTaiwanPermit(Detector):
    """Permits for travel to Taiwan (L, formerly T) and of residents of Taiwan (eight digits, formerly ten and a
    letter)."""

    use: Literal["cn_taiwan_permit"] = "cn_taiwan_permit"

    entity = "CN_TAIWAN_PERMIT"
    patterns = (
        Pattern("(?i:[LT][0-9]{8})", bare=0.1),
        Pattern(r"[0-9]{10} ?\([A-Za-z]\)", bare=0.3, words=False),
        Pattern("[0-9]{8}|[0-9]{10}[A-Za-z]?", bare=0.02, supported=0.85),
    )
    standard = "National Immigration Administration, exit and entry documents"
    locales = ("CN", "TW")
    tier = 2
    laws = ("GB/T 35273-2020 app. B", "PIPL Art. 28", "GDPR Art. 87")
    chance = 0.5
    contexts = words(
        zh="台胞证, 台湾通行证, 往来台湾, 台湾居民来往大陆, 台湾居民, 台胞證, 臺胞證",
        en="taiwan permit, taiwan compatriot permit, mainland travel permit",
    )
    against = words(zh="订单, 流水, 单号, 编号, 序列号, 电话, 手机", en="order, invoice, tracking, serial")
    headers = words(
        zh="台胞证, 台胞证号, 台胞证号码, 台湾通行证, 台湾通行证号, 大陆居民往来台湾通行证, 台胞證號碼",
        pinyin="tbz, tbzh, twtxz",
        en="taiwan permit, tw permit, taiwan compatriot permit",
    )


EXAMPLES = [
    Example(CnTaiwanPermit(), "台胞证号码：01234567", ["01234567"]),
    Example(CnTaiwanPermit(), "台湾通行证L12345678，台胞证1234567890(B)", ["L12345678", "1234567890(B)"]),
    Example(CnTaiwanPermit(), "编号01234567，T12345678", []),
]
