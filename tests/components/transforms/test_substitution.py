"""What the examples of the substitution family cannot say."""

import base64
import datetime
import json
import re
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import faker
import numpy as np
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.core.errors import DataError, RuleError
from anonymize.core.transform import ColumnTransform
from anonymize.kernels import fake_pools
from anonymize.kernels.fakes import KINDS
from anonymize.kernels.keys import derive
from anonymize.transforms.substitution.fake import Fake, Kind
from anonymize.transforms.substitution.map_values import MapValues
from anonymize.transforms.substitution.number import Number
from anonymize.transforms.substitution.pseudonymize import Pseudonymize
from anonymize.transforms.substitution.replace_from_list import ReplaceFromList
from anonymize.transforms.substitution.shift_dates import ShiftDates
from anonymize.transforms.substitution.shuffle import Shuffle
from tests.harness import MASTER, answer, context, run_column

LOCALES = ("de_DE", "en_GB", "en_US", "es_ES", "fr_FR", "ja_JP", "zh_CN", "zh_TW")
IDS = pa.array([str(number) for number in range(3000)])


def results(transform: ColumnTransform, values: Any, **columns: Any) -> list[Any]:
    """What becomes of the values, none of which is rejected."""
    found, known = run_column(transform, values if isinstance(values, pa.Array) else pa.array(values), columns)
    assert known.rejections == []
    return list(found.to_pylist())


def rejected(transform: ColumnTransform, values: pa.Array, **more: Any) -> list[bool]:
    """Which values are rejected; they are null in the result."""
    found, known = run_column(transform, values, **more)
    bad = np.any([rejection.bad.to_pylist() for rejection in known.rejections], axis=0)
    assert all(value is None for value, is_bad in zip(found.to_pylist(), bad, strict=True) if is_bad)
    return list(bad)


# --- pseudonymize


def code(value: bytes, column: str = "value") -> bytes:
    found = CMAC(algorithms.AES(derive(MASTER, "tests", "pseudonymize", f"column:{column}")))
    found.update(value)
    return found.finalize()


@given(st.lists(st.text(max_size=40) | st.none(), max_size=20))
@settings(deadline=None, max_examples=50)
def test_pseudonyms_are_the_spelled_codes(values: list[str | None]) -> None:
    """Each spelling is that of the AES-CMAC of the value's bytes."""
    column = pa.array(values, pa.string())
    codes = [code(value.encode()) if value is not None else None for value in values]
    numbers = [int.from_bytes(c, "big") if c else 0 for c in codes]

    def expected(spell: Any) -> list[Any]:
        return [None if c is None else spell(c, n) for c, n in zip(codes, numbers, strict=True)]

    def token(encoding: str, **more: Any) -> list[Any]:
        return results(Pseudonymize(encoding=encoding, **more), column)

    assert expected(lambda c, n: c.hex()) == token("hex")
    assert expected(lambda c, n: c.hex()[:17]) == token("hex", length=17)
    assert expected(lambda c, n: base64.b32encode(c).decode().rstrip("=")) == token("base32")
    assert expected(lambda c, n: base64.b32encode(c).decode()[:13]) == token("base32", length=13)
    shifted = expected(lambda c, n: base64.urlsafe_b64encode((n << 15).to_bytes(18, "big")).decode()[:22])
    assert shifted == token("base64url")
    assert expected(lambda c, n: str(n >> 65)) == token("integer")
    assert expected(lambda c, n: "é-" + c.hex()) == token("hex", prefix="é-")


def test_uuids_are_of_version_8() -> None:
    """All bits but those of version and variant are the code's."""
    for value, found in zip(["a", "", "王"], results(Pseudonymize(encoding="uuid"), ["a", "", "王"]), strict=True):
        parsed = UUID(found)
        free = ~(0xF << 76 | 0x3 << 62)
        assert (parsed.version, parsed.variant) == (8, "specified in RFC 4122")
        assert parsed.int & free == int.from_bytes(code(value.encode()), "big") & free
        assert str(parsed) == found


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


