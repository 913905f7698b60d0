"""Attacks on releases that our own rules made."""

import hashlib

import numpy as np
import pyarrow as pa
import pytest

from anonymize.codecs.tables.memory import PageSource
from anonymize.core.errors import DataError, UsageError
from anonymize.interface import transform_frame
from anonymize.kernels.risk.intervals import added
from anonymize.planning.planner import make_plan
from anonymize.releases.attacking import attack
from anonymize.rulefile.loading import parse_rules
from tests.key import KEY

RANDOM = np.random.default_rng(4)
ROWS = 400
PEOPLE = pa.table(
    {
        "id": [f"p{i // 4}" for i in range(ROWS)],
        "name": RANDOM.choice(["Ann", "Bob", "Eve", "Dan"], ROWS, p=[0.5, 0.3, 0.15, 0.05]),
        "zip": RANDOM.integers(1000, 1400, ROWS).astype(str),
        "visit": [f"2024-{m:02d}-{d:02d}" for m, d in RANDOM.integers(1, 13, (ROWS, 2))],
        "pay": np.repeat(RANDOM.integers(20, 90, ROWS // 4) * 100, 4),
        "ill": RANDOM.choice(["flu", "cold", "none"], ROWS),
    }
)
RULES = """
version: 1
columns:
  id: pseudonymize
  name: pseudonymize
  zip: {role: quasi_identifier, steps: [ZIP]}
  visit: shift_dates(days=60, per=id)
  pay: NOISE
  ill: {role: sensitive, steps: [keep]}
"""


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)


def attacked(only=(), zip="keep", noise="gaussian_noise(scale=300)", release=None):
    rules = parse_rules(RULES.replace("ZIP", zip).replace("NOISE", noise))
    plan = make_plan(rules, PageSource.of(PEOPLE).schema)
    release = transform_frame(PEOPLE, rules) if release is None else release
    return attack(PEOPLE, release, plan, only)


def results(*only, **said):
    return {(r.attack, r.target): r for r in attacked(only, **said).results}


def test_shifted_dates_are_recovered_from_one():
    """All other dates of a person, as the step says of itself."""
    found = results("shifted_dates")["shifted_dates", "visit"]
    assert (300, 300) == (found.tried, found.succeeded)
    assert found.control < 0.2


def test_a_keyed_token_withstands_the_dictionary_but_not_the_count():
    """Names by frequency; nothing by hashing without the key."""
    found = results("dictionary", "frequency")
    assert 0 == found["dictionary", "name"].succeeded
    assert ROWS == found["frequency", "name"].succeeded
    assert {"id", "name"} == {work.column for work in attacked(["frequency"]).work}


def test_the_work_of_a_search():
    """An unkeyed token is found by as many trials as there are values; a keyed one only with the key."""
    rules = parse_rules("{version: 1, columns: {phone: keep, name: pseudonymize}}")
    phones = [f"138{i:08d}" for i in range(9)]
    table = pa.table({"phone": phones, "name": list("abcdefghi")})
    digests = [hashlib.sha256(phone.encode()).hexdigest() for phone in phones]
    release = table.set_column(0, "phone", pa.array(digests))
    found = attack(table, release, make_plan(rules, PageSource.of(table).schema), ["dictionary"])
    work = {w.column: w for w in found.work}
    assert work["phone"].without_key == "100,000,000,000 phone numbers of 11 digits: 3 hours"
    assert work["name"].without_key == "2^256 keys: out of reach"
    assert "9 candidates" in found.results[0].detail


def test_noise_averages_out():
    """Four releases of one number are nearer to it together than alone."""
    found = results("averaging")["averaging", "pay"]
    assert found.rate > found.control


def test_linkage_needs_fine_values():
    """Whole postcodes single out, their first digit does not."""
    fine, coarse = (results("linkage", zip=step)["linkage", "zip"] for step in ("keep", "truncate(1)"))
    zips = PEOPLE["zip"].to_pylist()
    assert sum(zips.count(z) == 1 for z in zips) == fine.succeeded
    assert 0 == coarse.succeeded


def test_what_is_learned_of_others_does_not_count():
    """Inference from the own row adds risk; from coarse rows hardly any. A keyed column is no knowledge."""
    fine = results("inference")["inference", "ill"]
    coarse = results("inference", zip="redact", noise="drop")["inference", "ill"]
    assert fine.risk > 0.3
    assert coarse.risk < 0.15


def test_intervals_and_gates():
    """A gate fails only if the whole interval lies above it."""
    found = attacked(["shifted_dates"])
    (result,) = found.results
    assert result.low < result.rate <= result.high
    assert "shifted_dates" in str(found.failure(0.5))
    assert found.failure(1.0) is None
    assert found.failure(None) is None
    assert [0.5, 0, 0] == [added(0.75, 0.5), added(0.2, 0.5), added(1, 1)]


def test_all_attacks_run_on_any_table():
    """Nulls, one column, one row, no row: no attack breaks."""
    rules = parse_rules("{version: 1, columns: {a: {role: sensitive, steps: [keep]}}}")
    plan = make_plan(rules, pa.schema([("a", pa.string())]))
    for values in ([], [None], [None, "x"], ["x"], [1, None]):
        table = pa.table({"a": pa.array(values, None if values else pa.string())})
        assert len(table) == attack(table, table, plan).rows


def test_what_cannot_be_attacked():
    """An unknown attack, and rows that cannot be paired."""
    with pytest.raises(UsageError, match="no attack is called 'lnkage'"):
        attacked(["lnkage"])
    with pytest.raises(DataError, match="which belong together"):
        attacked(release=PEOPLE.select(["ill"]).slice(1))


def test_no_value_in_what_is_said():
    """Names, counts and figures only."""
    said = repr(attacked())
    assert not any(value in said for value in ("Ann", "p17", "cold", *PEOPLE["visit"].to_pylist()[:20]))
