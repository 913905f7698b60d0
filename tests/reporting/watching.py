"""Watches folders through the kernel: who creates, writes, renames or removes there is seen, however briefly."""

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterator
from pathlib import Path

CHANGES = 0x002 | 0x004 | 0x040 | 0x080 | 0x100 | 0x200  # modify, attributes, moved from, moved to, create, delete
NONBLOCK = 0o4000
LIBC = ctypes.CDLL(None, use_errno=True)
HAS_INOTIFY = hasattr(LIBC, "inotify_init1")


@contextlib.contextmanager
def watched(*folders: Path) -> Iterator[list[str]]:
    """The names of the files that changed in these folders, filled when the block is left."""
    descriptor = LIBC.inotify_init1(NONBLOCK)
    assert descriptor >= 0
    for folder in folders:
        assert LIBC.inotify_add_watch(descriptor, os.fsencode(folder), CHANGES) >= 0
    names: list[str] = []
    try:
        yield names
        with contextlib.suppress(BlockingIOError):
            while events := os.read(descriptor, 1 << 16):
                names += _names(events)
    finally:
        os.close(descriptor)


def _names(events: bytes) -> Iterator[str]:
    place = 0
    while place < len(events):
        length = struct.unpack_from("iIII", events, place)[3]
        yield events[place + 16 : place + 16 + length].rstrip(b"\0").decode()
        place += 16 + length
