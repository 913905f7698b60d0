"""Attack on shifted dates: one known date of a person gives the others away."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from anonymize.core.attack import Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.core.errors import DataError
from anonymize.kernels.arrays import one_array
from anonymize.kernels.combining import Numbers
from anonymize.kernels.dates.parsing import date_type, parse_dates
from anonymize.kernels.numbers.parsing import Quiet
from anonymize.kernels.risk.columns import codes_of
from anonymize.kernels.risk.knowing import differs
from anonymize.kernels.risk.pairs import Joint


class ShiftedDates(Attack):
    """Knows one true date of each person, takes the shift from it and undoes it on the person's other dates.

    Persons are told by the column that the rules shift by, else by each column of the release; the best counts.
    The control is to undo the most frequent shift everywhere, which needs no known date.
    """

    use: Literal["shifted_dates"] = "shifted_dates"

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        return [trial for name in evidence.shared if (trial := self._column(evidence, name)) is not None]

    def _column(self, evidence: Evidence, name: str) -> Trial | None:
        before, after = one_array(evidence.original[name]), one_array(evidence.release[name])
        if not len(before) or differs(before, after).mean() < 0.5:
            return None
        steps = evidence.steps.get(name, ())
        spelled = next((f for step in steps if (f := getattr(step, "format", None)) is not None), None)
        try:
            for column in (before, after):
                date_type(column.type)
            true, shifted = (parse_dates(column, Quiet(), spelled) for column in (before, after))
        except (TypeError, ValueError, DataError):  # no dates, or a `format` of other things
            return None
        valid = np.asarray(true.valid & shifted.valid)
        if valid.mean() < 0.5:
            return None
        shift = np.where(valid, np.asarray(shifted.days, np.int64) - np.asarray(true.days, np.int64), 0)[valid]
        frequent = float(np.unique(shift, return_counts=True)[1].max() / len(shift))
        persons = [codes_of(evidence.original[column])[valid] for column in self._tellers(evidence, name)]
        right, tried = max((_recovered(person, shift) for person in persons), default=(0, 0))
        return Trial(name, tried, right, frequent, "other dates of a person, from one that is known")

    def _tellers(self, evidence: Evidence, name: str) -> list[str]:
        """The columns that may tell which dates are of one person."""
        per = [getattr(step, "per", None) for step in evidence.steps.get(name, ())]
        told = [column for column in evidence.original.column_names if column in per]
        return told or [column for column in evidence.shared if column != name]


def _recovered(person: Numbers, shift: Numbers) -> tuple[int, int]:
    """Dates whose shift is that of the person's first, and all dates but first ones, of persons with several."""
    wide = int(shift.max() - shift.min()) + 1
    if wide > np.iinfo(np.int32).max:
        return 0, 0
    joint = Joint.of(person, shift - shift.min())
    _, first = np.unique(person, return_index=True)
    known = np.zeros(int(person.max()) + 1, np.int64)
    known[person[first]] = shift[first]
    others = np.ones(len(person), np.bool_)
    others[first] = False
    right = int((known[person[others]] == shift[others]).sum())
    return right, int(others.sum()) if len(joint.counts) else 0


_VISITS = {
    "who": ["a", "a", "a", "b", "b"],
    "visit": ["2024-01-01", "2024-02-01", "2024-03-01", "2024-01-05", "2024-01-09"],
}

EXAMPLES = [
    Example(
        ShiftedDates(),
        {
            "original": _VISITS,
            "release": {
                **_VISITS,
                "visit": ["2024-01-11", "2024-02-11", "2024-03-11", "2024-01-02", "2024-01-06"],
            },
        },
        {"visit": 3},
    ),
    Example(
        ShiftedDates(),
        {
            "original": _VISITS,
            "release": {
                **_VISITS,
                "visit": ["2024-01-11", "2024-02-19", "2024-03-07", "2024-01-02", "2024-01-01"],
            },
        },
        {"visit": 0},
    ),
]
