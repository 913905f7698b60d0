"""Vehicle identification numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted
from anonymize.kernels.detection.matching import matches


class Vin(Detector):
    """Vehicle identification numbers: no I, O or Q, and the check digit, which North America and China demand.

    Those of other makers may lack the check digit and count only with context.
    """

    use: Literal["vin"] = "vin"

    entity = "VIN"
    patterns = (Pattern("[0-9A-HJ-NPR-Za-hj-npr-z]{13}[0-9]{4}"),)
    standard = "ISO 3779:2009; GB 16735-2019; 49 CFR 565"
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(L)", "GB/T 35273-2020 app. A")
    chance = 0.1
    supported = 0.9
    known_tests = frozenset(["11111111111111111", "1M8GDM9AXKP042788"])
    contexts = words(
        en="vin, vehicle identification number, chassis, chassis number, frame number",
        zh="车架号, 车辆识别, 识别代号, 车架",
        ja="車台番号",
        ko="차대번호",
        de="Fahrgestellnummer, FIN",
        fr="numéro de châssis",
        es="bastidor",
        ru="шасси",
    )
    against = words(en="order, invoice, tracking, serial, hash, token, sku", zh="订单, 流水, 单号, 编号, 序列号")
    headers = words(
        en="vin, vin no, vin number, vehicle identification number, chassis no, chassis number, frame no",
        zh="车架号, 车架号码, 车辆识别代号, 车辆识别代码",
        pinyin="cjh, clsbdh",
        ja="車台番号",
        ko="차대번호",
        de="fahrgestellnummer, fin",
        es="número de bastidor",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return _judged(candidates)


_VALUES = np.array([*range(10), 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9])
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_X = 33


def _judged(candidates: pa.StringArray) -> Verdict:
    mixed = to_numpy(matches(candidates, "[A-Z].*[A-Z]")) & to_numpy(matches(candidates, "[0-9].*[0-9]"))
    passed = by_length(candidates, _has_check_digit)
    elsewhere = to_numpy(matches(candidates, "^[^1-5L]"))
    return np.where(mixed & passed, 0.7, np.where(mixed & elsewhere, 0.1, 0.0))


def _has_check_digit(characters: Matrix) -> Passed:
    remainder = weighted(_VALUES[characters], _WEIGHTS) % 11
    passed: Passed = np.where(remainder == 10, _X, remainder) == characters[:, 8]
    return passed


EXAMPLES = [
    Example(Vin(), "VIN 1HGCM82633A004352.", ["1HGCM82633A004352"]),
    Example(Vin(), "车架号LSVAA41Z6B2123456", ["LSVAA41Z6B2123456"]),
    Example(Vin(), "chassis WVWZZZ1JZXW000001", ["WVWZZZ1JZXW000001"]),
    Example(Vin(), "VIN LSVAA41Z0B2123456, serial WVWZZZ1JZXW000001, 20240102123045678", []),
]
