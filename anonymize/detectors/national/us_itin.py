"""US individual taxpayer identification numbers."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.wording import other_numbers

_GROUP = "(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])"


class UsItin(Detector):
    """US individual taxpayer identification numbers: they begin with 9, the fourth and fifth digits are 50 to 65,
    70 to 88, 90 to 92 or 94 to 99. There is no check digit: nine bare digits count only with context.
    """

    use: Literal["us_itin"] = "us_itin"

    entity = "US_ITIN"
    patterns = (
        Pattern(f"9[0-9]{{2}}-{_GROUP}-[0-9]{{4}}", bare=0.65),
        Pattern(f"9[0-9]{{2}} {_GROUP} [0-9]{{4}}", bare=0.3),
        Pattern(f"9[0-9]{{2}}{_GROUP}[0-9]{{4}}", bare=0.05, supported=0.85),
    )
    standard = "IRS Publication 1915; 26 U.S.C. 6109(i)"
    locales = ("US",)
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(R)", "GDPR Art. 87")
    chance = 0.05
    contexts = words(en="itin, individual taxpayer, taxpayer, taxpayer id, tax id, tin")
    against = other_numbers()
    headers = words(en="itin, itin number, itin no, individual taxpayer identification number, taxpayer id")


EXAMPLES = [
    Example(UsItin(), "ITIN 912-70-1234, ITIN 912701234", ["912-70-1234", "912701234"]),
    Example(UsItin(), "912-45-1234 912-93-1234 812-70-1234", []),
    Example(UsItin(), "order 912-70-1234, 912701234 rows, 912701234.5", []),
]
