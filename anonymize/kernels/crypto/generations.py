"""The generations of a key as text: the newest makes new values, and older ones still open theirs.

A single generation may be written as the bare key. Otherwise each has a line `anonymize-key NUMBER KEY DATE`, and
lines that start with `#` are remarks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from anonymize.core.errors import SecretError
from anonymize.kernels.crypto.hidden import Master
from anonymize.kernels.crypto.secrets import HINT, decode_key, fingerprint

LINE = b"anonymize-key"
WRAPPED = b"anonymize-wrapped-key"
UNKNOWN = "unknown"
MOST = 10**6

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Generation:
    """One master key of several that go by one name."""

    number: int
    key: Master
    made: str = UNKNOWN
    """The day it was made."""

    @property
    def id(self) -> str:
        return fingerprint(self.key)


def read_generations(text: bytes | bytearray) -> tuple[Generation, ...]:
    """The generations in a key text, newest first. Raises SecretError, quoting nothing."""
    lines = content_lines(text)
    if any(line.split()[0] == WRAPPED for line in lines):
        hint = "name it as `passphrase:REFERENCE,FILE`, where REFERENCE leads to the passphrase"
        raise SecretError("the key is wrapped with a passphrase", hint=hint)
    if len(lines) == 1 and not lines[0].startswith(LINE):
        return (Generation(1, decode_key(lines[0])),)
    return ordered([_generation(line) for line in lines])


def write_generations(generations: Sequence[Generation]) -> str:
    """The key text of generations, oldest first."""
    lines = [f"{LINE.decode()} {g.number} {g.key.hex()} {g.made}\n" for g in sorted(generations, key=_number)]
    return "".join(lines)


def content_lines(text: bytes | bytearray) -> list[bytes]:
    """The lines of a key text that are no remarks."""
    lines = [line.strip() for line in bytes(text).splitlines()]
    return [line for line in lines if line and not line.startswith(b"#")]


def ordered(generations: Sequence[Generation]) -> tuple[Generation, ...]:
    """Newest first. Raises SecretError if there are none, or two are one."""
    if not generations:
        raise SecretError("there is no key", hint=HINT)
    found = sorted(generations, key=_number, reverse=True)
    if any(newer.number == older.number for newer, older in pairwise(found)):
        raise SecretError("two generations of the key have one number")
    if len({generation.id for generation in found}) < len(found):
        raise SecretError("two generations of the key are one key")
    return tuple(found)


def number_of(word: bytes) -> int:
    """A generation's number. Raises SecretError."""
    if not word.isdigit() or not 0 < int(word[:9]) < MOST:
        raise SecretError("a generation of the key has no number")
    return int(word)


def _number(generation: Generation) -> int:
    return generation.number


def _generation(line: bytes) -> Generation:
    words = line.split()
    if len(words) not in (3, 4) or words[0] != LINE:
        raise SecretError("the key is not 64 hexadecimal digits, base64 of 32 bytes, or generations", hint=HINT)
    return Generation(number_of(words[1]), decode_key(words[2]), day_of(words[3:]))


def day_of(words: Sequence[bytes]) -> str:
    """The day that a line may end with. Raises SecretError for anything else."""
    if not words:
        return UNKNOWN
    day = words[0].decode("ascii", "replace")
    if day != UNKNOWN and not _DAY.fullmatch(day):
        raise SecretError("a generation of the key has no day of the form 2026-01-31 at its end")
    return day
