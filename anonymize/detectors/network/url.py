"""Web addresses."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.core.roles import Role


class Url(Detector):
    """Addresses with a scheme, and those that begin with `www.`; bare domains are not (`os.sy` is a file)."""

    use: Literal["url"] = "url"

    entity = "URL"
    family = "link"
    patterns = (
        Pattern(r"(?i:https?|ftps?|sftp|wss?|git|ssh|s3|rtsp)://(?:[!-~])+[A-Za-z0-9/=&#_~+-]", bare=0.9),
        Pattern(
            r"(?i:www)\.[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,24}(?:[/?#](?:[!-~])+[A-Za-z0-9/=&#_~+-])?",
            bare=0.7,
        ),
    )
    standard = "RFC 3986"
    role = Role.OTHER
    laws = ("HIPAA 164.514(b)(2)(i)(N)",)
    chance = 0.001
    contexts = words(en="url, link, website, homepage, site", zh="网址, 链接, 主页, 网站")
    headers = words(en="url, link, website, homepage, web site, href, profile url", zh="网址, 链接, 主页, 网站")


EXAMPLES = [
    Example(
        Url(),
        "see https://example.com/u/anna?id=7, or www.example.org.",
        ["https://example.com/u/anna?id=7", "www.example.org"],
    ),
    Example(Url(), "主页http://example.cn/zh，欢迎", ["http://example.cn/zh"]),
    Example(Url(), "import os.sy; rpc.py; a://b", []),
]
