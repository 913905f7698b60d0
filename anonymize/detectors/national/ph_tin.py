"""Philippine taxpayer numbers."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class PhTin(Detector):
    """Philippine taxpayer numbers: nine digits in threes, and three to five of the branch; the check digit is
    secret."""

    use: Literal["ph_tin"] = "ph_tin"

    entity = "PH_TIN"
    patterns = (
        Pattern("[0-9]{3}-[0-9]{3}-[0-9]{3}(?:-[0-9]{3,5})?", bare=0.2),
        Pattern("[0-9]{9}|[0-9]{12}", bare=0.02, supported=0.8),
    )
    standard = "National Internal Revenue Code (Philippines), s. 236"
    locales = ("PH",)
    tier = 2
    laws = ("Data Privacy Act 2012 (Philippines)", "GDPR Art. 87")
    chance = 0.95
    contexts = words(en="tin, tin no, bir, taxpayer identification number, taxpayer id")
    against = words(en="order, invoice, tracking, serial, phone, ssn, ein, account")
    headers = words(en="tin, tin no, tin number, ph tin, taxpayer identification number, bir tin")


EXAMPLES = [
    Example(PhTin(), "TIN: 123-456-789-000", ["123-456-789-000"]),
    Example(PhTin(), "BIR TIN 123456789", ["123456789"]),
    Example(PhTin(), "phone 123-456-789; 123-456-789-000; order 123456789", []),
]
