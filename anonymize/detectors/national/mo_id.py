"""Macau identity cards."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class MoId(Detector):
    """Macau identity cards: seven digits that begin with 1, 5, 7 or 8, and one in brackets. How it is reckoned is
    not public."""

    use: Literal["mo_id"] = "mo_id"

    entity = "MO_ID"
    patterns = (
        Pattern(r"\b[1578][0-9]{6} ?\([0-9]\)", bare=0.45, words=False),
        Pattern("[1578]/[0-9]{6}/[0-9]", bare=0.4),
        Pattern("[1578][0-9]{7}", bare=0.02, supported=0.85),
    )
    standard = "Macau, Law 8/2002"
    locales = ("MO", "CN")
    tier = 2
    laws = ("Macau Law 8/2005", "PIPL Art. 28")
    chance = 0.4
    contexts = words(
        zh="澳門, 澳门, 澳门身份证, 澳門居民身份證", en="bir, macau id, macao id", pt="bilhete de identidade, bir"
    )
    against = words(
        zh="订单, 流水, 单号, 编号, 序列号, 电话, 電話", en="order, invoice, tracking, serial, phone, tel"
    )
    headers = words(
        zh="澳门身份证, 澳门身份证号, 澳門身份證, 澳門居民身份證號碼",
        en="macau id, macao id, bir, mo id",
        pt="bilhete de identidade",
    )


EXAMPLES = [
    Example(MoId(), "澳門居民身份證：1234567(8)", ["1234567(8)"]),
    Example(MoId(), "BIR 5/123456/7 and 澳门身份证51234567", ["5/123456/7", "51234567"]),
    Example(MoId(), "f 1234567(8), order 51234567", []),
]
