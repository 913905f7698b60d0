"""Routing numbers of US banks."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted
from anonymize.kernels.detection.checksums_west import varied
from anonymize.kernels.detection.wording import other_numbers

_DISTRICT = "(?:0[0-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)"


class AbaRoutingNumber(Detector):
    """Routing numbers of US banks: a district of the Federal Reserve and a weighted sum of 3, 7, 1 modulo 10.

    They name a bank, not a person, but stand beside account numbers.
    """

    use: Literal["aba_routing_number"] = "aba_routing_number"

    entity = "ABA_ROUTING_NUMBER"
    patterns = (
        Pattern(f"{_DISTRICT}[0-9]{{2}}-[0-9]{{4}}-[0-9]", bare=0.5),
        Pattern(f"{_DISTRICT}[0-9]{{7}}", bare=0.3),
    )
    standard = "ANSI X9.100-160; ABA Routing Number Policy"
    locales = ("US",)
    tier = 2
    role = Role.OTHER
    laws = ("HIPAA 164.514(b)(2)(i)(J)",)
    chance = 0.1
    contexts = words(en="routing, aba, rtn, routing number, transit, ach, wire, direct deposit, bank")
    against = other_numbers()
    headers = words(
        en="routing, routing number, routing no, aba, aba number, rtn, aba routing number, transit number"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _three_seven_one)


def _three_seven_one(digits: Matrix) -> Passed:
    passed: Passed = weighted(digits, (3, 7, 1, 3, 7, 1, 3, 7, 1)) % 10 == 0
    return passed & varied(digits)


EXAMPLES = [
    Example(AbaRoutingNumber(), "Routing 122105155, ABA: 1110-0002-5", ["122105155", "1110-0002-5"]),
    Example(AbaRoutingNumber(), "routing 122105156 and routing 422105155", []),
    Example(AbaRoutingNumber(), "invoice 122105155, 122105155, 1.122105155", []),
]
