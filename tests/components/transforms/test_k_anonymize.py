"""k_anonymize and partition: what is asked for holds on the rows that come out."""

import csv
import json
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from anonymize.core.errors import AnonymizeError, DataError, RuleError
from anonymize.core.metric import Metric
from anonymize.core.roles import Roles
from anonymize.core.transform import RowTransform
from anonymize.metrics.alpha_k import AlphaK
from anonymize.metrics.beta_likeness import BetaLikeness
from anonymize.metrics.entropy_l_diversity import EntropyLDiversity
from anonymize.metrics.k_anonymity import KAnonymity
from anonymize.metrics.l_diversity import LDiversity
from anonymize.metrics.t_closeness import TCloseness
from anonymize.transforms.generalization.k_anonymize import KAnonymize
from anonymize.transforms.generalization.partition import Partition
from tests.harness import answer, context
from tests.spine.build import anonymize, rules_of

several = settings(max_examples=60, deadline=None, derandomize=True, database=None)
ROLES = Roles(quasi=("age", "zip"), sensitive=("illness",))
ADULT = Path(os.environ.get("ADULT_DATA", "no folder with adult.csv and adult_hierarchy_*.csv"))

PERSON = st.tuples(
    st.none() | st.integers(17, 60).map(str),
    st.none() | st.sampled_from(["10115", "10117", "10200", "80331", "80333"]),
    st.sampled_from(["flu", "cold", "asthma", "", None]),
)


def table(rows: list[Any]) -> pa.RecordBatch:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    names = ("age", "zip", "illness")
    return pa.record_batch({n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)})


def released(transform: RowTransform, batch: pa.RecordBatch, roles: Roles = ROLES) -> pa.RecordBatch:
    """The rows that come out."""
    bound = transform.bound(roles)
    names = bound.columns(roles)
    statistic = bound.needs(names)
    fitted = answer(statistic, batch)
    changed, kept = bound.apply(batch.select(list(names)), context(bound, fitted, len(batch), column=""))
    for name in names:
        batch = batch.set_column(batch.schema.get_field_index(name), name, changed[name])
    return batch if kept is None else batch.filter(kept)


def measured(metric: Metric, batch: pa.RecordBatch) -> float:
    return metric.measure(answer(metric.needs(ROLES), batch)).value


TREE: dict[Any, Any] = {"lungs": ["flu", "asthma"], "head": ["cold"], "unknown": [""]}
WISHES: list[tuple[dict[str, Any], Metric, float, bool]] = [
    ({"l": 2}, LDiversity(), 2, True),
    ({"models": ["entropy_l_diversity(1.8)"]}, EntropyLDiversity(), 1.8, True),
    ({"t": 0.3}, TCloseness(), 0.3, False),
    ({"models": ["t_closeness(0.3, distance=ordered)"]}, TCloseness(distance="ordered"), 0.3, False),
    (
        {"models": ["t_closeness(0.3, distance=hierarchical)"], "hierarchies": {"illness": TREE}},
        TCloseness(distance="hierarchical", hierarchy=TREE),
        0.3,
        False,
    ),
    ({"models": ["beta_likeness(1.5)"]}, BetaLikeness(), 1.5, False),
    ({"models": ["alpha_k(0.6)"]}, AlphaK(), 0.6, False),
]


@pytest.mark.parametrize(("wish", "metric", "bound", "at_least"), WISHES, ids=lambda w: str(w)[:40])
@several
@given(
    rows=st.lists(PERSON, min_size=1, max_size=40),
    k=st.integers(1, 4),
    more=st.fixed_dictionaries(
        {
            "suppress": st.sampled_from([0.0, 0.2, 0.5]),
            "suppressed": st.sampled_from(["blank", "drop"]),
            "local": st.booleans(),
            "hidden": st.sampled_from([None, "*"]),
        }
    ),
)
def test_what_is_asked_for_holds(
    wish: dict[str, Any], metric: Metric, bound: float, at_least: bool, rows: list[Any], k: int, more: Any
) -> None:
    """On the released rows, suppressed ones included, against the released distribution."""
    batch = table(rows)
    try:
        out = released(KAnonymize(k=k, **wish, **more), batch)
    except DataError:
        assume(False)

    assert measured(KAnonymity(), out) >= k
    value = measured(metric, out)
    assert value >= bound - 1e-6 if at_least else value <= bound + 1e-6
    assert len(batch) - len(out) <= more["suppress"] * len(batch)


@several
@given(
    rows=st.lists(PERSON, min_size=1, max_size=40),
    k=st.integers(1, 5),
    labels=st.sampled_from(["range", "set"]),
    more=st.sampled_from([{}, {"l": 2}, {"t": 0.4}]),
)
def test_boxes_hold(rows: list[Any], k: int, labels: Any, more: Any) -> None:
    """Every box has k rows, and the other models too; no row is lost."""
    batch = table(rows)
    try:
        out = released(Partition(k=k, labels=labels, **more), batch)
    except DataError:
        assume(False)

    assert len(batch) == len(out)
    assert measured(KAnonymity(), out) >= k
    assert measured(LDiversity(), out) >= more.get("l", 0)
    assert measured(TCloseness(), out) <= more.get("t", 1) + 1e-9


