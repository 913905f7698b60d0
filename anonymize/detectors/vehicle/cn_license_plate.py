"""Chinese number plates."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.checksums import Passed
from anonymize.kernels.detection.matching import matches

_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_MARK = "[0-9A-HJ-NP-Za-hj-np-z]"
_ELECTRIC = "[A-HJKa-hjk]"
_NUMBER = rf"(?:{_ELECTRIC}{_MARK}[0-9]{{4}}|[0-9]{{5}}{_ELECTRIC}|{_MARK}{{5}})\b|{_MARK}{{4}}[挂学警港澳试超]"


class CnLicensePlate(Detector):
    """Chinese number plates: of cars, of electric ones (six characters), trailers, learners, police, and of Hong
    Kong and Macau.

    Plates of the army and of embassies, which begin with a letter or with 使, are not found.
    """

    use: Literal["cn_license_plate"] = "cn_license_plate"

    entity = "CN_LICENSE_PLATE"
    family = "text"
    patterns = (
        Pattern(
            rf"{_PROVINCE}[A-HJ-NP-Za-hj-np-z][·•・.．─ -]?(?:{_NUMBER})",
            bare=0.85,
            trigger=rf"{_PROVINCE}[A-Za-z]",
            words=False,
        ),
    )
    standard = "GA 36-2018"
    locales = ("CN",)
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("GB/T 35273-2020 app. A", "HIPAA 164.514(b)(2)(i)(L)")
    chance = 0.01
    contexts = words(zh="车牌, 车牌号, 号牌, 车号, 车辆", en="plate, license plate, licence plate")
    against = words(zh="型号, 版本, 股票, 基金", en="model")
    headers = words(
        zh="车牌, 车牌号, 车牌号码, 号牌号码, 号牌, 车号",
        pinyin="cph, cphm, hphm, chepai, chepaihao",
        en="plate, plate no, plate number, license plate, licence plate, license plate number, car no,"
        " car plate, vehicle no, registration plate",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return _has_digits(candidates)


def _has_digits(candidates: pa.StringArray) -> Passed:
    """At most three of the five are letters."""
    return to_numpy(matches(candidates, "[0-9].*[0-9]"))


EXAMPLES = [
    Example(CnLicensePlate(), "车牌号：粤B·12345，沪AD12345停在门口", ["粤B·12345", "沪AD12345"]),
    Example(CnLicensePlate(), "我的车京A12345和浙A12345D", ["京A12345", "浙A12345D"]),
    Example(CnLicensePlate(), "冀A1234挂", ["冀A1234挂"]),
    Example(CnLicensePlate(), "京ABCDEF，川A123，黑A1234567", []),
]
