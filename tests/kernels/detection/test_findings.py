"""Findings that overlap."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.core.detector import Evidence
from anonymize.kernels.detection import findings
from anonymize.kernels.detection.findings import Findings, combined, no_findings, without_overlaps

SPANS = st.tuples(
    st.integers(0, 2),
    st.integers(0, 60),
    st.integers(1, 15),
    st.sampled_from([0.5, 0.6, 0.9]),
    st.sampled_from([0, 1]),
)


def made(spans: list[tuple[int, int, int, float, int]]) -> Findings:
    row, start, length, score, check = (np.array(column) for column in zip(*spans, strict=True))
    nothing = no_findings(("A",))
    same = {name: np.zeros(len(spans), getattr(nothing, name).dtype) for name in findings._COLUMNS}
    same |= {"row": row, "start": start, "end": start + length, "byte_start": start, "byte_end": start + length}
    same |= {"score": score, "evidence": check * int(Evidence.CHECK)}
    return combined([replace(nothing, **same)], ("A",))


@given(st.lists(SPANS, min_size=1, max_size=50))
def test_the_strongest_stay(spans: list[tuple[int, int, int, float, int]]) -> None:
    """None of those that stay overlaps another; each that is gone overlaps one that stays and is no weaker."""
    given_ = made(spans)
    kept = without_overlaps(given_)
    places = set(zip(kept.row.tolist(), kept.start.tolist(), kept.end.tolist(), strict=True))
    one_by_one = sorted(places)

    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(one_by_one))
    for row, start, end, score in zip(given_.row, given_.start, given_.end, given_.score, strict=True):
        rivals = (kept.row == row) & (kept.start < end) & (kept.end > start)
        assert (kept.score[rivals] >= score).any() or (kept.evidence[rivals] != 0).any()


@pytest.mark.parametrize("rounds", [0, 1, 2])
@given(st.lists(SPANS, min_size=1, max_size=50))
def test_together_and_one_by_one(rounds: int, spans: list[tuple[int, int, int, float, int]]) -> None:
    """Chains are told one by one from some length on: the result is the same."""
    expected = without_overlaps(made(spans))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(findings, "ROUNDS", rounds)
        actual = without_overlaps(made(spans))

    assert [getattr(expected, name).tolist() for name in findings._COLUMNS] == [
        getattr(actual, name).tolist() for name in findings._COLUMNS
    ]
