"""Top coding."""

from typing import Annotated, Any, ClassVar, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Kept, Properties
from anonymize.kernels.numbers.bounds import check_bound, comparable, limited
from anonymize.kernels.numbers.parsing import numeric_output, plain_type
from anonymize.statistics.quantiles import Quantiles


class TopCode(ColumnTransform):
    """Replace numbers above a bound by the bound, or by a label.

    The other values stay as they are, spelling and all. A quantile as the bound is a value of the data. How
    many values reach the bound stays visible.
    """

    use: Literal["top_code"] = "top_code"
    positional: ClassVar[str | None] = "at"

    at: Annotated[float, Field(allow_inf_nan=False)] | None = None
    """The bound."""
    quantile: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Instead: the share of the data's values up to the bound, such as 0.95."""
    label: str | None = None
    """Stands for values at the bound or above it, such as `90+`; makes the column text."""

    @model_validator(mode="after")
    def _has_one_bound(self) -> Self:
        if (self.at is None) == (self.quantile is None):
            raise ValueError("give either `at` or `quantile`")
        return self

    def properties(self) -> Properties:
        survives = "the whole value, unless it reaches the bound"
        if self.label is not None:
            return Properties(deterministic=self.quantile is None, survives=survives)
        kept = frozenset[Kept]({"type", "order"})
        return Properties(deterministic=self.quantile is None, keeps=kept, survives=survives)

    def needs(self, columns: tuple[str, ...]) -> Quantiles | None:
        return None if self.quantile is None else Quantiles((columns[0],), (self.quantile,))

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if self.at is not None and self.label is None:
            check_bound(self.at, given)
        numeric_output(given)
        return plain_type(given) if self.label is None else pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        numbers = comparable(values, context)
        bound = self.at
        if bound is None:
            bound = context.fitted[0] if context.fitted else 0.0  # without numbers nothing is left to limit
        return limited(values, numbers, bound, "upper", self.label)


EXAMPLES = [
    Example(TopCode(at=90), ["34", "97", "90.0", "034.50", None], ["34", "90", "90", "034.50", None]),
    Example(TopCode(at=90, label="90+"), [34, 90, 97, None], ["34", "90+", "90+", None]),
    Example(TopCode(at=0.5), [0.25, 0.75], [0.25, 0.5]),
    Example(TopCode(quantile=0.75), [1, 2, 3, 1000], [1, 2, 3, 3]),
]
