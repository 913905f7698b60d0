"""US employer identification numbers."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.wording import other_numbers

_PREFIX = "(?:0[1-6]|1[0-6]|2[0-7]|3[0-9]|4[0-8]|5[0-9]|6[0-8]|7[1-7]|8[0-8]|9[0-58]|99)"


class UsEin(Detector):
    """US employer identification numbers: the first two digits are those of a campus of the IRS, or of its site.

    There is no check digit. Sole proprietors have one too.
    """

    use: Literal["us_ein"] = "us_ein"

    entity = "US_EIN"
    patterns = (
        Pattern(f"{_PREFIX}-[0-9]{{7}}", bare=0.1, supported=0.9),
        Pattern(f"{_PREFIX}[0-9]{{7}}", bare=0.03, supported=0.8),
    )
    standard = "IRS Publication 1635"
    locales = ("US",)
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(R)",)
    chance = 0.85
    contexts = words(en="ein, employer identification, employer id, fein, federal tax id, tax id, taxpayer, tin")
    against = other_numbers()
    headers = words(
        en="ein, fein, employer identification number, employer id, federal tax id, tax id, ein number"
    )


EXAMPLES = [
    Example(UsEin(), "EIN 12-3456789, FEIN: 123456789", ["12-3456789", "123456789"]),
    Example(UsEin(), "EIN 07-3456789 and EIN 70-3456789", []),
    Example(UsEin(), "12-3456789, invoice 12-3456789, 12-34567890", []),
]
