"""Chinese resident identity numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, mod_11_2, number, real_date

_PROVINCES = np.array(
    [
        11,
        12,
        13,
        14,
        15,
        21,
        22,
        23,
        31,
        32,
        33,
        34,
        35,
        36,
        37,
        41,
        42,
        43,
        44,
        45,
        46,
        50,
        51,
        52,
        53,
        54,
        61,
        62,
        63,
        64,
        65,
        71,
        81,
        82,
        83,
        91,
    ]
)
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"


class CnIdCard(Detector):
    """Chinese resident identity numbers: province, real date of birth, MOD 11-2; also the 15 digits until 1999.

    The county is not looked up: codes were issued that no table lists any more.
    """

    use: Literal["cn_id_card"] = "cn_id_card"

    entity = "CN_ID_CARD"
    patterns = (
        Pattern(rf"[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]", bare=0.97),
        Pattern(rf"[1-9][0-9]{{5}}[ -](?:18|19|20)[0-9]{{2}}{_DAY}[ -][0-9]{{3}}[0-9Xx]", bare=0.97),
        Pattern(rf"[1-9][0-9]{{7}}{_DAY}[0-9]{{3}}", bare=0.25, supported=0.85),
    )
    standard = "GB 11643-1999"
    locales = ("CN",)
    laws = ("GB/T 35273-2020 app. B", "PIPL Art. 28", "GDPR Art. 87")
    chance = 0.0001
    contexts = words(
        zh="身份证, 身份证号, 证件号, 公民身份号码, 身份号码", en="id card, id number, id no, identity"
    )
    against = words(zh="订单, 流水, 单号, 编号", en="order, invoice, tracking")
    headers = words(
        zh="身份证, 身份证号, 身份证号码, 证件号, 证件号码, 公民身份号码",
        pinyin="sfzh, sfz, sfzhm, zjhm, zjh, shenfenzheng",
        en="id card, idcard, id no, id number, id card no, cert no, identity card, national id, id num",
    )
    not_headers = words(zh="身份证类型, 证件类型")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    is_long = digits.shape[1] == 18
    first = 6
    year = number(digits[:, first : first + 4]) if is_long else 1900 + number(digits[:, first : first + 2])
    rest = digits[:, 10:14] if is_long else digits[:, 8:12]
    passed: Passed = np.isin(number(digits[:, :2]), _PROVINCES)
    passed &= real_date(year, number(rest[:, :2]), number(rest[:, 2:]))
    return passed & mod_11_2(digits) if is_long else passed


EXAMPLES = [
    Example(CnIdCard(), "身份证号11010119900307477X，电话", []),
    Example(CnIdCard(), "身份证号110101199003074477，电话", ["110101199003074477"]),
    Example(CnIdCard(), "他的证件440524188001010014", ["440524188001010014"]),
]
