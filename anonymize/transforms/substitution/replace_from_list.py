"""A keyed choice from a list."""

from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BeforeValidator, Field, model_validator

from anonymize.core.component import Example
from anonymize.core.errors import DataError, Where
from anonymize.core.paths import RulePath
from anonymize.core.statistic import Statistic
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, text
from anonymize.kernels.crypto import tokens
from anonymize.kernels.crypto.randomness import words
from anonymize.kernels.lists import read_items, spelled
from anonymize.statistics.sorted_values import Multiset, SortedValues, sorted_type

Item = Annotated[str, BeforeValidator(spelled), Field(min_length=1)]


class ReplaceFromList(ColumnTransform):
    """Replace each value by an item of a list, chosen by key: the same value gets the same item.

    Different values may get the same item: of n values and m items that begins at about n = sqrt(m). With
    `unique` they never do, but the choice then depends on the whole set of values, so that another file with other
    values is given other items; it needs at least as many items as there are values.
    """

    use: Literal["replace_from_list"] = "replace_from_list"
    positional: ClassVar[str | None] = "values"

    values: tuple[Item, ...] | None = None
    """The items. Without `unique`, an item that stands there twice is chosen twice as often."""
    file: RulePath | None = None
    """Instead of `values`: a text file in UTF-8 with an item on each line."""
    unique: bool = False
    """Give different values different items."""
    scope: str | None = Field(default=None, min_length=1)
    """A name that columns share to get the same items; by default each column has a scope of its own."""
    key: str = "default"
    """Name of the key, as under `keys:`."""

    @model_validator(mode="after")
    def _has_one_list(self) -> Self:
        if (self.values is None) == (self.file is None):
            raise ValueError("give either `values` or `file`")
        if not self.items:
            raise ValueError("the list is empty")
        if self.unique and len(set(self.items)) < len(self.items):
            raise ValueError("`unique` needs a list without repetitions")
        return self

    @cached_property
    def items(self) -> tuple[str, ...]:
        """What may be chosen."""
        return tuple(read_items(self.file)) if self.file is not None else self.values or ()

    @cached_property
    def column(self) -> pa.Array:
        """The items as a column."""
        return pa.array(self.items, pa.string())

    def needs(self, columns: tuple[str, ...]) -> Statistic[Multiset] | None:
        return SortedValues(columns) if self.unique else None

    def properties(self) -> Properties:
        return Properties(injective=self.unique, survives="equality and frequency")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        tokens.require_scalar(given, self.name(), binary=not self.unique)
        if self.unique:
            sorted_type(given, self.name())
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        secret = context.secret(self.key, "replace_from_list", self.scope)
        if not self.unique:
            chosen = tokens.numbers(tokens.tags(secret, values)) % np.uint64(len(self.items))
            return self.column.take(from_numpy(chosen.astype(np.int64), values))
        known, given = context.fitted.once(
            (secret, self.values, self.file), lambda: self._assigned(secret, context.fitted, context.column)
        )
        places = pc.index_in(text(values), known)
        context.reject(pc.and_(values.is_valid(), places.is_null()), "not among the values that were counted")
        return given.take(places)

    def _assigned(self, secret: bytes, fitted: Multiset, column: str) -> tuple[pa.Array, pa.Array]:
        """The distinct values and the item of each: both in a keyed order, side by side."""
        known = pc.unique(text(fitted.values.drop_null()))
        if len(known) > len(self.items):
            problem = f"{len(known):,} distinct values, but the list of replace_from_list has {len(self.items):,}"
            raise DataError(problem, hint="give a longer list", where=Where(column=column))
        places = np.arange(len(self.items), dtype=np.int64)
        order = np.argsort(words(secret, places, np.zeros_like(places)), kind="stable")[: len(known)]
        ranks = np.argsort(tokens.numbers(tokens.tags(secret, known)), kind="stable")
        return known.take(from_numpy(ranks)), self.column.take(from_numpy(order))


EXAMPLES = [
    Example(
        ReplaceFromList(values=("red", "green", "blue")),
        ["a", "b", None, "王", "e", "", "a"],
        ["green", "blue", None, "red", "red", "blue", "green"],
    ),
    Example(
        ReplaceFromList(values=("red", "green", "blue"), unique=True),
        ["a", "b", None, "王", "a"],
        ["green", "red", None, "blue", "green"],
    ),
    Example(
        ReplaceFromList(values=("red", "blue"), scope="colours", key="second"),
        [1, 2, None],
        ["blue", "blue", None],
    ),
]
