"""Frequency attack: the most frequent token stands for the most frequent value."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from anonymize.core.attack import SEED, Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.kernels.combining import Numbers
from anonymize.kernels.risk.columns import codes_of
from anonymize.kernels.risk.knowing import differs
from anonymize.kernels.risk.pairs import Joint


class Frequency(Attack):
    """Knows how often each value occurs, as from a census or another year, and matches tokens to values by rank.

    It applies to columns whose equal values have equal tokens: pseudonyms, deterministic encryption, masks. Values
    that occur equally often are matched at random. The control is to guess the most frequent value everywhere.
    (M. Naveed, S. Kamara and C. Wright, "Inference attacks on property-preserving encrypted databases", 2015.)
    """

    use: Literal["frequency"] = "frequency"

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        return [trial for name in evidence.shared if (trial := self._column(evidence, name)) is not None]

    def _column(self, evidence: Evidence, name: str) -> Trial | None:
        before, after = evidence.original[name], evidence.release[name]
        if not evidence.rows or differs(before, after).mean() < 0.5:
            return None
        values, tokens = codes_of(before), codes_of(after)
        joint, back = Joint.of(tokens, values), Joint.of(values, tokens)
        is_function = len(joint.counts) == int(values.max()) + 1 and len(back.counts) == int(tokens.max()) + 1
        if not is_function or len(joint.counts) < 2:
            return None
        ranked, ranked_tokens = _ranked(values, SEED), _ranked(tokens, SEED + 1)
        guess = np.empty(len(ranked), np.int64)
        guess[ranked_tokens] = ranked
        right = int((guess[tokens] == values).sum())
        control = joint.baseline() / evidence.rows
        return Trial(
            name, evidence.rows, right, control, f"{len(ranked):,} values matched by how often they occur"
        )


def _ranked(codes: Numbers, seed: int) -> Numbers:
    """The codes from the most frequent on, ties at random: their order in the table would give the answer away."""
    counts = np.bincount(codes)
    chance = np.random.default_rng(seed).permutation(len(counts))
    return np.lexsort((chance, -counts)).astype(np.int64)


_TOWNS = ["A", "A", "A", "B", "B", "C"]

EXAMPLES = [
    Example(
        Frequency(),
        {"original": {"城市": _TOWNS}, "release": {"城市": ["x", "x", "x", "q", "q", "t"]}},
        {"城市": 6},
    ),
    Example(Frequency(), {"original": {"城市": _TOWNS}, "release": {"城市": list("uvwxyz")}}, {}),
]
