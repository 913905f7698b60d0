"""Linkage attack: find known people in the release by their quasi-identifiers."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from anonymize.core.attack import SEED, Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.core.roles import Roles
from anonymize.kernels.combining import Numbers
from anonymize.kernels.risk.columns import codes_of
from anonymize.kernels.risk.knowing import class_numbers, recoded


class Linkage(Attack):
    """Knows the quasi-identifiers of some people, coarsens them as the release does, and takes the one row that
    fits.

    It claims a match only where a single row fits; the detail says how many would be right if it always picked one
    of the fitting rows. Columns that the release made random are no help and are left out. The control is to pick
    any row.
    """

    use: Literal["linkage"] = "linkage"

    people: int = Field(default=1_000, ge=1)
    """How many people the attacker knows."""

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        names = [name for name in evidence.roles.quasi if name in evidence.known]
        known = {name: recoded(evidence.original[name], evidence.release[name]) for name in names}
        useful = {name: codes for name, codes in known.items() if codes is not None}
        if not useful or not evidence.rows:
            return []
        rows = evidence.rows
        both = [_joined(codes, codes_of(evidence.release[name])) for name, codes in useful.items()]
        classes, count = class_numbers(both)
        wanted, there = classes[:rows], classes[rows:]
        sizes = np.bincount(there, minlength=count)
        targets = np.sort(np.random.default_rng(SEED).choice(rows, min(self.people, rows), replace=False))
        fitting = sizes[wanted[targets]]
        hit = wanted[targets] == there[targets]
        right = int((hit & (fitting == 1)).sum())
        expected = float((hit / np.maximum(fitting, 1)).sum())
        alone = int((fitting == 1).sum())
        said = f"{alone:,} people fit one row only; picking any fitting row is right for {expected:,.1f}"
        return [Trial(", ".join(useful), len(targets), right, 1 / rows, said)]


def _joined(known: Numbers, released: Numbers) -> Numbers:
    return np.concatenate([known, released])


_OLD = {"zip": ["1001", "1002", "2001", "2002"], "年龄": [30, 31, 40, 41]}

EXAMPLES = [
    Example(
        Linkage(),
        {"original": _OLD, "release": {"zip": ["1*", "1*", "2*", "2*"], "年龄": [30, 31, 40, 40]}},
        {"zip, 年龄": 2},
        Roles(quasi=("zip", "年龄")),
    ),
    Example(
        Linkage(people=2),
        {"original": _OLD, "release": {"zip": ["*"] * 4, "年龄": [None] * 4}},
        {"zip, 年龄": 0},
        Roles(quasi=("zip", "年龄")),
    ),
]
