"""Indian passports."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class InPassport(Detector):
    """Indian passports: a letter, seven digits of which the first and the last are not 0. They count only with
    context."""

    use: Literal["in_passport"] = "in_passport"

    entity = "IN_PASSPORT"
    patterns = (Pattern("[A-PR-WYa-pr-wy][1-9][0-9] ?[0-9]{4}[1-9]", bare=0.1, supported=0.85),)
    standard = "Passports Act 1967 (India); ICAO Doc 9303"
    locales = ("IN",)
    tier = 2
    laws = ("DPDP Act 2023", "GDPR Art. 87")
    chance = 0.7
    contexts = words(en="passport, passport no, passport number, indian passport", hi="पासपोर्ट")
    against = words(en="order, invoice, tracking, serial")
    headers = words(en="passport, passport no, passport number, indian passport")


EXAMPLES = [
    Example(InPassport(), "Passport No. J8369854", ["J8369854"]),
    Example(InPassport(), "indian passport K12 34567", ["K12 34567"]),
    Example(InPassport(), "order J8369854, J8369854, passport J0369854", []),
]