def test_scopes_separate_and_join() -> None:
    """Columns do not link unless they share a scope; the key and the steps are part of it too."""

    def tokens(transform: ColumnTransform, column: str) -> pa.Array:
        return transform.apply(IDS, context(transform, None, len(IDS), column=column)).to_pylist()

    own, shared = Pseudonymize(), Pseudonymize(scope="patients")
    assert set(tokens(own, "a")).isdisjoint(tokens(own, "b"))
    assert tokens(shared, "a") == tokens(shared, "b")
    assert set(tokens(shared, "a")).isdisjoint(tokens(own, "patients"))
    assert len(set(tokens(own, "a"))) == len(IDS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"length": 15},
        {"length": 33},
        {"encoding": "base32", "length": 12},
        {"encoding": "base64url", "length": 10},
        {"encoding": "uuid", "length": 36},
        {"encoding": "integer", "length": 18},
        {"encoding": "md5"},
        {"prefix": "=1+"},
        {"prefix": "@"},
        {"prefix": "a\n"},
        {"scope": ""},
    ],
)
def test_wrong_pseudonyms(wrong: dict[str, Any]) -> None:
    """Too few bits, unknown spellings and formulas are refused."""
    with pytest.raises(ValidationError):
        Pseudonymize(**wrong)


def test_injective_only_when_wide() -> None:
    """64 bits may collide, and the claims say so."""
    wide = [Pseudonymize(), Pseudonymize(encoding="base32"), Pseudonymize(encoding="base64url", length=21)]
    narrow = [Pseudonymize(length=16), Pseudonymize(encoding="integer"), Pseudonymize(length=29)]

    assert all(t.properties().injective for t in [*wide, Pseudonymize(encoding="uuid")])
    assert not any(t.properties().injective for t in narrow)
    assert [t.bits() for t in wide + narrow] == [128, 128, 125, 64, 63, 116]


@pytest.mark.parametrize(
    "transform", [Pseudonymize(), Fake(kind="city"), Shuffle(), MapValues(mapping={"a": "b"})]
)
def test_lists_are_refused(transform: ColumnTransform) -> None:
    """A list has no spelling of its own."""
    with pytest.raises(TypeError, match="single values"):
        transform.output_type(pa.list_(pa.string()))


# --- map_values and replace_from_list


def test_unknown_values_are_rejected() -> None:
    """Never kept, never guessed."""
    mapping = MapValues(mapping={"m": "male", "f": None})

    assert rejected(mapping, pa.array(["m", "f", "x", None, "M"])) == [False, False, True, False, True]


def test_mappings_spell_scalars_as_text() -> None:
    """Numbers and booleans of a rule file are what a cell would hold."""
    mapping = MapValues.model_validate({"mapping": {2: 10, True: "yes", "2.5": False}, "other": "?"})

    assert results(mapping, ["2", "true", "2.5", "x", None]) == ["10", "yes", "false", "?", None]
    assert results(mapping, [True, False]) == ["yes", "?"]


def test_mapping_files(tmp_path: Path) -> None:
    """A CSV file with its header, in UTF-8, with or without a byte order mark."""
    path = tmp_path / "map.csv"
    path.write_bytes('\ufeffvalue,replacement\r\n"a,b",é\r\n"",\r\n'.encode())

    assert results(MapValues(file=path), ["a,b", "", None]) == ["é", "", None]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"secret,x\n", "first line"),
        (b"", "first line"),
        (b"value,replacement\nsecret\n", "line 2 of the file has 1 cells"),
        (b"value,replacement\nsecret,x\nsecret,y\n", "line 3 of the file repeats"),
        (b'value,replacement\n"secret\n', "not valid CSV"),
        (b"value,replacement\nsecret\xff,x\n", "not UTF-8"),
        (b"value,replacement\n", "empty"),
        (None, "cannot be read"),
    ],
)
def test_wrong_mapping_files(tmp_path: Path, content: bytes | None, why: str) -> None:
    """Refused with a line, without a value."""
    path = tmp_path / "map.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ValidationError, match=why) as caught:
        MapValues(file=path)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"mapping": {}},
        {"mapping": {"a": "b"}, "file": "x.csv"},
        {"mapping": {"a": "b"}, "default": "null", "other": "x"},
        {"mapping": {"a": "b"}, "default": "keep"},
        {"mapping": {1: "a", "1": "b"}},
        {"mapping": {"a": [1]}},
    ],
)
def test_wrong_mappings(wrong: dict[str, Any]) -> None:
    """One table, not empty, unambiguous."""
    with pytest.raises(ValidationError):
        MapValues.model_validate(wrong)


