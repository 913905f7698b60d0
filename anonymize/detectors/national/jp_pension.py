"""Japanese pension numbers."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class JpPension(Detector):
    """Japanese basic pension numbers: four and six digits. There is no check digit, so that they count only
    with context."""

    use: Literal["jp_pension"] = "jp_pension"

    entity = "JP_PENSION"
    patterns = (Pattern("[0-9]{4}-[0-9]{6}", bare=0.15), Pattern("[0-9]{10}", bare=0.02, supported=0.9))
    standard = "National Pension Act (Japan), Art. 14"
    locales = ("JP",)
    tier = 2
    laws = ("APPI Art. 2", "National Pension Act Art. 108-4")
    chance = 0.9
    contexts = words(ja="年金番号, 基礎年金番号, 年金手帳, 年金証書", en="pension number, basic pension number")
    against = words(
        ja="注文, 伝票, 請求書, 受付番号, 商品, 電話, 携帯", en="order, invoice, tracking, serial, phone"
    )
    headers = words(ja="年金番号, 基礎年金番号", en="pension number, basic pension number, pension no")


EXAMPLES = [
    Example(JpPension(), "基礎年金番号：1234-567890", ["1234-567890"]),
    Example(JpPension(), "年金番号は1234567890", ["1234567890"]),
    Example(JpPension(), "注文1234-567890, 電話1234567890", []),
]
