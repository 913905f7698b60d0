"""What an attacker can do with known rows: coarsen them as the release did, and look for the nearest ones."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.arrays import one_array
from anonymize.kernels.combining import Numbers, number_codes
from anonymize.kernels.risk.columns import codes_of, common_codes, is_numeric, numbers_of
from anonymize.kernels.risk.pairs import Joint

FUNCTIONAL = 0.9


def recoded(before: Any, after: Any) -> Numbers | None:
    """For each row the number of the released value that its original value becomes most often; None if that is
    right for fewer than nine of ten rows, because the column is random or gone."""
    given, target = codes_of(before), codes_of(after)
    joint = Joint.of(given, target)
    order = np.lexsort((joint.counts, joint.given))
    usual = np.zeros(int(given.max(initial=-1)) + 1, np.int64)
    usual[joint.given[order]] = joint.target[order]
    found: Numbers = usual[given]
    return found if len(given) and float((found == target).mean()) >= FUNCTIONAL else None


def differs(before: Any, after: Any) -> NDArray[np.bool_]:
    """Where two columns do not have the same spelling."""
    one, other, _ = common_codes(before, after)
    return np.asarray(one != other)


def class_numbers(columns: Sequence[Numbers]) -> tuple[Numbers, int]:
    """The number of each row's class, and how many there are."""
    return number_codes([(codes, int(codes.max(initial=0)) + 1) for codes in columns], len(columns[0]))


class Neighbours:
    """Rows of a release by Gower's distance from known rows: numbers by their difference over the range, all else
    by being different (J. Gower, "A general coefficient of similarity", Biometrics 27, 1971)."""

    def __init__(self, known: Sequence[Any], released: Sequence[Any]) -> None:
        self.parts = [_part(before, after) for before, after in zip(known, released, strict=True)]

    def nearest(self, row: int, among: NDArray[np.intp], without: int | None = None) -> int:
        """The nearest released row among some to a known row; of equally near ones the first."""
        distance = np.zeros(len(among))
        for known, released, scale in self.parts:
            apart = released[among] - known[row]
            distance += np.minimum(np.abs(apart) * scale, 1.0) if scale else apart != 0
        if without is not None:
            distance[among == without] = np.inf
        return int(among[int(np.argmin(distance))])


def _part(before: Any, after: Any) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Known and released values on one scale; 0 for categories."""
    if is_numeric(before) and is_numeric(after):
        known, released = numbers_of(before), numbers_of(after)
        width = float(np.nanmax(known) - np.nanmin(known))
        if width:
            middle = float(np.nanmean(known))
            return np.nan_to_num(known, nan=middle), np.nan_to_num(released, nan=middle), 1 / width
    mapped = recoded(before, after)
    released = codes_of(after).astype(float)
    return (np.full(len(one_array(before)), -1.0) if mapped is None else mapped.astype(float)), released, 0.0
