"""Nationality, religion, politics and ethnicity."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.core.roles import Role

_RELIGIONS = (
    "Christian|Catholic|Protestant|Orthodox|Lutheran|Anglican|Baptist|Methodist|Mormon|Muslim|Islam|Sunni|Shia|Shiite"
    "|Jewish|Judaism|Hindu|Hinduism|Buddhist|Buddhism|Sikh|Sikhism|Jain|Taoist|Atheist|Agnostic|katholisch|evangelisch"
    "|catholique|musulman|católico|cattolico|muçulmano"
)
_GROUPS = (
    "Republican|Democrat|Socialist|Communist|Libertarian|Caucasian|Hispanic|Latino|Latina|African American"
    "|Asian American"
)
_HAN = (
    "汉族|满族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|蒙古族|土家族|侗族|瑶族|白族|哈尼族|哈萨克族|傣族|黎族"
    "|基督教|佛教|道教|伊斯兰教|天主教|中共党员|共青团员|民主党派"
)
_BELONGS = "is|was|am|as|being|practi[cs]ing|devout|a|an|registered|identifies as"
_LABEL = "nationality|citizenship|religion|ethnicity|race|staatsangehörigkeit|nationalité|nacionalidad"


class Nrp(Detector):
    """Nationality, religion, political and ethnic groups: in columns that are called so, and behind a label.

    Words that name a group are found in running text only where a person is said to belong to it.
    """

    use: Literal["nrp"] = "nrp"

    entity = "NRP"
    family = "text"
    patterns = (
        Pattern(
            f"(?i:{_RELIGIONS}|{_GROUPS})",
            before=rf"\b(?:(?i:{_BELONGS}) |(?i:religion|ethnicity|race|party)[:=] ?)",
            after="$|[^A-Za-z]",
            trigger=f"(?i:{_RELIGIONS}|{_GROUPS})",
            bare=0.6,
        ),
        Pattern(
            r"[A-Z][a-z]{3,14}(?: [A-Z][a-z]{3,14})?",
            before=rf"(?i:\b(?:{_LABEL}))[:=] ?",
            trigger=f"(?i:{_LABEL})[:=]",
            bare=0.75,
        ),
        Pattern(f"(?:{_HAN})", trigger=_HAN, bare=0.7),
    )
    standard = "GDPR Art. 9(1); PIPL Art. 28"
    role = Role.SENSITIVE
    laws = ("GDPR Art. 9", "PIPL Art. 28")
    chance = 0.05
    closed = False
    contexts = words(
        en="nationality, citizenship, religion, ethnicity, race, political party, faith",
        zh="民族, 宗教, 政治面貌, 国籍",
    )
    headers = words(
        en="nationality, citizenship, religion, ethnicity, ethnic group, race, political party, party affiliation,"
        " political affiliation, political views, faith, denomination, trade union, union membership",
        zh="民族, 宗教, 宗教信仰, 国籍, 政治面貌, 党派",
        pinyin="mz, gj, zzmm",
        ja="国籍, 宗教",
        ko="국적, 종교",
        de="staatsangehörigkeit, nationalität, religion, konfession",
        fr="nationalité, religion",
        es="nacionalidad, religión, etnia",
        it="nazionalità, cittadinanza, religione",
        pt="nacionalidade, religião, raça",
    )
    not_headers = words(en="race time, race result, horse race")


EXAMPLES = [
    Example(Nrp(), "She is Catholic. Nationality: French", ["Catholic", "French"]),
    Example(Nrp(), "张伟，男，回族，中共党员", ["回族", "中共党员"]),
    Example(Nrp(), "a French restaurant, the orthodox method, race condition", []),
]
