"""The regression guard judges ratios, and gives noise a second chance."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import check
from benchmarks.check import MORE, Verdict, judged, read_stored, update, verdict_table

TOLERANCE = 0.15


class Measurements:
    """Gives prepared ratios, and remembers how much effort was asked for."""

    def __init__(self, *ratios: float) -> None:
        self.ratios, self.efforts = list(ratios), []

    def __call__(self, case: str, times: int) -> float:
        self.efforts.append(times)
        return self.ratios.pop(0)


@given(stored=st.floats(0.1, 50), change=st.floats(0.2, 5))
def test_a_case_holds_up_to_the_tolerance(stored: float, change: float) -> None:
    """15 % more than stored is the limit, and less is never a failure."""
    verdict = Verdict("csv", stored, stored * change, TOLERANCE)

    assert (stored * change <= stored * 1.15) == verdict.holds


def test_a_case_that_holds_is_measured_once() -> None:
    """Time is only spent on doubt."""
    measure = Measurements(1.1)
    (verdict,) = judged(["csv"], {"csv": 1.0}, TOLERANCE, measure)

    assert verdict.holds
    assert [1] == measure.efforts


def test_noise_is_no_failure() -> None:
    """One slow measurement is repeated with more runs, and the second counts."""
    measure = Measurements(1.5, 1.1)
    (verdict,) = judged(["csv"], {"csv": 1.0}, TOLERANCE, measure)

    assert verdict.holds
    assert 1.1 == verdict.measured
    assert [1, MORE] == measure.efforts


def test_slow_twice_is_a_failure() -> None:
    """What stays slow fails, by how much it says."""
    (verdict,) = judged(["csv"], {"csv": 2.0}, TOLERANCE, Measurements(2.5, 2.6))

    assert not verdict.holds
    assert "SLOWER by 30%" == str(verdict)


def test_a_case_without_a_stored_ratio_fails_at_once() -> None:
    """A forgotten case does not pass unseen, and more runs would not help."""
    measure = Measurements(1.0)
    (verdict,) = judged(["csv"], {}, TOLERANCE, measure)

    assert not verdict.holds
    assert [1] == measure.efforts
    assert "NOT STORED: run `make bench-check-update`" == str(verdict)


@pytest.mark.parametrize(("measured", "expected"), [(0.8, "faster: worth storing"), (0.9, "holds")])
def test_what_is_much_faster_asks_to_be_stored(measured: float, expected: str) -> None:
    """Otherwise the gain could be lost again without a word."""
    assert expected == str(Verdict("csv", 1.0, measured, TOLERANCE))


def test_the_table_names_case_ratios_limit_and_verdict() -> None:
    """One line for each case."""
    table = verdict_table([Verdict("csv", 2.0, 2.5, TOLERANCE), Verdict("help", None, 7.0, TOLERANCE)])
    lines = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()]

    assert ["case", "stored", "measured", "limit", "verdict"] == lines[0]
    assert ["CSV to CSV, against pyarrow", "2.00", "2.50", "2.30", "SLOWER by 25%"] == lines[2]
    assert ["", "7.00", ""] == lines[3][1:4]


def test_an_update_of_some_cases_keeps_the_others(tmp_path: Path) -> None:
    """On the same processor."""
    file = tmp_path / "check.json"
    update(file, {"csv": 1.0, "help": 7.0})
    update(file, {"help": 6.54321})

    assert {"csv": 1.0, "help": 6.543} == read_stored(file)["ratios"]


def test_ratios_of_another_processor_are_not_mixed(tmp_path: Path) -> None:
    """An update elsewhere starts anew."""
    file = tmp_path / "check.json"
    file.write_text(json.dumps({"processor": "another", "ratios": {"csv": 1.0}}))
    update(file, {"help": 7.0})

    assert {"help": 7.0} == read_stored(file)["ratios"]


@pytest.mark.parametrize(
    ("processor", "measured", "expected"),
    [("this", 1.1, 0), ("this", 1.2, 1), ("another", 1.2, 0), ("another", 1.4, 1)],
)
def test_the_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processor: str, measured: float, expected: int
) -> None:
    """1 beyond the limit, which is twice as far away on another processor."""
    file = tmp_path / "check.json"
    file.write_text(json.dumps({"processor": processor, "ratios": dict.fromkeys(check.TITLES, 1.0)}))
    monkeypatch.setattr(check, "STORED", file)
    monkeypatch.setattr(check, "model", lambda: "this")
    monkeypatch.setattr(check, "use_cores", lambda count: None)
    monkeypatch.setattr(check, "people", lambda folder, rows: {})
    monkeypatch.setattr(check, "measured", lambda case, times, folder: measured)
    monkeypatch.setattr("sys.argv", ["check"])

    assert expected == check.main()
