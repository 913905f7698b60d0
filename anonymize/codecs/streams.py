"""Input files and standard input as decompressed bytes, and compressed output.

Every failure to read is a DataError; a stream that ends too early never passes as a shorter one.
"""

import gzip
import io
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from anonymize.core.errors import DataError, UsageError, Where

BUFFER = 1 << 20
BOMB_RATIO = 1000  # deflate cannot do better than 1032:1, real tables stay below 100:1
BOMB_FREE = 1 << 30  # a ratio is no danger while the result is small

_CODECS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_SKIPPABLE = b"\x2a\x4d\x18"  # a zstd skippable frame starts with any byte 50..5f and these (RFC 8878, 3.1.2)
_REFUSED = {
    b"BZh": (b"1AY&SY", 4, "bzip2"),
    b"\xfd7zXZ\x00": (b"", 0, "xz"),
    b"PK\x03\x04": (b"", 0, "zip"),
    b"\x04\x22\x4d\x18": (b"", 0, "lz4"),
}
_DAMAGED = "the file is incomplete or damaged; get it again"
_SUFFIX_CODECS = {".gz": "gzip", ".zst": "zstd"}


def codec_of(start: bytes) -> str | None:
    """`gzip` or `zstd` by the first bytes of a file; None for a file that is not compressed so."""
    if start[1:4] == _SKIPPABLE and 0x50 <= start[0] <= 0x5F:
        return "zstd"
    return next((codec for magic, codec in _CODECS.items() if start.startswith(magic)), None)


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

    path: Path
    fingerprint: Fingerprint | None = field(default=None, init=False, repr=False)
    """The file as it was when it was first opened."""

    def __post_init__(self) -> None:
        self.path = Path(self.path)

    @property
    def name(self) -> str:
        text = str(self.path)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)

    def open(self) -> IO[bytes]:
        """The decompressed bytes from the start."""
        return _decompressed(self._descriptor(), self.name, self.path.suffix.lower())

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
            raise _unreadable(self.name, error) from None

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
            status = self.path.stat()  # before open(), which would wait for the other end of a named pipe
            _require_regular(self.name, status.st_mode)
            stream = self.path.open("rb", buffering=0)
            status = os.fstat(stream.fileno())
        except (OSError, ValueError) as error:
            raise _unreadable(self.name, error) from None
        if self.fingerprint is None:
            self.fingerprint = Fingerprint.of(status)
        return cast(IO[bytes], stream)


@dataclass
class StdinFile:
    """Standard input. What `head` has read is played again by the only `open`."""

    given: IO[bytes] | None = field(default=None, repr=False)
    """Another stream to stand for standard input."""
    name: str = field(default="standard input", init=False)
    path: None = field(default=None, init=False)
    fingerprint: None = field(default=None, init=False)
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
        return _Translated(_Replayed(self._start, self._source()), self.name).buffered()

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
            self._stream = _decompressed(given, self.name, "")
        return self._stream


def compressed_output(file: IO[bytes], suffix: str) -> IO[bytes]:
    """A stream into `file`, compressed as the suffix says (`.gz`, `.zst`; others not at all).

    Its `close` finishes the compressed stream and leaves the file open. The bytes depend on what is written
    only: gzip carries neither a time nor a name.
    """
    return cast(IO[bytes], _Output(file, _SUFFIX_CODECS.get(suffix.lower())))


class _Output(io.RawIOBase):
    """Writes through a compressor to a file that stays open."""

    def __init__(self, file: IO[bytes], codec: str | None) -> None:
        self._file = file
        self._compressor: Any = None
        if codec == "gzip":
            self._compressor = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6)
        if codec == "zstd":
            self._compressor = pa.CompressedOutputStream(pa.PythonFile(KeptOpen(file), mode="w"), "zstd")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        size = memoryview(data).nbytes
        (self._compressor or self._file).write(data)
        return size

    def flush(self) -> None:
        """Nothing: flushing a compressor costs compression, and `close` writes all."""

    def close(self) -> None:
        if not self.closed:
            super().close()
            if self._compressor is not None:
                self._compressor.close()


