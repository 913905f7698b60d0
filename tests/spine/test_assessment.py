"""Assessments: figures, bands and checks of a table."""

import pyarrow as pa
import pytest

from anonymize.codecs.tables.memory import PageSource
from anonymize.core.errors import UsageError
from anonymize.core.roles import Roles
from anonymize.engines.local import LocalEngine
from anonymize.releases.assessment import assess, parse_check, roles_of
from anonymize.rulefile.loading import parse_rules

TABLE = pa.table({"zip": ["1"] + ["2"] * 2 + ["3"] * 4 + [None] * 5, "ill": ["a", "b", "c"] + ["d"] * 9})


def measured(roles, *checks, table=TABLE):
    return assess([PageSource.of(table)], roles, [parse_check(c) for c in checks], LocalEngine(1))


def test_figures():
    """k, l and uniqueness come from one pass; null is a value."""
    found = measured(Roles(quasi=("zip",), sensitive=("ill",)))
    assert (found.rows, found.classes) == (12, 4)
    figures = {m.metric: m.value for m in found.measurements}
    expected = {
        "k_anonymity": 1,
        "l_diversity": 1,
        "uniqueness": 1 / 12,
        "prosecutor_risk": 1,
        "prosecutor_risk(average)": 4 / 12,
        "prosecutor_risk(share)": 7 / 12,
        "suda2(share)": 1 / 12,
        "discernibility": 1 + 4 + 16 + 12 * 5,
        "average_class_size": 12 / 4,
    }
    assert {name: figures[name] for name in expected} == pytest.approx(expected)


def test_a_population():
    """Metrics of a population are measured once it is known."""
    roles = Roles(quasi=("zip",))
    found = assess([PageSource.of(TABLE)], roles, [], LocalEngine(1), {"size": 120})
    figures = {m.metric: m.value for m in found.measurements}
    assert figures["journalist_risk(size=120)"] == pytest.approx(0.1)
    assert figures["marketer_risk(size=120)"] == pytest.approx(4 / 120)
    assert {"population_uniqueness(size=120)"} < set(figures)
    assert not any("population" in m.metric for m in measured(roles).measurements)


def test_without_each_column():
    """The classes that are left when a quasi-identifier goes, against a count of the rows; without the only one,
    all rows are one class."""
    table = pa.table({"a": ["x", "x", "y", None], "b": ["1", "2", "2", "2"]})
    found = measured(Roles(quasi=("a", "b")), table=table)
    said = [(i.column, i.k, i.unique, i.classes, i.average_risk) for i in found.without]
    assert said == [("a", 1, 1, 2, 0.5), ("b", 1, 2, 3, 0.75)]
    (alone,) = measured(Roles(quasi=("a",)), table=table).without
    assert (alone.k, alone.classes) == (4, 1)
    assert measured(Roles(quasi=("a",)), table=table[:0]).without == ()


def test_bands_cover_every_class():
    """Each class falls in one band."""
    found = measured(Roles(quasi=("zip",)))
    assert {b.label: (b.classes, b.rows) for b in found.bands if b.classes} == {
        "1": (1, 1), "2": (1, 2), "3–4": (1, 4), "5–9": (1, 5),
    }  # fmt: skip
    assert sum(b.rows for b in found.bands) == found.rows


def test_the_cut_does_not_matter():
    """Two sources say what one says."""
    roles = Roles(quasi=("zip",), sensitive=("ill",))
    pieces = [PageSource.of(TABLE.slice(0, 5)), PageSource.of(TABLE.slice(5))]
    assert measured(roles) == assess(pieces, roles, [], LocalEngine(2))


def test_checks():
    """A check that does not hold is an error to raise."""
    found = measured(Roles(quasi=("zip",)), "k_anonymity >= 2", "uniqueness <= 10%")
    assert [c.holds for c in found.checks] == [False, True]
    assert "k_anonymity >= 2 does not hold: measured 1" in str(found.failure())
    assert measured(Roles(quasi=("zip",)), "k_anonymity >= 1").failure() is None


@pytest.mark.parametrize("check", ["k", "k_anonimity >= 5", "l_diversity >= 2"])
def test_a_check_that_cannot_be_measured(check):
    """An incomplete check, an unknown metric or a missing role is an error of usage."""
    with pytest.raises(UsageError):
        measured(Roles(quasi=("zip",)), check)


def test_roles_of_the_columns_that_are_left():
    """Columns that a release lacks do not matter; globs count."""
    rules = parse_rules(
        "{version: 1, columns: {gone: drop, 'zip*': {role: quasi_identifier, steps: [keep]}, ill: "
        "{role: sensitive, steps: [keep]}}}"
    )
    names = ("zip_code", "ill", "other")

    assert roles_of(rules, names) == Roles(quasi=("zip_code",), sensitive=("ill",), scanned=names)


def test_an_empty_table():
    """No rows are no classes, and no error."""
    found = measured(Roles(quasi=("zip",)), table=TABLE.slice(0, 0))
    assert (found.rows, found.classes) == (0, 0)


def test_a_column_of_lists_cannot_be_assessed():
    """Classes are made of rows, and such a column has several values in each."""
    with pytest.raises(UsageError, match="several values per row"):
        measured(Roles(quasi=("tags[*]",)), table=pa.table({"tags": [["a", "b"], []]}))
