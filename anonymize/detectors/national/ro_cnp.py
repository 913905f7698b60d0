"""Romanian personal codes."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted
from anonymize.kernels.detection.checksums_west import date_of_either_century
from anonymize.kernels.detection.wording import other_numbers


class RoCnp(Detector):
    """Romanian personal codes (CNP): sex and century, date of birth, county, serial number, a check digit modulo
    11.
    """

    use: Literal["ro_cnp"] = "ro_cnp"

    entity = "RO_CNP"
    patterns = (Pattern("[1-9][0-9]{2}[01][0-9][0-3][0-9][0-9]{6}", bare=0.8),)
    standard = "OUG 97/2005; Legea 105/1996"
    locales = ("RO",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.01
    contexts = words(ro="CNP, cod numeric personal, codul numeric", en="personal numeric code, romanian id")
    against = other_numbers("ro")
    headers = words(ro="cnp, cod numeric personal", en="personal numerical code")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _dated)


def _dated(digits: Matrix) -> Passed:
    """The counties are 1 to 52; 70 and 80 to 83 stand for those registered elsewhere."""
    rest = weighted(digits, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    county = number(digits[:, 7:9])
    dated = date_of_either_century(number(digits[:, 1:3]), number(digits[:, 3:5]), number(digits[:, 5:7]))
    passed: Passed = np.where(rest == 10, 1, rest) == digits[:, 12]
    return (
        passed
        & dated
        & (county > 0)
        & ((county <= 52) | np.isin(county, (70, 80, 81, 82, 83)))
        & (number(digits[:, 9:12]) > 0)
    )


EXAMPLES = [
    Example(RoCnp(), "CNP 1800101221144", ["1800101221144"]),
    Example(RoCnp(), "CNP 1800101221143, 1801301221144", []),
    Example(RoCnp(), "factură 1800101221143, timestamp 1704067200000", []),
]
