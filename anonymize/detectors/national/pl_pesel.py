"""Polish population register numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, real_date, weighted
from anonymize.kernels.detection.wording import other_numbers


class PlPesel(Detector):
    """Polish population register numbers (PESEL): date of birth, with the century in the month, and a weighted
    sum.
    """

    use: Literal["pl_pesel"] = "pl_pesel"

    entity = "PL_PESEL"
    patterns = (Pattern("[0-9]{2}[0-9][0-9][0-3][0-9][0-9]{5}", bare=0.6),)
    standard = "Ustawa o ewidencji ludności, Art. 15"
    locales = ("PL",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.02
    known_tests = frozenset(["44051401359", "44051401458"])
    contexts = words(pl="PESEL, nr PESEL, numer PESEL", en="pesel, polish id, national id")
    against = other_numbers("pl")
    headers = words(pl="pesel, nr pesel, numer pesel", en="pesel number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _dated)


def _dated(digits: Matrix) -> Passed:
    """80 is added to the month in the 19th century, 20, 40 and 60 in the 21st to 23rd."""
    month = number(digits[:, 2:4])
    century = (month // 20 + 1) % 5
    year = 1800 + 100 * century + number(digits[:, :2])
    passed: Passed = weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0
    return passed & real_date(year, month % 20, number(digits[:, 4:6]))


EXAMPLES = [
    Example(PlPesel(), "PESEL 44051401359, ur. 1944", ["44051401359"]),
    Example(PlPesel(), "PESEL 44051401358, 44053201353", []),
    Example(PlPesel(), "zamówienie 44051401359, 0.44051401359", []),
]
