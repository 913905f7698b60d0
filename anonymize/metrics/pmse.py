"""pMSE: whether a classifier can tell the release from the original."""

from typing import ClassVar, Literal

import pyarrow as pa

from anonymize.core.beside import beside
from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.risk.resemblance import Sides, columns_to_compare
from anonymize.statistics.row_sample import RowSample


class Pmse(Metric):
    """Propensity score mean squared error: 0 where released rows cannot be told from original ones, 0.25 where
    they always can.

    J. Snoke, G. Raab, B. Nowok, C. Dibben and A. Slavkovic, "General and specific utility measures for synthetic
    data", JRSS A 181 (2018), by a logistic regression with main effects on up to 20,000 rows of each: numbers, and
    the most frequent values of all other columns. `ratio` divides it by what is expected where the right model
    made the data: near 1 is good, 0 an unchanged table. Coarsened labels are told at once, which is what it says.

    By hand: a, a, a, b became a, b, b, b. Of the rows with an `a` a quarter is released, of those with a `b` three
    quarters, of all a half: the mean of (p - ½)² is 1/16. Expected is (1 - ½)² · ½ / 8 = 1/64, so the ratio is 4.
    """

    use: Literal["pmse"] = "pmse"
    positional: ClassVar[str | None] = "columns"
    beside_original: ClassVar[bool] = True

    columns: tuple[str, ...] = ()
    """The columns that the classifier sees; by default quasi-identifiers and sensitive columns."""
    figure: Literal["error", "ratio"] = "error"
    """The error itself, or as a multiple of the expected one."""

    def needs(self, roles: Roles) -> RowSample:
        return RowSample(beside(columns_to_compare(self.columns, (*roles.quasi, *roles.sensitive))))

    def measure(self, summary: pa.Table) -> Measurement:
        found = Sides(summary).propensity()
        if found is None:
            return Measurement(0, "there are no rows")
        said = f"a classifier is {2 * found.pmse**0.5:.0%} of the way to telling released rows from original ones"
        return Measurement(found.pmse if self.figure == "error" else found.ratio, said)


_SAME = {"original": {"城市": ["a", "b", None, ""]}, "release": {"城市": ["a", "b", None, ""]}}
_COINS = {"original": {"x": ["a", "a", "a", "b"]}, "release": {"x": ["a", "b", "b", "b"]}}

EXAMPLES = [
    Example(Pmse(), _SAME, 0, Roles(quasi=("城市",))),
    Example(Pmse(columns=("x",)), _COINS, 1 / 16),
    Example(Pmse(columns=("x",), figure="ratio"), _COINS, 4.0),
    Example(Pmse(columns=("x",)), {"original": {"x": []}, "release": {"x": []}}, 0),
]
