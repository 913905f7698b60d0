"""Bytes on their way out, sealed for their recipients. No plaintext touches the disk."""

import io
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from threading import Thread
from typing import IO, Any, cast

from anonymize.codecs.streams.age import library
from anonymize.core.errors import DataError


class Sealing(io.RawIOBase):
    """Encrypts what is written, into a file that stays open, in a thread that pulls it through a pipe.

    Without `close` the file lacks its last chunk, which every reader of age insists on.
    """

    def __init__(self, file: IO[bytes], recipients: Sequence[Any]) -> None:
        self._library = library()
        read, self._pipe = os.pipe()
        self._is_whole = False
        self._target = _Target(file)
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._encrypt, args=(read, list(recipients)), daemon=True)
        self._thread.start()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        rest = memoryview(data).cast("B")
        size = rest.nbytes
        try:
            while rest.nbytes:
                rest = rest[os.write(self._pipe, rest) :]
        except BrokenPipeError:
            self._end()
            raise self._reason() from None
        return size

    def flush(self) -> None:
        """Nothing: a chunk is written when it is full."""

    def close(self) -> None:
        if self.closed:
            return
        self._is_whole = True
        self._end()
        if self._failure is not None:
            raise self._reason()

    def __exit__(self, kind: Any, *_: object) -> None:
        if kind is None:
            self.close()
        self._end()

    def __del__(self) -> None:
        self._end()

    def _end(self) -> None:
        """Close the pipe, and wait until all is written or given up."""
        if self.closed or not hasattr(self, "_thread"):
            return
        super().close()
        os.close(self._pipe)
        self._thread.join()

    def _reason(self) -> BaseException:
        failure = self._target.failure
        return failure or DataError("the output cannot be sealed", hint="this is a bug; nothing was kept")

    def _encrypt(self, read: int, recipients: list[Any]) -> None:
        with os.fdopen(read, "rb", buffering=0) as pipe:
            try:
                self._library.encrypt_io(_Whole(pipe, lambda: self._is_whole), self._target, recipients)
            except BaseException as error:  # the caller is told by `_reason`
                self._failure = error


class _Whole:
    """What the library encrypts. An end that nobody meant is an error, so that no file looks whole by chance."""

    def __init__(self, pipe: Any, is_whole: Callable[[], bool]) -> None:
        self._pipe, self._is_whole = pipe, is_whole

    def read(self, size: int = -1) -> Any:
        data = self._pipe.read(size)
        if not data and not self._is_whole():
            raise EOFError
        return data


class _Target:
    """Where the library writes to; it would tell of a failure by a text alone."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failure: BaseException | None = None

    def write(self, data: Any) -> int:
        try:
            self._file.write(data)
        except BaseException as error:
            self.failure = error
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing: who opened the file flushes it."""


def sealed_output(file: IO[bytes], recipients: Sequence[Any]) -> AbstractContextManager[IO[bytes]]:
    """A stream into `file`, which stays open: sealed if there are recipients."""
    return cast(AbstractContextManager[IO[bytes]], Sealing(file, recipients)) if recipients else nullcontext(file)
