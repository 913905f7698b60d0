"""Swiss social insurance numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted
from anonymize.kernels.detection.wording import other_numbers


class ChAhv(Detector):
    """Swiss social insurance numbers (AHV): 756, nine digits, and the check digit of EAN-13."""

    use: Literal["ch_ahv"] = "ch_ahv"

    entity = "CH_AHV"
    patterns = (
        Pattern(r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}", bare=0.95),
        Pattern("756[0-9]{10}|756 [0-9]{4} [0-9]{4} [0-9]{2}", bare=0.7),
    )
    standard = "AHVG Art. 50c; AHVV Art. 133"
    locales = ("CH", "LI")
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.1
    known_tests = frozenset(["7569217076985"])
    contexts = words(
        de="AHV, AHV-Nummer, AHVN13, Sozialversicherungsnummer, AHV-Nr",
        fr="AVS, numéro AVS, NAVS13",
        it="AVS, numero AVS",
        en="ahv number, swiss social security",
    )
    against = other_numbers("de", "fr", "it")
    headers = words(
        de="ahv, ahv nr, ahv nummer, ahvn13, ahvnr", fr="avs, numéro avs, navs13, no avs", en="ahv number"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _thirteenth)


def _thirteenth(digits: Matrix) -> Passed:
    passed: Passed = weighted(digits, (1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1)) % 10 == 0
    return passed


EXAMPLES = [
    Example(ChAhv(), "AHV 756.9217.0769.85, AVS 7569217076985", ["756.9217.0769.85", "7569217076985"]),
    Example(ChAhv(), "AHV 756.9217.0769.84", []),
    Example(ChAhv(), "ean 7569217076984, 0.7569217076985", []),
]
