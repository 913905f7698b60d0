"""Japanese corporate numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class JpCorporateNumber(Detector):
    """Japanese corporate numbers: thirteen digits, the first the check digit, MOD 9; invoices write a T before
    it."""

    use: Literal["jp_corporate_number"] = "jp_corporate_number"

    entity = "JP_CORPORATE_NUMBER"
    patterns = (
        Pattern("T-?[1-9][0-9]{12}", bare=0.85),
        Pattern("[1-9]-[0-9]{4}-[0-9]{4}-[0-9]{4}", bare=0.6),
        Pattern("[1-9][0-9]{12}", bare=0.25),
    )
    standard = "Ordinance 70 of 2014 of the Ministry of Finance, Art. 2"
    locales = ("JP",)
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("My Number Act Art. 39",)
    chance = 0.1
    contexts = words(ja="法人番号, 登録番号, 適格請求書", en="corporate number, invoice registration number")
    against = words(ja="注文, 伝票, 電話, JAN, 商品", en="order, tracking, isbn, ean, gtin, phone, timestamp")
    headers = words(
        ja="法人番号, 登録番号, 適格請求書発行事業者登録番号", en="corporate number, hojin bango, houjin bangou"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(characters: Matrix) -> Passed:
    """A leading T, which invoices write, is no part of the number."""
    digits = characters[:, -13:]
    passed: Passed = 9 - weighted(digits[:, 1:], (2, 1) * 6) % 9 == digits[:, 0]
    return passed


EXAMPLES = [
    Example(JpCorporateNumber(), "法人番号 7123456789012", ["7123456789012"]),
    Example(JpCorporateNumber(), "登録番号：T7123456789012", ["T7123456789012"]),
    Example(JpCorporateNumber(), "法人番号 8123456789012", []),
    Example(JpCorporateNumber(), "JAN 7123456789012, 1704164645123", []),
]
