"""Hong Kong identity cards."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted


class HkIdCard(Detector):
    """Hong Kong identity cards: one or two letters, six digits and a check character, mostly in brackets."""

    use: Literal["hk_id_card"] = "hk_id_card"

    entity = "HK_ID_CARD"
    patterns = (
        Pattern(r"\b(?i:[A-Z]{1,2}[0-9]{6} ?\([0-9A]\))", bare=0.9, words=False),
        Pattern("(?i:[A-Z]{1,2}[0-9]{6}[0-9A])", bare=0.3),
    )
    standard = "Registration of Persons Regulations, Cap. 177A"
    locales = ("HK", "CN")
    tier = 2
    laws = ("PDPO DPP 1", "PIPL Art. 28", "GDPR Art. 87")
    chance = 0.09
    known_tests = frozenset(["A1234563", "Z6833655"])
    contexts = words(
        zh="身份證, 香港身份證, 香港身份证, 身份证, 港澳身份证",
        en="hkid, hkid no, identity card, hong kong id, id card",
    )
    against = words(
        zh="订单, 流水, 单号, 编号, 序列号, 護照, 护照", en="order, invoice, tracking, serial, passport"
    )
    headers = words(
        zh="香港身份證, 香港身份證號碼, 香港身份证, 香港身份证号, 身份證號碼, 身份證號",
        en="hkid, hkid no, hkid number, hong kong id, hong kong identity card",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_SPACE = 36


def _is_valid(characters: Matrix) -> Passed:
    """MOD 11: letters from 10, a missing first letter as 36; a remainder of 10 is written A."""
    total = weighted(characters[:, -8:], (8, 7, 6, 5, 4, 3, 2, 1))
    total += 9 * (characters[:, 0] if characters.shape[1] == 9 else _SPACE)
    passed: Passed = (total % 11 == 0) & (characters[:, -7:-1] < 10).all(axis=1)
    return passed


EXAMPLES = [
    Example(HkIdCard(), "HKID A123456(3), wx123456(9)", ["A123456(3)", "wx123456(9)"]),
    Example(HkIdCard(), "香港身份證號碼：G123456（A）", ["G123456（A）"]),
    Example(HkIdCard(), "身份證C6686689", ["C6686689"]),
    Example(HkIdCard(), "HKID A123456(4); A1234564; order A1234563", []),
]
