"""Indian Aadhaar numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, verhoeff


class InAadhaar(Detector):
    """Indian Aadhaar numbers: twelve digits, none of them first 0 or 1, with Verhoeff check; no palindromes."""

    use: Literal["in_aadhaar"] = "in_aadhaar"

    entity = "IN_AADHAAR"
    patterns = (
        Pattern("[2-9][0-9]{3} [0-9]{4} [0-9]{4}|[2-9][0-9]{3}-[0-9]{4}-[0-9]{4}", bare=0.65),
        Pattern("[2-9][0-9]{11}", bare=0.35),
    )
    standard = "UIDAI, Aadhaar numbering scheme"
    locales = ("IN",)
    tier = 2
    laws = ("Aadhaar Act 2016", "DPDP Act 2023", "GDPR Art. 87")
    chance = 0.1
    joints = " -."
    contexts = words(en="aadhaar, aadhar, adhaar, uidai, uid, aadhaar number, aadhaar no", hi="आधार")
    against = words(en="order, invoice, tracking, serial, account, phone, vid")
    headers = words(
        en="aadhaar, aadhar, aadhaar no, aadhaar number, aadhar no, aadhar number, aadhaar card, uid no, uidai",
        hi="आधार, आधार संख्या",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    passed: Passed = verhoeff(digits) & (digits != digits[:, ::-1]).any(axis=1)
    return passed


EXAMPLES = [
    Example(InAadhaar(), "Aadhaar 2341 2341 2346, आधार 498200173653", ["2341 2341 2346", "498200173653"]),
    Example(InAadhaar(), "aadhaar_no=498200173653", ["498200173653"]),
    Example(InAadhaar(), "Aadhaar 2341 2341 2347", []),
    Example(InAadhaar(), "498200173653, 2222 2222 2222", []),
    Example(InAadhaar(), "order 2341 2341 2346", []),
]
