"""Singling out: a property of a released row that one person only has."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from anonymize.core.attack import SEED, Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.kernels.combining import Numbers
from anonymize.kernels.risk.columns import codes_of
from anonymize.kernels.risk.knowing import recoded


class SinglingOut(Attack):
    """Takes some columns of a released row and claims that exactly one person has these values.

    Article 29 Working Party, opinion 05/2014 (WP 216); M. Giomi et al., "A unified framework for quantifying
    privacy risk in synthetic data", PETS 2023. The control makes its claims from rows that were put together at
    random, so what it gets right comes from rare values alone and not from what the release tells about persons.
    """

    use: Literal["singling_out"] = "singling_out"

    claims: int = Field(default=500, ge=1)
    """How many claims are made."""
    columns: int = Field(default=3, ge=1)
    """How many columns a claim is about, if there are so many."""

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        known = {name: recoded(evidence.original[name], evidence.release[name]) for name in evidence.known}
        pairs = [(codes, codes_of(evidence.release[name])) for name, codes in known.items() if codes is not None]
        if not pairs or not evidence.rows:
            return []
        random = np.random.default_rng(SEED)
        claims = [self._claims(pairs, random, together) for together in (True, False)]
        right, control = (int((found == 1).sum()) for found in claims)
        used = min(self.columns, len(pairs))
        said = f"claims about {used} of {len(pairs)} columns that tell something"
        return [Trial("rows", self.claims, right, control / self.claims, said)]

    def _claims(
        self, pairs: Sequence[tuple[Numbers, Numbers]], random: np.random.Generator, together: bool
    ) -> NDArray[np.int64]:
        """How many persons have the values that each claim is about."""
        rows, found = len(pairs[0][0]), np.zeros(self.claims, np.int64)
        for claim in range(self.claims):
            chosen = random.choice(len(pairs), min(self.columns, len(pairs)), replace=False)
            row = random.integers(rows)
            fits = np.ones(rows, np.bool_)
            for column in chosen.tolist():
                person, released = pairs[column]
                fits &= person == released[row if together else random.integers(rows)]
            found[claim] = fits.sum()
        return found


EXAMPLES = [
    Example(
        SinglingOut(claims=40),
        {"original": {"年龄": [1, 2, 3, 4]}, "release": {"年龄": [1, 2, 3, 4]}},
        {"rows": 40},
    ),
    Example(
        SinglingOut(claims=40, columns=2),
        {"original": {"年龄": [1, 2, 3, 4]}, "release": {"年龄": [0, 0, 5, 5]}},
        {"rows": 0},
    ),
]
