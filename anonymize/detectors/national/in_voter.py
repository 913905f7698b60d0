"""Indian voter identity cards."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn


class InVoter(Detector):
    """Indian voter identity cards: three letters and seven digits; older ones lack the Luhn check digit."""

    use: Literal["in_voter"] = "in_voter"

    entity = "IN_VOTER"
    patterns = (Pattern("[A-Za-z]{3}[0-9]{7}", supported=0.9),)
    standard = "Election Commission of India, EPIC numbers"
    locales = ("IN",)
    tier = 2
    laws = ("DPDP Act 2023", "GDPR Art. 87")
    chance = 0.9
    contexts = words(en="voter, voter id, epic, epic no, election card, electoral, elector")
    against = words(en="order, invoice, tracking, serial, sku, part, flight")
    headers = words(en="voter, voter id, voter id no, epic, epic no, epic number, voter card, voter card no")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return _judged(candidates)


def _judged(candidates: pa.StringArray) -> Verdict:
    return np.where(by_length(candidates, _is_checked), 0.3, 0.1)


def _is_checked(characters: Matrix) -> Passed:
    return luhn(characters[:, 3:])


EXAMPLES = [
    Example(InVoter(), "Voter ID ABC1234566", ["ABC1234566"]),
    Example(InVoter(), "epic no KSD1287349", ["KSD1287349"]),
    Example(InVoter(), "order ABC1234566; ABC1234566", []),
]
