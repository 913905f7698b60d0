"""US national provider identifiers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn
from anonymize.kernels.detection.wording import other_numbers

_ISSUER = (8, 0, 8, 4, 0)


class UsNpi(Detector):
    """US national provider identifiers: ten digits, the first 1 or 2, with Luhn's check behind the issuer 80840.

    One Unix timestamp of ten passes: without context none counts.
    """

    use: Literal["us_npi"] = "us_npi"

    entity = "US_NPI"
    patterns = (Pattern("[12][0-9]{9}", bare=0.3),)
    standard = "45 CFR 162.406; CMS, NPI check digit (2004)"
    locales = ("US",)
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(K)",)
    chance = 0.1
    contexts = words(en="npi, national provider, provider id, provider number, provider, physician, prescriber")
    against = other_numbers()
    headers = words(en="npi, npi number, national provider identifier, provider npi, provider id, prescriber id")
    known_tests = frozenset(["1234567893"])

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _behind_issuer)


def _behind_issuer(digits: Matrix) -> Passed:
    return luhn(np.concatenate([np.tile(_ISSUER, (len(digits), 1)), digits], axis=1))


EXAMPLES = [
    Example(UsNpi(), "NPI 1234567893 and provider 1669437802", ["1234567893", "1669437802"]),
    Example(UsNpi(), "NPI 1234567894", []),
    Example(UsNpi(), "order 1234567893, 1234567893, 0.1234567893", []),
]
