"""E-mail addresses."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.lists import among

_LETTER = r"\x{c0}-\x{d6}\x{d8}-\x{f6}\x{f8}-\x{24f}\x{300}-\x{4ff}\x{1e00}-\x{1eff}"
_ATOM = f"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~{_LETTER}-]"
_ALNUM = f"[A-Za-z0-9{_LETTER}]"
_LABEL = f"{_ALNUM}(?:[A-Za-z0-9{_LETTER}-]{{0,61}}{_ALNUM})?"


class EmailAddress(Detector):
    """E-mail addresses: RFC 5322's unquoted form at a domain whose last label is a top-level domain.

    Addresses at other domains (`root@mail.internal`) count only with context. Letters beyond ASCII (RFC 6531) may
    be Latin, Greek or Cyrillic: Chinese ones are taken for the text before the address.
    """

    use: Literal["email_address"] = "email_address"

    entity = "EMAIL_ADDRESS"
    family = "at"
    patterns = (
        Pattern(rf"{_ATOM}{{1,64}}(?:\.{_ATOM}{{1,64}}){{0,8}}@(?:{_LABEL}\.){{1,8}}[A-Za-z][A-Za-z0-9-]{{1,62}}"),
    )
    standard = "RFC 5321, RFC 5322, RFC 6531; IANA root zone"
    laws = ("HIPAA 164.514(b)(2)(i)(F)", "GDPR Art. 4(1)")
    chance = 0.01
    supported = 0.95
    contexts = words(
        en="email, e-mail, mail",
        zh="邮箱, 电子邮件, 邮件",
        ja="メール",
        ko="이메일, 메일",
        de="E-Mail",
        fr="courriel, mél",
        es="correo",
    )
    headers = words(
        en="email, e mail, mail, email address, mail address",
        zh="邮箱, 电子邮件, 电子邮箱, 邮箱地址, 邮件地址",
        pinyin="yx, dzyx, youxiang",
        ja="メール, メールアドレス",
        ko="이메일, 메일주소",
        fr="courriel, mél, adresse mail",
        es="correo, correo electronico",
        pt="e-mail",
        de="mailadresse",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        domain = pc.ascii_lower(pc.replace_substring_regex(candidates, r"^.*\.", ""))
        return np.where(among(domain, "top_level_domains"), 0.98, 0.3)


EXAMPLES = [
    Example(EmailAddress(), "Write to anna.li+news@mail.example.com.", ["anna.li+news@mail.example.com"]),
    Example(EmailAddress(), "邮箱zhang3@qq.com，谢谢", ["zhang3@qq.com"]),
    Example(EmailAddress(), "mail zoë.müller@mail.müller.example.net", ["zoë.müller@mail.müller.example.net"]),
    Example(EmailAddress(), "почта иван@example.ru", ["иван@example.ru"]),
    Example(EmailAddress(), "联系ｌｉ＠example.cn", ["ｌｉ＠example.cn"]),
    Example(EmailAddress(), "email: root@mail.internal", ["root@mail.internal"]),
    Example(EmailAddress(), "user@host and a@b.c1 and @anna and pip@1.2.3", []),
]
