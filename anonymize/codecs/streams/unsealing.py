"""Bytes on their way in from sealed files. No plaintext touches the disk."""

import os
from collections.abc import Sequence
from threading import Thread
from typing import IO, Any

from anonymize.codecs.streams.age import BLOCK, SUFFIX, identities_of, library
from anonymize.codecs.streams.reading import Readable, replayed, start_of
from anonymize.codecs.streams.strand import PATIENCE
from anonymize.core.errors import AnonymizeError, DataError, SecretError, Where
from anonymize.core.protection import Unlock

_MAGIC = (b"age-encryption.o", b"-----BEGIN AGE E")


def unsealed(
    stream: IO[bytes], name: str, suffixes: Sequence[str], unlock: Unlock
) -> tuple[IO[bytes], bytes, str]:
    """The stream, decrypted if it is sealed, whatever its suffix says; what of it has been read already; and the
    suffix that is left."""
    is_named = suffixes[-1:] == [SUFFIX]
    inner = "".join(suffixes[-2:-1] if is_named else suffixes[-1:])
    start = start_of(stream, name)
    if not start.startswith(_MAGIC):
        if is_named:
            raise DataError("is no age file, or a truncated one", hint="is the suffix right?", where=Where(name))
        return stream, start, inner
    if unlock.identity is None:
        hint = "name the file with your private key: --identity FILE"
        raise SecretError("is sealed", hint=hint, where=Where(name))
    opened = _Unsealing(replayed(start, stream, name), name, identities_of(unlock.identity))
    return replayed(b"", opened, name), b"", inner


class _Unsealing:
    """Decrypts what a stream gives, in a thread that pushes it into a pipe.

    A chunk is handed on when it has proven to be what was sealed.
    """

    def __init__(self, stream: Readable, name: str, identities: list[Any]) -> None:
        self._name = name
        self._source = _Source(stream)
        self._library = library()
        self._failure: Exception | None = None
        self._pipe, write = os.pipe()
        self._is_open = True
        self._thread = Thread(target=self._decrypt, args=(write, identities), daemon=True)
        self._thread.start()
        self._first = self._next()  # a key that does not fit is told of at once

    def read(self, size: int, /) -> Any:
        if self._first:
            data, self._first = self._first[:size], self._first[size:]
            return data
        return self._next(min(size, BLOCK))

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            os.close(self._pipe)
            self._thread.join(PATIENCE)
            if not self._thread.is_alive():  # else it waits for a pipe that says nothing
                self._source.stream.close()

    def __del__(self) -> None:
        if hasattr(self, "_thread"):
            self.close()

    def _next(self, size: int = BLOCK) -> bytes:
        data = os.read(self._pipe, size)
        if not data:
            self._thread.join()
            if self._failure is not None:
                raise self._reason(str(self._failure)) from None
        return data

    def _reason(self, said: str) -> AnonymizeError:
        where = Where(self._name)
        if self._source.failure is not None:
            return self._source.failure
        if "No matching keys" in said:
            hint = "name the private key of one of those for whom it was sealed: --identity FILE"
            return SecretError("is sealed for others", hint=hint, where=where)
        hint = "it is incomplete, damaged or changed; get it again"
        return DataError("the sealed file does not open to its end", hint=hint, where=where)

    def _decrypt(self, write: int, identities: list[Any]) -> None:
        with os.fdopen(write, "wb", buffering=0) as pipe:
            try:
                self._library.decrypt_io(self._source, _Pipe(pipe), identities)
            except Exception as error:  # the reader is told by `_reason`
                self._failure = error


class _Source:
    """What the library decrypts; it would tell of a failure by a text alone."""

    def __init__(self, stream: Readable) -> None:
        self.stream = stream
        self.failure: AnonymizeError | None = None

    def read(self, size: int = -1) -> Any:
        try:
            return self.stream.read(size)
        except AnonymizeError as error:
            self.failure = error
            raise


class _Pipe:
    """All that is given goes into the pipe."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe

    def write(self, data: Any) -> int:
        rest = memoryview(data)
        while rest.nbytes:
            rest = rest[self._pipe.write(rest) :]
        return len(data)

    def flush(self) -> None:
        """Nothing: nothing is held back."""
