"""British passport numbers."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.wording import other_numbers


class UkPassport(Detector):
    """British passport numbers: nine digits, or two letters and seven. They count only with context."""

    use: Literal["uk_passport"] = "uk_passport"

    entity = "UK_PASSPORT"
    patterns = (
        Pattern("[0-9]{9}", bare=0.03, supported=0.7),
        Pattern("[A-Z]{2}[0-9]{7}", bare=0.05, supported=0.75),
    )
    standard = "ICAO 9303-4; HM Passport Office"
    locales = ("GB",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.95
    contexts = words(en="uk passport, british passport, passport, passport no, passport number, hmpo")
    against = other_numbers()
    headers = words(en="uk passport, passport, passport no, passport number, british passport")


EXAMPLES = [
    Example(UkPassport(), "British passport 925076473", ["925076473"]),
    Example(UkPassport(), "passport number: PB1234567", ["PB1234567"]),
    Example(UkPassport(), "925076473, invoice 925076473, passport 92507647", []),
]
