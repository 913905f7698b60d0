"""Russian taxpayer numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted


class RuInn(Detector):
    """Russian taxpayer numbers: of persons twelve digits with two check digits, of companies ten with one."""

    use: Literal["ru_inn"] = "ru_inn"

    entity = "RU_INN"
    patterns = (Pattern("[0-9]{12}", bare=0.65), Pattern("[0-9]{10}", bare=0.15))
    standard = "Order ED-7-14/559 of the Federal Tax Service (Russia)"
    locales = ("RU",)
    tier = 2
    laws = ("Federal Law 152-FZ (Russia)", "GDPR Art. 87")
    chance = 0.1
    contexts = words(
        ru="ИНН, идентификационный номер налогоплательщика, налогоплательщик",
        en="inn no, inn number, russian tax, taxpayer",
    )
    against = words(
        ru="заказ, счёт, счет, телефон, накладная, ОГРН, СНИЛС",
        en="order, invoice, tracking, serial, phone, account",
        zh="手机, 电话, 订单",
    )
    headers = words(ru="инн, инн физлица, инн организации", en="inn, inn no, inn number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def _is_valid(digits: Matrix) -> Passed:
    if digits.shape[1] == 10:
        return _is_check(digits, 9)
    return _is_check(digits, 10) & _is_check(digits, 11)


def _is_check(digits: Matrix, place: int) -> Passed:
    """Whether the digit at a place follows from those before it."""
    check = weighted(digits, _WEIGHTS[11 - place :]) % 11 % 10
    passed: Passed = (check == digits[:, place]) & (number(digits) > 0)
    return passed


EXAMPLES = [
    Example(RuInn(), "ИНН 7708123450", ["7708123450"]),
    Example(RuInn(), "ИНН: 500100200303", ["500100200303"]),
    Example(RuInn(), "ИНН 7708123451, 500100200304, заказ 500100200303, 7708123450", []),
]
