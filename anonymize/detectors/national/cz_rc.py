"""Czech and Slovak birth numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_west import czech_birth
from anonymize.kernels.detection.wording import other_numbers


class CzRc(Detector):
    """Czech and Slovak birth numbers (rodné číslo): date, 50 added to women's months, and divisible by 11 since
    1954.

    Ten digits without the slash, and the nine of older people, count only with context.
    """

    use: Literal["cz_rc"] = "cz_rc"

    entity = "CZ_RC"
    patterns = (
        Pattern("[0-9]{2}[0-8][0-9][0-3][0-9]/[0-9]{4}", bare=0.85),
        Pattern("[0-9]{2}[0-8][0-9][0-3][0-9]{5}", bare=0.4),
        Pattern("[0-5][0-9][0156][0-9][0-3][0-9]/[0-9]{3}", bare=0.3),
    )
    standard = "Zákon 133/2000 Sb. § 13; Zákon 301/1995 Z. z."
    locales = ("CZ", "SK")
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.02
    contexts = words(cs="rodné číslo, rodne cislo, r.č., RČ, r. č.", sk="rodné číslo", en="birth number, czech id")
    against = other_numbers("cs")
    headers = words(cs="rodné číslo, rodne cislo, rc, rodnecislo", en="birth number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, czech_birth)


EXAMPLES = [
    Example(CzRc(), "Rodné číslo 710319/2745, r.č. 7103192745", ["710319/2745", "7103192745"]),
    Example(CzRc(), "rodné číslo 485107/123", ["485107/123"]),
    Example(CzRc(), "rodné číslo 710319/2746, 711319/2745", []),
    Example(CzRc(), "faktura 7103192745, 7103192745", []),
]
