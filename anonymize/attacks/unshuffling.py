"""Attack on shuffled columns: many values come back to where they were."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from anonymize.core.attack import Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.kernels.risk.columns import common_codes
from anonymize.kernels.risk.knowing import differs


class Unshuffling(Attack):
    """Takes a shuffled column as if it were not: counts the rows that have their own value still.

    It applies to columns that hold the same values as before in another order. The control is what a random order
    of all values gives; much more than that means small or uniform groups.
    """

    use: Literal["unshuffling"] = "unshuffling"

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        return [trial for name in evidence.shared if (trial := self._column(evidence, name)) is not None]

    def _column(self, evidence: Evidence, name: str) -> Trial | None:
        before, after, count = common_codes(evidence.original[name], evidence.release[name])
        shares = np.bincount(before, minlength=count)
        if not len(before) or not (shares == np.bincount(after, minlength=count)).all():
            return None
        moved = differs(evidence.original[name], evidence.release[name])
        if not moved.any():
            return None
        control = float(((shares / len(before)) ** 2).sum())
        return Trial(name, len(before), int((~moved).sum()), control, "rows that have their own value still")


EXAMPLES = [
    Example(
        Unshuffling(),
        {"original": {"薪": ["a", "b", "c", None]}, "release": {"薪": ["b", "a", "c", None]}},
        {"薪": 2},
    ),
    Example(Unshuffling(), {"original": {"薪": ["a", "b"]}, "release": {"薪": ["x", "y"]}}, {}),
]
