"""German pension insurance numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number
from anonymize.kernels.detection.checksums_west import date_of_either_century
from anonymize.kernels.detection.wording import other_numbers

_WEIGHTS = np.array([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])


class DeSocialSecurity(Detector):
    """German pension insurance numbers: office, date of birth, a letter of the name, a serial number, a check
    digit.
    """

    use: Literal["de_social_security"] = "de_social_security"

    entity = "DE_SOCIAL_SECURITY"
    patterns = (
        Pattern(
            "[0-9]{2}[ -]?[0-9]{6}[ -]?[A-Za-z][ -]?[0-9]{3}|[0-9]{2} [0-9]{2} ?[0-9]{2} ?[0-9]{2} [A-Z]"
            " [0-9]{2} ?[0-9]",
            bare=0.9,
        ),
    )
    standard = "§ 147 SGB VI; VKVV"
    locales = ("DE",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.01
    known_tests = frozenset(["10010490A443", "15070649C103", "65170839J003"])
    contexts = words(
        de="Sozialversicherungsnummer, SV-Nummer, SVNR, Rentenversicherungsnummer, Versicherungsnummer, RVNR,"
        " VSNR,"
        " Sozialversicherung",
        en="social security",
    )
    against = other_numbers("de")
    headers = words(
        de="sozialversicherungsnummer, svnr, sv nummer, sv nr, rentenversicherungsnummer, rvnr, vsnr,"
        " versicherungsnummer",
        en="social security number",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _dated)


def _dated(characters: Matrix) -> Passed:
    """Days beyond 31 stand for second numbers of the same day: 50 is added."""
    letter = characters[:, 8:9] - 9
    digits = np.concatenate([characters[:, :8], letter // 10, letter % 10, characters[:, 9:11]], axis=1)
    products = digits * _WEIGHTS
    passed: Passed = (products // 10 + products % 10).sum(axis=1) % 10 == characters[:, 11]
    day = number(characters[:, 2:4])
    day = day - 50 * (day > 50)
    return passed & date_of_either_century(number(characters[:, 6:8]), number(characters[:, 4:6]), day)


EXAMPLES = [
    Example(DeSocialSecurity(), "SV-Nummer 15 070649 C 103, 65170839J003", ["15 070649 C 103", "65170839J003"]),
    Example(DeSocialSecurity(), "RVNR 15070649C104 und 15410649C103", []),
    Example(DeSocialSecurity(), "Artikel 15070649D103", []),
]
