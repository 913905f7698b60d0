"""Norwegian birth numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted
from anonymize.kernels.detection.checksums_west import date_of_either_century
from anonymize.kernels.detection.wording import other_numbers


class NoFnr(Detector):
    """Norwegian birth numbers: date, three digits and two check digits modulo 11; D and H numbers, and synthetic
    ones.
    """

    use: Literal["no_fnr"] = "no_fnr"

    entity = "NO_FNR"
    patterns = (Pattern("[0-7][0-9]{5} ?[0-9]{5}", bare=0.85),)
    standard = "Folkeregisterforskriften § 2-2-1; Skatteetaten, Fødselsnummer"
    locales = ("NO",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.001
    contexts = words(
        no="fødselsnummer, fødselsnr, fnr, personnummer, d-nummer",
        en="norwegian id, birth number, national identity number",
    )
    against = other_numbers("no")
    headers = words(
        no="fødselsnummer, fodselsnummer, fnr, fødselsnr, personnummer, d nummer",
        en="norwegian national id, birth number",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _two_checks)


def _two_checks(digits: Matrix) -> Passed:
    """D numbers add 40 to the day; H numbers 40, synthetic ones 80 or 65 to the month."""
    day, month = number(digits[:, :2]), number(digits[:, 2:4])
    day = day - 40 * (day > 40)
    month = month % 40 - 25 * (month % 40 > 25)
    first = weighted(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11 == 0
    second = weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    passed: Passed = first & second & date_of_either_century(number(digits[:, 4:6]), month, day)
    return passed


EXAMPLES = [
    Example(NoFnr(), "Fødselsnummer 15108695088, 010190 ?", ["15108695088"]),
    Example(NoFnr(), "fnr 15108695089, 15138695088", []),
    Example(NoFnr(), "ordrenummer 15108695089, 151086", []),
]
