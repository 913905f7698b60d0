"""Singaporean identity numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class SgNricFin(Detector):
    """Singaporean identity numbers of residents (S, T) and foreigners (F, G, M), with a check letter."""

    use: Literal["sg_nric_fin"] = "sg_nric_fin"

    entity = "SG_NRIC_FIN"
    patterns = (
        Pattern("[STFGM][0-9]{7}[A-Z]", bare=0.85),
        Pattern("[stfgm][0-9]{7}[a-z]|[STFGMstfgm][0-9]{7}[A-Za-z]", bare=0.7),
    )
    standard = "National Registration Act 1965 (Singapore)"
    locales = ("SG",)
    tier = 2
    laws = ("PDPA (Singapore)", "GDPR Art. 87")
    chance = 0.04
    known_tests = frozenset(["S1234567D"])
    contexts = words(en="nric, fin, nric no, fin no, identity card, singapore id, ic no", zh="身份证, 身份證")
    against = words(en="order, invoice, tracking, serial, sku, part")
    headers = words(en="nric, fin, nric no, nric fin, fin no, ic no, nric number, nric or fin")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_RESIDENTS, _FOREIGNERS, _SINCE_2022 = "JZIHGFEDCBA", "XWUTRQPNMLK", "XWUTRQPNJLK"
_SERIES = {
    "S": (_RESIDENTS, 0),
    "T": (_RESIDENTS, 4),
    "F": (_FOREIGNERS, 0),
    "G": (_FOREIGNERS, 4),
    "M": (_SINCE_2022, 3),
}
"""The first letter, its check letters by remainder, and what is added to the sum."""


def _is_valid(characters: Matrix) -> Passed:
    total = weighted(characters[:, 1:], (2, 7, 6, 5, 4, 3, 2))
    passed = np.zeros(len(characters), np.bool_)
    for first, (letters, more) in _SERIES.items():
        codes = np.array([int(letter, 36) for letter in letters])
        passed |= (characters[:, 0] == int(first, 36)) & (codes[(total + more) % 11] == characters[:, 8])
    return passed


EXAMPLES = [
    Example(SgNricFin(), "NRIC T0123456G, FIN G1234567X", ["T0123456G", "G1234567X"]),
    Example(SgNricFin(), "m1234567k and F7654321Q", ["m1234567k", "F7654321Q"]),
    Example(SgNricFin(), "NRIC T0123456H, S1234567A; order F7654321Q part", []),
]
