"""Employers and other organizations."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.core.roles import Role

_WORD = r"[A-Z\x{c0}-\x{de}0-9][A-Za-z0-9\x{c0}-\x{17f}&'’.-]{0,24}"
_FORM = (
    r"(?:Inc\.?|Corp\.?|Corporation|LLC|L\.L\.C\.|Ltd\.?|Limited|PLC|plc|LLP|GmbH(?: & Co\. KG)?|AG|SE|KG|e\.V\."
    r"|S\.A\.|SAS|SARL|S\.L\.|S\.p\.A\.|SpA|S\.r\.l\.|Srl|Lda\.?|Ltda\.?|N\.V\.|B\.V\.|BV|NV|AB|Oy|A/S|ApS)"
)


class Organization(Detector):
    """Organizations: by their legal form in running text, behind a label, or in a column that is called employer.

    Names without a legal form are not found in text.
    """

    use: Literal["organization"] = "organization"

    entity = "ORGANIZATION"
    family = "text"
    patterns = (
        Pattern(
            rf"{_WORD}(?: (?:& )?{_WORD}){{0,3}},? {_FORM}",
            before=r"[a-z,;:(]\s",
            after=r"$|[^A-Za-z0-9]",
            trigger=rf"[a-z,;:(]\s.* {_FORM}",
            bare=0.6,
        ),
        Pattern(
            r"\p{Han}{2,16}(?:有限公司|有限责任公司|股份有限公司|集团|大学|医院|银行)",
            before="[:：在于，, ]",
            trigger="公司|集团|大学|医院|银行",
            bare=0.6,
        ),
    )
    standard = "ISO 20275:2017, Entity Legal Forms"
    role = Role.QUASI_IDENTIFIER
    laws = ("GDPR Art. 4(1)",)
    chance = 0.05
    closed = False
    contexts = words(en="company, employer, works at, employed", zh="单位, 公司, 就职")
    headers = words(
        en="employer, organization, organisation, company, company name, employer name, org name, organization"
        " name,"
        " workplace, firm, place of work",
        zh="单位, 工作单位, 公司名称, 单位名称, 公司, 雇主, 企业名称",
        pinyin="gzdw, dwmc, gsmc",
        ja="会社名, 勤務先",
        ko="회사명, 직장",
        de="arbeitgeber, firma, firmenname, unternehmen",
        fr="employeur, entreprise, société, raison sociale",
        es="empresa, empleador, razón social",
        it="azienda, datore di lavoro, ragione sociale",
        pt="empresa, empregador, razão social",
    )
    not_headers = words(en="airline company, organization id, org id, company id")


EXAMPLES = [
    Example(
        Organization(),
        "she works at Acme Widgets GmbH, and for Foo & Bar Ltd.",
        ["Acme Widgets GmbH", "Foo & Bar Ltd."],
    ),
    Example(Organization(), "就职于，北京某某科技有限公司", ["北京某某科技有限公司"]),
    Example(Organization(), "Inc. and the company, GmbH", []),
]
