"""Bytes on their way out, compressed beside the writer."""

import gzip
import io
from contextlib import suppress
from functools import partial
from typing import IO, Any, cast

import pyarrow as pa

from anonymize.codecs.streams.reading import SUFFIX_CODECS
from anonymize.codecs.streams.strand import Strand
from anonymize.core.profile import OFF, Profile

WAITING = 2  # blocks that may wait to be compressed
GZIP_LEVEL = 6


def compressed_output(file: IO[bytes], suffix: str, profile: Profile = OFF) -> IO[bytes]:
    """A stream into `file`, compressed as the suffix says (`.gz`, `.zst`; others not at all).

    Its `close` finishes the compressed stream and leaves the file open; leaving a `with` block by an error gives
    it up. The bytes depend on what is written only: gzip carries neither a time nor a name.
    """
    codec = SUFFIX_CODECS.get(suffix.lower())
    made = _Plain(file) if codec is None else _Compressed(_compressor(file, codec), profile)
    return cast(IO[bytes], made)


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


class _Plain(io.RawIOBase):
    """Writes to a file that stays open."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._file.write(data)
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Nothing: nothing is held back."""


class _Compressed(io.RawIOBase):
    """Hands what is written to a compressor that works beside the writer. What fails there is raised by a later
    `write`, or by `close`."""

    def __init__(self, compressor: Any, profile: Profile) -> None:
        self._compressor = compressor
        self._profile = profile
        self._strand: Strand[None] = Strand()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        while len(self._strand) > WAITING:
            self._strand.result()
        block = bytes(data)  # the writer may use its memory again
        self._strand.submit(partial(_compress, self._compressor, block, self._profile))
        return len(block)

    def flush(self) -> None:
        """Nothing: flushing a compressor costs compression, and `close` writes all."""

    def close(self) -> None:
        if self.closed:
            return
        try:
            while self._strand:
                self._strand.result()
            with self._profile("compress"):
                self._compressor.close()
        finally:
            self._give_up()

    def __exit__(self, kind: Any, *_: object) -> None:
        if kind is None:
            self.close()
        self._give_up()

    def __del__(self) -> None:
        self._give_up()

    def _give_up(self) -> None:
        if self.closed:
            return
        super().close()
        if self._strand.give_up():
            with suppress(Exception):  # so that no library does it later, and complains
                self._compressor.close()


def _compressor(file: IO[bytes], codec: str) -> Any:
    if codec == "gzip":
        return gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=GZIP_LEVEL)
    return pa.CompressedOutputStream(pa.PythonFile(KeptOpen(file), mode="w"), codec)


def _compress(compressor: Any, block: bytes, profile: Profile) -> None:
    with profile("compress"):
        compressor.write(block)
