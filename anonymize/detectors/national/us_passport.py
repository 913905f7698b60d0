"""US passport numbers."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.wording import other_numbers


class UsPassport(Detector):
    """US passport numbers: nine digits, or since 2021 a letter and eight. They count only with context."""

    use: Literal["us_passport"] = "us_passport"

    entity = "US_PASSPORT"
    patterns = (
        Pattern("[0-9]{9}", bare=0.03, supported=0.7),
        Pattern("[A-Za-z][0-9]{8}", bare=0.05, supported=0.8),
    )
    standard = "22 CFR 51; ICAO 9303-4"
    locales = ("US",)
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(K)", "GDPR Art. 87")
    chance = 0.95
    contexts = words(en="passport, passport no, passport number, us passport, travel document")
    against = other_numbers()
    headers = words(en="passport, passport no, passport number, passport id, us passport")


EXAMPLES = [
    Example(UsPassport(), "US passport A12345678, passport no 340007237", ["A12345678", "340007237"]),
    Example(UsPassport(), "A12345678 and 340007237, order 340007237", []),
    Example(UsPassport(), "passport 3400072371", []),
]
