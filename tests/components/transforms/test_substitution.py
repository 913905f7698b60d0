"""What all of the substitution family promise: every type is handled or refused, and cuts do not matter."""

import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from anonymize.core.transform import ColumnTransform
from anonymize.transforms.substitution.fake import Fake
from anonymize.transforms.substitution.map_values import MapValues
from anonymize.transforms.substitution.number import Number
from anonymize.transforms.substitution.pseudonymize import Pseudonymize
from anonymize.transforms.substitution.replace_from_list import ReplaceFromList
from anonymize.transforms.substitution.shift_dates import ShiftDates
from anonymize.transforms.substitution.shuffle import Shuffle
from tests.components.transforms.substitution import results
from tests.harness import answer, run_column


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        (pa.array([7, -1, None]), ["7", "-1", None]),
        (pa.array([7], pa.uint8()), ["7"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([Decimal("1.10")]), ["1.10"]),
        (pa.array([datetime.date(2024, 5, 13)]), ["2024-05-13"]),
        (pa.array(["a", "b", None, "a"]).dictionary_encode(), ["a", "b", None, "a"]),
        (pa.array(["a", None], pa.large_string()), ["a", None]),
        (pa.array([b"a", None]), ["a", None]),
        (pa.array([b"a", None], pa.large_binary()), ["a", None]),
        (pa.array([b"ab", None], pa.binary(2)), ["ab", None]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_the_same_value_has_the_same_token_in_every_type(typed: pa.Array, spelled: list[str | None]) -> None:
    """CSV's text and Parquet's types agree on the tokens and on the fakes."""
    text = pa.array(spelled, pa.string())
    steps = [
        Pseudonymize(),
        Pseudonymize(encoding="uuid"),
        Fake(kind="person"),
        ReplaceFromList(values=("a", "b")),
    ]
    for transform in steps:
        assert results(transform, text) == results(transform, typed)
        assert transform.output_type(typed.type) == pa.string()


@pytest.mark.parametrize(
    "transform", [Pseudonymize(), Fake(kind="city"), Shuffle(), MapValues(mapping={"a": "b"})]
)
def test_lists_are_refused(transform: ColumnTransform) -> None:
    """A list has no spelling of its own."""
    with pytest.raises(TypeError, match="single values"):
        transform.output_type(pa.list_(pa.string()))


STEPS: list[ColumnTransform] = [
    Pseudonymize(),
    Pseudonymize(encoding="integer", prefix="n"),
    MapValues(mapping={"2024-05-13": "a"}, other="b"),
    ReplaceFromList(values=("a", "b", "c")),
    ReplaceFromList(values=("a", "b", "c"), unique=True),
    Number(width=3),
    ShiftDates(days=9),
    Shuffle(),
    Fake(kind="person"),
    Fake(kind="iban"),
]
TYPED = [
    pa.array([], pa.string()),
    pa.nulls(3, pa.string()),
    pa.nulls(3),
    pa.array(["2024-05-13", None], pa.large_string()),
    pa.array(["2024-05-13", None, "2024-05-13"]).dictionary_encode(),
    pa.array(["2024-05-13"], pa.string_view()),
    pa.array([1.5, None], pa.float64()),
    pa.array([1.5], pa.float16()),
    pa.array([Decimal("1.10")]),
    pa.array([True, False]),
    pa.array([b"\xff"]),
    pa.array([b"\xff"], pa.large_binary()),
    pa.array([1], pa.time32("s")),
    pa.array([1], pa.duration("s")),
    pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
    pa.array([datetime.datetime(2024, 5, 13, 8)], pa.timestamp("ns", "Asia/Shanghai")),
    pa.array([datetime.date(2024, 5, 13)], pa.date64()),
    pa.array([[1]]),
    pa.array([{"a": 1}]),
    pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0123456789abcdef"], pa.binary(16))),
    pa.ExtensionArray.from_storage(pa.json_(), pa.array(["{}"])),
]


@pytest.mark.parametrize("values", TYPED, ids=lambda values: str(values.type))
@pytest.mark.parametrize("transform", STEPS, ids=lambda transform: transform.call())
def test_every_type_is_handled_or_refused_by_name(transform: ColumnTransform, values: pa.Array) -> None:
    """No other error, and the result has the promised type and length; nulls stay null."""
    try:
        promised = transform.output_type(values.type)
    except TypeError:
        return
    found, _ = run_column(transform, values)

    assert (promised, len(values)) == (found.type, len(found))
    if not isinstance(transform, Number):
        assert found.null_count >= values.null_count


@pytest.mark.parametrize("transform", STEPS, ids=lambda transform: transform.call())
def test_cuts_do_not_matter(transform: ColumnTransform) -> None:
    """The pieces of a column become the pieces of the result."""
    values = pa.array(["2024-05-13", None, "2024-05-14", "2024-05-13", "2023年1月1日"])
    statistic = transform.needs(("value",))
    fitted = answer(statistic, pa.record_batch({"value": values})) if statistic else None
    whole, _ = run_column(transform, values, fitted=fitted)
    for cut in range(6):
        head, _ = run_column(transform, values.slice(0, cut), fitted=fitted)
        tail, _ = run_column(transform, values.slice(cut), fitted=fitted, first_row=cut)
        assert whole.to_pylist() == head.to_pylist() + tail.to_pylist()
