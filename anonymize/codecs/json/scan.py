"""What a block of JSON lines holds: the bytes, kind, path and row of every value. Nothing is decoded."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from anonymize.codecs.json.tokens import Bytes, Places

NULL, TEXT, NUMBER, TRUTH, OBJECT, ARRAY = range(6)
KINDS = np.full(256, NUMBER, np.uint8)
KINDS[list(b'"{[tfn')] = TEXT, OBJECT, ARRAY, TRUTH, TRUTH, NULL
"""The kind of a value by its first byte."""


@dataclass(frozen=True, repr=False)
class Paths:
    """The distinct paths of a block, each after its parent."""

    names: list[str]
    parents: list[int]
    """The place of each path's parent; -1 for the record."""
    keys: list[str]
    """The last step of each path: a key, or nothing for the items of a list."""

    @cached_property
    def place(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}


@dataclass(frozen=True, repr=False)
class Values:
    """The values of one path, in order."""

    start: Places
    end: Places
    """The bytes of each value, quotes and brackets included."""
    kind: Bytes
    row: NDArray[np.int32]


class Lines(Protocol):
    """The records of a block."""

    data: Bytes
    line_starts: Places
    """Where each row begins, and the end of the last."""
    paths: Paths

    @property
    def rows(self) -> int: ...

    @property
    def kinds(self) -> NDArray[np.int64]:
        """How many values of each kind (columns) each path (rows) has."""
        ...

    @property
    def scan(self) -> "Scan":
        """Every value, one by one."""
        ...

    def values(self, path: int) -> Values: ...


@dataclass(frozen=True, repr=False)
class Scan(Lines):
    """All members and items of a block of records. Those of one object or list, and those of one path, are in
    the order of the bytes."""

    data: Bytes
    line_starts: Places
    start: Places
    end: Places
    kind: Bytes
    row: NDArray[np.int32]
    key_start: Places
    """The opening quote of a member's key; of an item, its start."""
    container: NDArray[np.int32]
    """A number for the object or list that holds the value."""
    holder: NDArray[np.int32]
    """The value that is this object or list; -1 for the record."""
    of: NDArray[np.int32]
    """The path of each value."""
    paths: Paths

    @property
    def rows(self) -> int:
        return len(self.line_starts) - 1

    @property
    def scan(self) -> "Scan":
        return self

    @cached_property
    def groups(self) -> tuple[Places, Places]:
        """Values sorted by path, and where each path begins among them."""
        count = len(self.paths.names)
        bounds = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(self.of, minlength=count), out=bounds[1:])
        return _sorted_by(self.of, count), bounds

    def places(self, path: int) -> Places:
        """The values of a path, in order."""
        order, bounds = self.groups
        return order[bounds[path] : bounds[path + 1]]

    def values(self, path: int) -> Values:
        places = self.places(path)
        return Values(
            self.start.take(places), self.end.take(places), self.kind.take(places), self.row.take(places)
        )

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        width = ARRAY + 1
        found = self.of * np.int32(width) + self.kind
        return np.bincount(found, minlength=len(self.paths.names) * width).reshape(-1, width)


def _sorted_by(of: NDArray[np.int32], count: int) -> Places:
    """The places sorted by path, stable."""
    if (of[1:] >= of[:-1]).all():
        return np.arange(len(of))
    rows, ragged = divmod(len(of), max(count, 1))
    if not ragged and (of.reshape(rows, count) == np.arange(count, dtype=np.int32)).all():
        return np.arange(len(of)).reshape(rows, count).T.reshape(-1)
    # NumPy sorts 16 bits by radix, in linear time.
    return np.argsort(of.astype(np.uint16) if count <= 1 << 16 else of, kind="stable")
