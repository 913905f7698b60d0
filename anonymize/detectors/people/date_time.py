"""Dates about a person."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.core.roles import Role

_YEAR, _MONTH, _DAY = "(?:19[0-9]{2}|20[0-4][0-9])", "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_NAME = "(?i:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"


class DateTime(Detector):
    """Dates that words nearby tie to a person: admission, discharge, death, visit, appointment, hiring.

    Timestamps of systems (`created_at`) are not reported. To have every date treated, name this entity in a rule.
    """

    use: Literal["date_time"] = "date_time"

    entity = "DATE_TIME"
    patterns = (
        Pattern(rf"{_YEAR}(?:-{_MONTH}-{_DAY}|/{_MONTH}/{_DAY}|\.{_MONTH}\.{_DAY})", bare=0.05),
        Pattern(rf"{_DAY}(?:-{_DAY}-|/{_DAY}/|\.{_DAY}\.)(?:{_YEAR}|[0-9]{{2}})", bare=0.05),
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
    standard = "ISO 8601-1:2019; 45 CFR 164.514(b)(2)(i)(C)"
    role = Role.QUASI_IDENTIFIER
    laws = ("HIPAA 164.514(b)(2)(i)(C)",)
    chance = 0.95
    supported = 0.75
    contexts = words(
        en="admitted, admission, discharged, discharge, died, deceased, death, visit, visited, seen on,"
        " appointment,"
        " surgery, operated, diagnosed, hired, married, divorced, enrolled, treated",
        zh="入院, 出院, 就诊, 手术, 死亡, 去世, 入职, 离职, 结婚, 预约, 确诊",
        ja="入院, 退院, 受診, 死亡, 入社",
        ko="입원, 퇴원, 진료, 사망, 입사",
        de="aufgenommen, entlassen, verstorben, gestorben, Aufnahme, Entlassung, Termin",
        fr="admis, hospitalisé, décédé, sortie, rendez-vous",
        es="ingreso, alta, fallecido, falleció, cita",
        pt="admissão, alta, falecido, consulta",
        it="ricovero, dimissione, deceduto, visita",
    )
    against = words(
        en="born, birth, dob, version, build, release, invoice, order, due", zh="出生, 生日, 订单, 版本"
    )
    headers = words(
        en="admission date, admit date, admitted, discharge date, date of death, death date, visit date,"
        " appointment date,"
        " appointment, surgery date, hire date, service date, date of service, diagnosis date, encounter date",
        zh="入院日期, 出院日期, 就诊日期, 就诊时间, 手术日期, 死亡日期, 入职日期, 入院时间, 出院时间",
        ja="入院日, 退院日, 受診日, 入社日",
        ko="입원일, 퇴원일, 진료일, 입사일",
        de="aufnahmedatum, entlassungsdatum, sterbedatum, eintrittsdatum",
        fr="date d admission, date de sortie, date de décès",
        es="fecha de ingreso, fecha de alta, fecha de defunción",
        pt="data de admissão, data de óbito",
    )


EXAMPLES = [
    Example(DateTime(), "admitted 2024-01-02, discharged on Jan 9, 2024", ["2024-01-02", "Jan 9, 2024"]),
    Example(DateTime(), "2024年1月2日入院", ["2024年1月2日"]),
    Example(DateTime(), "created 2024-01-02 12:30, invoice 02/01/2024, born 1990-03-07", []),
]
