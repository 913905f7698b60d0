"""The parts of the JSON engine on their own: strings, splices, whole batches."""

import datetime
import decimal
import json
import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.codecs.json.check import DEEPEST, MalformedError
from anonymize.codecs.json.flat import flat
from anonymize.codecs.json.lines import scan
from anonymize.codecs.json.nested import nested
from anonymize.codecs.json.paths import member
from anonymize.codecs.json.regular import Memory
from anonymize.codecs.json.rows import json_lines
from anonymize.codecs.json.splice import Spans, splice
from anonymize.codecs.json.text import gathered, quoted_strings, reads_as_bare
from anonymize.codecs.json.tokens import escape_starts, trim
from anonymize.core.errors import DataError

ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)))


@given(st.lists(ANY_TEXT, min_size=1), st.booleans())
@settings(max_examples=200, deadline=None)
def test_strings_are_decoded_as_python_does(texts: list[str], ascii_only: bool) -> None:
    """Every escape that Python writes, surrogate pairs too."""
    tokens = [json.dumps(text, ensure_ascii=ascii_only).encode() for text in texts]
    ends = np.cumsum([len(token) for token in tokens])
    starts = ends - [len(token) for token in tokens]
    data = np.frombuffer(b"".join(tokens), np.uint8)

    found = gathered(data, starts + 1, ends - 1, np.ones(len(texts), np.bool_), escaped=True)
    found.validate(full=True)
    assert texts == found.to_pylist()


def test_every_spelling_of_a_character() -> None:
    """Upper and lower case digits, short escapes, the edges of UTF-8's lengths."""
    spelled = r"\"\\\/\b\f\n\r\t\u00e9\u00E9\u007f\u0080\u07ff\u0800\uffff\ud800\udc00\uDBFF\uDFFF\u0000"
    data = np.frombuffer(spelled.encode(), np.uint8)
    ones = np.ones(1, np.bool_)
    found = gathered(data, np.array([0]), np.array([len(data)]), ones, escaped=True)

    assert [json.loads(f'"{spelled}"')] == found.to_pylist()


@given(st.lists(st.one_of(ANY_TEXT, st.none())))
@settings(max_examples=200, deadline=None)
def test_strings_are_written_for_any_reader(texts: list[str | None]) -> None:
    """Whatever the text, the token is JSON for it; slices are no different."""
    for values in (pa.array(texts, pa.string()), pa.array(["\n", *texts], pa.string())[1:]):
        found = quoted_strings(values).to_pylist()
        assert texts == [None if token is None else json.loads(token) for token in found]


@given(st.text(st.sampled_from('\\"ux'), max_size=20))
def test_escapes_start_at_every_second_backslash(text: str) -> None:
    """Runs of any length, anywhere."""
    expected, place = [], 0
    while place < len(text):
        if text[place] == "\\":
            expected.append(place)
            place += 1
        place += 1
    assert expected == escape_starts(np.frombuffer(text.encode(), np.uint8)).tolist()


@pytest.mark.parametrize("spaces", [0, 1, 7, 8, 9, 1000])
def test_trim(spaces: int) -> None:
    """White space goes at both ends, and an all-blank range becomes empty."""
    data = b" " * spaces + b"ab c" + b"\t" * spaces + b"," + b"\r" * spaces + b","
    start, end = np.array([0, 2 * spaces + 5]), np.array([2 * spaces + 4, 3 * spaces + 5])
    trim(np.frombuffer(data, np.uint8), start, end)

    assert data[start[0] : end[0]] == b"ab c"
    assert start[1] == end[1]


def test_numbers_that_stay_bare() -> None:
    """Only JSON's own spelling of numbers and truth values."""
    yes = ["0", "-0", "12", "1.50", "-1e5", "1E+05", "2.5e-3", "true", "false"]
    no = ["", "01", "1.", ".5", "+1", "1e", "0x1", "NaN", "-Infinity", "null", "True", " 1", "1\n", "1 2", "１"]

    assert [True] * len(yes) + [False] * len(no) == reads_as_bare(pa.array(yes + no)).to_pylist()


