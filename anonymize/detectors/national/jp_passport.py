"""Japanese passports."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class JpPassport(Detector):
    """Japanese passports: two letters and seven digits. There is no check digit, so that they count only with
    context."""

    use: Literal["jp_passport"] = "jp_passport"

    entity = "JP_PASSPORT"
    patterns = (Pattern("[A-Za-z]{2}[0-9]{7}", bare=0.1),)
    standard = "Passport Act (Japan); ICAO Doc 9303"
    locales = ("JP",)
    tier = 2
    laws = ("APPI Art. 2", "GDPR Art. 87")
    chance = 0.9
    contexts = words(ja="旅券, 旅券番号, パスポート", en="passport, passport no, passport number")
    against = words(ja="注文, 伝票, 請求書, 受付番号, 商品", en="order, invoice, tracking, serial")
    headers = words(
        ja="旅券番号, パスポート番号, 旅券, パスポート",
        en="passport, passport no, passport number, japanese passport",
    )


EXAMPLES = [
    Example(JpPassport(), "旅券番号：TK1234567", ["TK1234567"]),
    Example(JpPassport(), "パスポートMZ7654321", ["MZ7654321"]),
    Example(JpPassport(), "商品TK1234567, TK12345678", []),
]
