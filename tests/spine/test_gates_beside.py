"""Checks of a run that look at the original too: losses and attacks."""

import numpy as np
import pyarrow as pa
import pytest

from anonymize.codecs.tables.memory import PageSource
from anonymize.core.errors import RuleError, UsageError
from anonymize.core.roles import Roles
from anonymize.engines.local import LocalEngine
from anonymize.interface import transform_frame
from anonymize.releases.assessment import Origin, assess, parse_check
from anonymize.releases.comparison import Pair
from anonymize.rulefile.loading import parse_rules
from anonymize.running.gates import FailedChecksError
from tests.key import KEY

RANDOM = np.random.default_rng(8)
ROWS = 3_000
PEOPLE = pa.table(
    {
        "id": [f"p{i}" for i in range(ROWS)],
        "age": RANDOM.integers(20, 60, ROWS),
        "zip": RANDOM.integers(10_000, 10_400, ROWS).astype(str),
        "ill": RANDOM.choice(["flu", "cold", "none"], ROWS),
    }
)
RULES = """
version: 1
columns:
  id: pseudonymize
  age: {role: quasi_identifier, steps: [AGE]}
  zip: {role: quasi_identifier, steps: [ZIP]}
  ill: {role: sensitive, steps: [keep]}
ROWS
checks: [CHECKS]
"""


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)


def released(*checks, age="bin(10)", zip="truncate(3)", rows=""):
    text = RULES.replace("AGE", age).replace("ZIP", zip).replace("ROWS", rows)
    return transform_frame(PEOPLE, rules=parse_rules(text.replace("CHECKS", ", ".join(f'"{c}"' for c in checks))))


def measured(check, release, columns=("age", "zip"), steps=None):
    origin = Origin(Pair.of(PEOPLE, release), steps or {})
    roles = Roles(quasi=columns, sensitive=("ill",))
    found = assess([PageSource.of(release)], roles, [parse_check(check)], LocalEngine(1), {}, origin)
    return found.checks[0]


def refused(*checks, **said):
    with pytest.raises(FailedChecksError) as failure:
        released(*checks, **said)
    return str(failure.value)


def test_a_run_is_held_back_by_what_was_lost():
    """Information, distributions, correlations and the classifier are gates of a run."""
    checks = [
        "information_loss <= 0.65",
        "non_uniform_entropy <= 90%",
        "correlation_change <= 0.1",
        "pmse <= 0.25",
    ]
    assert ROWS == len(released(*checks))
    assert "information_loss <= 0.1 does not hold" in refused("information_loss <= 10%")
    assert "distribution_distance(columns=[zip]) <= 0.5" in refused("distribution_distance(columns=[zip]) <= 0.5")


def test_rows_that_go_are_lost():
    """A dropped row is lost as a whole; what stays as it is loses nothing."""
    rows = 'rows: [drop_rows(where="age >= 40")]'
    share = np.mean(PEOPLE["age"].to_numpy() >= 40)
    said = refused("information_loss == 0", age="keep", zip="keep", rows=rows)
    assert f"measured {share:g}" in said
    assert len(released("information_loss == 0", age="keep", zip="keep")) == ROWS


def test_a_run_is_held_back_by_an_attack():
    """Attacks are gates too, of the risk that the release adds."""
    assert ROWS == len(released("singling_out <= 5%", "linkage <= 5%", "inference <= 20%"))
    assert "singling_out <= 0.05 does not hold" in refused("singling_out <= 5%", age="keep", zip="keep")


def test_the_run_and_the_assessment_agree():
    """A check measures the same while the data is written and afterwards, from both files."""
    release = released()
    for check in ("information_loss", "pmse", "correlation_change", "distribution_distance(wasserstein)"):
        value = measured(f"{check} <= 1", release).value
        assert f"measured {value:g}" in refused(f"{check} < 0")


def test_the_original_must_be_known():
    """Without it, or without knowing which rows belong together, such a check is refused and not passed over."""
    source = [PageSource.of(PEOPLE)]
    check = parse_check("information_loss <= 1")
    with pytest.raises(UsageError, match="compares the release with its original"):
        assess(source, Roles(quasi=("age",)), [check], LocalEngine(1))
    fewer = PEOPLE.select(["age", "zip", "ill"]).slice(1)
    for check_of_rows in ("information_loss <= 1", "singling_out <= 1"):
        with pytest.raises(UsageError, match="which belong together"):
            measured(check_of_rows, fewer)
    assert measured("distribution_distance <= 0.01", fewer).holds


def test_a_column_that_is_not_there():
    """A check of a misspelled column is an error of the rules, never a check that holds."""
    for check in ("information_loss([agee]) <= 1", "t_closeness(agee) <= 1"):
        with pytest.raises(RuleError, match="no column 'agee'"):
            released(check)


def test_a_table_about_groups_is_not_compared():
    """Rules that aggregate cannot have a check of rows."""
    rules = "{version: 1, unlisted: drop, columns: {ill: {role: sensitive, steps: [keep]}, age: keep}, rows: "
    rules += "['aggregate(by=[ill], measures={n: count})'], checks: ['information_loss([ill]) <= 1']}"
    with pytest.raises(RuleError, match="the rules aggregate"):
        transform_frame(PEOPLE, rules=parse_rules(rules))


def test_what_is_said_holds_no_value():
    """Names, counts and figures only."""
    release = released(age="keep", zip="keep")
    said = [repr(measured(f"{name} <= 1", release)) for name in ("singling_out", "linkage", "information_loss")]
    zips = set(PEOPLE["zip"].to_pylist())
    assert not any(value in text for text in said for value in (*zips, "flu", "cold"))
