"""Taiwanese identity numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class TwNationalId(Detector):
    """Taiwanese identity numbers, and those of residents without a household there (8, 9; until 2021 a second
    letter)."""

    use: Literal["tw_national_id"] = "tw_national_id"

    entity = "TW_NATIONAL_ID"
    patterns = (
        Pattern("[A-Z][1289][0-9]{8}", bare=0.65),
        Pattern("[a-z][1289][0-9]{8}|(?i:[A-Z][A-D][0-9]{8})", bare=0.4),
    )
    standard = "Household Registration Act, Taiwan; Ministry of the Interior"
    locales = ("TW",)
    tier = 2
    laws = ("PDPA (Taiwan) Art. 2", "GDPR Art. 87")
    chance = 0.1
    known_tests = frozenset(["A123456789"])
    contexts = words(
        zh="身分證, 身分證字號, 身份證, 身分證統一編號, 居留證, 統一證號, 身分证, 台湾身份证",
        en="national id, id no, arc, arc no",
    )
    against = words(zh="订单, 流水, 单号, 编号, 序列号, 訂單, 單號, 編號", en="order, invoice, tracking, serial")
    headers = words(
        zh="身分證字號, 身分證, 身分證號碼, 身份證字號, 身份證號, 居留證號, 統一證號, 台湾身份证号",
        en="national id, id no, arc no, taiwan id, tw id",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""In the order of their codes, which begin with 10."""
_CODES = np.array([_LETTERS.find(x) + 10 for x in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"])


def _is_valid(characters: Matrix) -> Passed:
    """The first letter as two digits, a second one as its last digit; weights 1, 9, 8, … 1, mod 10."""
    first = _CODES[np.clip(characters[:, 0] - 10, 0, 25)]
    second = characters[:, 1]
    second = np.where(second < 10, second, _CODES[np.clip(second - 10, 0, 25)] % 10)
    total = first // 10 + first % 10 * 9 + second * 8 + weighted(characters[:, 2:], (7, 6, 5, 4, 3, 2, 1, 1))
    passed: Passed = (total % 10 == 0) & (characters[:, 2:] < 10).all(axis=1)
    return passed


EXAMPLES = [
    Example(TwNationalId(), "身分證字號 F231409577", ["F231409577"]),
    Example(TwNationalId(), "B812345672 and AC01234567 (ARC)", ["B812345672", "AC01234567"]),
    Example(TwNationalId(), "身分證字號 F231409576", []),
    Example(TwNationalId(), "訂單B812345672", []),
]
