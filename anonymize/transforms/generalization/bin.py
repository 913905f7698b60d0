"""Numbers into intervals."""

from typing import Annotated, Any, ClassVar, Literal, Self

import pyarrow as pa
from pydantic import Field, field_validator, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.numbers.intervals import Cuts, Grid, check_template
from anonymize.kernels.numbers.parsing import parse, plain, text_output
from anonymize.kernels.numbers.steps import Steps
from anonymize.kernels.text.labels import labelled
from anonymize.statistics.quantiles import Quantiles

Number = Annotated[float, Field(allow_inf_nan=False)]


class Bin(ColumnTransform):
    """Replace a number by the interval that holds it, such as `[20, 30)`.

    Each interval holds its lower bound and not its upper one. Intervals of a `width` start at its multiples.
    Beyond the outermost bounds stand `< 18` and `>= 65`. The rarest values stay visible as intervals of their
    own unless `lower` and `upper` or `edges` fold them. Quantile bounds are values of the data.
    """

    use: Literal["bin"] = "bin"
    positional: ClassVar[str | None] = "width"

    width: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """The width of all intervals."""
    edges: Annotated[tuple[Number, ...], Field(min_length=1, max_length=10_000)] | None = None
    """Instead: the bounds between the intervals, ascending."""
    quantiles: Annotated[int, Field(ge=2, le=1000)] | None = None
    """Instead: how many intervals, of about equally many values each."""
    labels: tuple[str, ...] | None = None
    """With `edges`: the name of each interval between two edges; or of all, when there are two more."""
    lower: Number | None = None
    """With `width`: everything below becomes one interval."""
    upper: Number | None = None
    """With `width`: everything from here on becomes one interval."""
    format: str = "[{lower}, {upper})"
    """The spelling of an interval between two bounds."""

    @field_validator("format")
    @classmethod
    def _names_a_bound(cls, format: str) -> str:
        return check_template(format)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if sum(way is not None for way in (self.width, self.edges, self.quantiles)) != 1:
            raise ValueError("give exactly one of `width`, `edges` and `quantiles`")
        if self.width is None and (self.lower is not None or self.upper is not None):
            raise ValueError("`lower` and `upper` go with `width`; the outer `edges` are bounds already")
        if self.labels is not None and self.edges is None:
            raise ValueError("`labels` go with `edges`")
        if self.width is not None:
            Grid(self._steps(), self.lower, self.upper, self.format)
        if self.edges is not None:
            Cuts(self.edges, self.format, self.labels)
        return self

    def _steps(self) -> Steps:
        try:
            return Steps.of(self.width or 1)
        except ValueError:
            raise ValueError("`width` is too large or has too many digits") from None

    def properties(self) -> Properties:
        return Properties(deterministic=self.quantiles is None, survives="the interval")

    def needs(self, columns: tuple[str, ...]) -> Quantiles | None:
        if self.quantiles is None:
            return None
        cuts = tuple(part / self.quantiles for part in range(1, self.quantiles))
        return Quantiles((columns[0],), cuts, strict=True)

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return text_output(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        if self.width is not None:
            grid = Grid(self._steps(), self.lower, self.upper, self.format)
            groups, valid = grid.groups(plain(values), context)
            return labelled(groups, valid, grid.name)
        edges = self.edges if self.edges is not None else tuple(sorted(set(context.fitted)))
        cuts = Cuts(edges, self.format, self.labels)
        numbers = parse(values, context)
        return labelled(cuts.groups(to_numpy(numbers)), to_numpy(numbers.is_valid()), cuts.name)


EXAMPLES = [
    Example(
        Bin(width=10),
        ["20", "29.9", "-1", "1e3", None],
        ["[20, 30)", "[20, 30)", "[-10, 0)", "[1000, 1010)", None],
    ),
    Example(Bin(width=0.1), [0.3, 0.05, None], ["[0.3, 0.4)", "[0, 0.1)", None]),
    Example(Bin(width=10_000, format="{lower}-{upper}"), [54_321], ["50000-60000"]),
    Example(Bin(width=20, lower=20, upper=60), [7, 20, 59, 60], ["< 20", "[20, 40)", "[40, 60)", ">= 60"]),
    Example(Bin(edges=(18, 65)), ["17", "18", "65"], ["< 18", "[18, 65)", ">= 65"]),
    Example(Bin(edges=(0, 18, 65), labels=("minor", "adult")), [3, 40, 70], ["minor", "adult", ">= 65"]),
    Example(Bin(edges=(18, 65), labels=("年少", "成人", "老年")), [3, 40, 70], ["年少", "成人", "老年"]),
    Example(Bin(quantiles=2), [1, 2, 3, 4], ["< 3", "< 3", ">= 3", ">= 3"]),
]
