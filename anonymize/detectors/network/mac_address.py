"""Hardware addresses."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class MacAddress(Detector):
    """Hardware addresses of network interfaces: six groups of two, or Cisco's three of four hexadecimal digits."""

    use: Literal["mac_address"] = "mac_address"

    entity = "MAC_ADDRESS"
    family = "hex"
    patterns = (
        Pattern("[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}", bare=0.9),
        Pattern(r"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}", bare=0.4),
    )
    standard = "IEEE 802-2014"
    laws = ("HIPAA 164.514(b)(2)(i)(M)",)
    chance = 0.01
    joints = ":-."
    contexts = words(
        en="mac, mac address, hardware address, bssid, ethernet, wifi, physical address", zh="MAC, 物理地址, 网卡"
    )
    headers = words(en="mac, mac address, mac addr, hardware address, bssid, device mac", zh="MAC地址, 物理地址")


EXAMPLES = [
    Example(
        MacAddress(), "eth0 00:1A:2b:3c:4D:5e up, 00-1a-2b-3c-4d-5f", ["00:1A:2b:3c:4D:5e", "00-1a-2b-3c-4d-5f"]
    ),
    Example(MacAddress(), "MAC 001a.2b3c.4d5e", ["001a.2b3c.4d5e"]),
    Example(MacAddress(), "00:1a:2b:3c:4d:5e:6f, 00:1a-2b:3c:4d:5e and 12:30:45", []),
]
