"""Text for terminals: what is safe, what is colored."""

import os
import sys
from typing import IO


def safe(text: str) -> str:
    """Text that cannot steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def safe_name(name: str) -> str:
    """A name that takes one line: a break in it could pass for a line of ours."""
    return safe(name).replace("\n", "\\n")


def painted(text: str, color: str, stream: IO[str] | None = None) -> str:
    """The text in a color, where the stream (by default stderr) is a terminal that wants it."""
    return f"\033[{color}m{text}\033[0m" if wants_color(stream or sys.stderr) else text


def counted(count: int, noun: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def wants_color(stream: IO[str]) -> bool:
    """True for a terminal, unless NO_COLOR says otherwise."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
