"""International bank account numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length, iban

_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL SD FK",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ DZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}


def _shape(length: int, countries: str) -> str:
    groups, rest = divmod(length - 4, 4)
    tail = f"(?: ?[0-9A-Z]{{{rest}}})" if rest else ""
    return f"(?:{countries.replace(' ', '|')})[0-9]{{2}}(?: ?[0-9A-Z]{{4}}){{{groups}}}{tail}"


class IbanCode(Detector):
    """International bank account numbers: length by country (so that no next word is swallowed) and MOD 97-10."""

    use: Literal["iban_code"] = "iban_code"

    entity = "IBAN_CODE"
    patterns = (
        Pattern(
            f"(?i:{'|'.join(_shape(length, countries) for length, countries in _LENGTHS.items())})", bare=0.95
        ),
    )
    standard = "ISO 13616-1:2020; SWIFT IBAN registry"
    laws = ("HIPAA 164.514(b)(2)(i)(J)", "PIPL Art. 28")
    chance = 0.0103
    known_tests = frozenset(["GB29NWBK60161331926819", "DE89370400440532013000", "GB82WEST12345698765432"])
    contexts = words(
        en="iban, account, bank", zh="国际账号, 账号", de="Konto, Bankverbindung", fr="RIB, compte", es="cuenta"
    )
    headers = words(
        en="iban, iban code, iban number, bank account, account number",
        de="konto, kto, kontonummer",
        fr="rib",
        es="cuenta",
        zh="国际账号",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, iban)


EXAMPLES = [
    Example(IbanCode(), "Pay to DE89 3704 0044 0532 0130 00 EUR 5", ["DE89 3704 0044 0532 0130 00"]),
    Example(IbanCode(), "gb82west12345698765432", ["gb82west12345698765432"]),
    Example(IbanCode(), "BE68 5390 0754 7034 NEXT", ["BE68 5390 0754 7034"]),
    Example(IbanCode(), "DE88 3704 0044 0532 0130 00", []),
]
