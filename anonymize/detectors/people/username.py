"""User names."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{1,38}[A-Za-z0-9_])"
_LABEL = (
    "user ?name|user[-_]name|login(?: name)?|nickname|screen ?name|user id|benutzername|usuario|identifiant"
    "|nom d'utilisateur|usuário|nome utente"
)
_HAN_LABEL = "用户名|账户名|登录名|昵称"


class Username(Detector):
    """User names and handles: behind a word that names one, or in a column that is called one."""

    use: Literal["username"] = "username"

    entity = "USERNAME"
    family = "text"
    patterns = (
        Pattern(
            _NAME,
            before=rf"(?i:\b(?:{_LABEL}))[\"']?(?: is)? ?[:=：] ?[\"'@]?|(?:{_HAN_LABEL})[:：是为 ]{{1,2}}",
            trigger=f"(?i:{_LABEL})|{_HAN_LABEL}",
            bare=0.75,
        ),
        Pattern(
            "[A-Za-z0-9_]{2,30}",
            before="(?:^|[ (，,])@",
            after="$|[^A-Za-z0-9_.@/-]|\\.(?:$|\\s)",
            trigger="@",
            bare=0.5,
        ),
        Pattern(rf"@?{_NAME}", before="^", after="$", trigger="^[!-~]{3,40}$", bare=0.03, supported=0.8),
    )
    standard = "POSIX.1-2017 3.437 User Name"
    laws = ("HIPAA 164.514(b)(2)(i)(R)", "GDPR Art. 4(1)")
    chance = 0.95
    contexts = words(en="username, user name, login, handle, nickname", zh="用户名, 昵称, 账户名")
    against = words(en="host, domain, version, file, path, package, decorator")
    headers = words(
        en="username, user name, login, login name, handle, nickname, nick name, screen name, screenname, user"
        " handle,"
        " twitter handle, account name, userid, user login",
        zh="用户名, 昵称, 登录名, 账户名",
        pinyin="yhm, nc, dlm",
        ja="ユーザー名, ユーザ名, ニックネーム",
        ko="사용자명, 닉네임",
        de="benutzername, nutzername",
        fr="nom d utilisateur, identifiant, pseudo",
        es="usuario, nombre de usuario",
        pt="usuário, nome de usuário",
        it="nome utente",
    )


EXAMPLES = [
    Example(Username(), "username: anna_k92, Benutzername: hmueller", ["anna_k92", "hmueller"]),
    Example(Username(), "用户名：zhang.wei88 ask @octo_cat", ["zhang.wei88", "octo_cat"]),
    Example(Username(), "the user named it, mail a@b.example, import @types/node", []),
]
