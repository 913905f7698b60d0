"""British national insurance numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.checksums_west import letter_value
from anonymize.kernels.detection.wording import other_numbers

_FIRST, _SECOND = "[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z]", "[A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z]"
_NEVER = [letter_value(a) * 36 + letter_value(b) for a, b in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")]


class UkNino(Detector):
    """British national insurance numbers: a prefix that is issued, six digits and a letter from A to D.

    There is no check digit. Without the last letter it counts only with context.
    """

    use: Literal["uk_nino"] = "uk_nino"

    entity = "UK_NINO"
    patterns = (
        Pattern(f"{_FIRST}{_SECOND}(?: [0-9]{{2}}){{3}} [A-Da-d]", bare=0.85),
        Pattern(f"{_FIRST}{_SECOND}[0-9]{{6}} ?[A-Da-d]", bare=0.6),
        Pattern(f"{_FIRST}{_SECOND}(?:-[0-9]{{2}}){{3}}-[A-Da-d]", bare=0.8),
        Pattern(f"{_FIRST}{_SECOND}(?: ?[0-9]{{2}}){{3}}", bare=0.05, supported=0.8),
    )
    standard = "HMRC National Insurance Manual NIM39110"
    locales = ("GB",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.2
    known_tests = frozenset(["AB123456C"])
    contexts = words(en="nino, ni, ni no, ni number, national insurance, national insurance number, insurance no")
    against = other_numbers()
    headers = words(
        en="nino, ni no, ni number, national insurance, national insurance number, national insurance no"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _prefix)


def _prefix(characters: Matrix) -> Passed:
    passed: Passed = ~np.isin(characters[:, 0] * 36 + characters[:, 1], _NEVER)
    return passed


EXAMPLES = [
    Example(
        UkNino(), "NI AB 12 34 56 C and jg103759a, nino: CE123456", ["AB 12 34 56 C", "jg103759a", "CE123456"]
    ),
    Example(UkNino(), "GB 12 34 56 C, QQ123456C, AB123456E, TN123456A", []),
    Example(UkNino(), "part AB123456C, AB123456", []),
]
