"""Check values of cryptocurrency addresses: Base58Check and Bech32."""

import hashlib

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CONSTANTS = (1, 0x2BC830A3)
"""Of BIP-173, and of BIP-350 (Bech32m)."""

ADDRESS_BYTES = 25


def base58_check(text: str) -> bool:
    """Whether 25 bytes end with the first four of the double SHA-256 of the others."""
    value = 0
    for character in text:
        value = value * 58 + _BASE58.index(character)
    if value >= 1 << (8 * ADDRESS_BYTES):
        return False
    data = value.to_bytes(ADDRESS_BYTES, "big")
    zeros = len(text) - len(text.lstrip("1"))
    if len(data) - len(data.lstrip(b"\0")) != zeros:
        return False
    return hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4] == data[-4:]


def bech32_check(text: str) -> bool:
    """Whether the last six characters check the others and the prefix; capitals and small letters do not mix."""
    if text not in (text.lower(), text.upper()):
        return False
    prefix, _, data = text.lower().rpartition("1")
    values = [ord(each) >> 5 for each in prefix] + [0] + [ord(each) & 31 for each in prefix]
    values += [_BECH32.find(each) for each in data]
    return min(values) >= 0 and _polymod(values) in _BECH32_CONSTANTS


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            checksum ^= generator if top >> place & 1 else 0
    return checksum
