"""Postal addresses in Korean."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.lists import any_of, entries

_REGION = any_of(entries("regions_ko"))
_TOWN = "(?: ?[가-힣]{1,8}(?:시|군|구)){0,2}"
_PLACE = "(?: ?[가-힣0-9]{1,10}(?:읍|면))?(?: ?[가-힣0-9]{1,10}(?:로|길|동|리|가)){1,3}"
_DOOR = r"[0-9]{1,4}(?:-[0-9]{1,4})?(?:번지|번길 ?[0-9]{1,4})?"
_FLAT = "(?:,? ?(?:[가-힣A-Za-z]{2,12} ?)?(?:[0-9]{1,4}동 ?)?[0-9]{1,4}(?:호|층))?"


class AddressKo(Detector):
    """Korean postal addresses: region, city or district, road or village, and a number; a region alone is none."""

    use: Literal["address_ko"] = "address_ko"

    entity = "ADDRESS"
    family = "text"
    patterns = (
        Pattern(rf"{_REGION}{_TOWN}{_PLACE} ?{_DOOR}{_FLAT}", bare=0.85, trigger="[로길동리가] ?[0-9]"),
        Pattern(
            rf"[가-힣]{{1,6}}[시군구]{_PLACE} ?{_DOOR}{_FLAT}", bare=0.65, trigger="[시군구].*[로길동리가] ?[0-9]"
        ),
    )
    standard = "Road Name Address Act (Korea)"
    locales = ("KR",)
    laws = ("PIPA (Korea) Art. 2", "HIPAA 164.514(b)(2)(i)(B)")
    chance = 0.02
    closed = False
    is_long = True
    most_digits = 0.5
    contexts = words(ko="주소, 거주지, 배송지, 소재지, 본적")
    headers = words(
        ko="주소, 자택주소, 거주지, 거주지주소, 배송지, 배송지주소, 소재지, 도로명주소, 지번주소, 본적, 상세주소",
        en="juso, address ko",
    )
    not_headers = words(ko="이메일주소, 이메일 주소, IP주소, 웹주소, 메일주소")


EXAMPLES = [
    Example(
        AddressKo(),
        "주소: 서울특별시 강남구 테헤란로 152, 101동 1203호로",
        ["서울특별시 강남구 테헤란로 152, 101동 1203호"],
    ),
    Example(AddressKo(), "경기 성남시 분당구 정자일로 95", ["경기 성남시 분당구 정자일로 95"]),
    Example(AddressKo(), "서울 날씨, 부산으로 가는 길", []),
]
