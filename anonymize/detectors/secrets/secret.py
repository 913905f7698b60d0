"""Passwords, keys and tokens."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.entropy import bits_per_character

_PREFIXED = "|".join(
    (
        "(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}",
        "gh[pousr]_[A-Za-z0-9]{36,255}",
        "github_pat_[A-Za-z0-9_]{22,255}",
        "glpat-[A-Za-z0-9_-]{20,64}",
        "xox[abeoprs]-[A-Za-z0-9-]{10,250}",
        "[sprw]k_(?:live|test)_[A-Za-z0-9]{16,255}",
        "AIza[A-Za-z0-9_-]{35}",
        "ya29\\.[A-Za-z0-9_-]{20,255}",
        "sk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,255}",
        "SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}",
        "npm_[A-Za-z0-9]{36}",
        "pypi-[A-Za-z0-9_-]{50,255}",
        "hf_[A-Za-z0-9]{30,64}",
        "dop_v1_[a-f0-9]{64}",
        "eyJ(?:[A-Za-z0-9_-]{1,64})+\\.eyJ(?:[A-Za-z0-9_-]{1,64})+\\.(?:[A-Za-z0-9_-]{1,64})+",
    )
)
_NAMED = (
    r"\b(?i:pass(?:word|wd|phrase)?|pwd|secret|token|api[_ -]?key|apikey|access[_ -]?key|auth[_ -]?key"
    "|private[_ -]?key|credential|client[_ -]?secret|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord)s?"
    "|密码|口令|密钥|パスワード|비밀번호"
)
LEAST_BITS = 1.3


class Secret(Detector):
    """Passwords, keys and tokens: by the prefix of who issued them, or behind a word that names one.

    What follows `token` or `key` must be as random as one; what follows `password:` need not.
    """

    use: Literal["secret"] = "secret"

    entity = "SECRET"
    family = "text"
    patterns = (
        Pattern(
            _PREFIXED,
            words=True,
            trigger="AKIA|ASIA|AIDA|AROA|gh|glpat|xox|k_|AIza|ya29|sk-|SG|npm_|pypi|hf_|dop_|eyJ",
            bare=0.95,
        ),
        Pattern(
            "-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----(?:[A-Za-z0-9+/=\\s]{1,64})+"
            "(?:-----END (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----)?",
            trigger="-----BEGIN",
            bare=0.98,
        ),
        Pattern(
            r"[^\s\"',;，；。]{4,128}",
            before=rf"(?:(?:{_NAMED})[\"']?(?: (?:is|ist|es|é|est))? ?[:=：是为] ?[\"']?)",
            trigger=_NAMED,
            bare=0.7,
        ),
        Pattern(r"[!-~]{6,128}", before="^", after="$", trigger=r"^[!-~]{6,128}$", bare=0.03, supported=0.85),
    )
    standard = "NIST SP 800-63B; RFC 7519"
    laws = ("GDPR Art. 32", "PCI DSS 3.3", "GB/T 35273-2020 app. A")
    chance = 0.9
    contexts = words(en="password, passwd, pwd, secret, token, api key", zh="密码, 口令, 密钥, 令牌")
    against = words(en="hash, checksum, sha, commit, etag, example")
    headers = words(
        en="password, passwd, pwd, pass, passphrase, secret, token, access token, refresh token, auth token, api"
        " key,"
        " apikey, secret key, access key, private key, client secret, session token, pin code, security answer",
        zh="密码, 登录密码, 支付密码, 口令, 密钥, 令牌",
        pinyin="mm, mima",
        ja="パスワード, 暗証番号",
        ko="비밀번호, 암호",
        de="passwort, kennwort",
        fr="mot de passe",
        es="contraseña, clave",
        pt="senha",
    )
    not_headers = words(en="token count, tokens, max tokens, n tokens, password updated, password changed")

    def check(self, candidates: pa.StringArray) -> Verdict:
        """What repeats a few characters is a placeholder: `xxxxxxxx`, `********`."""
        passed: Verdict = bits_per_character(candidates) > LEAST_BITS
        return passed


EXAMPLES = [
    Example(Secret(), "key AKIAIOSFODNN7EXAMPLE leaked", ["AKIAIOSFODNN7EXAMPLE"]),
    Example(Secret(), "password: hunter2! and 密码是abc@12345", ["hunter2!", "abc@12345"]),
    Example(Secret(), "export API_KEY='9f8a7b6c5d4e3f21'", ["9f8a7b6c5d4e3f21"]),
    Example(Secret(), "password: ******** or xxxxxxxx, passwords are stored as hashes", []),
    Example(Secret(), "3f786850e387550fdab836ed7e6dc881de23001b", []),
]
