"""No combination of a few items is rare in what comes out."""

from itertools import combinations
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.core.roles import Roles
from anonymize.metrics.km_anonymity import KmAnonymity
from anonymize.transforms.generalization.km_anonymize import KmAnonymize
from tests.harness import answer, run_column

several = settings(max_examples=80, deadline=None, derandomize=True, database=None)
TREE: dict[Any, Any] = {"a": {"aa": ["1", "2"], "ab": ["3", "4"]}, "b": {"ba": ["5"], "bb": ["6", "7"]}}
CELLS = st.lists(st.sets(st.sampled_from("1234567"), max_size=5).map(";".join) | st.none(), max_size=25)


def rarest(cells: list[str | None], m: int) -> int:
    """By hand: the least number of cells that share a combination which occurs."""
    baskets = [frozenset(filter(None, cell.split(";"))) for cell in cells if cell]
    found = {c for b in baskets for size in range(1, m + 1) for c in combinations(sorted(b), size)}
    return min((sum(basket.issuperset(c) for basket in baskets) for c in found), default=0)


@several
@given(cells=CELLS, k=st.integers(2, 4), m=st.integers(1, 3), tree=st.booleans())
def test_what_comes_out_holds(cells: list[str | None], k: int, m: int, tree: bool) -> None:
    """Every combination that is left has k rows; nulls stay; labels are those of the items' own branch."""
    out, context = run_column(
        KmAnonymize(k=k, m=m, hierarchy=TREE if tree else None), pa.array(cells, pa.string())
    )

    assert [] == context.rejections
    assert rarest(out.to_pylist(), m) in (0, *range(k, len(cells) + 1))
    assert [cell is None for cell in cells] == [cell is None for cell in out.to_pylist()]


@several
@given(cells=CELLS, m=st.integers(1, 3))
def test_the_metric_counts_as_by_hand(cells: list[str | None], m: int) -> None:
    """Whatever the order of items and rows."""
    metric = KmAnonymity(column="x", m=m)
    batch = pa.record_batch({"x": pa.array(cells, pa.string())})

    assert rarest(cells, m) == metric.measure(answer(metric.needs(Roles()), batch)).value


@several
@given(cells=CELLS, k=st.integers(2, 3))
def test_what_holds_already_stays(cells: list[str | None], k: int) -> None:
    """Each cell k times over is k^m-anonymous for every m."""
    values = pa.array(sorted(cells * k, key=str), pa.string())

    out, _ = run_column(KmAnonymize(k=k, m=2), values)

    assert [None if c is None else set(c.split(";")) for c in values.to_pylist()] == [
        None if c is None else set(c.split(";")) for c in out.to_pylist()
    ]


def test_the_hierarchy_saves_what_would_go() -> None:
    """One level at a time: siblings join before they go."""
    out, _ = run_column(KmAnonymize(k=2, m=2, hierarchy=TREE), pa.array(["1;5", "2;5", "5;6", "5"]))

    assert ["aa;b", "aa;b", "b", "b"] == out.to_pylist()


def test_an_item_that_the_hierarchy_lacks_is_rejected() -> None:
    """The cell as a whole."""
    out, context = run_column(KmAnonymize(k=2, hierarchy=TREE), pa.array(["1;9", "1", "1"]))

    assert [None, "1", "1"] == out.to_pylist()
    assert [True, False, False] == context.rejections[0].bad.to_pylist()
