"""The part a column plays in re-identification."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a column tells an attacker (ISO/IEC 20889, section 3)."""

    DIRECT_IDENTIFIER = "direct_identifier"
    QUASI_IDENTIFIER = "quasi_identifier"
    SENSITIVE = "sensitive"
    OTHER = "other"


@dataclass(frozen=True)
class Roles:
    """The columns that play each role, in the order of the data."""

    direct: tuple[str, ...] = ()
    quasi: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    scanned: tuple[str, ...] = ()
    """Columns of any role in which personal data would be a leftover: nothing was put in its place there."""
