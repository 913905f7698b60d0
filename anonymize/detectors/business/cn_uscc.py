"""Chinese unified social credit codes."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted
from anonymize.kernels.detection.checksums_asia import CHINESE_PROVINCES
from anonymize.kernels.detection.matching import matches


class CnUscc(Detector):
    """Chinese unified social credit codes, also the tax numbers of companies: province and MOD 31-3.

    Sole traders have one too, so it may stand for a person. Eighteen digits without a letter count only with
    context.
    """

    use: Literal["cn_uscc"] = "cn_uscc"

    entity = "CN_USCC"
    patterns = (Pattern("[1-9A-GNYa-gny][0-9A-Ga-g][0-9]{6}[0-9A-HJ-NP-RTUW-Ya-hj-np-rtuw-y]{10}"),)
    standard = "GB 32100-2015"
    locales = ("CN",)
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("GB/T 35273-2020 app. A",)
    chance = 0.012
    known_tests = frozenset(["91350211M000100Y43"])
    contexts = words(
        zh="统一社会信用代码, 信用代码, 税号, 纳税人识别号, 统一代码, 营业执照, 开票, 社会信用代码",
        en="uscc, unified social credit code, tax no, tax number, business license",
    )
    against = words(zh="订单, 流水, 单号, 编号, 序列号, 身份证", en="order, invoice, tracking, serial")
    headers = words(
        zh="统一社会信用代码, 社会信用代码, 信用代码, 税号, 纳税人识别号, 企业税号",
        pinyin="tyshxydm, shxydm, xydm, nsrsbh",
        en="uscc, social credit code, unified social credit code, credit code",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return np.where(by_length(candidates, _is_valid), np.where(_has_letters(candidates), 0.85, 0.4), 0.0)


_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = np.array([_ALPHABET.find(x) for x in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
_WEIGHTS = [pow(3, place, 31) for place in range(17)]
_NATIONAL = 10
"""What the offices of the centre write for the province."""


def _is_valid(characters: Matrix) -> Passed:
    values = _VALUES[characters]
    province = number(characters[:, 2:4])
    checked = (weighted(values, _WEIGHTS) + values[:, -1]) % 31 == 0
    placed = np.isin(province, CHINESE_PROVINCES) | (province == _NATIONAL)
    passed: Passed = checked & placed & (values >= 0).all(axis=1)
    return passed


def _has_letters(candidates: pa.StringArray) -> Passed:
    found: Passed = to_numpy(matches(candidates, "[A-Z]"))
    return found


EXAMPLES = [
    Example(CnUscc(), "统一社会信用代码：91440300123456789Q。", ["91440300123456789Q"]),
    Example(CnUscc(), "税号 511100005000123456", ["511100005000123456"]),
    Example(CnUscc(), "91440300123456789R, 511100005000123456", []),
    Example(CnUscc(), "订单号511100005000123456", []),
]
