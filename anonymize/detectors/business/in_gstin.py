"""Indian goods and services tax numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number
from anonymize.kernels.detection.checksums_asia import luhn_mod_36


class InGstin(Detector):
    """Indian goods and services tax numbers: state, permanent account number of the owner, and a check
    character, MOD 36."""

    use: Literal["in_gstin"] = "in_gstin"

    entity = "IN_GSTIN"
    patterns = (Pattern("(?i:[0-9]{2}[A-Z]{3}[ABCFGHJKLPT][A-Z][0-9]{4}[A-Z][1-9A-Z][0-9A-Z]{2})", bare=0.95),)
    standard = "Central Goods and Services Tax Rules 2017 (India), rule 10"
    locales = ("IN",)
    tier = 2
    laws = ("DPDP Act 2023",)
    chance = 0.012
    contexts = words(en="gstin, gst, gst no, gst number")
    headers = words(en="gstin, gst, gst no, gst number, gstin no, gstin number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_LAST_STATE, _ELSEWHERE = 38, (97, 99)


def _is_valid(characters: Matrix) -> Passed:
    state = number(characters[:, :2])
    passed: Passed = ((state > 0) & (state <= _LAST_STATE)) | np.isin(state, _ELSEWHERE)
    return passed & luhn_mod_36(characters)


EXAMPLES = [
    Example(InGstin(), "GSTIN 27ABCPK1234M1ZQ", ["27ABCPK1234M1ZQ"]),
    Example(InGstin(), "gst no: 27abcpk1234m1zq", ["27abcpk1234m1zq"]),
    Example(InGstin(), "GSTIN 27ABCPK1234M1ZR, 52ABCPK1234M1ZQ", []),
]
