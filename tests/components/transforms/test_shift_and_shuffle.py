"""Row numbers, shifted dates and shuffled values depend on the row and the subject, and keep what they promise."""

import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.transforms.substitution.number import Number
from anonymize.transforms.substitution.shift_dates import ShiftDates
from anonymize.transforms.substitution.shuffle import Shuffle
from tests.components.transforms.substitution import IDS, rejected, results
from tests.harness import answer, context, run_column


def test_numbers_follow_the_rows() -> None:
    """Batches continue where the one before ended; numbers wider than `width` are not cut."""
    found, _ = run_column(Number(start=98, width=2, prefix="#"), pa.array(["a", None, "c"]), first_row=1)

    assert found.to_pylist() == ["#99", "#100", "#101"]


DATES = [datetime.date(1999, 12, 31) + datetime.timedelta(37 * number) for number in range(400)]


def distances(transform: ShiftDates, dates: list[datetime.date], **columns: Any) -> list[int]:
    found = results(transform, dates, **columns)
    return [(after - before).days for before, after in zip(dates, found, strict=True)]


def test_shifts_are_bounded_even_and_never_nothing() -> None:
    """All distances but zero occur."""
    assert set(distances(ShiftDates(days=5), DATES)) == {-5, -4, -3, -2, -1, 1, 2, 3, 4, 5}
    assert set(distances(ShiftDates(days=1), DATES)) == {-1, 1}
    assert set(distances(ShiftDates(days=20, keep="weekday"), DATES)) == {-14, -7, 7, 14}


def test_a_subjects_dates_move_together() -> None:
    """Also in other columns and in other spellings."""
    subjects = [str(number % 7) for number in range(400)]
    transform = ShiftDates(days=1000, per="patient")
    moved = distances(transform, DATES, patient=subjects)
    texts = [date.strftime("%Y/%m/%d 08:00") for date in DATES]
    spelled = results(transform, texts, patient=[int(subject) for subject in subjects])

    assert len(set(moved)) == 7
    assert len(set(zip(subjects, moved, strict=True))) == 7
    for date, days, text in zip(DATES, moved, spelled, strict=True):
        assert (date + datetime.timedelta(days)).strftime("%Y/%m/%d 08:00") == text


def test_columns_and_tables_share_offsets_by_subject() -> None:
    """The name of the subject's column, or `scope`, decides; not the date's column."""

    def moved(transform: ShiftDates, column: str) -> list[Any]:
        subjects = {name: pa.array(["7"]) for name in ("patient", "pid")}
        found = context(transform, None, 1, others=subjects, column=column)
        return list(transform.apply(pa.array(["2024-05-13"]), found).to_pylist())

    long = 10_000
    assert moved(ShiftDates(days=long, per="patient"), "a") == moved(ShiftDates(days=long, per="patient"), "b")
    assert moved(ShiftDates(days=long, per="patient"), "a") != moved(ShiftDates(days=long, per="pid"), "a")
    shared = ShiftDates(days=long, per="pid", scope="patient")
    assert moved(ShiftDates(days=long, per="patient"), "a") == moved(shared, "b")
    assert moved(ShiftDates(days=long), "a") != moved(ShiftDates(days=long), "b")


def test_dates_that_cannot_move_are_rejected() -> None:
    """No date, no subject, or a day that no calendar has."""
    dates = pa.array(["2024-05-13", "soon", None, "2024-02-30", "0001-01-01", "9999-12-31"])
    subjects = {"patient": [None, "1", None, "1", "2", "2"]}
    bad = rejected(ShiftDates(days=36_525, per="patient"), dates, columns=subjects)

    assert bad[:4] == [True, True, False, True]
    assert sorted(bad[4:]) == [False, True]


@pytest.mark.parametrize(
    "wrong", [{}, {"days": 0}, {"days": 6, "keep": "weekday"}, {"days": 5, "keep": "year"}, {"days": 5, "per": ""}]
)
def test_wrong_shifts(wrong: dict[str, Any]) -> None:
    """A shift needs a distance."""
    with pytest.raises(ValidationError):
        ShiftDates.model_validate(wrong)


@given(st.lists(st.none() | st.integers(-5, 5), max_size=30), st.integers(0, 30), st.integers(0, 30))
@settings(deadline=None, max_examples=50)
def test_shuffling_keeps_the_multiset(values: list[int | None], cut: int, other_cut: int) -> None:
    """However the data is cut, for counting or for applying, the same values come out in the same places."""
    column = pa.array(values, pa.int64())
    whole = results(Shuffle(), column)
    pieces = [column.slice(other_cut), column.slice(0, other_cut)]
    fitted = answer(Shuffle().needs(("value",)), *[pa.record_batch({"value": piece}) for piece in pieces])
    head, _ = run_column(Shuffle(), column.slice(0, cut), fitted=fitted)
    tail, _ = run_column(Shuffle(), column.slice(cut), fitted=fitted, first_row=cut)

    assert sorted(map(str, values)) == sorted(map(str, whole))
    assert whole == head.to_pylist() + (tail.to_pylist() if cut < len(values) else [])


def test_shuffling_moves_almost_everything() -> None:
    """About one value stays in its place, as in any random permutation."""
    found = results(Shuffle(), IDS)

    assert sum(before == after for before, after in zip(IDS.to_pylist(), found, strict=True)) < 10
    assert abs(np.corrcoef(np.arange(3000), np.array(found, dtype=float))[0, 1]) < 0.08


def test_rows_that_were_not_counted() -> None:
    """A row beyond the counted ones is rejected instead of getting a value twice."""
    fitted = answer(Shuffle().needs(("value",)), pa.record_batch({"value": ["x", "y"]}))

    assert rejected(Shuffle(), pa.array(["x", "y", "z"]), fitted=fitted, first_row=1) == [False, True, True]


def test_equal_numbers_that_are_not_the_same() -> None:
    """0 and -0 are sorted the same way whatever piece came first."""
    statistic = Shuffle().needs(("value",))
    pieces = [pa.record_batch({"value": [number]}) for number in (0.0, -0.0, float("nan"), 1.0)]

    assert "-0" in str(answer(statistic, *pieces).values)
    assert str(answer(statistic, *pieces).values) == str(answer(statistic, *reversed(pieces)).values)
