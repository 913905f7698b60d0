"""Dates of birth."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.core.roles import Role

_YEAR = "(?:19[0-9]{2}|20[0-4][0-9])"
_MONTH = "(?:0?[1-9]|1[0-2])"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_NAME = "(?i:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"


class DateOfBirth(Detector):
    """Dates that a word nearby, or the name of the column, calls a date of birth."""

    use: Literal["date_of_birth"] = "date_of_birth"

    entity = "DATE_OF_BIRTH"
    patterns = (
        Pattern(rf"{_YEAR}(?:-{_MONTH}-{_DAY}|/{_MONTH}/{_DAY}|\.{_MONTH}\.{_DAY})", bare=0.05),
        Pattern(rf"{_DAY}(?:-{_DAY}-|/{_DAY}/|\.{_DAY}\.)(?:{_YEAR}|[0-9]{{2}})", bare=0.05),
        Pattern(rf"{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])", bare=0.03, supported=0.85),
        Pattern(
            rf"{_YEAR} ?年 ?{_MONTH} ?月(?: ?{_DAY} ?日)?",
            bare=0.05,
            family="text",
            trigger="年.{1,4}月",
            words=False,
        ),
        Pattern(
            rf"{_DAY}(?:st|nd|rd|th)?[ -]{_NAME}\.?,?[ -]{_YEAR}|{_NAME}\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
            bare=0.05,
            family="text",
            trigger="[A-Za-z]{3}.*[12][0-9]{3}|[12][0-9]{3}.*[A-Za-z]{3}",
            words=True,
        ),
    )
    standard = "ISO 8601-1:2019; GB/T 7408"
    role = Role.QUASI_IDENTIFIER
    laws = ("HIPAA 164.514(b)(2)(i)(C)", "GB/T 35273-2020 app. A")
    chance = 0.3
    supported = 0.9
    contexts = words(
        en="born, birth, dob, d.o.b, birthday, date of birth, birthdate, b",
        zh="出生, 生日, 生于, 诞辰",
        ja="生年月日, 誕生日",
        ko="생년월일",
        de="geboren, Geburtsdatum, geb",
        fr="né, née, date de naissance, naissance",
        es="nacimiento, nacido",
        pt="nascimento",
        it="nascita, nato",
    )
    against = words(
        en="issued, expires, expiry, due, created, updated, invoice, order, visit, admitted, version,"
        " since, hired",
        zh="签发, 有效期, 入院, 出院, 就诊, 下单, 创建, 更新, 入职, 截止",
    )
    headers = words(
        en="dob, birth, birth date, birthdate, birthday, date of birth, birth day, date birth, born,"
        " birth dt, dt of birth, d o b",
        zh="出生日期, 生日, 出生年月, 出生年月日, 出生时间",
        pinyin="csrq, sr, csny, chushengriqi, shengri",
        ja="生年月日, 誕生日",
        ko="생년월일, 생일",
        de="geburtsdatum, geburtstag",
        fr="date de naissance, naissance",
        es="fecha de nacimiento, nacimiento, fecha nac, fecha nacim",
        pt="data de nascimento, nascimento",
        it="data di nascita, di nascita, nascita",
        nl="geboortedatum",
        pl="data urodzenia, urodzenia",
        sv="födelsedatum",
        da="fødselsdato",
        cs="datum narození",
    )
    not_headers = words(en="birth place, birth weight, place of birth, birth rate", zh="出生地")


EXAMPLES = [
    Example(DateOfBirth(), "born 1990-03-07, admitted 2024-01-02", ["1990-03-07"]),
    Example(DateOfBirth(), "DOB: March 7, 1990", ["March 7, 1990"]),
    Example(DateOfBirth(), "出生于1990年3月7日，2024年1月2日入院", ["1990年3月7日"]),
    Example(DateOfBirth(), "shipped 2024-01-02, due 02/01/2024", []),
]
