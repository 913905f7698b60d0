"""Registration numbers of US prescribers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted
from anonymize.kernels.detection.wording import other_numbers


class MedicalLicense(Detector):
    """DEA numbers of US prescribers: the kind of registrant, a letter of the name or 9, six digits and a check
    digit.

    Licences of the states have no common shape and are not found.
    """

    use: Literal["medical_license"] = "medical_license"

    entity = "MEDICAL_LICENSE"
    patterns = (Pattern("(?i:[A-HJ-MPR-UX][A-Z9])[0-9]{7}", bare=0.4),)
    standard = "21 CFR 1301; DEA registration numbers"
    locales = ("US",)
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(K)",)
    chance = 0.1
    known_tests = frozenset(["AB1234563"])
    contexts = words(en="dea, dea number, medical license, prescriber, physician, certificate, licence, license")
    against = other_numbers()
    headers = words(en="dea, dea number, dea no, medical license, medical license number, prescriber dea")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _last_digit)


def _last_digit(characters: Matrix) -> Passed:
    passed: Passed = weighted(characters[:, 2:], (1, 2, 1, 2, 1, 2)) % 10 == characters[:, 8]
    return passed


EXAMPLES = [
    Example(MedicalLicense(), "DEA AB1234563; DEA number m91234563", ["AB1234563", "m91234563"]),
    Example(MedicalLicense(), "DEA AB1234564 DEA IB1234563", []),
    Example(MedicalLicense(), "part no AB1234563, AB1234563", []),
]
