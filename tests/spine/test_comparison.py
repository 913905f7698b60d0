"""A release beside its original: losses and leaks."""

import numpy as np
import pyarrow as pa
import pytest

from anonymize.releases.comparison import Pair, compare, paired
from anonymize.releases.leaks import beside, known_beside
from anonymize.rulefile.loading import parse_rules

RANDOM = np.random.default_rng(2)
ROWS = 600
AGES = RANDOM.integers(18, 90, ROWS)
CITIES = RANDOM.choice(["Ulm", "Bonn", "Kiel"], ROWS)
BIRTHS = [f"{y}-{m:02d}-{d:02d}" for y, m, d in zip(2024 - AGES, AGES % 12 + 1, AGES % 28 + 1, strict=True)]
ORIGINAL = pa.table(
    {
        "id": [f"n{i}" for i in range(ROWS)],
        "idcard": [f"110101{b.replace('-', '')}{i % 1000:03d}X" for i, b in enumerate(BIRTHS)],
        "born": BIRTHS,
        "age": AGES,
        "city": CITIES,
        "zip": [f"{c[0]}{n}" for c, n in zip(CITIES, RANDOM.integers(10, 20, ROWS), strict=True)],
        "mail": [f"zoe.kovac{i % 7}@example.org" for i in range(ROWS)],
        "name": [f"Zoë Kovač{i % 7}" for i in range(ROWS)],
    }
)


def released(**changes):
    table = ORIGINAL
    for name, values in changes.items():
        place = table.schema.get_field_index(name)
        table = table.remove_column(place) if values is None else table.set_column(place, name, pa.array(values))
    return table


def test_nothing_changed_nothing_lost():
    """A release that is the original loses nothing and hides nothing."""
    found = beside(Pair.of(ORIGINAL, ORIGINAL))
    assert {(0, 0, 0)} == {(c.total_variation, c.certainty_penalty, c.entropy_loss) for c in found.loss.columns}
    assert () == found.leaks


def test_losses_of_a_generalization():
    """Decades of an age: each stands for the ages in it, of all there are; stars for everything."""
    loss = compare(Pair.of(ORIGINAL, released(age=AGES // 10 * 10, city=["*"] * ROWS)))
    by = {c.name: c for c in loss.columns}
    spread = [np.ptp(AGES[AGES // 10 == a // 10]) for a in AGES]
    assert np.mean(spread) / np.ptp(AGES) == pytest.approx(by["age"].certainty_penalty)
    assert (1, 1) == (by["city"].certainty_penalty, by["city"].total_variation)
    assert pytest.approx(1) == by["city"].entropy_loss


def test_what_is_hidden_stands_elsewhere():
    """The birth date in a resident number, the name in an address, the city by the postcode; not by a row id."""
    found = beside(Pair.of(ORIGINAL, released(born=None, name=None, city=["*"] * ROWS, age=None)))
    told = {(leak.hidden, leak.told_by): leak.how for leak in found.leaks}
    assert "characters 7 to 14" in told["born", "idcard"]
    assert "stands in it" in told["name", "mail"]
    assert "0 of 1.6 bits are left" in told["city", "zip"]
    assert "id" not in {by for _, by in told}


def test_the_characters_that_tell():
    """A digit that is odd for men, and digits that are the town, are found in numbers that never repeat."""
    men, towns = RANDOM.integers(0, 2, ROWS), RANDOM.integers(0, 9, ROWS)
    serial = [
        f"{t * 7 + 11}{i:05d}{2 * d + m}" for i, (t, d, m) in enumerate(zip(towns, AGES % 5, men, strict=True))
    ]
    people = pa.table(
        {"no": serial, "sex": np.where(men == 1, "male", "female"), "town": [f"t{t}" for t in towns]}
    )
    hidden = people.drop_columns(["sex", "town"])
    told = {leak.hidden: leak.how for leak in beside(Pair.of(people, hidden)).leaks}
    assert "character 8 of 8 tells it: guesses are right for 100%" in told["sex"]
    assert "of 8 tell" in told["town"]
    assert () == beside(Pair.of(people, hidden.set_column(0, "no", pa.array(sorted(serial)[::-1])))).leaks


def test_rules_alone_know_some():
    """By names and meanings, without the data; a holder that is changed too holds nothing."""
    rules = "{version: 1, columns: {born: drop, sex: redact, 'id_card': KEPT, age: keep}}"
    told = known_beside(parse_rules(rules.replace("KEPT", "keep")).file, ["id_card", "age", "sex"]).leaks
    assert {("born", "id_card"), ("sex", "id_card")} == {(leak.hidden, leak.told_by) for leak in told}
    assert () == known_beside(parse_rules(rules.replace("KEPT", "redact")).file, ["id_card", "age", "sex"]).leaks


def test_rows_that_went_are_paired_by_a_column():
    """A column of different values that passes tells which rows belong together; without one nothing is paired."""
    kept = released(born=None).take(pa.array(range(0, ROWS, 2)))
    original, release = paired(ORIGINAL, kept)
    assert original["id"].to_pylist() == release["id"].to_pylist()
    assert paired(ORIGINAL, kept.drop_columns(["id", "idcard", "mail", "zip"])) is None
    assert "only distributions" in beside(Pair.of(ORIGINAL, kept.select(["age"]))).notes[0]


def test_no_rows():
    """Empty tables have nothing to lose."""
    empty = ORIGINAL.slice(0, 0)
    assert {0} == {c.total_variation for c in beside(Pair.of(empty, empty)).loss.columns}


def test_no_value_in_what_is_said():
    """The whole answer holds names, counts and figures."""
    said = repr(beside(Pair.of(ORIGINAL, released(born=None, name=None, city=["*"] * ROWS))))
    assert not any(value in said for value in ("Ulm", "Kova", "110101", "example.org", BIRTHS[0]))
