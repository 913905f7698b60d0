"""Input files and standard input. Every failure to read is a DataError."""

import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from anonymize.codecs.streams.reading import decompressed, replayed, unreadable
from anonymize.codecs.streams.remote import BLOCK, SMALL_BLOCK, AnyPath, RemotePath
from anonymize.codecs.streams.unsealing import unsealed
from anonymize.core.errors import DataError, UsageError, Where
from anonymize.core.profile import OFF, Profile
from anonymize.core.protection import NO_KEYS, Unlock


@dataclass(frozen=True)
class Fingerprint:
    """What tells that a file was replaced or written to."""

    size: int
    mtime_ns: int
    inode: int
    device: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Fingerprint":
        return cls(status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev)


@dataclass
class PathFile:
    """A regular file. It can be opened any number of times."""

    path: AnyPath
    fingerprint: object = field(default=None, init=False, repr=False)
    """The file as it was when it was first opened."""
    profile: Profile = field(default=OFF, repr=False, compare=False)
    unlock: Unlock = field(default=NO_KEYS, repr=False, compare=False)
    reading: IO[bytes] | None = field(default=None, init=False, repr=False, compare=False)
    """What it was last opened as."""

    @classmethod
    def at(cls, path: AnyPath, profile: Profile = OFF) -> "PathFile":
        """The file behind a path or a URL."""
        return RemoteFile(path, profile) if isinstance(path, RemotePath) else cls(path, profile)

    def __post_init__(self) -> None:
        if not isinstance(self.path, RemotePath):
            self.path = Path(self.path)

    @property
    def name(self) -> str:
        text = str(self.path)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)

    def open(self) -> IO[bytes]:
        """The decompressed bytes from the start, unsealed before that."""
        suffixes = [suffix.lower() for suffix in self.path.suffixes]
        stream, start, inner = unsealed(self._descriptor(), self.name, suffixes, self.unlock)
        return decompressed(stream, self.name, inner, self.profile, start)

    def head(self, size: int) -> bytes:
        """The first decompressed bytes."""
        with self.open() as stream:
            return stream.read(size)

    def raw_open(self) -> Any:
        """The bytes as they stand in the file, as a seekable Arrow file that threads may share.

        Positions are read with `pread`; a memory map would kill the process if the file shrank meanwhile.
        """
        with self._descriptor():
            pass
        try:
            return pa.OSFile(str(self.path))
        except (OSError, ValueError) as error:
            raise unreadable(self.name, error) from None

    def changed(self) -> bool:
        """True if the file is not what it was when it was first opened."""
        if self.fingerprint is None:
            return False
        try:
            return Fingerprint.of(self.path.stat()) != self.fingerprint
        except OSError:
            return True

    def _descriptor(self) -> IO[bytes]:
        try:
            status = self._local.stat()  # before open(), which would wait for the other end of a named pipe
            _require_regular(self.name, status.st_mode)
            stream = self._local.open("rb", buffering=0)
            status = os.fstat(stream.fileno())
        except (OSError, ValueError) as error:
            raise unreadable(self.name, error) from None
        if self.fingerprint is None:
            self.fingerprint = Fingerprint.of(status)
        self.reading = stream
        return stream

    def position(self, size: int) -> int:
        """How many of its bytes are read: all `size` of them when it is closed again."""
        if self.reading is None:
            return 0
        try:
            return min(self.reading.tell(), size)
        except (OSError, ValueError):
            return size

    @property
    def _local(self) -> Path:
        """The path, which is none elsewhere."""
        return cast(Path, self.path)


@dataclass
class RemoteFile(PathFile):
    """A file behind a URL. What it is read from is what it was when it was first opened, or the run fails."""

    def raw_open(self) -> Any:
        """The bytes as they stand there; threads take turns."""
        return pa.PythonFile(self._opened(SMALL_BLOCK), mode="r")

    def changed(self) -> bool:
        """True if there is another file by now."""
        return self.fingerprint is not None and self._place.version() != self.fingerprint

    @property
    def _place(self) -> RemotePath:
        return cast(RemotePath, self.path)

    def _descriptor(self) -> IO[bytes]:
        self.reading = self._opened(BLOCK)
        return self.reading

    def _opened(self, block: int) -> IO[bytes]:
        if self.fingerprint is None:
            self.fingerprint = self._place.version()
        return cast(IO[bytes], self._place.opened(block))


@dataclass
class StdinFile:
    """Standard input. What `head` has read is played again by the only `open`."""

    given: IO[bytes] | None = field(default=None, repr=False)
    """Another stream to stand for standard input."""
    name: str = field(default="standard input", init=False)
    path: None = field(default=None, init=False)
    fingerprint: None = field(default=None, init=False)
    profile: Profile = field(default=OFF, repr=False, compare=False)
    unlock: Unlock = field(default=NO_KEYS, repr=False, compare=False)
    _stream: IO[bytes] | None = field(default=None, init=False, repr=False)
    _start: bytes = field(default=b"", init=False, repr=False)
    _opened: bool = field(default=False, init=False, repr=False)

    def open(self) -> IO[bytes]:
        """The decompressed bytes from the start, once."""
        if self._opened:
            raise UsageError(
                "standard input can be read once",
                hint="save it to a file first: these rules read the data more than once",
            )
        self._opened = True
        return replayed(self._start, self._source(), self.name)

    def head(self, size: int) -> bytes:
        """The first decompressed bytes; they are not lost for `open`."""
        if not self._opened and len(self._start) < size:
            self._start += self._source().read(size - len(self._start))
        return self._start[:size]

    def raw_open(self) -> Any:
        """Refused: a pipe has no end to start from."""
        raise DataError(
            "this format is read from its end, which standard input does not allow",
            hint="save it to a file first",
            where=Where(self.name),
        )

    def changed(self) -> bool:
        """False: what was read is gone."""
        return False

    def _source(self) -> IO[bytes]:
        if self._stream is None:
            given = self.given or (sys.stdin.buffer if sys.stdin is not None else None)
            if given is None:
                raise DataError("is closed", where=Where(self.name))
            stream, start, _ = unsealed(given, self.name, (), self.unlock)
            self._stream = decompressed(stream, self.name, "", self.profile, start)
        return self._stream


def _require_regular(name: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise DataError("is a directory", hint="name the files in it, or use a glob", where=Where(name))
    if not stat.S_ISREG(mode):
        raise DataError(
            "is not a regular file", hint="pipe the data to standard input and name it `-`", where=Where(name)
        )
