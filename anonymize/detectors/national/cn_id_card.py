"""Chinese resident identity numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_asia import chinese_resident_number

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
        Pattern(
            "[1-9][0-9]{3}(?: [0-9]{4}){3} [0-9][0-9Xx]|[1-9][0-9]{5}(?: [0-9]{4}){2} [0-9]{3}[0-9Xx]", bare=0.97
        ),
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
        return by_length(candidates, chinese_resident_number)


EXAMPLES = [
    Example(CnIdCard(), "身份证号11010119900307477X，电话", []),
    Example(CnIdCard(), "身份证号110101199003074477，电话", ["110101199003074477"]),
    Example(CnIdCard(), "1101 0119 9003 0744 77", ["1101 0119 9003 0744 77"]),
    Example(CnIdCard(), "他的证件440524188001010014", ["440524188001010014"]),
]