class KeptOpen:
    """An output file, seekable or not, for a library that would ask its position and close it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._position = 0
        self.closed = False

    def write(self, data: Any) -> int:
        self._file.write(data)
        size = memoryview(data).nbytes
        self._position += size
        return size

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        """Nothing: who opened the file flushes it."""

    def close(self) -> None:
        self.closed = True


class _Counted:
    """Counts the compressed bytes that were read, the first few being known already."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._replayed = _Replayed(start, stream)
        self.count = 0
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        data = self._replayed.read(size)
        self.count += len(data)
        return data

    def close(self) -> None:
        self.closed = True
        self._replayed.close()


class _Replayed:
    """A stream whose first bytes were read before."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start = start
        self._stream = stream

    def read(self, size: int) -> bytes:
        if self._start:
            data, self._start = self._start[:size], self._start[size:]
            return data
        return self._stream.read(size) or b""

    def close(self) -> None:
        self._stream.close()


class _Translated(io.RawIOBase):
    """A readable stream whose failures are DataErrors."""

    def __init__(self, stream: Any, name: str, codec: str | None = None, consumed: Any = None) -> None:
        self._stream = stream
        self._name = name
        self._codec = codec
        self._consumed: Callable[[], int] | None = consumed
        self._produced = 0

    def buffered(self) -> IO[bytes]:
        return io.BufferedReader(self, BUFFER)

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        try:
            data = self._stream.read(len(target))
        except (OSError, ValueError, EOFError, pa.ArrowException) as error:
            raise self._failure(error) from None
        target[: len(data)] = data
        self._produced += len(data)
        if self._consumed is not None and self._produced > max(BOMB_FREE, BOMB_RATIO * self._consumed()):
            raise self._bomb()
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            with suppress(OSError):
                self._stream.close()

    def _failure(self, error: Exception) -> DataError:
        if isinstance(error, OSError) and error.errno:
            return _unreadable(self._name, error)
        state = "truncated" if "runcated" in str(error) else "corrupt"
        return DataError(f"{state} {self._codec or 'input'} stream", hint=_DAMAGED, where=Where(self._name))

    def _bomb(self) -> DataError:
        return DataError(
            f"expands to more than {BOMB_RATIO:,} times its {self._codec} size",
            hint="decompress it first if that is meant",
            where=Where(self._name),
        )


def _decompressed(stream: IO[bytes], name: str, suffix: str) -> IO[bytes]:
    start = _start_of(stream, name)
    codec = codec_of(start)
    if codec is None:
        _require_known(name, start, _SUFFIX_CODECS.get(suffix))
        return _Translated(_Replayed(start, stream), name).buffered()
    counted = _Counted(start, stream)
    expanded = pa.CompressedInputStream(pa.PythonFile(counted, mode="r"), codec)
    return _Translated(expanded, name, codec, lambda: counted.count).buffered()


def _start_of(stream: IO[bytes], name: str) -> bytes:
    start = b""
    try:
        while len(start) < 16 and (piece := stream.read(16 - len(start))):
            start += piece
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    return start


def _require_known(name: str, start: bytes, named: str | None) -> None:
    if named and len(start) < 4:
        raise DataError(f"truncated {named} stream", hint=_DAMAGED, where=Where(name))
    for magic, (rest, position, codec) in _REFUSED.items():
        if start.startswith(magic) and start[position:].startswith(rest):
            hint = "gzip and zstd can be read; decompress it first"
            raise DataError(f"is compressed with {codec}", hint=hint, where=Where(name))


def _require_regular(name: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise DataError("is a directory", hint="name the files in it, or use a glob", where=Where(name))
    if not stat.S_ISREG(mode):
        raise DataError(
            "is not a regular file", hint="pipe the data to standard input and name it `-`", where=Where(name)
        )


def _unreadable(name: str, error: Exception) -> DataError:
    """The system's reason without the library's text."""
    if isinstance(error, FileNotFoundError):
        return DataError("no such file", hint="check the path and the current directory", where=Where(name))
    if isinstance(error, PermissionError):
        return DataError("permission denied", hint="its owner can allow you to read it", where=Where(name))
    number = error.errno if isinstance(error, OSError) else None
    reason = os.strerror(number).lower() if number else "the name is not valid"
    return DataError(f"cannot be read: {reason}", where=Where(name))
