"""US bank accounts."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.wording import other_numbers


class UsBankNumber(Detector):
    """US bank accounts: eight to seventeen digits, beside words that name one."""

    use: Literal["us_bank_number"] = "us_bank_number"

    entity = "US_BANK_NUMBER"
    patterns = (Pattern("[0-9]{8,17}", bare=0.02, supported=0.75),)
    standard = "NACHA Operating Rules, DFI account number"
    locales = ("US",)
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(J)",)
    chance = 0.95
    contexts = words(
        en="checking, savings, checking account, savings account, bank account, direct deposit, us bank account"
    )
    against = other_numbers()
    headers = words(
        en="us bank number, checking account, savings account, checking account number, dda, bank number"
    )


EXAMPLES = [
    Example(UsBankNumber(), "checking account 000123456789", ["000123456789"]),
    Example(UsBankNumber(), "000123456789, order 000123456789", []),
    Example(UsBankNumber(), "savings 1234567", []),
]
