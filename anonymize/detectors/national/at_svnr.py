"""Austrian social insurance numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted
from anonymize.kernels.detection.checksums_west import date_of_either_century
from anonymize.kernels.detection.wording import other_numbers


class AtSvnr(Detector):
    """Austrian social insurance numbers: a serial number, a check digit modulo 11 and the date of birth.

    Where a day's numbers ran out the month is 13 to 15.
    """

    use: Literal["at_svnr"] = "at_svnr"

    entity = "AT_SVNR"
    patterns = (
        Pattern("[1-9][0-9]{3}[ /-][0-3][0-9][01][0-9]{3}", bare=0.75),
        Pattern("[1-9][0-9]{3}[0-3][0-9][01][0-9]{3}", bare=0.5),
    )
    standard = "§ 31 ASVG; Hauptverband, Versicherungsnummer"
    locales = ("AT",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.01
    contexts = words(
        de="SVNR, SV-Nummer, Sozialversicherungsnummer, Versicherungsnummer, SV-Nr",
        en="austrian social insurance, social security",
    )
    against = other_numbers("de")
    headers = words(
        de="svnr, sv nr, sv nummer, sozialversicherungsnummer, versicherungsnummer", en="social insurance number"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _fourth_digit)


def _fourth_digit(digits: Matrix) -> Passed:
    month = np.minimum(number(digits[:, 6:8]), 15)
    dated = date_of_either_century(number(digits[:, 8:]), np.where(month > 12, 12, month), number(digits[:, 4:6]))
    passed: Passed = weighted(digits, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == digits[:, 3]
    return passed & dated & (number(digits[:, 6:8]) <= 15)


EXAMPLES = [
    Example(AtSvnr(), "SVNR 1237 010180, 1237010180", ["1237 010180", "1237010180"]),
    Example(AtSvnr(), "SVNR 1238 010180, 1237 321380", []),
    Example(AtSvnr(), "Rechnung 1237010180", []),
]
