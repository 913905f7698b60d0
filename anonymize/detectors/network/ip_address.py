"""Internet addresses."""

import ipaddress
from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.distinct import ask_distinct

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"


class IpAddress(Detector):
    """Addresses of IPv4 (dotted, no leading zeros) and IPv6 (RFC 4291, also with an embedded IPv4 address)."""

    use: Literal["ip_address"] = "ip_address"

    entity = "IP_ADDRESS"
    family = "hex"
    patterns = (
        Pattern(rf"{_BYTE}(?:\.{_BYTE}){{3}}", bare=0.75),
        Pattern(
            rf"(?:[0-9A-Fa-f]{{0,4}}:){{2,7}}(?:{_BYTE}(?:\.{_BYTE}){{3}}|[0-9A-Fa-f]{{0,4}})",
            bare=0.9,
            words=False,
        ),
    )
    standard = "RFC 791, RFC 4291"
    laws = ("HIPAA 164.514(b)(2)(i)(O)", "GDPR rec. 30")
    chance = 0.4
    joints = "."
    contexts = words(
        en="ip, ip address, ipv4, ipv6, addr, address, host, server, client, source, login from, from",
        zh="IP, 地址",
    )
    against = words(en="version, ver, release, firmware, build, section, oid, chapter, v", zh="版本, 章节")
    headers = words(
        en="ip, ip address, ip addr, ipv4, ipv6, client ip, remote addr, source ip, src ip, dst ip, login"
        " ip, host ip",
        zh="IP地址, 登录IP",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return ask_distinct(candidates, _is_address, np.bool_)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return len(text) > 2


EXAMPLES = [
    Example(
        IpAddress(),
        "login from 203.0.113.7, then 2001:db8::ff00:42:8329.",
        ["203.0.113.7", "2001:db8::ff00:42:8329"],
    ),
    Example(IpAddress(), "访问IP为198.51.100.23的用户", ["198.51.100.23"]),
    Example(IpAddress(), "std::vector, ip:fe80::1, [2001:db8::1]:80", ["fe80::1", "2001:db8::1"]),
    Example(IpAddress(), "like-203.0.113.7, a::before, std::cafe", ["203.0.113.7"]),
    Example(IpAddress(), "version 1.2.3.4, 1.2.3.4.5, 256.1.1.1, 12:30:45, ::", []),
]
