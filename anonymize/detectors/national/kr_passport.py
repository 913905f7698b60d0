"""Korean passports."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class KrPassport(Detector):
    """Korean passports: a letter and eight digits, since 2021 with a letter among them. They count only with
    context."""

    use: Literal["kr_passport"] = "kr_passport"

    entity = "KR_PASSPORT"
    patterns = (
        Pattern("[MSRODGmsrodg][0-9]{3}[A-Za-z][0-9]{4}", bare=0.2),
        Pattern("[MSRODGmsrodg][0-9]{8}|[A-Z]{2}[0-9]{7}", bare=0.1),
    )
    standard = "Passport Act (Korea); ICAO Doc 9303"
    locales = ("KR",)
    tier = 2
    laws = ("PIPA (Korea) Art. 24", "GDPR Art. 87")
    chance = 0.5
    contexts = words(ko="여권, 여권번호", en="passport, passport no, passport number")
    against = words(ko="주문, 송장, 접수번호, 상품", en="order, invoice, tracking, serial")
    headers = words(ko="여권, 여권번호", en="passport, passport no, passport number, korean passport")


EXAMPLES = [
    Example(KrPassport(), "여권번호: M12345678", ["M12345678"]),
    Example(KrPassport(), "passport no M123A4567", ["M123A4567"]),
    Example(KrPassport(), "주문 M12345678, M123A4567", []),
]
