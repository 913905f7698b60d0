"""What must hold for every component, present and future, whatever its parameters."""

import hashlib
import math
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from anonymize.core.beside import KEPT, ROW
from anonymize.core.catalog import examples
from anonymize.core.component import Example
from anonymize.core.errors import AnonymizeError
from anonymize.core.transform import Aggregation, ColumnTransform, RowTransform, Transform
from anonymize.kernels.text.spelling import spell
from tests.harness import answer, batch_of, columns_of, context, run_column

few = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

GIVES_VALUES_TO_NULLS = {
    "number": "a row without an identifier gets a number like any other, so that nothing shows it lacked one",
    "shuffle": "nulls are shuffled with the values",
}
"""Transforms that may turn null into a value, and why."""

NEVER_THE_SAME = {"encrypt": "equal values may not have equal ciphertexts, so each is made with fresh random bits"}
"""Transforms whose results no second run repeats, and why. What they restore is the same."""

NASTY: dict[str, list[Any]] = {
    "string": [
        *("", " ", "0", "-0", "007", "1e400", "1.", "NaN", "٣", "99999999999999999999", "x" * 70),
        *("é", "e\u0301", "𝒳", "王小明", "NULL", "a\nb", '"', "\x00"),
        *("2024-02-30", "2024-02-29", "@", "a@", "::1", "1.2.3.4"),
    ],
    "int64": [0, -1, 2**53 + 1, 2**63 - 1, -(2**63)],
    "double": [0.0, -0.0, math.nan, math.inf, 1e308, 5e-324],
    "date32[day]": [date(1, 1, 1), date(9999, 12, 31), date(1970, 1, 1), date(2024, 2, 29)],
}

TYPED = [
    pa.array(["a@b.org", "12", "2024-02-29", "", "王", None]),
    pa.array(["a@b.org", "12", "2024-02-29", "", "王", None], pa.large_string()),
    pa.array(["a@b.org", "12", "a@b.org", "", "王", None]).dictionary_encode(),
    pa.array([12, 0, -3, None, 2**31]),
    pa.array([1, None, 255], pa.uint8()),
    pa.array([1.5, 0.0, None, -2.25, math.nan]),
    pa.array([1.5, None], pa.float32()),
    pa.array([Decimal("1.50"), None], pa.decimal128(9, 2)),
    pa.array([True, None, False]),
    pa.array([date(2024, 2, 29), None, date(1, 1, 1)]),
    pa.array([date(2024, 2, 29), None], pa.date64()),
    pa.array([datetime(2024, 2, 29, 23, 59, 59, 123456), None], pa.timestamp("us")),
    pa.array([0, None], pa.timestamp("ms", "Asia/Shanghai")),
    pa.array([b"\xff\x00", None], pa.binary()),
    pa.array([[1], None, []], pa.list_(pa.int64())),
]


def ids(example: Example) -> str:
    return f"{example.component.use}-{example.component.call()}"[:60]


def transforms(shape: type[Transform]) -> list[Example]:
    return [example for example in examples("transform") if isinstance(example.component, shape)]


COLUMNS: Any = transforms(ColumnTransform)
columns = pytest.mark.parametrize("example", COLUMNS, ids=ids)
repeatable = pytest.mark.parametrize(
    "example", [e for e in COLUMNS if e.component.use not in NEVER_THE_SAME], ids=ids
)
reversible = pytest.mark.parametrize(
    "example", [e for e in COLUMNS if e.component.properties().reversible], ids=ids
)
rows = pytest.mark.parametrize("example", transforms(RowTransform), ids=ids)


class Cells:
    """Drawn rows for a column transform: its values and those of the columns it reads."""

    def __init__(self, example: Example, drawn: list[tuple[Any, ...]], kind: pa.DataType) -> None:
        self.transform: Any = example.component
        self.names = tuple(example.columns or {})
        self.values = pa.array([row[0] for row in drawn], kind)
        types = [pa.array(column).type for column in (example.columns or {}).values()]
        read = [pa.array([row[i] for row in drawn], given) for i, given in enumerate(types, 1)]
        self.others = dict(zip(self.names, read, strict=True))
        statistic = self.transform.needs(("value",))
        self.fitted = answer(statistic, pa.record_batch({"value": self.values})) if statistic else None
        try:
            self.run()
        except AnonymizeError:  # the values as a whole are refused, as by a list that is too short for them
            assume(False)

    def run(self, start: int = 0, end: int | None = None, first_row: int = 0, values: Any = None) -> Any:
        """The result and the context of the rows from start to end."""
        part = self.values[start:end] if values is None else values
        others = {name: column[start:end] for name, column in self.others.items()}
        return run_column(self.transform, part, others, first_row + start, self.fitted)


