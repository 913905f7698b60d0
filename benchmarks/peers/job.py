"""The reference job in words that all peers share, and row by row in plain Python."""

import hmac
import math
import os
import re
import sys
from pathlib import Path

KEY = bytes.fromhex(os.environ.get("ANONYMIZE_KEY", "00" * 32))
EMAIL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}"
COLUMNS = (
    *("id", "first_name", "last_name", "full_name", "email", "phone", "ssn", "credit_card", "birth_date", "zip"),
    *("city", "salary", "ip", "notes"),
)
KEPT = tuple(name for name in COLUMNS if name != "full_name")
MATCH = re.compile(EMAIL)


def paths() -> tuple[Path, Path]:
    """The files that a peer is given: IN OUT."""
    return Path(sys.argv[1]), Path(sys.argv[2])


def token(value: str) -> str:
    """HMAC-SHA256 in one call, the fastest that Python's library offers; 32 hex digits of it."""
    return hmac.digest(KEY, value.encode(), "sha256").hex()[:32]


def tokens(values: list[str | None]) -> list[str | None]:
    """The tokens of a column. Nearly all its values are distinct, so a dictionary would only cost."""
    return [None if value is None else token(value) for value in values]


def interval(value: str) -> str:
    """`[60000, 70000)`."""
    low = math.floor(float(value) / 10_000) * 10_000
    return f"[{low}, {low + 10_000})"


def mask_email(value: str) -> str:
    """`a***@example.com`."""
    return value[0] + "***" + value[value.rindex("@") :]


MASKS = {
    "id": token,
    "email": mask_email,
    "phone": lambda value: "*" * (len(value) - 4) + value[-4:],
    "ssn": token,
    "salary": interval,
    "birth_date": lambda value: value[:4],
    "zip": lambda value: value[:3],
    "ip": lambda value: value[: value.rindex(".")] + ".0",
    "notes": lambda value: MATCH.sub("[EMAIL]", value),
}
