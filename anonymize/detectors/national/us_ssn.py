"""US social security numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number


class UsSsn(Detector):
    """US social security numbers: no area 000, 666 or 900 to 999, no group 00, no serial number 0000.

    There is no check digit: nine bare digits count only with context.
    """

    use: Literal["us_ssn"] = "us_ssn"

    entity = "US_SSN"
    patterns = (
        Pattern("[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}", bare=0.7),
        Pattern("[0-8][0-9]{2} [0-9]{2} [0-9]{4}", bare=0.35),
        Pattern("[0-8][0-9]{8}", bare=0.05, supported=0.85),
    )
    standard = "SSA randomization (2011); 42 U.S.C. 405"
    locales = ("US",)
    laws = ("HIPAA 164.514(b)(2)(i)(G)", "GDPR Art. 87")
    chance = 0.88
    known_tests = frozenset(["078051120", "219099999", "457555462", "123456789"])
    contexts = words(en="ssn, social security, social security number, social, soc sec, ss no, taxpayer")
    against = words(en="order, invoice, phone, tel, zip, part, sku, tracking, routing, ein, npi, case, account")
    headers = words(
        en="ssn, social security, social security number, social security no, soc sec no, ssn no, ssn number, tin"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_issued)


def _is_issued(digits: Matrix) -> Passed:
    area = number(digits[:, :3])
    passed: Passed = (area > 0) & (area != 666) & (area < 900)
    return passed & (number(digits[:, 3:5]) > 0) & (number(digits[:, 5:]) > 0)


EXAMPLES = [
    Example(UsSsn(), "SSN: 536-22-8145.", ["536-22-8145"]),
    Example(UsSsn(), "social security number 536228145", ["536228145"]),
    Example(UsSsn(), "666-12-3456 000-12-3456 536-00-8145 912-34-5678", []),
    Example(UsSsn(), "we sold 536228145 units; 1-536-22-8145-2", []),
]