def draw_cells(data: Any, example: Example, minimum: int = 0, same_others: bool = False) -> Cells:
    values = pa.array(example.given)
    kind = pa.string() if pa.types.is_null(values.type) else values.type
    nasty = st.sampled_from([None, *NASTY.get(str(kind), [])])
    cell = st.sampled_from(list(example.given)) | nasty
    cell = cell | st.text(max_size=8) if pa.types.is_string(kind) else cell
    others = [st.sampled_from(list(column)) for column in (example.columns or {}).values()]
    drawn = data.draw(st.lists(st.tuples(cell, *others), min_size=minimum, max_size=10))
    if same_others and drawn:
        drawn = [(row[0], *drawn[0][1:]) for row in drawn]
    return Cells(example, drawn, kind)


def plain(values: pa.Array) -> list[Any]:
    """Values that compare: NaN equals NaN."""
    return ["nan" if isinstance(v, float) and math.isnan(v) else v for v in values.to_pylist()]


def rejected(found: Any, length: int) -> list[bool]:
    """Where a context has rejections."""
    masks = [rejection.bad.to_pylist() for rejection in found.rejections]
    return [any(mask[i] for mask in masks) for i in range(length)]


def fingerprint(values: pa.Array) -> str:
    digest = hashlib.sha256()
    for buffer in values.buffers():
        digest.update(buffer or b"-")
    return digest.hexdigest()


@pytest.mark.matrix("W15")
@repeatable
@few
@given(data=st.data())
def test_cutting_changes_nothing(example: Example, data: Any) -> None:
    """apply(a + b) == apply(a) + apply(b), also what is rejected."""
    cells = draw_cells(data, example)
    cut = data.draw(st.integers(0, len(cells.values)))

    whole, found = cells.run()
    first, found_first = cells.run(0, cut)
    second, found_second = cells.run(cut)

    assert plain(whole) == plain(first) + plain(second)
    assert len(whole) == len(cells.values)
    assert rejected(found, len(whole)) == rejected(found_first, cut) + rejected(found_second, len(whole) - cut)


@repeatable
@few
@given(data=st.data())
def test_a_slice_is_as_good_as_a_copy(example: Example, data: Any) -> None:
    """The result does not depend on the offset of the array, and the array given is not written to."""
    cells = draw_cells(data, example, 1)
    start = data.draw(st.integers(0, len(cells.values) - 1))
    copied = pa.array(cells.values[start:].to_pylist(), cells.values.type)
    before = fingerprint(cells.values)

    sliced, _ = cells.run(start)
    fresh, _ = cells.run(start, values=copied)

    assert plain(sliced) == plain(fresh)
    assert before == fingerprint(cells.values)


@pytest.mark.matrix("S3")
@columns
@few
@given(data=st.data())
def test_nulls_stay_and_rejected_values_go(example: Example, data: Any) -> None:
    """Null gives null; a rejected value is null in the result and was not null before."""
    cells = draw_cells(data, example)

    result, found = cells.run()

    bad = rejected(found, len(result))
    for given_value, value, failed in zip(cells.values.to_pylist(), result.to_pylist(), bad, strict=True):
        assert value is None or not failed
        if given_value is None and cells.transform.use not in GIVES_VALUES_TO_NULLS:
            assert value is None
            assert not failed
    assert all("\n" not in r.problem and len(r.problem) < 150 for r in found.rejections)


