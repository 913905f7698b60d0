"""Distributions tell nothing about a single row."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.core.beside import KEPT, ROW, beside
from anonymize.kernels.arrays import from_numpy
from anonymize.reporting.evidence import Column
from anonymize.reporting.portraits import ENOUGH, LEAST, portrait
from anonymize.statistics.row_sample import MARK, RowSample


def column(before, after):
    return Column("c", pa.array(before, pa.string()), pa.array(after, pa.string()), None)


def bars(before, after):
    found = portrait(column(before, after))
    assert found is not None
    return found.kind, {bar.label: (bar.before, bar.after) for bar in found.bars}


def test_numbers_stand_in_bins():
    """One axis for both sides, whole steps, and no number of the data."""
    ages = [str(20 + i % 60) for i in range(600)]
    kind, found = bars(ages, [age[0] + "0" for age in ages])
    assert kind == "numbers"
    assert found["20 to 25"] == (0.05 * 50 / 50, round(100 / 600, 10)) or found["20 to 25"][1] > 0.1
    assert sum(share or 0 for share, _ in found.values()) > 0.95


def test_dates_stand_in_periods():
    """Also where only the year is left."""
    days = [(date(1950, 1, 1) + timedelta(days=37 * i)).isoformat() for i in range(400)]
    kind, found = bars(days, [day[:4] for day in days])
    assert kind == "dates"
    assert all(label.replace(" ", "").replace("to", "").isdigit() for label in found if label[0].isdigit())


def test_words_stand_as_ranks_without_their_names():
    """The most frequent value is number one, whichever it is."""
    words = ["Lisbon"] * 60 + ["Porto"] * 30 + [f"town {i}" for i in range(20)]
    kind, found = bars(words, ["[REDACTED]"] * 110)
    assert kind == "ranks"
    assert list(found) == ["value no. 1", "value no. 2", "all other values"]
    assert found["value no. 1"] == (60 / 110, 1.0)
    assert not [label for label in found if "Lisbon" in label or "town" in label]


def test_all_other_text_stands_by_length():
    """Values that do not repeat."""
    names = [f"name{i:03}" + "x" * (i % 3) for i in range(90)]
    kind, found = bars(names, ["0" * 32] * 90)
    assert kind == "lengths"
    assert [share for _, share in found.values() if share] == [1.0]


def test_values_without_a_place_in_a_bin_have_a_bar():
    """`90+` among numbers."""
    ages = [str(i % 100) for i in range(400)]
    _, found = bars(ages, [age if int(age) < 90 else "90+" for age in ages])
    assert found["no number"] == (None, 0.1)


def test_few_rows_are_not_drawn():
    """Nothing is told of a handful."""
    assert portrait(column(["1"] * (ENOUGH - 1), ["1"] * (ENOUGH - 1))) is None


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-1000, 1000), min_size=ENOUGH, max_size=300), st.integers(0, 10**9))
def test_no_bar_tells_of_few_rows(values, outlier):
    """Every share told is a multiple of ten rows, and a lone value far out leaves no trace."""
    texts = [str(value) for value in values]
    with_one = [*texts, str(outlier)]
    found = portrait(column(with_one, with_one))
    if found is None:
        return
    shown = [share for bar in found.bars for share in (bar.before, bar.after) if share is not None]
    assert all(share >= LEAST / 2 / len(with_one) for share in shown)
    assert all(
        abs(share * len(with_one) / LEAST % 1) < 1e-6 or share == 1.0 or found.kind != "ranks" for share in shown
    )
    if outlier > 10**6:
        assert not [bar for bar in found.bars if f"{outlier:,}" in bar.label]


def test_a_sample_of_rows_does_not_depend_on_how_they_are_cut():
    """However the data is cut and ordered, the merged state is that of the whole."""
    names = beside(["a"])
    sample = RowSample(names, size=50)

    def batch(low, high):
        rows = np.arange(low, high, dtype=np.int64)
        values = pa.array([str(i) for i in range(low, high)])
        kept = from_numpy(rows % 3 > 0)
        return pa.RecordBatch.from_arrays([from_numpy(rows), kept, values, values], names=list(names))

    def rows_of(states):
        return sample.finish(sample.merge(states)).column(1).to_pylist()

    whole = rows_of([sample.fit(batch(0, 1000))])
    pieces = [sample.fit(batch(*ends)) for ends in ((700, 1000), (0, 0), (0, 40), (40, 700))]
    assert whole == rows_of(pieces)
    assert whole == rows_of([sample.merge(pieces[:2]), sample.merge(pieces[2:])])
    assert len(whole) == 50
    assert len(pieces[0]) < 300, "what cannot be among the lowest is left out at once"
    assert {ROW, KEPT} & set(pieces[0].column_names) == {KEPT}
    assert pieces[0].column_names[0] == MARK


def test_each_row_is_as_likely_as_any_other():
    """The sample is spread evenly over the data."""
    sample = RowSample((ROW,), size=1000)
    states = [
        sample.fit(pa.record_batch({ROW: from_numpy(np.arange(i, i + 5000, dtype=np.int64))}))
        for i in range(0, 50_000, 5000)
    ]
    marks = sample.merge(states)[MARK].to_numpy()
    shares = [np.isin(state[MARK].to_numpy(), marks).sum() for state in states]
    assert sum(shares) == 1000
    assert 60 < min(shares) <= max(shares) < 140