@several
@given(rows=st.lists(PERSON, min_size=1, max_size=30), local=st.booleans(), order=st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows: list[Any], local: bool, order: Any) -> None:
    """Each row comes out the same wherever it stands."""
    transform = KAnonymize(k=2, suppress=0.3, local=local)
    shuffled = list(rows)
    order.shuffle(shuffled)
    try:
        once, again = (released(transform, table(r)) for r in (rows, shuffled))
    except DataError:
        assume(False)

    assert Counter(map(str, once.to_pylist())) == Counter(map(str, again.to_pylist()))


@several
@given(
    rows=st.lists(st.tuples(st.integers(0, 9).map(str), st.integers(0, 4).map(str)), min_size=1, max_size=40),
    k=st.integers(1, 4),
    local=st.booleans(),
)
def test_classes_count_persons(rows: list[Any], k: int, local: bool) -> None:
    """Each class has rows of k different persons."""
    batch = pa.record_batch({"age": [a for a, _ in rows], "person": [p for _, p in rows]})
    roles = Roles(quasi=("age",))
    try:
        out = released(KAnonymize(k=k, suppress=0.4, people="person", local=local), batch, roles)
    except DataError:
        assume(False)
    persons = defaultdict(set)
    for row in out.to_pylist():
        persons[row["age"]].add(row["person"])

    assert min(map(len, persons.values())) >= k


COLUMNS = """  age: {role: quasi_identifier, steps: [keep]}
  zip: {role: quasi_identifier, steps: [keep]}
  illness: {role: sensitive, steps: [keep]}"""
STEP = "k_anonymize(k=2, suppress=20%, hierarchies={age: 'intervals(widths=[10, 20])', zip: prefix})"
ROWS = f'rows: ["{STEP}"]\n'
CHECKS = "checks:\n  - k_anonymity >= 2\n"
PEOPLE = [
    ("21", "10115", "flu"),
    ("23", "10115", "cold"),
    ("34", "10117", "flu"),
    ("38", "10117", ""),
    ("71", "80331", "flu"),
]


def test_csv_through_the_pipeline(tmp_path: Path) -> None:
    """Generalized cells, a dropped outlier, and what was decided in the report."""
    text = "age,zip,illness\n" + "".join(f"{a},{z},{i}\n" for a, z, i in PEOPLE)
    out, report = anonymize(tmp_path, rules_of(COLUMNS, ROWS + CHECKS), text.encode())

    assert b'age,zip,illness\n"[20, 30)",10115,flu\n"[20, 30)",10115,cold\n' in out
    assert 4 == report.rows_out
    (outcome,) = report.outcomes
    assert {"age": "1 of 3", "zip": "0 of 5"} == outcome["levels"]
    assert 1 == outcome["suppressed"] == outcome["dropped"]
    assert "k_anonymize" in report.to_markdown()


def test_jsonl_through_the_pipeline(tmp_path: Path) -> None:
    """Numbers become labels where their level asks for it; a `keep` column is changed all the same."""
    lines = [{"age": int(a), "zip": z, "illness": i} for a, z, i in PEOPLE]
    data = "".join(json.dumps(line) + "\n" for line in lines).encode()
    out, _ = anonymize(tmp_path, rules_of(COLUMNS, ROWS + CHECKS), data, suffix=".jsonl")

    first = json.loads(out.splitlines()[0])
    assert {"age": "[20, 30)", "zip": "10115", "illness": "flu"} == first


def test_parquet_through_the_pipeline(tmp_path: Path) -> None:
    """Typed columns become text; the sensitive one stays as it is."""
    source = tmp_path / "source.parquet"
    columns = list(zip(*PEOPLE, strict=True))
    pq.write_table(
        pa.table({"age": [int(a) for a in columns[0]], "zip": columns[1], "illness": columns[2]}), source
    )
    anonymize(tmp_path, rules_of(COLUMNS, ROWS + CHECKS), source.read_bytes(), suffix=".parquet", to="o.parquet")

    out = pq.read_table(tmp_path / "o.parquet")
    assert ["[20, 30)", "[20, 30)", "[30, 40)", "[30, 40)"] == out["age"].to_pylist()
    assert pa.string() == out.schema.field("age").type


def test_suppressed_cells_leave_a_kept_json_column(tmp_path: Path) -> None:
    """What a step on rows blanks does not come out as it was."""
    rules = rules_of(
        "  zip: {role: quasi_identifier, steps: [keep]}", "rows: ['suppress_small_classes(k=2, cells=true)']"
    )
    data = b'{"zip": 1}\n{"zip": 1}\n{"zip": 2}\n{"zip": 3}\n'

    out, _ = anonymize(tmp_path, rules, data, suffix=".jsonl")

    assert b'{"zip": 1}\n{"zip": 1}\n{"zip": null}\n{"zip": null}\n' == out


