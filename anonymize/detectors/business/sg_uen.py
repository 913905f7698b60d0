"""Singaporean entity numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class SgUen(Detector):
    """Singaporean unique entity numbers of businesses, companies and others, with a check letter."""

    use: Literal["sg_uen"] = "sg_uen"

    entity = "SG_UEN"
    patterns = (
        Pattern("[TRS][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]", bare=0.85),
        Pattern("(?:18|19|20)[0-9]{7}[A-Z]", bare=0.7),
        Pattern("[0-9]{8}[A-Z]", bare=0.45),
    )
    standard = "Accounting and Corporate Regulatory Authority (Singapore), UEN formats"
    locales = ("SG",)
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("PDPA (Singapore)",)
    chance = 0.04
    contexts = words(en="uen, uen no, acra, company registration, business registration, gst reg")
    against = words(en="order, invoice, tracking, serial, sku, part")
    headers = words(en="uen, uen no, uen number, company reg no")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_OF_BUSINESSES, _OF_COMPANIES = "XMKECAWLJDB", "ZKCMDNERGWH"
_OTHERS = "ABCDEFGHJKLMNPQRSTUVWX0123456789"
_OTHER_VALUES = np.array([_OTHERS.find(x) for x in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"])


def _is_valid(characters: Matrix) -> Passed:
    last = characters[:, -1]
    if characters.shape[1] == 9:
        total = weighted(characters, (10, 4, 9, 3, 8, 2, 7, 1))
        business: Passed = _letters(_OF_BUSINESSES)[total % 11] == last
        return business
    company = _letters(_OF_COMPANIES)[weighted(characters, (10, 8, 6, 4, 9, 7, 5, 3, 1)) % 11]
    total = weighted(_OTHER_VALUES[characters], (4, 3, 5, 3, 10, 2, 2, 5, 7)) - 5
    other = _letters(_OTHERS[:11])[total % 11]
    passed: Passed = np.where(characters[:, 0] < 10, company, other) == last
    return passed


def _letters(letters: str) -> Matrix:
    return np.array([int(letter, 36) for letter in letters], np.int64)


EXAMPLES = [
    Example(SgUen(), "UEN 53012345B, T08GB0012H", ["53012345B", "T08GB0012H"]),
    Example(SgUen(), "UEN: 201912345R", ["201912345R"]),
    Example(SgUen(), "UEN 53012345C, 201912345S, order T08GB0012H", []),
]
