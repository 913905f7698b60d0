"""Transform: changes data. Three shapes: one column, whole rows, or the whole table."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from typing_extensions import TypeVar

from anonymize.core.component import Component
from anonymize.core.roles import Roles
from anonymize.core.statistic import Statistic

F = TypeVar("F", default=Any)

Kept = Literal["value", "type", "length", "order", "prefix", "format", "check_digit"]


@dataclass(frozen=True)
class Properties:
    """What a transform claims about its results; `plan` prints the claims and the laws test them."""

    deterministic: bool = True
    """The same value gives the same result, in every row, file and run (with the same key)."""
    injective: bool = False
    """Two different values never meet in one result, so joins and uniqueness survive."""
    reversible: bool = False
    """The key holder can restore the value."""
    keeps: frozenset[Kept] = frozenset()
    """What of the value's form is the same afterwards."""
    survives: str = "nothing"
    """What an outsider can still match on."""


@dataclass(frozen=True)
class Rejection:
    """Values that a step could not handle. The step leaves null in their place."""

    bad: pa.BooleanArray
    problem: str


@dataclass(frozen=True)
class Context(Generic[F]):
    """What a transform may know besides the values in front of it."""

    fitted: F
    """The answer to `needs`."""
    column: str
    """Name of the column (empty for row transforms)."""
    rows: NDArray[np.int64]
    """Number of each value's row in the data set, from 0."""
    slots: NDArray[np.int64]
    """Position of each value inside its row: 0, except in a column of lists."""
    derive: Callable[[str, str, str], bytes]
    """(key name, purpose, scope) to 32 secret bytes; see `secret`."""
    read: Callable[[str], pa.Array]
    """Another column's values as they were read, one for each value in front of the transform."""
    locale: str = "en_US"
    rejections: list[Rejection] = field(default_factory=list)

    def secret(self, key: str, purpose: str, scope: str | None = None) -> bytes:
        """32 bytes derived from the named master key for this data set, purpose and scope (by default the
        column), so that nothing links columns or data sets which do not share a scope."""
        return self.derive(key, purpose, f"column:{self.column}" if scope is None else f"scope:{scope}")

    def reject(self, bad: pa.BooleanArray, problem: str) -> None:
        """Report the values where `bad` is true as unfit. `problem` says why, without any value, as in
        "not a date". The rule's `on_error` decides what happens; the result at these places is ignored."""
        if bad.true_count:
            self.rejections.append(Rejection(bad, problem))


class Transform(Component, ABC):
    """A step of a plan."""

    kind: ClassVar[str] = "transform"

    def needs(self, columns: tuple[str, ...]) -> Statistic[Any] | None:
        """The statistic of the whole data whose answer `apply` will find in `context.fitted`."""
        return None

    def reads(self) -> tuple[str, ...]:
        """Other columns that `context.read` will be asked for."""
        return ()

    def key_names(self) -> tuple[str, ...]:
        """Names of the keys it uses."""
        key = getattr(self, "key", None)
        return (key,) if isinstance(key, str) else ()

    def properties(self) -> Properties:
        """What it claims about its results."""
        return Properties()


class ColumnTransform(Transform):
    """Array in, array of the same length out. Nulls stay null unless the docstring says otherwise."""

    whole: ClassVar[bool] = False
    """True if it may stand on a nested object or list as a whole (it never looks at the value)."""

    def output_type(self, given: pa.DataType) -> pa.DataType:
        """The type of the result. Raises TypeError, saying what is accepted, for a type it cannot handle."""
        return given

    @abstractmethod
    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array: ...


class RowTransform(Transform):
    """Batch in, batch of the same rows out, with the rows that stay. Never adds or reorders rows."""

    def columns(self, roles: Roles) -> tuple[str, ...]:
        """The columns of the batch it is given: by default the quasi-identifiers."""
        return roles.quasi

    def output_type(self, given: pa.DataType) -> pa.DataType:
        """The type of its columns afterwards."""
        return given

    def check(self, types: Mapping[str, pa.DataType]) -> None:
        """Raises TypeError, saying why, if it cannot work on columns of these types."""

    @abstractmethod
    def apply(self, batch: pa.RecordBatch, context: Context[Any]) -> tuple[pa.RecordBatch, pa.BooleanArray | None]:
        """The batch with changed cells, and which rows stay (None: all)."""


class Aggregation(Transform):
    """Replaces the records by a table about them. Always last in a plan."""

    @abstractmethod
    def columns(self, roles: Roles) -> tuple[str, ...]:
        """The columns it is about."""

    @abstractmethod
    def output_schema(self, given: pa.Schema) -> pa.Schema:
        """The schema of the released table, for columns of these types. Raises TypeError."""

    @abstractmethod
    def needs(self, columns: tuple[str, ...]) -> Statistic[Any]: ...

    @abstractmethod
    def release(self, context: Context[Any]) -> pa.Table: ...
