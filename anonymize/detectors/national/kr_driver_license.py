"""Korean driving licences."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_REGION = "(?:서울|부산|경기|강원|충북|충남|전북|전남|경북|경남|제주|대구|인천|광주|대전|울산)"


class KrDriverLicense(Detector):
    """Korean driving licences: region (11 to 28, or its name), year, six digits and two more."""

    use: Literal["kr_driver_license"] = "kr_driver_license"

    entity = "KR_DRIVER_LICENSE"
    patterns = (
        Pattern("(?:1[1-9]|2[0-8])-[0-9]{2}-[0-9]{6}-[0-9]{2}", bare=0.65),
        Pattern(
            rf"{_REGION} ?(?:[0-9]{{2}}-)?[0-9]{{2}}-[0-9]{{6}}-[0-9]{{2}}",
            bare=0.8,
            family="text",
            trigger="[0-9]{2}-[0-9]{6}-[0-9]{2}",
            words=False,
        ),
        Pattern("(?:1[1-9]|2[0-8])[0-9]{10}", bare=0.02, supported=0.9),
    )
    standard = "Enforcement Rule of the Road Traffic Act (Korea)"
    locales = ("KR",)
    tier = 2
    laws = ("PIPA (Korea) Art. 24", "GDPR Art. 87")
    chance = 0.18
    contexts = words(ko="운전면허, 면허번호, 면허증", en="driver license, driving licence, license number")
    against = words(
        ko="주문, 송장, 접수번호, 상품, 계좌, 전화", en="order, invoice, tracking, serial, account, phone"
    )
    headers = words(
        ko="운전면허번호, 운전면허, 면허번호, 운전면허증번호",
        en="driver license, driver license no, driving licence no",
    )


EXAMPLES = [
    Example(KrDriverLicense(), "운전면허번호 11-12-345678-90", ["11-12-345678-90"]),
    Example(
        KrDriverLicense(), "면허증 서울 12-345678-90, 면허번호 111234567890", ["서울 12-345678-90", "111234567890"]
    ),
    Example(KrDriverLicense(), "계좌 11-12-345678-90, 31-12-345678-90, 111234567890", []),
]
