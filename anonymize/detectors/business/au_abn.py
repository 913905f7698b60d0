"""Australian business numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class AuAbn(Detector):
    """Australian business numbers: eleven digits, two of them check digits, MOD 89; sole traders have one too."""

    use: Literal["au_abn"] = "au_abn"

    entity = "AU_ABN"
    patterns = (Pattern("[1-9][0-9] [0-9]{3} [0-9]{3} [0-9]{3}", bare=0.9), Pattern("[1-9][0-9]{10}", bare=0.45))
    standard = "A New Tax System (Australian Business Number) Act 1999"
    locales = ("AU",)
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("Privacy Act 1988 (Australia)",)
    chance = 0.012
    joints = " -."
    contexts = words(en="abn, australian business number, abn no")
    against = words(en="order, invoice, tracking, serial, phone, mobile, timestamp", zh="手机, 电话, 订单")
    headers = words(en="abn, australian business number, abn no, abn number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    """The first digit is lowered by one, which is 10 less in the weighted sum."""
    passed: Passed = (weighted(digits, (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) - 10) % 89 == 0
    return passed


EXAMPLES = [
    Example(AuAbn(), "ABN 51 824 753 556", ["51 824 753 556"]),
    Example(AuAbn(), "abn: 51824753556", ["51824753556"]),
    Example(AuAbn(), "ABN 51 824 753 557, order 51824753556", []),
]
