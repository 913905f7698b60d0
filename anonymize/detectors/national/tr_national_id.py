"""Turkish identity numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length


class TrNationalId(Detector):
    """Turkish identity numbers: eleven digits, two of them check digits."""

    use: Literal["tr_national_id"] = "tr_national_id"

    entity = "TR_NATIONAL_ID"
    patterns = (
        Pattern("(?:1[0-2]|[2-9][0-9])[0-9]{8}[02468]", bare=0.7),
        Pattern("1[3-9][0-9]{8}[02468]", bare=0.4),  # in China, a mobile telephone
    )
    standard = "Civil Registration Services Law 5490 (Turkey)"
    locales = ("TR",)
    tier = 2
    laws = ("KVKK Law 6698", "GDPR Art. 87")
    chance = 0.012
    known_tests = frozenset(["10000000146", "12345678950"])
    contexts = words(
        tr="tc kimlik, tc kimlik no, kimlik no, kimlik numarası, tckn, vatandaşlık, T.C.",
        en="turkish id, national id",
    )
    against = words(
        tr="sipariş, fatura, telefon, takip", en="order, invoice, tracking, serial, phone", zh="手机, 电话, 订单"
    )
    headers = words(
        tr="tckn, tc kimlik, tc kimlik no, kimlik no, tc no, kimlik numarası", en="turkish id, national id"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _is_valid)


def _is_valid(digits: Matrix) -> Passed:
    tenth = (digits[:, 0:9:2].sum(axis=1) * 7 - digits[:, 1:8:2].sum(axis=1)) % 10
    passed: Passed = (tenth == digits[:, 9]) & (digits[:, :10].sum(axis=1) % 10 == digits[:, 10])
    return passed


EXAMPLES = [
    Example(TrNationalId(), "TC Kimlik No: 45820193686", ["45820193686"]),
    Example(TrNationalId(), "tckn=12345678950", ["12345678950"]),
    Example(TrNationalId(), "TC Kimlik No 45820193684, sipariş 45820193686", []),
]
