"""Israeli identity numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn, number


class IlId(Detector):
    """Israeli identity numbers: nine digits with Luhn check; they count only with context."""

    use: Literal["il_id"] = "il_id"

    entity = "IL_ID"
    patterns = (Pattern("[0-9]{8}-[0-9]", bare=0.25), Pattern("[0-9]{9}", bare=0.15))
    standard = "Population Registry Law 5725-1965 (Israel)"
    locales = ("IL",)
    tier = 2
    laws = ("Protection of Privacy Law 5741-1981 (Israel)", "GDPR Art. 87")
    chance = 0.1
    contexts = words(
        he='תעודת זהות, מספר זהות, ת.ז, ת״ז, ת"ז', en="israeli id, teudat zehut, mispar zehut, national id, t.z"
    )
    against = words(he="הזמנה, חשבונית, טלפון", en="order, invoice, tracking, serial, phone, account")
    headers = words(he="תעודת זהות, מספר זהות, תז", en="israeli id, teudat zehut, tz, israel id")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    passed: Passed = luhn(digits) & (number(digits) > 0)
    return passed


EXAMPLES = [
    Example(IlId(), "תעודת זהות 312345671", ["312345671"]),
    Example(IlId(), "Teudat Zehut: 31234567-1", ["31234567-1"]),
    Example(IlId(), "תעודת זהות 312345672, 312345671, order 312345671", []),
]
