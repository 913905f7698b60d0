"""Business identifier codes of banks."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.arrays import to_numpy

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY"
    " BZ CA"
    " CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM"
    " FO FR GA"
    " GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE"
    " JM JO JP"
    " KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP"
    " MQ MR MS"
    " MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA"
    " RE RO RS"
    " RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR"
    " TT TV TW"
    " TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)


class SwiftCode(Detector):
    """Business identifier codes (BIC): bank, country, place and perhaps branch; the country must exist.

    They name a bank, not a person, but stand beside account numbers. Words in capitals look alike (DOCUMENT holds
    ME, for Montenegro): without a digit or context none counts.
    """

    use: Literal["swift_code"] = "swift_code"

    entity = "SWIFT_CODE"
    family = "text"
    patterns = (
        Pattern("[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", words=True, trigger=r"\b[A-Z]{6}[A-Z0-9]{2}"),
        Pattern(
            "[A-Z]{4} [A-Z]{2} [A-Z0-9]{2}(?: [A-Z0-9]{3})?",
            words=True,
            trigger="[A-Z]{4} [A-Z]{2} [A-Z0-9]{2}",
            supported=0.85,
        ),
    )
    standard = "ISO 9362:2022"
    role = Role.OTHER
    laws = ("HIPAA 164.514(b)(2)(i)(J)",)
    chance = 0.4
    contexts = words(
        en="swift, bic, swift code, bic code, swift bic, bank, iban, wire", de="BIC, Bank", fr="BIC", zh="国际代码"
    )
    against = words(en="sku, part, order, error, code name")
    headers = words(en="swift, bic, swift code, bic code, bank bic, swift bic", zh="银行国际代码")

    def check(self, candidates: pa.StringArray) -> Verdict:
        plain = pc.replace_substring(candidates, " ", "")
        country = pc.utf8_slice_codeunits(plain, 4, 6)
        known = to_numpy(pc.is_in(country, pa.array(_COUNTRIES.split(), pa.string())))
        with_digit = to_numpy(pc.match_substring_regex(plain, "[0-9]"))
        return np.where(known, np.where(with_digit, 0.4, 0.1), 0.0)


EXAMPLES = [
    Example(SwiftCode(), "BIC DEUTDEFF500, SWIFT: NEDS ZA JJ", ["DEUTDEFF500", "NEDS ZA JJ"]),
    Example(SwiftCode(), "BIC DEUTQQFF", []),
    Example(SwiftCode(), "DOCUMENT DEUTDEFF INTRODUCTION", []),
]