def test_splice() -> None:
    """Ranges from several lists, in any order; one within another gives way."""
    data = np.frombuffer(b"0123456789", np.uint8)
    written = Spans.written(np.array([8, 1]), np.array([9, 2]), pa.array(["xx", "", "skipped"])[:2])
    cut = Spans.cut(np.array([3, 4]), np.array([6, 5]))

    assert splice(data, [written, cut]).to_pybytes() == b"0267xx9"
    assert data.tobytes() == splice(data, []).to_pybytes()
    assert splice(data, [Spans.cut(np.array([0]), np.array([10]))]).to_pybytes() == b""


@pytest.mark.parametrize(("keys", "path"), [
    (["a"], "a"), (["a", "b"], "a.b"), (["a.b", "c"], '["a.b"].c'), (["a", "b.c"], 'a["b.c"]'), ([""], '[""]'),
    (['q"\\'], '["q\\"\\\\"]'), (["x[*]"], '["x[*]"]'), (["名 前"], "名 前"),
])  # fmt: skip
def test_paths(keys: list[str], path: str) -> None:
    """Keys that would be misread stand in brackets and quotes."""
    found = ""
    for key in keys:
        found = member(found, key)
    assert path == found


FLAT = st.dictionaries(
    st.sampled_from(["a", "b", "long_name_of_a_column", "é", 'q"', ""]),
    st.one_of(ANY_TEXT, st.none(), st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)),
)
COMMAS = st.sampled_from([",", ", ", ",  ", " ,", " , "])
COLONS = st.sampled_from([":", ": ", ":  ", " :", ":\t"])
ENDS = st.sampled_from(["\n", "\r\n", " \n"])


@given(st.lists(FLAT, min_size=1), COMMAS, COLONS, ENDS, st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_short_way(records: list[Any], comma: str, colon: str, end: str, last: bool) -> None:
    """Where the way through flat records leads, it leads to the same places as the general one."""
    lines = [json.dumps(record, separators=(comma, colon), ensure_ascii=last) + end for record in records]
    content = "".join(lines).encode()
    data = np.frombuffer(content if last else content.rstrip(), np.uint8)
    short, general = flat(data, len(records)), nested(data, len(records))
    if short is None:
        assert comma not in (",", ", ") or colon not in (":", ": ") or end == " \n"
        return
    for name in ("line_starts", "start", "end", "kind", "row", "key_start", "of"):
        assert getattr(short, name).tolist() == getattr(general, name).tolist()
    assert short.paths.names == general.paths.names


def rows_of(**columns: pa.Array) -> list[object]:
    return [json.loads(line) for line in json_lines(pa.record_batch(columns)).to_pybytes().splitlines()]


def test_batches_as_lines() -> None:
    """Values of every flat type, nulls, and nested values."""
    day, when = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 13, 5)
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    columns = {
        'te"xt': (pa.array(["é\n", None]), "é\n"),
        "integer": (pa.array([2**63, None], pa.uint64()), 2**63),
        "float": (pa.array([0.1, None]), 0.1),
        "truth": (pa.array([True, None]), True),
        "decimal": (pa.array([decimal.Decimal("1.10"), None]), 1.1),
        "day": (pa.array([day, None]), "2024-02-29"),
        "when": (pa.array([when, None], pa.timestamp("s")), "2024-02-29T13:05:00"),
        "zoned": (pa.array([when.replace(tzinfo=zone), None], pa.timestamp("s", "+05:30")), f"{when:%FT%T}+05:30"),
        "utc": (pa.array([when, None], pa.timestamp("s", "UTC")), "2024-02-29T13:05:00Z"),
        "category": (pa.array(["a", None]).dictionary_encode(), "a"),
        "nothing": (pa.nulls(2), None),
        "struct": (pa.array([{"a": [1, None], "d": day}, None]), {"a": [1, None], "d": "2024-02-29"}),
        "map": (pa.array([[("k", 1), ("l", None)], None], pa.map_(pa.string(), pa.int64())), {"k": 1, "l": None}),
        "numbered": (pa.array([[(1, ["x"])], None], pa.map_(pa.int8(), pa.list_(pa.string()))), {"1": ["x"]}),
        "fixed": (pa.array([[1, None], None], pa.list_(pa.int64(), 2)), [1, None]),
        "large": (pa.array([[], None], pa.large_list(pa.int64())), []),
    }
    expect = [{name: value for name, (_, value) in columns.items()}, dict.fromkeys(columns)]

    assert expect == rows_of(**{name: array for name, (array, _) in columns.items()})
    batch = pa.record_batch({name: array for name, (array, _) in columns.items()})
    assert expect[1:] == [json.loads(json_lines(batch.slice(1)).to_pybytes())]
    assert expect[:1] == [json.loads(json_lines(batch.slice(0, 1)).to_pybytes())]
    assert json_lines(pa.record_batch({"d": pa.array([decimal.Decimal("1.10")])})).to_pybytes() == b'{"d":1.10}\n'
    assert json_lines(pa.record_batch({"f": pa.array([2.0])})).to_pybytes() == b'{"f":2.0}\n'
    assert json_lines(pa.record_batch({"a": pa.array([], pa.string())})).to_pybytes() == b""


