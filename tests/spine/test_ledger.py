"""A release that differs from an earlier one by a few people does not come out."""

from pathlib import Path

import pytest

from anonymize.core.errors import DataError, UsageError
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from anonymize.releases.ledger import Ledger
from anonymize.rulefile.loading import Rules
from anonymize.running.gates import FailedChecksError
from tests.spine.build import rules_of

COLUMNS = """  age: {role: quasi_identifier, steps: [keep]}
  zip: {role: quasi_identifier, steps: [keep]}"""
STEP = "  - {use: k_anonymize, k: 3, suppress: 0.2, hierarchies: {age: 'intervals(widths=[10])', zip: prefix}}"
RULES = rules_of(COLUMNS, f"rows:\n{STEP}")
PEOPLE = [("21", "10115"), ("23", "10117"), ("25", "10119"), ("27", "10119"), ("34", "10117")]
PEOPLE += [("36", "10117"), ("38", "10119"), ("39", "10115")]


def release(folder: Path, people: list[tuple[str, str]], rules: Rules = RULES) -> bytes:
    """Make a release under the ledger of a folder; its bytes."""
    source, output = folder / "in.csv", folder / "out.csv"
    source.write_text("age,zip\n" + "".join(f"{age},{zip_}\n" for age, zip_ in people))
    ledger = Ledger.open(folder / "book.json")
    report = run(Job(rules, (str(source),), str(output), overwrite=True), LocalEngine(1), adjust=ledger.adjust)
    ledger.record(report)
    return output.read_bytes()


def test_a_release_may_be_repeated(tmp_path: Path) -> None:
    """The same classes tell nothing new."""
    assert release(tmp_path, PEOPLE) == release(tmp_path, PEOPLE)
    assert 2 == len(Ledger.open(tmp_path / "book.json").book.releases)


@pytest.mark.parametrize("after", [[*PEOPLE, ("22", "10115")], PEOPLE[1:]])
def test_one_person_more_or_less_is_refused(after: list[tuple[str, str]], tmp_path: Path) -> None:
    """The output of before stays, and so does the ledger."""
    before = release(tmp_path, PEOPLE)
    book = (tmp_path / "book.json").read_bytes()

    with pytest.raises(FailedChecksError, match="release_difference >= 3 does not hold: measured 1"):
        release(tmp_path, after)

    assert before == (tmp_path / "out.csv").read_bytes()
    assert book == (tmp_path / "book.json").read_bytes()


def test_enough_new_people_are_released_on_the_levels_of_before(tmp_path: Path) -> None:
    """Although finer levels would hold by now."""
    first = release(tmp_path, PEOPLE)
    later = release(tmp_path, PEOPLE + [("22", "10115")] * 50 + [("33", "10119")] * 50)

    assert set(first.splitlines()) == set(later.splitlines())


def test_earlier_releases_count_too(tmp_path: Path) -> None:
    """Not only the last one: 3 people more than in the first, and one more than in the second."""
    release(tmp_path, PEOPLE)
    release(tmp_path, PEOPLE + [("22", "10115")] * 3)

    with pytest.raises(FailedChecksError, match="measured 1"):
        release(tmp_path, PEOPLE + [("22", "10115")] * 4)
    with pytest.raises(FailedChecksError, match="measured 2"):
        release(tmp_path, PEOPLE + [("22", "10115")] * 5)


def test_other_classes_are_refused(tmp_path: Path) -> None:
    """Two releases of different shape tell more than each alone."""
    release(tmp_path, PEOPLE)
    other = rules_of(COLUMNS, f"rows:\n{STEP.replace('widths=[10]', 'widths=[20]')}")

    with pytest.raises(UsageError, match="the rules make other classes"):
        release(tmp_path, PEOPLE, other)


def test_other_data_is_refused(tmp_path: Path) -> None:
    """Classes that have little in common are no growth."""
    release(tmp_path, PEOPLE)

    with pytest.raises(FailedChecksError, match="measured 0"):
        release(tmp_path, [("71", "80331")] * 8)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("rows: ['k_anonymize(k=3)']", "the levels of 'age', 'zip' change with the data"),
        ("rows: ['partition(k=3)']", "recoded class by class"),
        ("", "rules that promise k-anonymity"),
    ],
)
def test_what_cannot_be_compared_is_refused_at_once(rows: str, message: str, tmp_path: Path) -> None:
    """Before the first release, not at the second."""
    with pytest.raises(UsageError, match=message):
        release(tmp_path, PEOPLE, rules_of(COLUMNS, rows))

    assert not (tmp_path / "book.json").exists()


def test_the_ledger_is_private_and_holds_no_value(tmp_path: Path) -> None:
    """Counts and keyed hashes of what was released."""
    release(tmp_path, PEOPLE)
    book = tmp_path / "book.json"

    assert 0o600 == book.stat().st_mode & 0o777
    assert "[20, 30)" not in book.read_text()


@pytest.mark.parametrize("text", ["", "{}", '{"version":2,"salt":"","releases":[]}', "[1, 2"])
def test_a_broken_ledger_is_refused(text: str, tmp_path: Path) -> None:
    """A new one would forget what was released."""
    (tmp_path / "book.json").write_text(text)

    with pytest.raises(DataError, match="not a ledger of releases"):
        release(tmp_path, PEOPLE)
