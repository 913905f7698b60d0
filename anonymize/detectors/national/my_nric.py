"""Malaysian identity numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number
from anonymize.kernels.detection.checksums_asia import short_date


class MyNric(Detector):
    """Malaysian identity numbers (MyKad): a date of birth, a place of birth, four digits. There is no check
    digit."""

    use: Literal["my_nric"] = "my_nric"

    entity = "MY_NRIC"
    patterns = (Pattern("[0-9]{6}-[0-9]{2}-[0-9]{4}", bare=0.65), Pattern("[0-9]{12}", bare=0.05, supported=0.85))
    standard = "National Registration Regulations 1990 (Malaysia)"
    locales = ("MY",)
    tier = 2
    laws = ("PDPA 2010 (Malaysia)", "GDPR Art. 87")
    chance = 0.03
    contexts = words(
        ms="mykad, kad pengenalan, no kp, no ic, nombor kad pengenalan",
        en="nric, ic no, ic number, identity card, mykad no",
        zh="身份证, 登记号码",
    )
    against = words(ms="pesanan, invois, telefon", en="order, invoice, tracking, serial, account, phone")
    headers = words(
        ms="no kp, kad pengenalan, no kad pengenalan, mykad, no ic", en="nric, ic no, ic number, mykad, nric no"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_NO_PLACES = (0, 17, 18, 19, 20, 69, 70, 73, 80, 81, 94, 95, 96, 97)


def _is_valid(digits: Matrix) -> Passed:
    return short_date(digits) & ~np.isin(number(digits[:, 6:8]), _NO_PLACES)


EXAMPLES = [
    Example(MyNric(), "No. KP 900101-14-5678", ["900101-14-5678"]),
    Example(MyNric(), "MyKad: 900101145678", ["900101145678"]),
    Example(MyNric(), "901301-14-5678, 900101-17-5678, 900101145678, account 900101-14-5678", []),
]