@pytest.mark.parametrize("example", [e for e in COLUMNS if e.component.properties().deterministic], ids=ids)
@few
@given(data=st.data())
def test_claims(example: Example, data: Any) -> None:
    """Deterministic: equal values have equal results in all rows. Injective: different values never meet."""
    claims = example.component.properties()  # type: ignore[attr-defined]
    cells = draw_cells(data, example, same_others=True)

    result, found = cells.run()
    later, _ = cells.run(first_row=1000)

    assert plain(result) == plain(later)
    seen: dict[Any, Any] = {}
    bad = rejected(found, len(result))
    for value, changed, failed in zip(plain(cells.values), plain(result), bad, strict=True):
        assert changed == seen.setdefault(repr(value), changed)
        assert value is None or failed or "length" not in claims.keeps or len(str(value)) == len(str(changed))
    kept = {
        repr(value): repr(changed)
        for value, changed, failed in zip(plain(cells.values), plain(result), bad, strict=True)
        if not failed
    }
    assert not claims.injective or len(set(kept.values())) == len(kept)


@reversible
@few
@given(data=st.data())
def test_what_is_reversible_comes_back(example: Example, data: Any) -> None:
    """All values as text, in whole or in parts; what was rejected is gone."""
    cells = draw_cells(data, example)
    cut = data.draw(st.integers(0, len(cells.values)))
    result, found = cells.run()
    expected = [
        None if value is None or failed else spell(pa.array([value], cells.values.type))[0].as_py()
        for value, failed in zip(cells.values.to_pylist(), rejected(found, len(result)), strict=True)
    ]

    restored, undoing = [], []
    for part in (slice(0, cut), slice(cut, None)):
        others = {name: column[part] for name, column in cells.others.items()}
        undoing.append(context(cells.transform, None, len(result[part]), others=others))
        restored += cells.transform.restore(result[part], undoing[-1]).to_pylist()

    assert expected == restored
    assert [[], []] == [made.rejections for made in undoing]


@pytest.mark.parametrize("example", [e for e in COLUMNS if e.component.needs(("value",)) is not None], ids=ids)
@few
@given(data=st.data())
def test_fitting_in_pieces(example: Example, data: Any) -> None:
    """However the data is cut and ordered, the merged state is that of the whole."""
    cells = draw_cells(data, example)
    check_merging(cells.transform.needs(("value",)), pa.record_batch({"value": cells.values}), data)


@pytest.mark.parametrize(
    "example", [e for e in examples("transform") if not isinstance(e.component, ColumnTransform)], ids=ids
)
@few
@given(data=st.data())
def test_fitting_in_pieces_of_rows(example: Example, data: Any) -> None:
    """What a row transform must know does not depend on how the rows were cut for counting."""
    transform: Any = example.component
    statistic = transform.needs(columns_of(transform, example))
    if statistic is not None:
        check_merging(statistic, draw_batch(data, example).select(list(statistic.columns)), data)


@pytest.mark.parametrize("example", examples("metric"), ids=ids)
@few
@given(data=st.data())
def test_fitting_in_pieces_of_metrics(example: Example, data: Any) -> None:
    """A metric measures the same however the rows were cut for counting."""
    statistic = example.component.needs(example.roles)
    batch = draw_batch(data, example).select(list(statistic.columns))
    check_merging(statistic, batch, data)
    cut = data.draw(st.integers(0, len(batch)))
    assert example.component.measure(answer(statistic, batch)) == example.component.measure(
        answer(statistic, batch[cut:], batch[:0], batch[:cut])
    )


def check_merging(statistic: Any, batch: pa.RecordBatch, data: Any) -> None:
    cut = data.draw(st.integers(0, len(batch)))
    whole, first, second, nothing = (statistic.fit(b) for b in (batch, batch[:cut], batch[cut:], batch[:0]))

    assert contents(statistic.merge([whole])) == contents(statistic.merge([second, nothing, first]))
    assert contents(statistic.merge([whole])) == contents(
        statistic.merge([statistic.merge([first]), statistic.merge([second, nothing])])
    )


def contents(state: pa.Table) -> Counter[str]:
    """The rows of a state in no order."""
    return Counter(map(str, state.to_pylist()))