def test_a_value_that_the_hierarchy_lacks(tmp_path: Path) -> None:
    """The row and the column are named, the value is not."""
    rows = "rows:\n  - {use: k_anonymize, k: 2, hierarchies: {zip: {east: [10115, 10117]}}}\n"
    text = "age,zip,illness\n" + "".join(f"{a},{z},{i}\n" for a, z, i in PEOPLE)

    with pytest.raises(DataError, match=r"row 5: k_anonymize: a value of 'zip' is not in its hierarchy") as caught:
        anonymize(tmp_path, rules_of(COLUMNS, rows), text.encode())

    assert "80331" not in str(caught.value)


def test_a_level_that_the_hierarchy_lacks() -> None:
    """The error says how many there are."""
    with pytest.raises(DataError, match="the hierarchy of 'zip' has 5 levels, not 7"):
        released(KAnonymize(k=2, levels={"zip": 7}), table(PEOPLE))


def test_an_unreachable_k() -> None:
    """The error says what is within reach."""
    with pytest.raises(DataError, match=r"5 of 5 rows would have to be suppressed, where 0 may be"):
        released(KAnonymize(k=6), table(PEOPLE))
    with pytest.raises(DataError, match="the largest k within this limit is 1"):
        released(KAnonymize(k=2, levels={"age": 0, "zip": 0}), table(PEOPLE))


@pytest.mark.parametrize(
    "step",
    [
        "k_anonymize(k=2, models=['nothing(3)'])",
        "k_anonymize(k=2, models=['t_closeness(2)'])",
        "k_anonymize(k=2, models=['k_map(5)'])",
        "k_anonymize(k=2, hierarchies={age: 'intervals(widths=[5, 7])'})",
        "k_anonymize(k=2, levels={illness: 1})",
    ],
)
def test_wrong_wishes_are_refused(step: str, tmp_path: Path) -> None:
    """Before any data is read."""
    with pytest.raises(AnonymizeError) as caught:
        anonymize(tmp_path, rules_of(COLUMNS, f'rows: ["{step}"]'), b"age,zip,illness\n1,2,3\n")

    assert isinstance(caught.value, RuleError)


def test_a_class_has_k_rows_in_the_population(tmp_path: Path) -> None:
    """k-map: a class may be small here if it is large there."""
    population = tmp_path / "population.csv"
    population.write_text(
        "age,zip\n" + "21,10115\n" * 3 + "23,10115\n" * 3 + "34,10117\n" * 3 + "38,10117\n71,80331\n"
    )
    transform = KAnonymize(k=1, models=("k_map(3)",), population=population, levels={"zip": 0}, suppress=0.2)

    out = released(transform, table(PEOPLE))

    assert ["21", "23"] != out["age"].to_pylist()
    assert 4 == len(out)


@pytest.mark.skipif(not ADULT.exists(), reason="ADULT_DATA names no folder with the Adult data")
@pytest.mark.parametrize(
    ("wish", "sensitive", "levels", "loss", "suppressed"),
    [
        ({"k": 5}, None, [0, 4, 1, 1, 3, 2, 2, 1, 0], 0.63554, 0),
        ({"k": 5, "suppress": 0.05}, None, [0, 3, 0, 0, 2, 1, 1, 2, 0], 0.26963, 1346),
        ({"k": 10, "suppress": 0.01}, None, [0, 4, 0, 1, 3, 1, 1, 2, 0], 0.44844, 262),
        ({"k": 5, "suppress": 0.01, "l": 3}, "occupation", [0, 3, 0, 2, 3, 1, 1, 0], 0.34932, 251),
        ({"k": 5, "t": 0.2}, "occupation", [1, 4, 1, 1, 3, 2, 2, 1], 0.92915, 0),
        ({"k": 5, "local": True}, None, None, 0.0523, 0),
        ({"k": 10, "local": True}, None, None, 0.0765, 0),
    ],
)
def test_the_reference_results(wish: Any, sensitive: Any, levels: Any, loss: float, suppressed: int) -> None:
    """The optima that ARX 3.9.2 finds on the Adult data."""
    head, *rows = csv.reader((ADULT / "adult.csv").read_text().splitlines(), delimiter=";")
    batch = pa.record_batch({n: pa.array(c) for n, c in zip(head, zip(*rows, strict=True), strict=True)})
    quasi = tuple(n for n in head if n != sensitive)
    files = {n: ADULT / f"adult_hierarchy_{n}.csv" for n in quasi}
    transform = KAnonymize(**wish, hierarchies=files, sensitive=(sensitive,) if sensitive else ())
    fitted = answer(transform.needs(quasi), batch)

    facts = transform.outcome(fitted)

    found = [int(level.split()[0]) for level in facts["levels"].values()] if levels else None
    assert levels == found
    assert loss == pytest.approx(facts["loss"], abs=1e-4)
    assert suppressed == facts["suppressed"]
