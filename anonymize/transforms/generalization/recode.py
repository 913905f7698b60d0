"""Values to their level in a hierarchy."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.paths import RulePath
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import text
from anonymize.kernels.hierarchies import Hierarchy, read_hierarchy, tree_hierarchy
from anonymize.kernels.numbers.parsing import is_number, plain, plain_type
from anonymize.kernels.rejecting import reject_lost


class Recode(ColumnTransform):
    """Replace each value by its ancestor in a hierarchy, such as a city by its country.

    A hierarchy is a file as ARX writes it (one line per value: the value, then its label on each level,
    separated by `;` or `,`) or a tree in the rule file whose leaves are the values. Coarser levels must never
    divide what a finer one joins. Values are compared as text, exactly; one that the hierarchy lacks is
    rejected.
    """

    use: Literal["recode"] = "recode"

    hierarchy: RulePath | dict[Any, Any]
    """The file, or the tree: `{Europe: {Germany: [Berlin, Bonn]}}`."""
    level: Annotated[int, Field(ge=1)] = 1
    """How many steps above the values."""

    @model_validator(mode="after")
    def _has_the_level(self) -> Self:
        if self.level > self.loaded.height:
            raise ValueError(f"the hierarchy has {self.loaded.height} levels above the values, not {self.level}")
        return self

    @cached_property
    def loaded(self) -> Hierarchy:
        """The hierarchy, read once."""
        if isinstance(self.hierarchy, Path):
            return read_hierarchy(self.hierarchy)
        return tree_hierarchy(self.hierarchy)

    def properties(self) -> Properties:
        return Properties(survives=f"the label on level {self.level} of {self.loaded.height}")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        plainly = plain_type(given)
        if pa.types.is_floating(plainly) or not (pa.types.is_string(plainly) or is_number(plainly)):
            raise TypeError(f"needs text or integers, not {given}")
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        spelled = text(plain(values))
        return reject_lost(self.loaded.recode(spelled, self.level), spelled, "not in the hierarchy", context)


PLACES = {"Europe": {"Germany": ["Berlin", "Köln"], "France": ["Paris"]}, "亚洲": {"中国": ["上海"]}}
EXAMPLES = [
    Example(Recode(hierarchy=PLACES), ["Köln", "上海", None], ["Germany", "中国", None]),
    Example(Recode(hierarchy=PLACES, level=2), ["Berlin", "Paris"], ["Europe", "Europe"]),
    Example(Recode(hierarchy={"1-9": [1, 5], "10-19": [12]}), [5, 12], ["1-9", "10-19"]),
]
