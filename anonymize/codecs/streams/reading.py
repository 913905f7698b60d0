"""Bytes on their way in: decompressed beside the reader, and never ending early without an error."""

import io
import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import IO, Any, Protocol

import pyarrow as pa

from anonymize.codecs.streams.strand import Strand
from anonymize.core.errors import DataError, Where
from anonymize.core.profile import OFF, Profile

BUFFER = 1 << 20
AHEAD = 2  # blocks that are decompressed before they are asked for
BOMB_RATIO = 1000  # deflate cannot do better than 1032:1, real tables stay below 100:1
BOMB_FREE = 1 << 30  # a ratio is no danger while the result is small

SUFFIX_CODECS = {".gz": "gzip", ".zst": "zstd"}
_CODECS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_SKIPPABLE = b"\x2a\x4d\x18"  # a zstd skippable frame starts with any byte 50..5f and these (RFC 8878, 3.1.2)
_REFUSED = {
    b"BZh": (b"1AY&SY", 4, "bzip2"),
    b"\xfd7zXZ\x00": (b"", 0, "xz"),
    b"PK\x03\x04": (b"", 0, "zip"),
    b"\x04\x22\x4d\x18": (b"", 0, "lz4"),
}
_DAMAGED = "the file is incomplete or damaged; get it again"


class Readable(Protocol):
    """What bytes come from. Nothing is returned at the end only."""

    def read(self, size: int, /) -> Any: ...

    def close(self) -> None: ...


def codec_of(start: bytes) -> str | None:
    """`gzip` or `zstd` by the first bytes of a file; None for a file that is not compressed so."""
    if start[1:4] == _SKIPPABLE and 0x50 <= start[0] <= 0x5F:
        return "zstd"
    return next((codec for magic, codec in _CODECS.items() if start.startswith(magic)), None)


def decompressed(
    stream: IO[bytes], name: str, suffix: str, profile: Profile = OFF, start: bytes = b""
) -> IO[bytes]:
    """The bytes of a stream, decompressed if it is compressed, whatever its suffix says.

    `start` was read from it before.
    """
    start = start or start_of(stream, name)
    codec = codec_of(start)
    if codec is None:
        _require_known(name, start, SUFFIX_CODECS.get(suffix))
        return replayed(start, stream, name)
    counted = _Counted(start, stream)
    expanded = pa.CompressedInputStream(pa.PythonFile(counted, mode="r"), codec)
    return _buffered(_Ahead(_Checked(expanded, name, codec, lambda: counted.count), profile))


def replayed(start: bytes, stream: Readable, name: str) -> IO[bytes]:
    """A stream whose first bytes were read before; its failures are DataErrors."""
    return _buffered(_Checked(_Replayed(start, stream), name))


def unreadable(name: str, error: Exception) -> DataError:
    """The system's reason without the library's text."""
    if isinstance(error, FileNotFoundError):
        return DataError("no such file", hint="check the path and the current directory", where=Where(name))
    if isinstance(error, PermissionError):
        return DataError("permission denied", hint="its owner can allow you to read it", where=Where(name))
    number = error.errno if isinstance(error, OSError) else None
    reason = os.strerror(number).lower() if number else "the name is not valid"
    return DataError(f"cannot be read: {reason}", where=Where(name))


class _Replayed:
    """A stream whose first bytes were read before."""

    def __init__(self, start: bytes, stream: Readable) -> None:
        self._start = start
        self._stream = stream

    def read(self, size: int) -> Any:
        if self._start:
            data, self._start = self._start[:size], self._start[size:]
            return data
        return self._stream.read(size) or b""

    def close(self) -> None:
        self._stream.close()


class _Counted(_Replayed):
    """Counts the compressed bytes that were read."""

    count = 0
    closed = False

    def read(self, size: int = -1) -> Any:
        data = super().read(size)
        self.count += len(data)
        return data

    def close(self) -> None:
        self.closed = True
        super().close()


class _Checked:
    """A stream whose failures are DataErrors, and stay: what comes after an error is not read."""

    def __init__(
        self, stream: Readable, name: str, codec: str | None = None, consumed: Callable[[], int] | None = None
    ) -> None:
        self._stream, self._name, self._codec, self._consumed = stream, name, codec, consumed
        self._produced = 0
        self._failure: DataError | None = None

    def read(self, size: int) -> Any:
        if self._failure is None:
            try:
                return self._read(size)
            except (OSError, ValueError, EOFError, pa.ArrowException) as error:
                self._failure = self._translated(error)
            except DataError as error:
                self._failure = error
        raise self._failure from None

    def close(self) -> None:
        with suppress(OSError):
            self._stream.close()

    def _read(self, size: int) -> Any:
        data = self._stream.read(size)
        self._produced += len(data)
        if self._consumed is not None and self._produced > max(BOMB_FREE, BOMB_RATIO * self._consumed()):
            raise DataError(
                f"expands to more than {BOMB_RATIO:,} times its {self._codec} size",
                hint="decompress it first if that is meant",
                where=Where(self._name),
            )
        return data

    def _translated(self, error: Exception) -> DataError:
        if isinstance(error, OSError) and error.errno:
            return unreadable(self._name, error)
        state = "truncated" if "runcated" in str(error) else "corrupt"
        return DataError(f"{state} {self._codec or 'input'} stream", hint=_DAMAGED, where=Where(self._name))


class _Ahead:
    """A stream that is read in blocks, a few of them ahead of the reader and beside it."""

    def __init__(self, stream: _Checked, profile: Profile) -> None:
        self._next = partial(_timed, stream, profile)  # without `self`, which a thread would keep alive
        self._stream = stream
        self._strand: Strand[bytes] = Strand()
        self._rest = memoryview(b"")

    def read(self, size: int) -> memoryview:
        if not self._rest:
            self._rest = memoryview(self._block())
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def _block(self) -> bytes:
        block = self._strand.result() if self._strand else self._next()
        while len(block) == BUFFER and len(self._strand) < AHEAD:  # a small file is not worth a thread
            self._strand.submit(self._next)
        return block

    def close(self) -> None:
        if self._strand.give_up():  # else whoever still reads has the stream, and nobody after it
            self._stream.close()


def _timed(stream: _Checked, profile: Profile) -> bytes:
    with profile("decompress"):
        block: bytes = stream.read(BUFFER)
        return block


class _Raw(io.RawIOBase):
    """What `io.BufferedReader` reads from."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        data = self._stream.read(len(target))
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._stream.close()


def _buffered(stream: Readable) -> IO[bytes]:
    return io.BufferedReader(_Raw(stream), BUFFER)


def start_of(stream: IO[bytes], name: str) -> bytes:
    """The first 16 bytes, or all that there are."""
    start = b""
    try:
        while len(start) < 16 and (piece := stream.read(16 - len(start))):
            start += piece
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from None
    return start


def _require_known(name: str, start: bytes, named: str | None) -> None:
    if named and len(start) < 4:
        raise DataError(f"truncated {named} stream", hint=_DAMAGED, where=Where(name))
    for magic, (rest, position, codec) in _REFUSED.items():
        if start.startswith(magic) and start[position:].startswith(rest):
            hint = "gzip and zstd can be read; decompress it first"
            raise DataError(f"is compressed with {codec}", hint=hint, where=Where(name))
