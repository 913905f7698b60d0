"""Belgian national numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number
from anonymize.kernels.detection.wording import other_numbers


class BeNrn(Detector):
    """Belgian national register numbers: date of birth, order, and a check modulo 97, with a 2 before it since
    2000.

    BIS numbers of non-residents add 20 or 40 to the month; unknown months and days are 00.
    """

    use: Literal["be_nrn"] = "be_nrn"

    entity = "BE_NRN"
    patterns = (
        Pattern(r"[0-9]{2}\.[0-6][0-9]\.[0-3][0-9]-[0-9]{3}[.-][0-9]{2}", bare=0.95),
        Pattern("[0-9]{2}[0-6][0-9][0-3][0-9] ?[0-9]{3} ?[0-9]{2}", bare=0.85),
    )
    standard = "Koninklijk besluit 3 april 1984; Rijksregister"
    locales = ("BE",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.01
    contexts = words(
        nl="rijksregisternummer, rijksregister, INSZ, nationaal nummer",
        fr="numéro national, NISS, registre national",
        de="Nationalregisternummer",
        en="national number, nrn, belgian id",
    )
    against = other_numbers("nl", "fr")
    headers = words(
        nl="rijksregisternummer, rijksregisternr, insz, rrn",
        fr="niss, numéro national, numero national, numéro de registre national",
        en="national register number, nrn",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _mod_97)


def _mod_97(digits: Matrix) -> Passed:
    first, last = number(digits[:, :9]), number(digits[:, 9:])
    month, day = number(digits[:, 2:4]) % 20, number(digits[:, 4:6])
    passed: Passed = (97 - first % 97 == last) | (97 - (2 * 10**9 + first) % 97 == last)
    return passed & (month <= 12) & (day <= 31)


EXAMPLES = [
    Example(BeNrn(), "NISS 85.07.30-033.28, rijksregisternummer 17073003384", ["85.07.30-033.28", "17073003384"]),
    Example(BeNrn(), "NISS 85.07.30-033.29", []),
    Example(BeNrn(), "factuur 85073003329, 85.07", []),
]