def test_mapping_claims() -> None:
    """One-to-one tables keep values apart, others do not."""
    assert MapValues(mapping={"a": "1", "b": "2"}).properties().injective
    assert not MapValues(mapping={"a": "1", "b": "1"}).properties().injective
    assert not MapValues(mapping={"a": "1"}, other="2").properties().injective
    assert not MapValues(mapping={"a": None}).properties().injective


def test_choices_are_even_and_steady() -> None:
    """Every item is chosen about equally often, and the same value always gets the same."""
    colours = ReplaceFromList(values=("red", "green", "blue"))
    found = results(colours, IDS)

    assert min(found.count(colour) for colour in ("red", "green", "blue")) > 900
    assert results(colours, IDS.slice(1000, 10)) == found[1000:1010]


def test_list_files(tmp_path: Path) -> None:
    """An item on each line, whatever the line ends."""
    path = tmp_path / "list.txt"
    path.write_bytes("rot\r\ngrün\nblau".encode())
    assert set(results(ReplaceFromList(file=path), IDS)) == {"rot", "grün", "blau"}

    path.write_bytes(b"secret\n\nx\n")
    with pytest.raises(ValidationError, match="line 2 of the file is empty") as caught:
        ReplaceFromList(file=path)
    assert "secret" not in str(caught.value)


def test_unique_choices() -> None:
    """Different values get different items, in whatever order and pieces they come."""
    items = tuple(f"item {number}" for number in range(3000))
    transform = ReplaceFromList(values=items, unique=True)
    statistic = transform.needs(("value",))
    found = results(transform, IDS)
    backwards = [pa.record_batch({"value": IDS.slice(start, 500)}) for start in range(2500, -1, -500)]
    again, _ = run_column(transform, IDS.slice(700, 100), fitted=answer(statistic, *backwards))

    assert len(set(found)) == 3000
    assert found[700:800] == again.to_pylist()
    assert found != sorted(found)


def test_unique_choices_run_out() -> None:
    """More values than items is an error that counts and quotes nothing."""
    with pytest.raises(DataError, match="3 distinct values, but the list of replace_from_list has 2") as caught:
        run_column(ReplaceFromList(values=("a", "b"), unique=True), pa.array(["secret", "y", "z", None]))
    assert "secret" not in str(caught.value)


def test_values_that_were_not_counted() -> None:
    """A value that appears only when applying is rejected."""
    transform = ReplaceFromList(values=("a", "b"), unique=True)
    fitted = answer(transform.needs(("value",)), pa.record_batch({"value": ["x"]}))

    assert rejected(transform, pa.array(["x", "y", None]), fitted=fitted) == [False, True, False]


@pytest.mark.parametrize("wrong", [{}, {"values": []}, {"values": ["a", "a"], "unique": True}, {"values": [""]}])
def test_wrong_lists(wrong: dict[str, Any]) -> None:
    """A list, with something in it, without repetitions where they would collide."""
    with pytest.raises(ValidationError):
        ReplaceFromList.model_validate(wrong)


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


# --- number, shift_dates, shuffle


