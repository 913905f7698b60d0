"""Figures of a small table as pyCANON 1.3.5 gives them (J. Sáinz-Pardo Díaz and Á. López García, "A Python library
to check the level of anonymity of a dataset", Scientific Data 9, 2022), and others counted row by row."""

from collections import Counter
from typing import Any

import pyarrow as pa
import pytest

from anonymize.core.metric import Metric
from anonymize.core.roles import Roles
from anonymize.metrics.alpha_k import AlphaK
from anonymize.metrics.beta_likeness import BetaLikeness
from anonymize.metrics.entropy_l_diversity import EntropyLDiversity
from anonymize.metrics.k_anonymity import KAnonymity
from anonymize.metrics.l_diversity import LDiversity
from anonymize.metrics.leave_one_out import LeaveOneOut
from anonymize.metrics.t_closeness import TCloseness
from anonymize.metrics.uniqueness import Uniqueness
from tests.harness import answer

PEOPLE = [
    "bza",
    "ayc",
    "axf",
    "byc",
    "bzf",
    "axc",
    "byc",
    "bxf",
    "azn",
    "axf",
    "axc",
    "axa",
    "bxc",
    "azc",
    "byf",
    "byc",
    "ayf",
    "byf",
    "bxa",
    "byn",
    "bxn",
    "bzc",
    "ayf",
    "byf",
    "byn",
    "ayf",
    "azc",
    "axn",
    "bza",
    "byf",
    "byf",
    "bxc",
    "bza",
    "aya",
    "aya",
    "bxf",
    "aza",
    "bxf",
    "azn",
    "axa",
]
"""Of each a letter for the place, the household and the illness."""
ROLES = Roles(quasi=("place", "household"), sensitive=("illness",))
TABLE = pa.record_batch([pa.array(part) for part in zip(*PEOPLE, strict=True)], ["place", "household", "illness"])


def measured(metric: Any) -> float:
    return float(metric.measure(answer(metric.needs(ROLES), TABLE)).value)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (KAnonymity(), 5),
        (LDiversity(), 3),
        (TCloseness(), 0.375),
        (BetaLikeness(), 5 / 3),
        (AlphaK(), 0.6),
    ],
    ids=lambda part: getattr(part, "use", None),
)
def test_as_pycanon_measures(metric: Metric, expected: float) -> None:
    """The same to the last digit."""
    assert expected == pytest.approx(measured(metric), abs=1e-12)


def test_entropy_as_pycanon_measures() -> None:
    """It rounds down to whole numbers."""
    assert int(measured(EntropyLDiversity())) == 2


def test_classes_counted_row_by_row() -> None:
    """Who is alone, and how many classes are left without a column."""
    whole = Counter(person[:2] for person in PEOPLE)
    without = {"place": {person[1] for person in PEOPLE}, "household": {person[0] for person in PEOPLE}}

    assert sum(n == 1 for n in whole.values()) / len(PEOPLE) == measured(Uniqueness())
    for column, left in without.items():
        assert 1 - len(left) / len(whole) == pytest.approx(measured(LeaveOneOut(column=column)))
