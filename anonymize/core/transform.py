"""Transform: changes data. Three shapes: one column, whole rows, or the whole table."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from typing_extensions import TypeVar

from anonymize.core.component import Component
from anonymize.core.detector import Detector
from anonymize.core.roles import Role, Roles
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
    joins: bool = False
    """Two different values meet by chance alone, and rarely: below 1 in 10 million for a million values. So tables
    can be joined, and `injective` implies it; but a key need not stay one."""
    reversible: bool = False
    """The key holder can restore the value: the transform has a `restore`."""
    authenticated: bool = False
    """A result that was changed, or that another key made, is noticed when it is restored."""
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
class Sibling:
    """Another column that the rules change or drop, beside the values in front of a transform."""

    name: str
    role: Role
    values: pa.Array
    """As they were read."""
    rows: NDArray[np.int64]
    """Number of each value's row in the data set."""
    substitutes: Callable[[NDArray[np.int64]], pa.Array] | None
    """What the column's rules put in place of the values at some positions, where the rules alone tell: null where
    they do not. None if they never do."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What one step worked out about the column, for the other steps that look at it."""


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
    derive: Callable[[str, str, str], Sequence[bytes]]
    """(key name, purpose, scope) to 32 secret bytes for each generation of the key; see `secrets`."""
    read: Callable[[str], pa.Array]
    """Another column's values as they were read, one for each value in front of the transform."""
    locale: str = "en_US"
    siblings: Callable[[], Sequence[Sibling]] | None = None
    """The row's other columns that the rules change or drop."""
    detectors: tuple[Detector, ...] = ()
    """The rule file's own."""
    rejections: list[Rejection] = field(default_factory=list)

    def secret(self, key: str, purpose: str, scope: str | None = None) -> bytes:
        """32 bytes derived from the named master key for this data set, purpose and scope (by default the
        column), so that nothing links columns or data sets which do not share a scope. Of a key with several
        generations, the newest."""
        return self.secrets(key, purpose, scope)[0]

    def secrets(self, key: str, purpose: str, scope: str | None = None) -> Sequence[bytes]:
        """`secret` for every generation of the key, newest first: what an older one made can still be opened."""
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

    def outcome(self, fitted: Any) -> Mapping[str, Any]:
        """What it decided from the whole data, for the report: names, counts and figures, never values."""
        return {}


class ColumnTransform(Transform):
    """Array in, array of the same length out. Nulls stay null unless the docstring says otherwise."""

    whole: ClassVar[bool] = False
    """True if it may stand on a nested object or list as a whole (it never looks at the value)."""
    restores: ClassVar[bool] = False
    """True if other steps are to see its results as the values that were read."""

    def output_type(self, given: pa.DataType) -> pa.DataType:
        """The type of the result. Raises TypeError, saying what is accepted, for a type it cannot handle."""
        return given

    @abstractmethod
    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array: ...

    def restore(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        """The values that `apply` was given, from what it made of them. Only reversible transforms have it."""
        raise NotImplementedError(f"{self.use} cannot be undone")


class RowTransform(Transform):
    """Batch in, batch of the same rows out, with the rows that stay. Never adds or reorders rows."""

    def columns(self, roles: Roles) -> tuple[str, ...]:
        """The columns of the batch it is given: by default the quasi-identifiers."""
        return roles.quasi

    def output_type(self, given: pa.DataType) -> pa.DataType:
        """The type of its columns afterwards."""
        return given

    def rewrites(self) -> bool:
        """Whether it changes cells; otherwise it only decides which rows stay."""
        return True

    def bound(self, roles: Roles) -> "RowTransform":
        """The transform for data with these roles."""
        return self

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
