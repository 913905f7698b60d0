"""Non-uniform entropy: how many bits of the values are gone."""

from typing import ClassVar, Literal

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.risk.changes import Changes
from anonymize.kernels.risk.resemblance import columns_to_compare
from anonymize.statistics.value_pairs import ValuePairs


class NonUniformEntropy(Metric):
    """Share of the columns' information that is gone, from 0 (nothing) to 1 (everything).

    A. Gionis and T. Tassa, "k-anonymization with minimal loss of information", 2009: a value costs -ln of its
    share among the rows with the same released value; one that became null or `*`, or whose row went, -ln of its
    share among all. The sum is divided by what suppressing all would cost, and the mean over the columns is taken.
    To put a rare value together with a frequent one costs less than to put two frequent ones together, which
    information_loss does not see. A dropped column counts only if `columns` names it. A table without rows, and a
    column that is always the same, measures 0.

    By hand: of a, a, b, c the letters b and c became one. They cost ln 2 each, of 2 ln 2 + 2 ln 4 = 6 ln 2 in all:
    one third.
    """

    use: Literal["non_uniform_entropy"] = "non_uniform_entropy"
    positional: ClassVar[str | None] = "columns"
    beside_original: ClassVar[bool] = True
    pairs_rows: ClassVar[bool] = True

    columns: tuple[str, ...] = ()
    """The columns to measure; by default the quasi-identifiers."""

    def needs(self, roles: Roles) -> ValuePairs:
        return ValuePairs.of(columns_to_compare(self.columns, roles.quasi))

    def measure(self, summary: dict[str, Changes]) -> Measurement:
        losses = {name: changes.entropy_loss() for name, changes in summary.items()}
        worst = max(losses, key=lambda name: losses[name])
        mean = sum(losses.values()) / len(losses)
        return Measurement(mean, f"{mean:.1%} of the information is gone, most in {worst}")


_LETTERS = {"original": {"字": ["a", "a", "b", "c"]}, "release": {"字": ["a", "a", "bc", "bc"]}}
_GONE = {"original": {"x": ["a", "b", "", None]}, "release": {"x": ["*", "*", "", None]}}

EXAMPLES = [
    Example(NonUniformEntropy(), _LETTERS, 1 / 3, Roles(quasi=("字",))),
    Example(NonUniformEntropy(columns=("x",)), _GONE, 0.5),
    Example(NonUniformEntropy(columns=("a",)), {"original": {"a": []}, "release": {"a": []}}, 0),
]