def test_numbers_follow_the_rows() -> None:
    """Batches continue where the one before ended; numbers wider than `width` are not cut."""
    found, _ = run_column(Number(start=98, width=2, prefix="#"), pa.array(["a", None, "c"]), first_row=1)

    assert found.to_pylist() == ["#99", "#100", "#101"]


DATES = [datetime.date(1999, 12, 31) + datetime.timedelta(37 * number) for number in range(400)]


def distances(transform: ShiftDates, dates: list[datetime.date], **columns: Any) -> list[int]:
    found = results(transform, dates, **columns)
    return [(after - before).days for before, after in zip(dates, found, strict=True)]


def test_shifts_are_bounded_even_and_never_nothing() -> None:
    """All distances but zero occur."""
    assert set(distances(ShiftDates(days=5), DATES)) == {-5, -4, -3, -2, -1, 1, 2, 3, 4, 5}
    assert set(distances(ShiftDates(days=1), DATES)) == {-1, 1}
    assert set(distances(ShiftDates(days=20, keep="weekday"), DATES)) == {-14, -7, 7, 14}


def test_a_subjects_dates_move_together() -> None:
    """Also in other columns and in other spellings."""
    subjects = [str(number % 7) for number in range(400)]
    transform = ShiftDates(days=1000, per="patient")
    moved = distances(transform, DATES, patient=subjects)
    texts = [date.strftime("%Y/%m/%d 08:00") for date in DATES]
    spelled = results(transform, texts, patient=[int(subject) for subject in subjects])

    assert len(set(moved)) == 7
    assert len(set(zip(subjects, moved, strict=True))) == 7
    for date, days, text in zip(DATES, moved, spelled, strict=True):
        assert (date + datetime.timedelta(days)).strftime("%Y/%m/%d 08:00") == text


def test_columns_and_tables_share_offsets_by_subject() -> None:
    """The name of the subject's column, or `scope`, decides; not the date's column."""

    def moved(transform: ShiftDates, column: str) -> list[Any]:
        subjects = {name: pa.array(["7"]) for name in ("patient", "pid")}
        found = context(transform, None, 1, others=subjects, column=column)
        return list(transform.apply(pa.array(["2024-05-13"]), found).to_pylist())

    long = 10_000
    assert moved(ShiftDates(days=long, per="patient"), "a") == moved(ShiftDates(days=long, per="patient"), "b")
    assert moved(ShiftDates(days=long, per="patient"), "a") != moved(ShiftDates(days=long, per="pid"), "a")
    shared = ShiftDates(days=long, per="pid", scope="patient")
    assert moved(ShiftDates(days=long, per="patient"), "a") == moved(shared, "b")
    assert moved(ShiftDates(days=long), "a") != moved(ShiftDates(days=long), "b")


def test_dates_that_cannot_move_are_rejected() -> None:
    """No date, no subject, or a day that no calendar has."""
    dates = pa.array(["2024-05-13", "soon", None, "2024-02-30", "0001-01-01", "9999-12-31"])
    subjects = {"patient": [None, "1", None, "1", "2", "2"]}
    bad = rejected(ShiftDates(days=36_525, per="patient"), dates, columns=subjects)

    assert bad[:4] == [True, True, False, True]
    assert sorted(bad[4:]) == [False, True]


@pytest.mark.parametrize(
    "wrong", [{}, {"days": 0}, {"days": 6, "keep": "weekday"}, {"days": 5, "keep": "year"}, {"days": 5, "per": ""}]
)
def test_wrong_shifts(wrong: dict[str, Any]) -> None:
    """A shift needs a distance."""
    with pytest.raises(ValidationError):
        ShiftDates.model_validate(wrong)


