"""Column leaks: read what was hidden in the columns that were not."""

from collections.abc import Sequence
from typing import Literal

from anonymize.core.attack import Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.kernels.risk.leaking import Told, hidden_columns, tellings


class ColumnLeaks(Attack):
    """Looks for each dropped or masked column in the other columns of the same row.

    The hidden value, or a word of it, stands inside a released one; it is what most other rows with the same
    released value have (the conditional entropy is low); or some characters of a released value tell it, as those
    of a number that holds a birth date. Of all columns that tell it, the one that tells most is counted. The
    control is what chance would find, or who guesses the most frequent value. What a guess improves by less than
    half of the way to certainty is no leak here: see inference.
    """

    use: Literal["column_leaks"] = "column_leaks"

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        hidden = hidden_columns(evidence.original, evidence.release)
        best: dict[str, Told] = {}
        for told in tellings(evidence.original, evidence.release, hidden):
            if told.hidden not in best or told.share > best[told.hidden].share:
                best[told.hidden] = told
        rows = evidence.rows
        if hidden and not best:
            return [Trial("hidden columns", rows, 0, 0.0, f"no other column tells one of the {len(hidden):,}")]
        return [
            Trial(name, rows, round(told.share * rows), told.control, f"{told.told_by}: {told.how}")
            for name, told in best.items()
        ]


_STAFF = {
    "name": ["Ada Lovelace", "Grace Hopper", None, "Zoë Ünal"],
    "mail": ["lovelace@a.example", "hopper@b.example", "", "unal@c.example"],
}
_CITIES = {"zip": ["1", "1", "1", "2", "2", "2"], "市": ["Ulm"] * 3 + ["Bonn"] * 3, "day": list("abcdef")}

EXAMPLES = [
    Example(ColumnLeaks(), {"original": _STAFF, "release": {"mail": _STAFF["mail"]}}, {"name": 4}),
    Example(ColumnLeaks(), {"original": _STAFF, "release": {"mail": ["*"] * 4}}, {"hidden columns": 0}),
    Example(
        ColumnLeaks(),
        {"original": _CITIES, "release": {"zip": _CITIES["zip"], "day": ["*"] * 6}},
        {"市": 6},
    ),
]
