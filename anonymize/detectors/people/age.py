"""Ages."""

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.arrays import to_numpy

_YEARS = "[0-9]{1,3}"


class Age(Detector):
    """Ages in years, up to 120: beside words such as `years old`, or in a column called age."""

    use: Literal["age"] = "age"

    entity = "AGE"
    family = "text"
    patterns = (
        Pattern(
            _YEARS,
            before="^|[^0-9.,-]",
            after="(?i:[- ]?(?:years?|yrs?)[- ]old|[- ]?(?:y/o|yo)\\b| ?jahre alt| ans\\b| años| anni\\b|"
            " anos\\b)|[周]?岁|歳|세",
            trigger="(?i:[0-9][- ]?(?:y|jahre alt|an|años))|[0-9] ?(?:岁|周岁|歳|세)",
            bare=0.75,
        ),
        Pattern(
            _YEARS,
            before=r"(?i:\b(?:aged?|alter|edad|età|idade)|âge)(?: is)?[ :=：]{1,3}"
            "|(?:年龄|年齢|나이)(?:为|:|：|=)? ?",
            after="$|[^0-9.,%]|[.,](?:$|[^0-9])",
            trigger=r"(?i:\b(?:age|alter|edad|età|idade)|âge|年龄|年齢|나이).{0,6}[0-9]",
            bare=0.8,
        ),
        Pattern(_YEARS, before="^", after="$", trigger="^[0-9]{1,3}$", bare=0.05, supported=0.8),
    )
    standard = "45 CFR 164.514(b)(2)(i)(C): ages over 89"
    role = Role.QUASI_IDENTIFIER
    laws = ("HIPAA 164.514(b)(2)(i)(C)",)
    chance = 0.9
    contexts = words(
        en="age, aged", zh="年龄", ja="年齢", ko="나이", de="Alter", fr="âge", es="edad", pt="idade", it="età"
    )
    headers = words(
        en="age, ages, patient age, age years, age in years, current age",
        zh="年龄, 年纪",
        pinyin="nl, nianling",
        ja="年齢",
        ko="나이, 연령",
        de="alter, lebensalter",
        fr="âge, age",
        es="edad",
        it="età",
        pt="idade",
    )
    not_headers = words(en="account age, vehicle age, page, cache age, max age, building age")

    def check(self, candidates: pa.StringArray) -> Verdict:
        passed: Verdict = to_numpy(pc.less_equal(pc.cast(candidates, pa.int64()), 120))
        return passed


EXAMPLES = [
    Example(Age(), "a 34-year-old man, aged 71, 58 ans", ["34", "71", "58"]),
    Example(Age(), "男，45岁，年龄：46", ["45", "46"]),
    Example(Age(), "Age: 40, âge : 41, età 42, edad=43", ["40", "41", "42", "43"]),
    Example(Age(), "token edad33c0 and d5edad40", []),
    Example(Age(), "page 34, 340 years old, age 3.5%, 34", []),
]
