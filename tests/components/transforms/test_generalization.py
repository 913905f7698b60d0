"""What the examples of the generalization family cannot say."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.core.catalog import component, read_step
from anonymize.core.transform import ColumnTransform
from anonymize.statistics.quantiles import Quantiles
from tests.harness import answer, run_column

JUNK = st.text(max_size=6)
NUMBERS = st.decimals(-(10**6), 10**6, places=2, allow_nan=False).map(str) | st.integers(-(10**9), 10**9).map(str)
DATES = (
    st.dates().map(str)
    | st.datetimes().map(str)
    | st.dates(date(1000, 1, 1)).map(lambda d: d.strftime("%Y/%m/%d"))
)
ADDRESSES = st.ip_addresses().map(str)
PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(lambda p: f"{p[0]:.5f},{p[1]:.5f}")
ZIPS = st.from_regex(r"[0-9]{5}(-[0-9]{4})?", fullmatch=True)
URLS = st.sampled_from(
    ["https://u:p@a.example:80/x?y#z", "http://[::1]/", "ftp://Zoë.example", "x.example/a", "a://b@c@d"]
)
MAILS = st.emails() | st.sampled_from(["a@b", "王@例え.jp", "a@b.c@d.e", '"x y"@b.example'])
WORDS = st.sampled_from(["Berlin", "Köln", "Paris", "", "Rom"])
TREE = {"Europe": {"Germany": ["Berlin", "Köln"], "France": ["Paris"]}}

STEPS: list[tuple[dict[str, Any], st.SearchStrategy[str]]] = [
    ({"use": "bin", "width": 10}, NUMBERS),
    ({"use": "bin", "width": 0.3, "lower": -3, "upper": 3, "format": "{lower} bis {upper}"}, NUMBERS),
    ({"use": "bin", "edges": [-1, 0, 5.5], "labels": ["a", "b"]}, NUMBERS),
    ({"use": "round_to", "base": 0.5}, NUMBERS),
    ({"use": "round_to", "base": 7}, NUMBERS),
    ({"use": "top_code", "at": 90.5}, NUMBERS),
    ({"use": "bottom_code", "at": 0, "label": "none"}, NUMBERS),
    ({"use": "clip", "lower": -1, "upper": 1}, NUMBERS),
    *(
        ({"use": "truncate_date", "to": to, "keep_format": keep}, DATES)
        for to in (
            "second",
            "hour",
            "day",
            "week",
            "month",
            "season",
            "quarter",
            "decade",
            "century",
            "millennium",
        )
        for keep in (False, True)
    ),
    ({"use": "date_part", "part": "week"}, DATES),
    ({"use": "age_band", "of": "2026-01-01"}, DATES),
    ({"use": "age_band", "width": 7, "top": 80}, NUMBERS),
    ({"use": "truncate_ip"}, ADDRESSES),
    ({"use": "truncate_ip", "v4": 19, "v6": 33}, ADDRESSES),
    ({"use": "truncate_coordinates", "decimals": 2}, PLACES | NUMBERS),
    ({"use": "truncate_coordinates", "geohash": 6}, PLACES),
    ({"use": "truncate_postcode", "hipaa": True}, ZIPS),
    ({"use": "truncate_postcode", "length": 2, "pad": "*"}, ZIPS),
    ({"use": "truncate_url"}, URLS),
    ({"use": "truncate_url", "keep": "path"}, URLS),
    ({"use": "email_domain"}, MAILS),
    ({"use": "recode", "hierarchy": TREE}, WORDS),
]


def step(**parameters: Any) -> ColumnTransform:
    made = component("transform", parameters["use"]).model_validate(parameters)
    assert isinstance(made, ColumnTransform)
    return made


def apply(
    transform: ColumnTransform, values: list[Any], type: pa.DataType | None = None, **more: Any
) -> list[Any]:
    """The results, with `...` for what was rejected."""
    array = pa.array(values, type or pa.string())
    result, found = run_column(transform, array, **more)
    assert len(array) == len(result)
    assert transform.output_type(array.type) == result.type
    result.validate(full=True)
    answers: list[Any] = result.to_pylist()
    for rejection in found.rejections:
        for row in np.flatnonzero(rejection.bad.to_numpy(zero_copy_only=False)):
            assert values[row] is not None
            assert answers[row] is None
            answers[row] = ...
    for given_, got in zip(values, answers, strict=True):
        assert (got is None) == (given_ is None)
    return answers


def name(value: Any) -> str | None:
    return "-".join(map(str, list(value.values())[:3])) if isinstance(value, dict) else None


@pytest.mark.parametrize(("parameters", "strategy"), STEPS, ids=name)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_results_do_not_depend_on_the_cut(parameters: dict[str, Any], strategy: Any, data: Any) -> None:
    """apply(a + b) == apply(a) + apply(b), also for slices; nulls and only nulls stay null; junk is rejected."""
    transform = step(**parameters)
    values = data.draw(st.lists(st.none() | strategy | JUNK, max_size=10))
    cut = data.draw(st.integers(0, len(values)))
    whole = apply(transform, values)

    assert whole == apply(transform, values[:cut]) + apply(transform, values[cut:])
    sliced, _ = run_column(transform, pa.array([*values, "x"], pa.string()).slice(cut, len(values) - cut))
    assert [None if v is ... else v for v in whole[cut:]] == sliced.to_pylist()


IDEMPOTENT = [s for s in STEPS if s[0]["use"] in ("round_to", "top_code", "clip", "truncate_ip")] + [
    s for s in STEPS if s[0].get("keep_format") or s[0].get("decimals")
]


@pytest.mark.parametrize(("parameters", "strategy"), IDEMPOTENT, ids=name)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_generalizing_twice_changes_nothing(parameters: dict[str, Any], strategy: Any, data: Any) -> None:
    """What is general already stays."""
    transform = step(**parameters)
    once = [v for v in apply(transform, data.draw(st.lists(strategy, max_size=6))) if v is not ...]
    assert once == apply(transform, once)


@pytest.mark.parametrize(
    "call",
    [
        "bin",
        "bin(width=0)",
        "bin(width=10, quantiles=4)",
        "bin(width=10, labels=['a'])",
        "bin(edges=[2, 1])",
        "bin(edges=[1, 2], labels=['a', 'b'])",
        "bin(width=10, lower=5)",
        "bin(width=10, lower=50, upper=20)",
        "bin(width=10, format='x')",
        "bin(width=10, format='{lower.real}')",
        "bin(width=10, format='{')",
        "bin(quantiles=1)",
        "round_to(0)",
        "round_to(-1)",
        "top_code",
        "top_code(at=1, quantile=0.5)",
        "top_code(quantile=95)",
        "clip",
        "clip(lower=2, upper=1)",
        "truncate_date",
        "truncate_date('fortnight')",
        "truncate_date(to='year', format='%Y')",
        "date_part(part='age')",
        "age_band(of='today')",
        "age_band(width=0)",
        "truncate_ip(v4=33)",
        "truncate_ip(v6=-1)",
        "truncate_coordinates",
        "truncate_coordinates(decimals=1, geohash=3)",
        "truncate_postcode(length=4, hipaa=true)",
        "truncate_postcode(pad='ab')",
        "truncate_url(keep='query')",
        "group_rare(1)",
        "group_rare",
    ],
)
def test_wrong_parameters_are_refused(call: str) -> None:
    """Before any data is read."""
    parameters = read_step("transform", call)
    with pytest.raises(ValidationError):
        step(**parameters)


@given(st.lists(NUMBERS, max_size=8), st.sampled_from(["0.1", "2.5", "10", "0.75"]))
@settings(deadline=None)
def test_bins_hold_their_numbers(numbers: list[str], width: str) -> None:
    """Each number lies in the decimal interval that its label says."""
    for number, label in zip(numbers, apply(step(use="bin", width=float(width)), numbers), strict=True):
        lower, upper = (Decimal(bound) for bound in label.strip("[)").split(", "))
        assert lower <= Decimal(number) < upper
        assert Decimal(width) == upper - lower


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
@settings(deadline=None)
def test_integer_columns_are_binned_exactly(numbers: list[int]) -> None:
    """Also beyond what a float holds."""
    expected = [f"[{n // 10 * 10}, {n // 10 * 10 + 10})" for n in numbers]
    assert expected == apply(step(use="bin", width=10), numbers, pa.int64())


def test_bounds_must_fit_the_type() -> None:
    """A half does not fit an integer column; 300 no int8."""
    for parameters, given_type in (
        ({"use": "top_code", "at": 90.5}, pa.int64()),
        ({"use": "clip", "lower": -1}, pa.uint8()),
        ({"use": "top_code", "at": 300}, pa.int8()),
        ({"use": "round_to", "base": 0.5}, pa.int64()),
        ({"use": "bin", "width": 1}, pa.bool_()),
        ({"use": "truncate_postcode"}, pa.int64()),
        ({"use": "age_band"}, pa.date32()),
        ({"use": "truncate_date", "to": "year"}, pa.int64()),
    ):
        with pytest.raises(TypeError):
            step(**parameters).output_type(given_type)


def test_columns_keep_their_type() -> None:
    """Typed results fit the declared type, also for decimals, dictionaries and large strings."""
    assert [Decimal("90.0"), Decimal("12.3"), None] == apply(
        step(use="top_code", at=90), [Decimal("97.1"), Decimal("12.3"), None], pa.decimal128(4, 1)
    )
    assert apply(step(use="clip", upper=2**63), [2**64 - 1], pa.uint64()) == [2**63]
    assert apply(step(use="bin", width=10), ["7", None], pa.large_string()) == ["[0, 10)", None]
    coded = pa.array(["8", "9", None]).dictionary_encode()
    assert apply(step(use="round_to", base=5), ["8", "9", None], coded.type) == ["10", "10", None]
    assert [date(2024, 4, 1), None] == apply(
        step(use="truncate_date", to="quarter", keep_format=True), [date(2024, 5, 17), None], pa.date32()
    )


@given(
    st.lists(st.integers(-50, 50).map(str), max_size=40),
    st.integers(0, 40),
    st.sampled_from([0.05, 0.5, 0.95, 5 / 7]),
)
@settings(deadline=None)
def test_quantiles_are_exact_and_merge(numbers: list[str], cut: int, fraction: float) -> None:
    """The smallest value that the share does not exceed; the same from the pieces in any order."""
    statistic = Quantiles(("value",), (fraction,))
    pieces = [pa.record_batch({"value": pa.array(part, pa.string())}) for part in (numbers[cut:], numbers[:cut])]
    exact = 5 * len(numbers) / 7 if fraction == 5 / 7 else len(numbers) * Decimal(str(fraction))
    ranked = sorted(map(float, numbers))
    expected = (min(v for v in ranked if sum(w <= v for w in ranked) >= exact),) if ranked else ()
    assert expected == answer(statistic, *pieces) == answer(statistic, *reversed(pieces))


@given(st.lists(st.integers(0, 10**6).map(str), min_size=4, max_size=40, unique=True), st.integers(2, 4))
@settings(deadline=None)
def test_quantile_bins_hold_about_equally_many(numbers: list[str], bins: int) -> None:
    """Of distinct values no bin holds more than one above its share."""
    labels = apply(step(use="bin", quantiles=bins), numbers)
    sizes = [labels.count(label) for label in set(labels)]
    assert len(sizes) == bins
    assert max(sizes) - min(sizes) <= 1


def test_quantiles_of_nothing_change_nothing() -> None:
    """Without numbers there are no bounds and nothing to bound."""
    for parameters in ({"use": "bin", "quantiles": 4}, {"use": "top_code", "quantile": 0.9}):
        assert apply(step(**parameters), [None, "x"]) == [None, ...]


@given(
    st.dates(), st.sampled_from(["week", "month", "season", "quarter", "year", "decade", "century", "millennium"])
)
@settings(deadline=None)
def test_first_days_start_their_period(day: date, to: str) -> None:
    """The kept-format result is the first day with the same name, at or before the date."""
    kept, named = step(use="truncate_date", to=to, keep_format=True), step(use="truncate_date", to=to)
    (first,) = apply(kept, [str(day)])
    if first is ...:  # a period that starts before the year 1
        assert day.year < 11
        return
    before = date.fromisoformat(first) - timedelta(1) if first != "0001-01-01" else None
    assert date.fromisoformat(first) <= day
    assert apply(named, [first]) == apply(named, [str(day)])
    assert before is None or apply(named, [str(before)]) != apply(named, [first])


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.dates(date(2026, 1, 1), date(2100, 1, 1)))
@settings(deadline=None)
def test_ages_are_completed_years(born: date, today: date) -> None:
    """One year per birthday, from a literal date or a column."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    assert [str(age)] == apply(step(use="age_band", of=str(today), width=1, top=None), [str(born)])
    seen = {"seen": [str(today), None]}
    assert [str(age), ...] == apply(
        step(use="age_band", of="seen", width=1, top=None), [str(born)] * 2, columns=seen
    )


def test_who_is_born_later_has_no_age() -> None:
    """Negative and absurd ages are rejected."""
    assert apply(step(use="age_band", of="2026-01-01"), ["2026-01-02"]) == [...]
    assert apply(step(use="age_band", top=None), ["-1", "1e15"]) == [..., ...]
