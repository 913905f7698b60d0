"""Correlation change: what became of how columns of numbers go together."""

from typing import ClassVar, Literal

import pyarrow as pa

from anonymize.core.beside import beside
from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.risk.resemblance import Sides, columns_to_compare
from anonymize.statistics.row_sample import RowSample


class CorrelationChange(Metric):
    """Greatest change of a correlation (Pearson's) between two columns of numbers, from 0 to 2.

    It is measured on a sample of 20,000 rows, the same before and after. Labels that are no numbers, such as
    ranges, are taken for the mean of the numbers behind them; a column that does not vary correlates with none.
    With fewer than two columns of numbers it measures 0.

    By hand: 1, 2, 3 goes up with 1, 2, 3 and down with 3, 2, 1: a correlation of 1 became one of -1, a change
    of 2.
    """

    use: Literal["correlation_change"] = "correlation_change"
    positional: ClassVar[str | None] = "columns"
    beside_original: ClassVar[bool] = True

    columns: tuple[str, ...] = ()
    """The columns to measure; by default quasi-identifiers and sensitive columns."""

    def needs(self, roles: Roles) -> RowSample:
        return RowSample(beside(columns_to_compare(self.columns, (*roles.quasi, *roles.sensitive))))

    def measure(self, summary: pa.Table) -> Measurement:
        change, columns = Sides(summary).change_of_correlation()
        if columns < 2:
            return Measurement(0, "there are no two columns of numbers")
        return Measurement(change, f"a correlation of two of {columns:,} columns changed by {change:.3g} at most")


_UP = {"original": {"x": [1, 2, 3], "年": [1, 2, 3]}, "release": {"x": [1, 2, 3], "年": [3, 2, 1]}}
_RANGES = {
    "original": {"x": [1, 2, 3, 4], "y": [1, 1, 2, 2]},
    "release": {"x": ["1-2", "1-2", "3-4", "3-4"], "y": [1, 1, 2, 2]},
}
_ONE = {"original": {"x": [1, None], "t": ["", None]}, "release": {"x": [1, None], "t": ["", None]}}

EXAMPLES = [
    Example(CorrelationChange(), _UP, 2.0, Roles(quasi=("x",), sensitive=("年",))),
    Example(CorrelationChange(columns=("x", "y")), _RANGES, 1 - 2 / 5**0.5),
    Example(CorrelationChange(), _ONE, 0, Roles(quasi=("x", "t"))),
]
