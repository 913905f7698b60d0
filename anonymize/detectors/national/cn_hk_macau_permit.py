"""Permits for travel between China, Hong Kong and Macau."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class CnHkMacauPermit(Detector):
    """Permits for travel to Hong Kong and Macau (C, formerly W), and home-return permits of their residents (H and
    M)."""

    use: Literal["cn_hk_macau_permit"] = "cn_hk_macau_permit"

    entity = "CN_HK_MACAU_PERMIT"
    patterns = (Pattern("(?i:C[0-9A-HJ-NP-Z][0-9]{7}|[WHM][0-9]{8}|[HM][0-9]{10})", bare=0.1),)
    standard = "National Immigration Administration, exit and entry documents"
    locales = ("CN", "HK", "MO")
    tier = 2
    laws = ("GB/T 35273-2020 app. B", "PIPL Art. 28", "GDPR Art. 87")
    chance = 0.5
    contexts = words(
        zh="港澳通行证, 通行证, 往来港澳, 回乡证, 港澳居民来往内地, 双程证, 回鄉證, 通行證",
        en="home return permit, two-way permit, hong kong macau permit, travel permit",
    )
    against = words(zh="订单, 流水, 单号, 编号, 序列号", en="order, invoice, tracking, serial")
    headers = words(
        zh="港澳通行证, 港澳通行证号, 港澳通行证号码, 回乡证, 回乡证号, 往来港澳通行证, 通行证号, 回鄉證號碼",
        pinyin="gatxz, gatxzh, hxzh",
        en="hk macau permit, home return permit, hk permit, travel permit no",
    )


EXAMPLES = [
    Example(CnHkMacauPermit(), "港澳通行证号：C12345678、CA1234567", ["C12345678", "CA1234567"]),
    Example(CnHkMacauPermit(), "回乡证H1234567890", ["H1234567890"]),
    Example(CnHkMacauPermit(), "型号C12345678，订单H12345678", []),
]
