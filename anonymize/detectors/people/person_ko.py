"""Korean names."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.lists import any_of, entries

_SURNAME = any_of(entries("surnames_ko"))
_SYLLABLE = any_of(entries("given_syllables_ko"))
_NAME = rf"{_SURNAME} ?{_SYLLABLE}{{2}}"
_LABEL = "(?:성명|이름|성함|환자명|담당자|고객명|예금주|수취인|보호자|신청인|대표자|계약자)"
_TITLE = "(?: ?(?:님|씨|선생님|과장|부장|대리|사장|교수|의사|환자|고객))"


class PersonKo(Detector):
    """Korean names: a surname and one or two syllables of given names, behind a label, before a title, or as a
    whole cell.

    In running text without these a name is not told from other words.
    """

    use: Literal["person_ko"] = "person_ko"

    entity = "PERSON"
    family = "text"
    patterns = (
        Pattern(
            r"[가-힣]{2,4}",
            before=rf"{_LABEL}(?: ?[:：=] ?| ?[은는] )",
            after="$|[^가-힣]",
            bare=0.85,
            trigger=_LABEL,
        ),
        Pattern(_NAME, before="^", after="$", bare=0.3, supported=0.9),
        Pattern(
            _NAME,
            before="(?:^|[^가-힣])",
            after=_TITLE,
            bare=0.75,
            trigger="님|씨|선생|과장|부장|대리|사장|교수|의사|환자|고객",
        ),
    )
    standard = "Statistics Korea, census of surnames (2015)"
    locales = ("KR",)
    laws = ("PIPA (Korea) Art. 2", "HIPAA 164.514(b)(2)(i)(A)")
    chance = 0.1
    closed = False
    contexts = words(ko="성명, 이름, 성함, 환자, 담당자, 고객, 예금주, 수취인, 보호자")
    against = words(ko="회사, 상품, 지역, 도시, 부서, 병원, 상태")
    headers = words(
        ko="성명, 이름, 성함, 한글성명, 한글이름, 고객명, 환자명, 담당자, 담당자명, 예금주, 수취인,"
        " 보호자명, 신청인, 대표자명, 계약자명",
        en="korean name, name ko, seongmyeong",
    )
    not_headers = words(ko="회사명, 상품명, 파일명, 부서명, 제품명, 지역명, 병원명, 학교명, 도로명, 은행명")


EXAMPLES = [
    Example(PersonKo(), "성명: 김민수, 담당자: 이영희", ["김민수", "이영희"]),
    Example(PersonKo(), "박지훈님이 최은주 과장에게", ["박지훈", "최은주"]),
    Example(PersonKo(), "이용 고객님께 안내, 정보 서비스 상태", []),
]
