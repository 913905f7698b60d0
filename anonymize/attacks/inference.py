"""Inference: learn a person's secret from the row that is nearest to what one knows."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from pydantic import Field

from anonymize.core.attack import SEED, Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.core.roles import Roles
from anonymize.kernels.risk.columns import codes_of, is_numeric, numbers_of
from anonymize.kernels.risk.knowing import Neighbours, recoded

MOST_ROWS = 20_000
TOLERANCE = 0.05


class Inference(Attack):
    """Knows all columns of a person but the sensitive one, takes the nearest released row and believes its secret.

    Article 29 Working Party, opinion 05/2014 (WP 216); M. Giomi et al., "A unified framework for quantifying
    privacy risk in synthetic data", PETS 2023. The control does the same without the person's own row: what it
    learns is true of people like him and would be learned had he never been in the table. A number counts as
    learned within 5 %.
    """

    use: Literal["inference"] = "inference"

    people: int = Field(default=300, ge=1)
    """How many people are attacked."""

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        secrets = [name for name in evidence.roles.sensitive if name in evidence.shared]
        return [trial for name in secrets if (trial := self._column(evidence, name)) is not None]

    def _column(self, evidence: Evidence, name: str) -> Trial | None:
        known = [column for column in evidence.known if column != name]
        if not known or not evidence.rows:
            return None
        random = np.random.default_rng(SEED)
        among = np.sort(random.choice(evidence.rows, min(MOST_ROWS, evidence.rows), replace=False)).astype(np.intp)
        among = random.permutation(among)  # of equally near rows the first is taken: it must not be the own one
        targets = random.choice(among, min(self.people, len(among)), replace=False)
        near = Neighbours([evidence.original[c] for c in known], [evidence.release[c] for c in known])
        learned = _learned(evidence.original[name], evidence.release[name])
        right = sum(learned(row, near.nearest(row, among)) for row in targets.tolist())
        control = (
            sum(learned(row, near.nearest(row, among, row)) for row in targets.tolist()) if len(among) > 1 else 0
        )
        said = f"from {len(known):,} known columns; the control leaves the person's own row out"
        return Trial(name, len(targets), right, control / len(targets), said)


def _learned(before: Any, after: Any) -> Any:
    """Whether the secret of a released row is that of a person."""
    if is_numeric(before) and is_numeric(after):
        true, told = numbers_of(before), numbers_of(after)
        return lambda row, found: bool(abs(told[found] - true[row]) <= TOLERANCE * abs(true[row]))
    mapped = recoded(before, after)
    released = codes_of(after)
    return lambda row, found: mapped is not None and bool(mapped[row] == released[found])


_PEOPLE = {"年龄": ["a", "b", "c", "d"], "ill": ["flu", "cold", "pox", "gout"]}

EXAMPLES = [
    Example(Inference(), {"original": _PEOPLE, "release": _PEOPLE}, {"ill": 4}, Roles(sensitive=("ill",))),
    Example(
        Inference(people=4),
        {"original": _PEOPLE, "release": {**_PEOPLE, "年龄": ["*"] * 4}},
        {"ill": 1},
        Roles(sensitive=("ill",)),
    ),
]
