"""South African identity numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn, number
from anonymize.kernels.detection.checksums_west import date_of_either_century
from anonymize.kernels.detection.wording import other_numbers


class ZaIdNumber(Detector):
    """South African identity numbers: date of birth, sex, citizenship, and Luhn's check digit.

    Unix timestamps in milliseconds rarely pass: citizenship is 0 to 2 and the digit after it mostly 8 or 9.
    """

    use: Literal["za_id_number"] = "za_id_number"

    entity = "ZA_ID_NUMBER"
    patterns = (
        Pattern("[0-9]{2}[01][0-9][0-3][0-9] ?[0-9]{4} ?[012][89][0-9]", bare=0.75),
        Pattern("[0-9]{2}[01][0-9][0-3][0-9][0-9]{4}[012][0-7][0-9]", bare=0.3),
    )
    standard = "Identification Act 68 of 1997"
    locales = ("ZA",)
    tier = 2
    laws = ("POPIA s. 26", "GDPR Art. 87")
    chance = 0.005
    contexts = words(en="id number, identity number, sa id, south african id, rsa id, id no", af="ID-nommer")
    against = other_numbers()
    headers = words(
        en="id number, sa id, sa id number, identity number, rsa id, south african id number", af="id nommer"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _dated)


def _dated(digits: Matrix) -> Passed:
    dated = date_of_either_century(number(digits[:, :2]), number(digits[:, 2:4]), number(digits[:, 4:6]))
    return luhn(digits) & dated


EXAMPLES = [
    Example(ZaIdNumber(), "ID number 7503305044089, 750330 5044 089", ["7503305044089", "750330 5044 089"]),
    Example(ZaIdNumber(), "id number 7503305044088, 7513305044089", []),
    Example(ZaIdNumber(), "order 7503305044088, timestamp 1704067200000, 1704067200000", []),
]