@given(st.lists(st.none() | st.integers(-5, 5), max_size=30), st.integers(0, 30), st.integers(0, 30))
@settings(deadline=None, max_examples=50)
def test_shuffling_keeps_the_multiset(values: list[int | None], cut: int, other_cut: int) -> None:
    """However the data is cut, for counting or for applying, the same values come out in the same places."""
    column = pa.array(values, pa.int64())
    whole = results(Shuffle(), column)
    pieces = [column.slice(other_cut), column.slice(0, other_cut)]
    fitted = answer(Shuffle().needs(("value",)), *[pa.record_batch({"value": piece}) for piece in pieces])
    head, _ = run_column(Shuffle(), column.slice(0, cut), fitted=fitted)
    tail, _ = run_column(Shuffle(), column.slice(cut), fitted=fitted, first_row=cut)

    assert sorted(map(str, values)) == sorted(map(str, whole))
    assert whole == head.to_pylist() + (tail.to_pylist() if cut < len(values) else [])


def test_shuffling_moves_almost_everything() -> None:
    """About one value stays in its place, as in any random permutation."""
    found = results(Shuffle(), IDS)

    assert sum(before == after for before, after in zip(IDS.to_pylist(), found, strict=True)) < 10
    assert abs(np.corrcoef(np.arange(3000), np.array(found, dtype=float))[0, 1]) < 0.08


def test_rows_that_were_not_counted() -> None:
    """A row beyond the counted ones is rejected instead of getting a value twice."""
    fitted = answer(Shuffle().needs(("value",)), pa.record_batch({"value": ["x", "y"]}))

    assert rejected(Shuffle(), pa.array(["x", "y", "z"]), fitted=fitted, first_row=1) == [False, True, True]


def test_equal_numbers_that_are_not_the_same() -> None:
    """0 and -0 are sorted the same way whatever piece came first."""
    statistic = Shuffle().needs(("value",))
    pieces = [pa.record_batch({"value": [number]}) for number in (0.0, -0.0, float("nan"), 1.0)]

    assert "-0" in str(answer(statistic, *pieces).values)
    assert str(answer(statistic, *pieces).values) == str(answer(statistic, *reversed(pieces)).values)


# --- fake


def test_kinds_agree() -> None:
    """Every kind that a rule may name can be made, and none is hidden."""
    assert set(get_args(Kind)) == set(KINDS)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_fakes_are_steady_and_harmless(kind: str, locale: str) -> None:
    """The same everywhere, never empty, never the start of a formula, and independent of their neighbours."""
    transform = Fake(kind=kind, locale=locale)
    found = results(transform, IDS)

    assert results(transform, IDS.slice(2000, 3)) == found[2000:2003]
    assert all(value and value.isprintable() and value[0] not in "=+-@" for value in found)
    assert len(set(found)) > 30


@pytest.mark.parametrize("locale", LOCALES)
def test_card_numbers_pass_luhn(locale: str) -> None:
    """The check digit is right, the prefix nobody's."""
    for number in results(Fake(kind="credit_card", locale=locale), IDS):
        digits = [int(digit) for digit in reversed(number)]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
        assert re.fullmatch(r"999999\d{10}", number)
        assert (sum(digits[::2]) + sum(doubled)) % 10 == 0


@pytest.mark.parametrize("locale", LOCALES)
def test_ibans_pass_mod_97(locale: str) -> None:
    """The check digits are right by ISO 13616."""
    for iban in results(Fake(kind="iban", locale=locale), IDS):
        moved = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
        assert re.fullmatch(r"GB\d\dXXXX000000\d{8}|DE\d\d00000000\d{10}", iban)
        assert int(moved) % 97 == 1


def test_chinese_identity_numbers() -> None:
    """The check character is right by ISO 7064 MOD 11-2, the birth date exists, the region does not."""
    for number in results(Fake(kind="national_id", locale="zh_CN"), IDS):
        weights = [2 ** (17 - place) % 11 for place in range(18)]
        digits = [10 if character == "X" else int(character) for character in number]
        born = datetime.datetime.strptime(number[6:14], "%Y%m%d")
        assert number.startswith("19")
        assert 1940 <= born.year <= 2009
        assert sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 == 1


