"""Australian Medicare numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class AuMedicare(Detector):
    """Australian Medicare numbers: ten digits that begin with 2 to 6, the ninth a check digit; the place on the
    card may follow."""

    use: Literal["au_medicare"] = "au_medicare"

    entity = "AU_MEDICARE"
    patterns = (
        Pattern(
            "[2-6][0-9]{3} [0-9]{5} [0-9](?:[ /-][0-9])?|[2-6][0-9]{3}-[0-9]{5}-[0-9](?:[ /-][0-9])?", bare=0.65
        ),
        Pattern("[2-6][0-9]{9,10}", bare=0.2),
    )
    standard = "Services Australia, Medicare card numbers"
    locales = ("AU",)
    tier = 2
    laws = ("Privacy Act 1988 (Australia)", "HIPAA 164.514(b)(2)(i)(I)")
    chance = 0.09
    joints = " -."
    known_tests = frozenset(["2123456701"])
    contexts = words(en="medicare, medicare no, medicare number, medicare card")
    against = words(en="order, invoice, tracking, serial, phone, mbi")
    headers = words(en="medicare, medicare no, medicare number, medicare card, medicare card no")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    passed: Passed = weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == digits[:, 8]
    return passed


EXAMPLES = [
    Example(AuMedicare(), "Medicare 2950 12348 1", ["2950 12348 1"]),
    Example(AuMedicare(), "medicare no 2950123481", ["2950123481"]),
    Example(AuMedicare(), "Medicare 2950 12347 1, 2950123481, order 2950 12348 1", []),
]
