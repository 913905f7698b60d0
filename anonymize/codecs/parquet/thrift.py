"""The Thrift compact protocol, in which Parquet writes its footer and page headers.

Structs are read without knowing their definitions, as fields by number, so that what a newer format version adds
comes out as it went in. Specification: apache/thrift, doc/specs/thrift-compact-protocol.md.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT, UUID = range(1, 14)
MAX_DEPTH = 24  # a footer needs about 8


class ThriftError(ValueError):
    """The bytes are no struct of the compact protocol. Never says what they are."""


class Field(NamedTuple):
    """A value and its type on the wire."""

    kind: int
    value: Any
    """bool, int, bytes (binary, double and UUID as they stand), Struct, Items or Pairs."""


class Items(NamedTuple):
    """A list or a set."""

    kind: int
    values: list[Any]


class Pairs(NamedTuple):
    """A map."""

    kinds: tuple[int, int]
    entries: list[tuple[Any, Any]]


Struct: TypeAlias = dict[int, Field]
"""Fields by number, in the order of the wire."""


def read_struct(data: bytes, start: int = 0) -> tuple[Struct, int]:
    """A struct, and where it ends. Raises ThriftError for anything else."""
    reader = _Reader(data, start)
    try:
        return reader.struct(0), reader.position
    except IndexError:
        raise ThriftError("the struct is cut off") from None


def write_struct(given: Struct) -> bytes:
    """The bytes of a struct. What `read_struct` read from a canonical writer comes out the same."""
    out = bytearray()
    _put_struct(out, given)
    return bytes(out)


class _Reader:
    """Nothing it makes is larger than the bytes left could fill."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data, self.position = data, position

    def struct(self, depth: int) -> Struct:
        found: Struct = {}
        number = 0
        while header := self.byte():
            kind = header & 15
            number = number + (header >> 4) if header >> 4 else self.integer()
            if number in found:
                raise ThriftError("a field stands twice")
            found[number] = Field(kind, kind == TRUE if kind <= FALSE else self._value(kind, depth))
        return found

    def _value(self, kind: int, depth: int) -> Any:
        read = _READERS.get(kind)
        if read is None:
            raise ThriftError("a type that does not exist")
        if depth == MAX_DEPTH:
            raise ThriftError("the struct is nested too deep")
        return read(self, depth + 1)

    def items(self, depth: int) -> Items:
        header = self.byte()
        kind, size = header & 15, header >> 4
        size = self._varint() if size == 15 else size
        self._require(size)
        return Items(kind, [self._value(kind, depth) for _ in range(size)])

    def pairs(self, depth: int) -> Pairs:
        size = self._varint()
        self._require(size)
        header = self.byte() if size else 0
        kinds = header >> 4, header & 15
        return Pairs(kinds, [(self._value(kinds[0], depth), self._value(kinds[1], depth)) for _ in range(size)])

    def _require(self, size: int) -> None:
        """Each item takes a byte at least."""
        if size > len(self.data) - self.position:
            raise ThriftError("the struct is cut off")

    def binary(self, depth: int) -> bytes:
        return self.fixed(self._varint())

    def fixed(self, size: int) -> bytes:
        if size > len(self.data) - self.position:
            raise ThriftError("the struct is cut off")
        start, self.position = self.position, self.position + size
        return bytes(self.data[start : self.position])

    def byte(self, depth: int = 0) -> int:
        value = self.data[self.position]
        self.position += 1
        return value

    def integer(self, depth: int = 0) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise ThriftError("a number has more than 64 bits")


_READERS: dict[int, Callable[[_Reader, int], Any]] = {
    TRUE: _Reader.byte,  # inside lists and maps a truth value is a byte, which stays as it is
    FALSE: _Reader.byte,
    BYTE: lambda reader, _: reader.fixed(1),
    I16: _Reader.integer,
    I32: _Reader.integer,
    I64: _Reader.integer,
    DOUBLE: lambda reader, _: reader.fixed(8),
    BINARY: _Reader.binary,
    LIST: _Reader.items,
    SET: _Reader.items,
    MAP: _Reader.pairs,
    STRUCT: _Reader.struct,
    UUID: lambda reader, _: reader.fixed(16),
}


def _put_struct(out: bytearray, given: Struct) -> None:
    last = 0
    for number, (kind, value) in given.items():
        if 0 < number - last < 16:
            out.append((number - last) << 4 | kind)
        else:
            out.append(kind)
            _put_integer(out, number)
        last = number
        if kind > FALSE:
            _WRITERS[kind](out, value)
    out.append(0)


def _put_varint(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _put_integer(out: bytearray, value: int) -> None:
    _put_varint(out, value << 1 if value >= 0 else ~(value << 1))


def _put_binary(out: bytearray, value: bytes) -> None:
    _put_varint(out, len(value))
    out += value


def _put_fixed(out: bytearray, value: bytes) -> None:
    out += value


def _put_items(out: bytearray, items: Items) -> None:
    size = len(items.values)
    out.append(min(size, 15) << 4 | items.kind)
    if size >= 15:
        _put_varint(out, size)
    put = _WRITERS[items.kind] if size else _put_fixed
    for value in items.values:
        put(out, value)


def _put_pairs(out: bytearray, pairs: Pairs) -> None:
    _put_varint(out, len(pairs.entries))
    if pairs.entries:
        out.append(pairs.kinds[0] << 4 | pairs.kinds[1])
    for key, value in pairs.entries:
        _WRITERS[pairs.kinds[0]](out, key)
        _WRITERS[pairs.kinds[1]](out, value)


_WRITERS: dict[int, Callable[[bytearray, Any], None]] = {
    TRUE: bytearray.append,
    FALSE: bytearray.append,
    BYTE: _put_fixed,
    I16: _put_integer,
    I32: _put_integer,
    I64: _put_integer,
    DOUBLE: _put_fixed,
    BINARY: _put_binary,
    LIST: _put_items,
    SET: _put_items,
    MAP: _put_pairs,
    STRUCT: _put_struct,
    UUID: _put_fixed,
}
