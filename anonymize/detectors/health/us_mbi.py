"""US Medicare beneficiary identifiers."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_LETTER, _EITHER = "[AC-HJKMNP-RT-Yac-hjkmnp-rt-y]", "[0-9AC-HJKMNP-RT-Yac-hjkmnp-rt-y]"
_GROUPS = (f"[1-9]{_LETTER}{_EITHER}[0-9]", f"{_LETTER}{_EITHER}[0-9]", f"{_LETTER}{{2}}[0-9]{{2}}")


class UsMbi(Detector):
    """US Medicare beneficiary identifiers: eleven letters and digits in fixed places, never S, L, O, I, B or Z.

    There is no check digit.
    """

    use: Literal["us_mbi"] = "us_mbi"

    entity = "US_MBI"
    patterns = (
        Pattern("-".join(_GROUPS), bare=0.85),
        Pattern("".join(_GROUPS), bare=0.6),
        Pattern(" ".join(_GROUPS), bare=0.5),
    )
    standard = "CMS, Medicare Beneficiary Identifier format (2018)"
    locales = ("US",)
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(I)",)
    chance = 0.2
    known_tests = frozenset(["1EG4TE5MK73", "1EG4TE5MK72"])
    contexts = words(en="mbi, medicare, medicare number, beneficiary, member id")
    against = words(en="order, sku, part, serial, licence, license key, tracking, version")
    headers = words(en="mbi, medicare number, medicare id, medicare beneficiary identifier, beneficiary id")


EXAMPLES = [
    Example(UsMbi(), "Medicare 1EG4-TE5-MK73, or 1eg4te5mk73", ["1EG4-TE5-MK73", "1eg4te5mk73"]),
    Example(UsMbi(), "1SG4-TE5-MK73 0EG4TE5MK73 1EG4TE5MK7", []),
    Example(UsMbi(), "SKU 1EG4TE5MK73", []),
]