def test_contacts_lead_nowhere() -> None:
    """Addresses end in names set aside for examples; telephone numbers lie in ranges set aside for fiction."""
    patterns = {
        ("email", "de_DE"): r"[a-z]+\.[a-z]+\d{4}@example\.(com|net|org)",
        ("url", "ja_JP"): r"https://www\.example\.(com|net|org)/[a-z]+\d{6}",
        ("ip", "en_US"): r"198\.1[89]\.\d{1,3}\.\d{1,3}",
        ("phone", "en_US"): r"\([2-9]\d\d\) 555-01\d\d",
        ("phone", "en_GB"): r"07700 900\d{3}",
        ("phone", "fr_FR"): r"06 39 98 \d\d \d\d",
        ("phone", "zh_CN"): r"12\d{9}",
        ("ssn", "en_US"): r"666-\d\d-\d{4}",
    }
    for (kind, locale), pattern in patterns.items():
        assert all(re.fullmatch(pattern, value) for value in results(Fake(kind=kind, locale=locale), IDS))


def test_the_rule_files_locale_is_the_default() -> None:
    """A locale of the whole file serves every fake in it; one that nobody knows is an error of the rules."""
    transform = Fake(kind="person")
    secret_of = context(transform, None, 1)
    chinese = transform.apply(pa.array(["Alice"]), replace(secret_of, locale="zh_CN")).to_pylist()

    assert chinese == results(Fake(kind="person", locale="zh_CN"), ["Alice"])
    for wrong in ("xx_XX", "../en_US", ""):
        with pytest.raises(RuleError, match="locale"):
            transform.apply(pa.array(["Alice"]), replace(secret_of, locale=wrong))


def test_persons_are_many() -> None:
    """Names come from the product of the lists, so collisions are rare among thousands."""
    for locale in ("en_US", "de_DE", "zh_CN"):
        assert len(set(results(Fake(kind="person", locale=locale), IDS))) > 2950


def test_dates_of_birth_keep_the_type() -> None:
    """A date column stays one; text gets text."""
    transform = Fake(kind="date_of_birth")

    assert run_column(transform, pa.array([datetime.date(1984, 2, 29)]))[0].type == pa.date32()
    assert run_column(transform, pa.array(["29.2.1984"]))[0].type == pa.string()


def test_bundled_lists_do_not_move() -> None:
    """The files say which release made them, and hold what the recipes ask for."""
    for locale in LOCALES:
        lists = fake_pools.pools(locale)
        assert {"first", "last", "street", "city", "company", "job", "login_first", "login_last"} <= set(lists)
        for name, pool in lists.items():
            values = pool.to_pylist()
            assert len(values) == len(set(values)), (locale, name)
            assert all(v and v.strip() == v and v.isprintable() and v[0] not in "=+-@" for v in values)


def test_bundled_lists_can_be_made_again() -> None:
    """By the release of Faker that the file names, the script makes the same lists."""
    bundled = json.loads(files("anonymize").joinpath("data/fakes/zh_TW.json").read_text("utf-8"))

    assert bundled["version"] == fake_pools.VERSION
    if bundled["faker"] == faker.VERSION:
        assert bundled["pools"] == fake_pools.make("zh_TW")


def test_other_locales_come_from_faker() -> None:
    """Made in memory, the same each time in one release."""
    assert fake_pools.make("it_IT") == fake_pools.make("it_IT")
    assert results(Fake(kind="person", locale="it_IT"), ["a"]) == results(
        Fake(kind="person", locale="it_IT"), ["a"]
    )


@pytest.mark.parametrize(
    "wrong", [{}, {"kind": "dog"}, {"kind": "city", "locale": "xx_XX"}, {"kind": "city", "locale": "../x"}]
)
def test_wrong_fakes(wrong: dict[str, Any]) -> None:
    """An unknown kind or locale is refused when the rules are read."""
    with pytest.raises(ValidationError):
        Fake.model_validate(wrong)
