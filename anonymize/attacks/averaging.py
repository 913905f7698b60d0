"""Averaging attack: noise that is added again and again goes away in the mean."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from anonymize.core.attack import Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.kernels.risk.columns import codes_of, is_numeric, numbers_of
from anonymize.kernels.risk.knowing import differs
from anonymize.kernels.risk.pairs import Joint


class Averaging(Attack):
    """Takes the mean of the noisy numbers of one person, where the same number was released several times.

    It succeeds with a person if the mean is much nearer to the true number than single ones are: within a
    quarter of the usual (median) noise. The control is how often a single number is that near. Persons are told
    by any column of the release within whose groups the original number is always the same.
    """

    use: Literal["averaging"] = "averaging"

    repeats: int = Field(default=4, ge=2)
    """How often a number must have been released."""

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        noisy = [
            name
            for name in evidence.shared
            if is_numeric(evidence.original[name])
            and is_numeric(evidence.release[name])
            and differs(evidence.original[name], evidence.release[name]).mean() >= 0.5
        ]
        return [trial for name in noisy for trial in self._column(evidence, name)]

    def _column(self, evidence: Evidence, name: str) -> list[Trial]:
        true, seen = numbers_of(evidence.original[name]), numbers_of(evidence.release[name])
        present = ~np.isnan(true) & ~np.isnan(seen)
        noise = np.abs(seen - true)[present]
        near = float(np.median(noise)) / 4 if len(noise) else 0.0
        found = []
        for teller in evidence.release.column_names:
            person = codes_of(evidence.release[teller])[present]
            if teller == name or not len(person) or not near:
                continue
            values = np.unique(true[present], return_inverse=True)[1].astype(np.int64)
            sizes = np.bincount(person)
            if len(Joint.of(person, values).counts) > len(np.unique(person)) or sizes.max() < self.repeats:
                continue
            mean = np.bincount(person, weights=(seen - true)[present]) / np.maximum(sizes, 1)
            often = sizes >= self.repeats
            right = int((np.abs(mean[often]) <= near).sum())
            found.append(
                Trial(name, int(often.sum()), right, float((noise <= near).mean()), f"groups by {teller}")
            )
        return [max(found, key=lambda trial: trial.succeeded)] if found else []


_PAID = {"who": ["a"] * 4 + ["b"] * 4, "pay": [100] * 4 + [200] * 4}

EXAMPLES = [
    Example(
        Averaging(),
        {"original": _PAID, "release": {**_PAID, "pay": [90, 110, 95, 105, 210, 190, 205, 195]}},
        {"pay": 2},
    ),
    Example(
        Averaging(repeats=3),
        {"original": _PAID, "release": {**_PAID, "pay": [90, 90, 90, 90, 210, 210, 210, 210]}},
        {"pay": 0},
    ),
]
