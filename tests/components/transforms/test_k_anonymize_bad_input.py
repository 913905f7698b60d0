"""Data and hierarchies that do not fit: each is told clearly, and no empty table comes out by surprise."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.core.errors import DataError, RuleError
from anonymize.metrics.k_anonymity import KAnonymity
from anonymize.rulefile.loading import parse_rules
from anonymize.transforms.generalization.k_anonymize import KAnonymize
from anonymize.transforms.generalization.partition import Partition
from anonymize.transforms.generalization.recode import Recode
from anonymize.transforms.masking.suppress_small_classes import SuppressSmallClasses
from tests.components.transforms.test_k_anonymize import PEOPLE, measured, released, several, table

RULES = """version: 1
columns:
  zip: {{role: quasi_identifier, steps: [keep]}}
rows:
  - {{use: k_anonymize, k: 2, hierarchies: {{zip: {hierarchy}}}}}
"""
FILES = {
    "uneven.csv": "10115;101;*\n10117;101\n",
    "twice.csv": "10115;101;*\n10115;102;*\n",
    "crossing.csv": "10115;101;A\n10117;101;B\n",
    "empty.csv": "",
}


@pytest.mark.parametrize(
    ("hierarchy", "message"),
    [
        ("uneven.csv", "line 2 of the hierarchy has 2 levels where the first has 3"),
        ("twice.csv", "lines 1 and 2 of the hierarchy have the same value"),
        ("crossing.csv", "lines 1 and 2 of the hierarchy share level 1 but not level 2"),
        ("empty.csv", "the hierarchy is empty"),
        ("missing.csv", "there is no such file beside the rule file"),
        ("{a: [1], b: {c: [2]}}", "line 2 of the hierarchy has 3 levels where the first has 2"),
        ("{a: [1], b: [1]}", "lines 1 and 2 of the hierarchy have the same value"),
        ("prefixes", "no hierarchy is called 'prefixes'"),
        ("'intervals(widths=[5, 7])'", "each width must be a multiple of the one before"),
        ("5", "a hierarchy is a builder such as `prefix`, a file beside the rule file, or a tree"),
    ],
)
def test_a_contradictory_hierarchy_is_refused_with_the_rules(hierarchy: str, message: str, tmp_path: Path) -> None:
    """Before any data is read, with the line of the rule file, and without a value."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)

    with pytest.raises(RuleError) as caught:
        parse_rules(RULES.format(hierarchy=hierarchy), folder=tmp_path)

    (problem,) = caught.value.problems
    assert message in problem.message
    assert 5 == problem.where.line
    assert "10115" not in str(problem)


@pytest.mark.parametrize("step", [SuppressSmallClasses(k=9), SuppressSmallClasses(k=9, cells=True)])
def test_nothing_left_is_an_error(step: SuppressSmallClasses) -> None:
    """Rather than a file that holds no row, or nothing but blanks."""
    with pytest.raises(DataError, match="every row is in a class of fewer than 9 rows"):
        released(step, table(PEOPLE))


def test_all_suppressed_is_an_error() -> None:
    """Even where everything may be suppressed."""
    with pytest.raises(DataError, match="every row would be suppressed"):
        released(KAnonymize(k=3, levels={"age": 0, "zip": 0}, suppress=1), table(PEOPLE))


def test_too_few_rows_for_a_box() -> None:
    """The error counts them."""
    with pytest.raises(DataError, match="not even all 5 rows together hold k=9"):
        released(Partition(k=9), table(PEOPLE))


@pytest.mark.parametrize("value", ["30", None, ""])
@pytest.mark.parametrize("step", [KAnonymize(k=3), KAnonymize(k=3, local=True), Partition(k=3)])
def test_a_constant_column_stays_as_it_is(step: Any, value: str | None) -> None:
    """There is nothing to generalize, whatever the constant is."""
    given_rows = table([(value, "10115", "flu")] * 3)

    assert given_rows == released(step, given_rows)


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.date32(), pa.bool_()])
def test_a_column_without_values(kind: pa.DataType) -> None:
    """All rows are alike in it."""
    batch = pa.record_batch({"age": pa.nulls(3, kind), "zip": ["1", "1", "1"], "illness": ["a", "b", "c"]})

    assert [None] * 3 == released(KAnonymize(k=3), batch)["age"].to_pylist()


def test_not_a_number_is_one_class() -> None:
    """NaN is a value like any other, and infinity too."""
    numbers = [float("nan"), float("nan"), float("inf"), float("inf")]
    batch = pa.record_batch({"age": numbers, "zip": ["1"] * 4, "illness": ["a"] * 4})

    out = released(KAnonymize(k=2), batch)

    assert [2, 2] == sorted(out["age"].to_pylist().count(label) for label in set(out["age"].to_pylist()))


def test_a_table_without_rows() -> None:
    """Comes out without rows."""
    assert 0 == len(released(KAnonymize(k=2), table([])))


NULLS = [
    ("21", None, "flu"),
    ("21", "10115", "flu"),
    ("21", "10115", "x"),
    (None, "10115", "x"),
    ("21", "10115", ""),
]


def test_nulls_may_be_an_error() -> None:
    """With their number."""
    with pytest.raises(DataError, match="2 of 5 rows have a null in a quasi-identifier"):
        released(KAnonymize(k=2, nulls="fail"), table(NULLS))


def test_rows_with_nulls_may_be_dropped() -> None:
    """They count as suppressed, and the rest is as good as without them."""
    with pytest.raises(DataError, match="2 of 5 rows have a null in a quasi-identifier, 1 may be suppressed"):
        released(KAnonymize(k=2, nulls="drop", suppress=0.2), table(NULLS))

    out = released(KAnonymize(k=2, nulls="drop", suppress=0.4), table(NULLS))

    assert table([NULLS[1], NULLS[2], NULLS[4]]) == out


@several
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["21", "35", None]), st.sampled_from(["10115", "10117", None]), st.just("flu")),
        min_size=1,
        max_size=30,
    ),
    k=st.integers(1, 3),
    local=st.booleans(),
)
def test_no_null_comes_out_but_a_hidden_one(rows: list[Any], k: int, local: bool) -> None:
    """With `nulls: drop` and a mark for what is hidden, the released columns have no null."""
    try:
        out = released(KAnonymize(k=k, nulls="drop", suppress=0.6, local=local, hidden="*"), table(rows))
    except DataError:
        return

    assert 0 == out["age"].null_count + out["zip"].null_count
    assert measured(KAnonymity(), out) >= k
    assert len(rows) - len(out) <= 0.6 * len(rows)


def test_values_of_every_type_meet_a_builder() -> None:
    """Recoding by a builder takes numbers and dates as they are, and refuses one that needs all values."""
    assert pa.string() == Recode(hierarchy="rounding(to=[10])").output_type(pa.float64())
    with pytest.raises(TypeError, match="needs text or numbers, not bool"):
        Recode(hierarchy="rounding(to=[10])").output_type(pa.bool_())
    with pytest.raises(ValidationError, match="use truncate or mask instead"):
        Recode(hierarchy="prefix(cut=[2])")
    with pytest.raises(ValidationError, match="the hierarchy has 1 levels above the values, not 2"):
        Recode(hierarchy="rounding(to=[10])", level=2)
