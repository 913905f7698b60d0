"""Temporary files beside an output: how they are called, who holds them, and what a killed run left."""

import errno
import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

_NAME = re.compile(r"\.(.+)\.[0-9a-f]{12}\.part", re.DOTALL)

LONGEST = 128
"""Names of more bytes are cut in those of temporary files: most file systems take 255."""

_HELD = {errno.EAGAIN, errno.EACCES}


def name_beside(path: Path) -> Path:
    """A name in the same folder that nobody has: a rename to `path` stays within one file system."""
    return path.with_name(f".{_short(path.name)}.{secrets.token_hex(6)}.part")


def _short(name: str) -> str:
    """A name that may be as long as names can be, with room for more; a digest stands for its end."""
    raw = os.fsencode(name)
    if len(raw) <= LONGEST:
        return name
    start = raw[: LONGEST // 2].decode("utf-8", "ignore")
    return f"{start}~{hashlib.sha256(raw).hexdigest()[:32]}"


def lock(file: IO[bytes] | int) -> bool:
    """Take a file for as long as it stays open here; False if another process has it.

    The system lets go of a lock when its process ends, however it ends. Where a file system knows no locks, nobody
    has any.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _HELD
    return True


def is_held(path: Path) -> bool:
    """Whether another process has taken the file; one that is not there is nobody's."""
    try:
        with path.open("rb", buffering=0) as file:
            return not lock(file)
    except OSError:
        return False


def strangers(paths: Iterable[Path], own: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Others' temporary files, of runs under way or left by killed ones, with the path each is for."""
    wanted, known = {path.with_name(_short(path.name)): path for path in paths}, set(own)
    for folder in {path.parent for path in wanted}:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(".part")]
        for name in names:
            found = _NAME.fullmatch(name)
            if found is not None and folder / found[1] in wanted and folder / name not in known:
                yield folder / name, wanted[folder / found[1]]