def draw_batch(data: Any, example: Example) -> pa.RecordBatch:
    """Rows whose cells are drawn column by column from the example's."""
    batch = batch_of(example)
    size = data.draw(st.integers(0, 12))
    drawn = {}
    for name in batch.schema.names:
        cells = [*batch.column(name).to_pylist(), None]
        values = data.draw(st.lists(st.sampled_from(cells), min_size=size, max_size=size))
        values = list(range(size)) if name == ROW else [bool(v) for v in values] if name == KEPT else values
        drawn[name] = pa.array(values, batch.schema.field(name).type)
    return pa.record_batch(drawn)


def run_rows(example: Example, batch: pa.RecordBatch, fitted: Any, first_row: int) -> Any:
    transform: Any = example.component
    found = context(transform, fitted, len(batch), first_row, column="")
    changed, kept = transform.apply(batch, found)
    return changed, [True] * len(batch) if kept is None else kept.to_pylist(), rejected(found, len(batch))


@rows
@few
@given(data=st.data())
def test_cutting_rows_changes_nothing(example: Example, data: Any) -> None:
    """Also with slices, which are not written to; and every row either stays or goes."""
    transform: Any = example.component
    names = list(columns_of(transform, example))
    drawn = draw_batch(data, example)
    batch = drawn.select(names)
    statistic = transform.needs(tuple(names))
    fitted = answer(statistic, drawn) if statistic is not None else None
    cut = data.draw(st.integers(0, len(batch)))
    before = [fingerprint(column) for column in batch.columns]

    try:
        whole, kept, bad = run_rows(example, batch, fitted, 0)
    except AnonymizeError:  # the data as a whole is refused, as by a k that nothing reaches
        assume(False)
    parts = [run_rows(example, batch[:cut], fitted, 0), run_rows(example, batch[cut:], fitted, cut)]

    assert whole.to_pylist() == [row for part in parts for row in part[0].to_pylist()]
    assert kept == [stays for part in parts for stays in part[1]]
    assert bad == [failed for part in parts for failed in part[2]]
    assert set(kept) <= {True, False}
    assert before == [fingerprint(column) for column in batch.columns]
    assert [transform.output_type(batch.schema.field(n).type) for n in names] == [whole[n].type for n in names]


@pytest.mark.parametrize("example", transforms(Aggregation), ids=ids)
@few
@given(data=st.data())
def test_cutting_changes_no_release(example: Example, data: Any) -> None:
    """The released table is equal to the last bit."""
    transform: Any = example.component
    statistic = transform.needs(columns_of(transform, example))
    batch = draw_batch(data, example).select(list(statistic.columns))
    cut = data.draw(st.integers(0, len(batch)))

    whole = transform.release(context(transform, answer(statistic, batch), 0, column=""))
    pieces = transform.release(context(transform, answer(statistic, batch[cut:], batch[:cut]), 0, column=""))

    assert whole.equals(pieces)
    assert whole.schema == transform.output_schema(batch.schema)


@pytest.mark.matrix("S3")
@columns
def test_output_type_tells_the_type(example: Example) -> None:
    """For every type that is not refused, the result has the type that was promised; other steps may reject."""
    transform: Any = example.component
    for values in TYPED:
        try:
            promised = transform.output_type(values.type)
        except TypeError:
            continue
        others = {
            name: ([*column] * len(values))[: len(values)] for name, column in (example.columns or {}).items()
        }
        try:
            result, found = run_column(transform, values, others)
        except AnonymizeError:
            continue
        assert promised == result.type, values.type
        assert len(result) == len(values)
        bad = rejected(found, len(values))
        assert not any(failed and value is not None for failed, value in zip(bad, result.to_pylist(), strict=True))


@columns
def test_one_type_for_all_examples(example: Example) -> None:
    """An all-null and an empty column have the promised type too."""
    kind = pa.array(example.given).type
    for values in (pa.nulls(3, kind), pa.array([], kind)):
        first = pa.array([0] * len(values), pa.int32())
        others = {name: pa.array(column).take(first) for name, column in (example.columns or {}).items()}
        try:
            result, _ = run_column(example.component, values, others)  # type: ignore[arg-type]
        except AnonymizeError:
            continue
        assert result.type == example.component.output_type(kind)  # type: ignore[attr-defined]
