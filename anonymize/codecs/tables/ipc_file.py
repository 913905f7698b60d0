"""Reads Arrow IPC, files and streams, with distrust: every batch is validated before it is used."""

import struct
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import IO, Any, TypeVar

import pyarrow as pa

from anonymize.codecs.streams.files import PathFile
from anonymize.codecs.tables.nested import tree
from anonymize.codecs.tables.page import TablePage
from anonymize.core.errors import AnonymizeError, DataError, Where
from anonymize.core.format import Chunk, File

FILE_MAGIC = b"ARROW1"
FEATHER_1 = b"FEA1"
_CONTINUATION = b"\xff\xff\xff\xff"  # begins every message since Arrow 0.15
_CODECS = {0: "lz4", 1: "zstd"}

_END = _CONTINUATION + bytes(4)  # the format lets a writer leave it out, but then nothing tells a cut stream

T = TypeVar("T")


class _Watched:
    """A stream that knows what was read last. The library takes a stream that breaks off between two batches
    for a whole one, and ignores whatever follows the end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._last = b""
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._last = (self._last + data[-8:])[-8:]
        return data

    def close(self) -> None:
        self.closed = True
        self._stream.close()

    def check_end(self) -> None:
        """Raises ValueError unless the end was marked and nothing follows."""
        if self._last != _END or self._stream.read(1):
            raise ValueError


class IpcInput:
    """An opened file or stream: its schema, its batches, and how they are compressed."""

    def __init__(self, file: File) -> None:
        self.name = file.name
        self._file = file
        start = file.head(8)
        self.is_file = start.startswith(FILE_MAGIC)
        if not self.is_file and not start.startswith(_CONTINUATION):
            what = "is of the old Feather version 1" if start.startswith(FEATHER_1) else "is not an Arrow file"
            raise DataError(what, hint="check the suffix, or say the format", where=Where(self.name))
        self._local = threading.local()
        self._opened = None if self.is_file else self._open_stream()
        reader = self._opened[0] if self._opened else self._open()
        self.schema: pa.Schema = reader.schema
        self.nodes = tree(self.schema, self.name)
        if not self.nodes:
            raise DataError("has no columns", where=Where(self.name))
        self.metadata = reader.metadata if self.is_file else None
        self._batches = reader.num_record_batches if self.is_file else 0
        self.compression = _compression(file) if isinstance(file, PathFile) else None

    def chunks(self) -> Iterator[Chunk]:
        """The batches in order: of a file each on its own, of a stream as they come."""
        if self.is_file:
            return (partial(self._batch, i) for i in range(self._batches))
        return self._streamed()

    def _streamed(self) -> Iterator[Chunk]:
        (reader, stream), self._opened = self._opened or self._open_stream(), None
        for number in count():
            batch = self._guarded(lambda: next(reader, None), number)
            if batch is None:
                self._guarded(stream.check_end, number)
                return
            yield partial(self._page, batch, number)

    def _batch(self, number: int) -> TablePage:
        """One batch of a file. Its readers are not made for several threads, so each thread has its own."""
        if not hasattr(self._local, "reader"):
            self._local.reader = self._open()
        return self._page(self._guarded(lambda: self._local.reader.get_batch(number), number), number)

    def _page(self, batch: pa.RecordBatch, number: int) -> TablePage:
        self._guarded(lambda: batch.validate(full=True), number)
        columns = batch.columns
        return TablePage(self.nodes, self.schema, batch.num_rows, lambda at: [columns[i] for i in at], self.name)

    def _open(self) -> Any:
        if not isinstance(self._file, PathFile):
            hint = "save it to a file first, or send the stream format"
            raise DataError("the Arrow file format cannot be read from a pipe", hint=hint, where=Where(self.name))
        stream = self._file.raw_open()
        if stream.read_at(6, 0) != FILE_MAGIC:
            raise DataError("is a compressed Arrow file", hint="decompress it first", where=Where(self.name))
        options = pa.ipc.IpcReadOptions(use_threads=False)
        return self._guarded(lambda: pa.ipc.open_file(stream, options=options))

    def _open_stream(self) -> tuple[Any, _Watched]:
        stream = _Watched(self._file.open())
        options = pa.ipc.IpcReadOptions(use_threads=False)
        source = pa.PythonFile(stream, mode="r")
        return self._guarded(lambda: pa.ipc.open_stream(source, options=options)), stream

    def _guarded(self, action: Callable[[], T], number: int | None = None) -> T:
        """Run a call of the library; its errors become ours, without their text."""
        part = "the schema" if number is None else f"record batch {number + 1}"
        try:
            return action()
        except AnonymizeError:
            raise
        except pa.ArrowNotImplementedError:
            raise DataError(f"{part} uses a feature that cannot be read", where=Where(self.name)) from None
        except MemoryError:
            raise DataError(f"{part} does not fit into memory", where=Where(self.name)) from None
        except (OSError, ValueError, pa.ArrowException):
            hint = "the file is incomplete or damaged; get it again"
            raise DataError(f"{part} is truncated or damaged", hint=hint, where=Where(self.name)) from None


def _compression(file: PathFile) -> str | None:
    """`lz4` or `zstd` as the first record batch says; the library reads but does not tell it."""
    try:
        with file.open() as stream:
            if stream.peek(6).startswith(FILE_MAGIC):  # type: ignore[attr-defined]
                stream.read(8)
            for message in iter(lambda: pa.ipc.read_message(stream), None):
                if message.type == "record batch":
                    return _codec(message.metadata.to_pybytes())
    except (AnonymizeError, OSError, ValueError, EOFError, MemoryError, struct.error, pa.ArrowException):
        return None
    return None


def _codec(message: bytes) -> str | None:
    """The codec in a record batch message (Message.fbs: `header` is field 2; `compression` is its field 3)."""
    (root,) = struct.unpack_from("<I", message, 0)
    header = _reference(message, root, 2)
    compression = _reference(message, header, 3) if header else None
    if compression is None:
        return None
    at = _field(message, compression, 0)
    return _CODECS.get(message[at] if at is not None else 0)


def _reference(message: bytes, table: int, field: int) -> int | None:
    """Where the table stands that a field of a flatbuffers table points to."""
    at = _field(message, table, field)
    return None if at is None else at + int(struct.unpack_from("<I", message, at)[0])


def _field(message: bytes, table: int, field: int) -> int | None:
    """Where a field of a flatbuffers table stands; None if it is absent."""
    table_of_fields = table - struct.unpack_from("<i", message, table)[0]
    (size,) = struct.unpack_from("<H", message, table_of_fields)
    if 4 + 2 * field >= size:
        return None
    (offset,) = struct.unpack_from("<H", message, table_of_fields + 4 + 2 * field)
    return table + offset if offset else None
