"""Values to their level in a hierarchy."""

from functools import cached_property
from itertools import islice
from typing import Annotated, Any, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import text
from anonymize.kernels.hierarchies import Hierarchy
from anonymize.kernels.hierarchy_builders import Builder, DateLevels, Prefix
from anonymize.kernels.hierarchy_choice import HierarchyChoice, load_hierarchy
from anonymize.kernels.numbers.parsing import is_number, plain, plain_type
from anonymize.kernels.rejecting import reject_lost


class Recode(ColumnTransform):
    """Replace each value by its ancestor in a hierarchy, such as a city by its country.

    A hierarchy is a file as ARX writes it (one line per value: the value, then its label on each level,
    separated by `;` or `,`), a tree in the rule file whose leaves are the values, or a builder that computes the
    labels, as k_anonymize has them. Coarser levels must never divide what a finer one joins. Values are compared
    as text, exactly; one that the hierarchy lacks is rejected.
    """

    use: Literal["recode"] = "recode"

    hierarchy: HierarchyChoice
    """The file, the tree as `{Europe: {Germany: [Berlin, Bonn]}}`, or a builder: `intervals(widths=[5, 10])`,
    `bounds(upper=[90])`, `rounding(to=[10, 100])`, `dates(to=[month, year])`."""
    level: Annotated[int, Field(ge=1)] = 1
    """How many steps above the values."""

    @model_validator(mode="after")
    def _has_the_level(self) -> Self:
        if isinstance(self.loaded, Prefix):
            raise ValueError("prefix depends on the longest of all values; use truncate or mask instead")
        if self.level > self.height:
            raise ValueError(f"the hierarchy has {self.height} levels above the values, not {self.level}")
        return self

    @cached_property
    def loaded(self) -> Hierarchy | Builder:
        """The hierarchy, read once."""
        return load_hierarchy(self.hierarchy)

    @cached_property
    def height(self) -> int:
        """The highest level."""
        if isinstance(self.loaded, Hierarchy):
            return self.loaded.height
        return sum(1 for _ in self.loaded.levels(pa.array([], pa.string())))

    def properties(self) -> Properties:
        return Properties(survives=f"the label on level {self.level} of {self.height}")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        plainly = plain_type(given)
        if pa.types.is_string(plainly):
            return pa.string()
        if isinstance(self.loaded, DateLevels):
            fits, wanted = pa.types.is_date(plainly) or pa.types.is_timestamp(plainly), "dates"
        elif isinstance(self.loaded, Hierarchy):
            fits, wanted = is_number(plainly) and not pa.types.is_floating(plainly), "integers"
        else:
            fits, wanted = is_number(plainly), "numbers"
        if not fits:
            raise TypeError(f"needs text or {wanted}, not {given}")
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        given = plain(values)
        if isinstance(self.loaded, Hierarchy):
            labels = self.loaded.recode(text(given), self.level)
            return reject_lost(labels, given, "not in the hierarchy", context)
        labels = next(islice(self.loaded.levels(given), self.level - 1, None))
        return reject_lost(labels, given, "has no place in the hierarchy", context)


PLACES = {"Europe": {"Germany": ["Berlin", "Köln"], "France": ["Paris"]}, "亚洲": {"中国": ["上海"]}}
EXAMPLES = [
    Example(Recode(hierarchy=PLACES), ["Köln", "上海", None], ["Germany", "中国", None]),
    Example(Recode(hierarchy=PLACES, level=2), ["Berlin", "Paris"], ["Europe", "Europe"]),
    Example(Recode(hierarchy={"1-9": [1, 5], "10-19": [12]}), [5, 12], ["1-9", "10-19"]),
    Example(
        Recode(hierarchy="intervals(widths=[5, 20])", level=2), ["7", "31", None], ["[0, 20)", "[20, 40)", None]
    ),
    Example(Recode(hierarchy="bounds(upper=[90])"), ["34", "97"], ["34", ">= 90"]),
    Example(Recode(hierarchy="dates(to=[month, year])", level=2), ["2024-05-17", None], ["2024", None]),
]
