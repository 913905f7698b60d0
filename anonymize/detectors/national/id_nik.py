"""Indonesian identity numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, real_date


class IdNik(Detector):
    """Indonesian identity numbers (NIK): province, district, a date of birth (women: day plus 40), four digits."""

    use: Literal["id_nik"] = "id_nik"

    entity = "ID_NIK"
    patterns = (Pattern("[0-9]{6}[ .-][0-9]{6}[ .-][0-9]{4}", bare=0.6), Pattern("[0-9]{16}", bare=0.45))
    standard = "Law 24 of 2013 on population administration (Indonesia)"
    locales = ("ID",)
    tier = 2
    laws = ("UU PDP 27/2022 (Indonesia)", "GDPR Art. 87")
    chance = 0.024
    contexts = words(
        id="nik, ktp, no ktp, nomor induk kependudukan, e-ktp, kartu tanda penduduk", en="indonesian id"
    )
    against = words(
        id="pesanan, faktur, resi, rekening, kartu kredit",
        en="order, invoice, tracking, serial, card, account, transaction, timestamp",
        zh="订单, 流水, 单号, 编号, 卡号, 账号",
    )
    headers = words(id="nik, ktp, no ktp, no nik, nomor ktp, nomor induk kependudukan", en="indonesian id")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


_PROVINCES = np.array(
    [*range(11, 20), 21, *range(31, 37), 51, 52, 53, *range(61, 66), *range(71, 77), 81, 82, *range(91, 97)]
)
_WOMEN = 40


def _is_valid(digits: Matrix) -> Passed:
    day, month, year = number(digits[:, 6:8]), number(digits[:, 8:10]), number(digits[:, 10:12])
    day = np.where(day > _WOMEN, day - _WOMEN, day)
    passed: Passed = real_date(1900 + year, month, day) | real_date(2000 + year, month, day)
    passed &= np.isin(number(digits[:, :2]), _PROVINCES) & (number(digits[:, 2:4]) > 0)
    return passed & (number(digits[:, 4:6]) > 0) & (number(digits[:, 12:]) > 0)


EXAMPLES = [
    Example(IdNik(), "NIK 3171015708450001", ["3171015708450001"]),
    Example(IdNik(), "No. KTP: 317101.170845.0001", ["317101.170845.0001"]),
    Example(IdNik(), "NIK 9971011708450001, 3171013202001234", []),
    Example(IdNik(), "pesanan 3171015708450001", []),
]
