"""Bulgarian civil numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted
from anonymize.kernels.detection.checksums_west import date_of_either_century
from anonymize.kernels.detection.wording import other_numbers


class BgEgn(Detector):
    """Bulgarian civil numbers (EGN): date of birth, with the century in the month, and a check digit modulo 11.

    Unix timestamps look alike: without context none counts.
    """

    use: Literal["bg_egn"] = "bg_egn"

    entity = "BG_EGN"
    patterns = (Pattern("[0-9]{2}[0-5][0-9][0-3][0-9]{5}", bare=0.45),)
    standard = "Закон за гражданската регистрация чл. 11"
    locales = ("BG",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.02
    contexts = words(bg="ЕГН, единен граждански номер, ЕГН:", en="egn, bulgarian id, personal number")
    against = other_numbers("bg")
    headers = words(bg="егн, единен граждански номер", en="egn")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _dated)


def _dated(digits: Matrix) -> Passed:
    """20 is added to the month in the 19th century, 40 in the 21st."""
    month = number(digits[:, 2:4])
    month = month - 40 * (month > 40) - 20 * ((month > 20) & (month < 40))
    passed: Passed = weighted(digits, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == digits[:, 9]
    return passed & date_of_either_century(number(digits[:, :2]), month, number(digits[:, 4:6]))


EXAMPLES = [
    Example(BgEgn(), "ЕГН 7523169263", ["7523169263"]),
    Example(BgEgn(), "ЕГН 7523169264, 7513169263", []),
    Example(BgEgn(), "поръчка 7523169263, 7523169263", []),
]
