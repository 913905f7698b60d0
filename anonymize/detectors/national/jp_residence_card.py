"""Japanese residence cards."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class JpResidenceCard(Detector):
    """Japanese residence cards of foreigners: two letters, eight digits and two letters."""

    use: Literal["jp_residence_card"] = "jp_residence_card"

    entity = "JP_RESIDENCE_CARD"
    patterns = (Pattern("[A-Z]{2}[0-9]{8}[A-Z]{2}", bare=0.55), Pattern("[a-z]{2}[0-9]{8}[a-z]{2}", bare=0.2))
    standard = "Immigration Control Act (Japan), Art. 19-4"
    locales = ("JP",)
    tier = 2
    laws = ("APPI Art. 2", "GDPR Art. 87")
    chance = 0.5
    contexts = words(
        ja="在留カード, 在留カード番号, 在留, 特別永住者", en="residence card, residence card number, zairyu"
    )
    against = words(ja="注文, 伝票, 請求書, 受付番号, 商品", en="order, invoice, tracking, serial, sku, part")
    headers = words(
        ja="在留カード番号, 在留カード, 特別永住者証明書番号",
        en="residence card, residence card no, residence card number",
    )


EXAMPLES = [
    Example(JpResidenceCard(), "在留カード番号：AB12345678CD", ["AB12345678CD"]),
    Example(JpResidenceCard(), "residence card ab12345678cd", ["ab12345678cd"]),
    Example(JpResidenceCard(), "order AB12345678CD, AB1234567CD, ab12345678cd", []),
]
