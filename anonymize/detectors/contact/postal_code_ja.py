"""Japanese postal codes."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.core.roles import Role


class PostalCodeJa(Detector):
    """Japanese postal codes: three and four digits, with 〒 or beside words that name them."""

    use: Literal["postal_code_ja"] = "postal_code_ja"

    entity = "POSTAL_CODE"
    patterns = (
        Pattern("[0-9]{3}-[0-9]{4}", before="〒 ?", bare=0.9, family="text", trigger="〒", words=False),
        Pattern("[0-9]{3}-[0-9]{4}", bare=0.1, supported=0.9),
        Pattern("[0-9]{7}", bare=0.02, supported=0.8),
    )
    standard = "Postal Act (Japan); Japan Post"
    locales = ("JP",)
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("APPI Art. 2", "HIPAA 164.514(b)(2)(i)(B)")
    chance = 0.9
    contexts = words(ja="郵便番号, 〒", en="postal code, zip code")
    against = words(ja="電話, 注文, 伝票, 内線", en="phone, tel, order, ext")
    headers = words(ja="郵便番号, 〒, 郵便", en="postal code, zip, zip code, postcode, yubin, yuubin bangou")


EXAMPLES = [
    Example(PostalCodeJa(), "〒100-0005 東京都", ["100-0005"]),
    Example(PostalCodeJa(), "郵便番号：1000005", ["1000005"]),
    Example(PostalCodeJa(), "電話 555-0199, 555-0199", []),
]
