"""k^m-anonymity of sets, by coarser and fewer items."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.anonymity.itemsets import Items, coarse_items, read_baskets
from anonymize.kernels.anonymity.releasing import column_of
from anonymize.kernels.arrays import text, to_numpy
from anonymize.kernels.counting import COUNT
from anonymize.kernels.hierarchies import Hierarchy
from anonymize.kernels.hierarchy_choice import HierarchyChoice, load_hierarchy
from anonymize.kernels.numbers.parsing import plain, plain_type
from anonymize.statistics.combinations import Combinations, Combined


class KmAnonymize(ColumnTransform):
    """Coarsen the items of a column of sets, such as diagnoses, until any m of them occur in k rows or in none.

    Whoever knows m items of a person finds k rows at least (M. Terrovitis, N. Mamoulis, P. Kalnis,
    "Privacy-preserving anonymization of set-valued data", 2008). A cell is a list with a separator. An item that
    is too rare even on the top of its hierarchy goes; without a hierarchy, rare items go at once. Items that
    become equal stand once, where the first stood. The number of items of a cell survives in part.
    """

    use: Literal["km_anonymize"] = "km_anonymize"
    positional: ClassVar[str | None] = "k"

    k: Annotated[int, Field(ge=2)]
    """How many rows a combination must have."""
    m: Annotated[int, Field(ge=1, le=5)] = 2
    """How many items somebody may know."""
    separator: Annotated[str, Field(min_length=1)] = ";"
    """Stands between the items of a cell."""
    hierarchy: HierarchyChoice | None = None
    """A file as ARX writes it, or a tree of the items."""

    @field_validator("hierarchy")
    @classmethod
    def _no_builder(cls, given: Any) -> Any:
        if given is not None and not isinstance(load_hierarchy(given), Hierarchy):
            raise ValueError("items need a file or a tree, not a builder")
        return given

    def properties(self) -> Properties:
        return Properties(deterministic=False, survives="the frequent items, or their labels")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if not pa.types.is_string(plain_type(given)):
            raise TypeError(f"needs text, not {given}")
        return pa.string()

    def needs(self, columns: tuple[str, ...]) -> Combinations:
        return Combinations(columns[:1])

    def apply(self, values: pa.Array, context: Context[Combined]) -> pa.Array:
        found = self._items(context.fitted)
        encoded = text(plain(values)).dictionary_encode()
        cells = found.relabelled(encoded.dictionary, self.separator)
        lacking = pc.and_(cells.is_null(), encoded.dictionary.is_valid()).take(encoded.indices)
        context.reject(pc.fill_null(lacking, False), "an item is not in the hierarchy")
        return cells.take(encoded.indices)

    def outcome(self, fitted: Combined) -> Mapping[str, Any]:
        return self._items(fitted).facts

    def _items(self, fitted: Combined) -> Items:
        found: Items = fitted.once(self.call(), lambda: self._solve(fitted.table))
        return found

    def _solve(self, table: pa.Table) -> Items:
        name = next(name for name in table.column_names if name != COUNT)
        known = table.filter(pc.is_valid(table[name])).combine_chunks()
        cells = text(column_of(known, name)) if known.num_rows else pa.array([], pa.string())
        rows = to_numpy(column_of(known, COUNT)).astype(np.int64) if known.num_rows else np.zeros(0, np.int64)
        baskets, items = read_baskets(cells, rows, self.separator)
        hierarchy = None if self.hierarchy is None else load_hierarchy(self.hierarchy)
        return coarse_items(
            baskets, items, hierarchy if isinstance(hierarchy, Hierarchy) else None, self.k, self.m
        )


_CODES: dict[Any, Any] = {"infection": ["A00", "A01"], "心臓": ["I20", "I21"]}

EXAMPLES = [
    Example(
        KmAnonymize(k=2), ["A00;I20", "I20; A00", "A00;I21", None, ""], ["A00;I20", "I20;A00", "A00", None, ""]
    ),
    Example(
        KmAnonymize(k=2, m=1, separator="|", hierarchy=_CODES),
        ["A00|I20", "A01|I20", "I20|I20"],
        ["infection|I20", "infection|I20", "I20"],
    ),
]