@pytest.mark.parametrize("array", [
    pa.array([1.0, math.nan]), pa.array([math.inf]), pa.array([b"x"]), pa.array([{"a": [math.nan]}]),
    pa.array([{"a": b"x"}]), pa.array([[("k", math.inf)]], pa.map_(pa.string(), pa.float64())),
    pa.array([[("k", 1), ("k", 2)]], pa.map_(pa.string(), pa.int64())),
])  # fmt: skip
def test_what_json_cannot_hold(array: pa.Array) -> None:
    """NaN, infinity and bytes are refused by the column's name."""
    with pytest.raises(DataError, match="JSON cannot hold") as caught:
        json_lines(pa.record_batch({"col": array}))
    assert caught.value.problems[0].where.column == "col"


def test_depth_is_below_every_recursion() -> None:
    """The types of nested columns are built by recursion."""
    assert DEEPEST <= 100


def is_record(line: bytes) -> bool:
    """Whether a line is one JSON object, by Python's parser made strict."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError
        return dict(pairs)

    def refuse(name: str) -> Any:
        raise ValueError

    try:
        value = json.loads(line.decode(), object_pairs_hook=unique, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode()  # fails for lone surrogates
    except ValueError:
        return False
    return isinstance(value, dict)


SEED = b'{"a": 1.5e3, "b\\u0061":"x\\"\\\\y\xc3\xa9\\ud83d\\ude00", "c" :[true,{"d":null,"e":[]}, [ ]],"":{}}'
PIECES = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\n", b"\r", b" ", b"0", b"-", b"e", b"\\u", b"\xc3"]
PIECES += [b"a", b'"a":1,', b"{}", b"[]", b"null"]
PIECES += [b'"\\u0061":2,', b"\x00", b"\t", b".", b"\xed\xa0\x80", b"\\ud800"]


@given(st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 4), st.sampled_from(PIECES)), max_size=4))
@settings(max_examples=600, deadline=None)
def test_damaged_lines_are_told_from_whole_ones(damage: list[tuple[int, int, bytes]]) -> None:
    """Whatever stands in a line, it is accepted if and only if a strict parser accepts it."""
    line = SEED
    for place, length, piece in damage:
        line = line[:place] + piece + line[place + length :]
    content = b'{"a":1}\n' + line + b'\n{"a":2}\n'
    expected = all(is_record(part) for part in content.split(b"\n")[:-1])
    try:
        scan(np.frombuffer(content, np.uint8), Memory())
        accepted = True
    except MalformedError:
        accepted = False
    assert expected == accepted
