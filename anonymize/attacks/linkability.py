"""Linkability: two halves of what is known about a person lead to the same row."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from anonymize.core.attack import SEED, Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.kernels.risk.knowing import Neighbours, recoded

MOST_ROWS = 20_000


class Linkability(Attack):
    """Two sources each know every other column of a person; looks for the nearest released row to each, and links
    the sources where it is the same row, and the person's own.

    Article 29 Working Party, opinion 05/2014 (WP 216); M. Giomi et al., "A unified framework for quantifying
    privacy risk in synthetic data", PETS 2023. Columns that were made random are no help and are left out. The
    control leaves the person's own row out and counts agreement on any other.
    """

    use: Literal["linkability"] = "linkability"

    people: int = Field(default=300, ge=1)
    """How many people are attacked."""

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        names = [n for n in evidence.known if recoded(evidence.original[n], evidence.release[n]) is not None]
        if len(names) < 2 or evidence.rows < 2:
            return []
        random = np.random.default_rng(SEED)
        among = np.sort(random.choice(evidence.rows, min(MOST_ROWS, evidence.rows), replace=False)).astype(np.intp)
        among = random.permutation(among)  # of equally near rows the first is taken: it must not be the own one
        targets = random.choice(among, min(self.people, len(among)), replace=False).tolist()
        halves = [
            Neighbours([evidence.original[n] for n in half], [evidence.release[n] for n in half])
            for half in (names[::2], names[1::2])
        ]
        right = sum(all(half.nearest(row, among) == row for half in halves) for row in targets)
        agreed = sum(len({half.nearest(row, among, row) for half in halves}) == 1 for row in targets)
        said = f"{len(names[::2]):,} columns on one side, {len(names[1::2]):,} on the other"
        return [Trial("rows", len(targets), right, agreed / len(targets), said)]


_PEOPLE = {"name": ["a", "b", "c", "d"], "年龄": ["1", "2", "3", "4"]}

EXAMPLES = [
    Example(Linkability(), {"original": _PEOPLE, "release": _PEOPLE}, {"rows": 4}),
    Example(
        Linkability(people=3),
        {"original": _PEOPLE, "release": {"name": ["*"] * 4, "年龄": ["?"] * 4}},
        {"rows": 0},
    ),
]
