"""New Zealand tax numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted


class NzIrd(Detector):
    """New Zealand tax numbers (IRD): eight or nine digits, MOD 11 with a second row of weights."""

    use: Literal["nz_ird"] = "nz_ird"

    entity = "NZ_IRD"
    patterns = (
        Pattern("[0-9]{2,3}-[0-9]{3}-[0-9]{3}", bare=0.35),
        Pattern("[0-9]{2,3} [0-9]{3} [0-9]{3}", bare=0.2),
        Pattern("[0-9]{8,9}", bare=0.1),
    )
    standard = "Inland Revenue (New Zealand), resident withholding tax specification"
    locales = ("NZ",)
    tier = 2
    laws = ("Privacy Act 2020 (New Zealand)", "GDPR Art. 87")
    chance = 0.09
    joints = " -."
    contexts = words(en="ird, ird number, ird no, inland revenue")
    against = words(en="order, invoice, tracking, serial, phone, account")
    headers = words(en="ird, ird no, ird number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_FIRST_ISSUED, _LAST_ISSUED = 10_000_000, 150_000_000


def _is_valid(digits: Matrix) -> Passed:
    value = number(digits)
    padded = value[:, None] // 10 ** np.arange(8, -1, -1, dtype=np.int64) % 10
    check = -weighted(padded, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    check = np.where(check == 10, -weighted(padded, (7, 4, 3, 2, 5, 2, 7, 6)) % 11, check)
    passed: Passed = (check == padded[:, 8]) & (value > _FIRST_ISSUED) & (value < _LAST_ISSUED)
    return passed


EXAMPLES = [
    Example(NzIrd(), "IRD number 49-091-850", ["49-091-850"]),
    Example(NzIrd(), "ird 136410253", ["136410253"]),
    Example(NzIrd(), "IRD 49-091-851, 49091850, order 136-410-253", []),
]
