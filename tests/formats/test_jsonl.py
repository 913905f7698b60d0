"""JSON lines: what no rule touches comes out byte for byte; what is touched equals a plain JSON oracle."""

import io
import json
import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.core.errors import DataError
from anonymize.core.format import Edit, Layout, OutputColumn
from anonymize.formats.jsonl import Jsonl, JsonlSource
from anonymize.kernels.json_page import BOM, Block, JsonlPage
from anonymize.kernels.json_paths import ITEM, in_list, member

NASTY = rb"""{"a":1,"b":"x\"y,{[:","c":null}
{ "a" : 1.10 , "b":"\u00e9\\" , "d" : [ ] }
{"d":[1, [2,3] ,{"e":"\ud83d\ude00","f":{}}, null,"z"],"\u0061":100000000000000000000000000000}
{}
	{"":{"x.y":true,"q\"]":[false]},"b":""}
{"b":"\/\b\f\n\r\t","a":-0,"c":{"a":1e5,"b":{"c":"\u4e2d"}}}
"""


class Memory:
    """A file in memory."""

    name = "people.jsonl"

    def __init__(self, content: bytes) -> None:
        self.content = content

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.content)

    def head(self, size: int) -> bytes:
        return self.content[:size]


def source_of(content: bytes, tolerant: bool = False, **options: Any) -> JsonlSource:
    return Jsonl(**options).source(Memory(content), tolerant=tolerant)


def pages(content: bytes, **options: Any) -> list[JsonlPage]:
    return [chunk() for chunk in source_of(content, **options).chunks()]


def page_of(content: bytes) -> JsonlPage:
    return Block("people.jsonl", content, 1, False, 1 << 30).page()


def layout_of(changed: Any = (), dropped: Any = (), kept: Any = (), rest: bool = True, **types: Any) -> Layout:
    columns = [OutputColumn(name, types.get(name, pa.string()), True) for name in changed]
    columns += [OutputColumn(name, pa.string(), False) for name in kept]
    return Layout(tuple(columns), frozenset(dropped), rest)


def written(found: list[JsonlPage], source: Any, edits: Any = None, layout: Layout | None = None) -> bytes:
    layout = layout or layout_of()
    file = io.BytesIO()
    sink = Jsonl().sink(file, layout, source)
    for place, page in enumerate(found):
        sink.write(sink.encode(page, edits[place] if edits else Edit(), layout))
    sink.close()
    return file.getvalue()


def edited(content: bytes, columns: dict[str, pa.Array], *, kept: Any = None, layout: Any = None) -> bytes:
    page = page_of(content)
    return written([page], None, [Edit(columns, kept)], layout or layout_of(columns))


# -- an oracle: values by path, from Python's own parser


def walked(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """All (path, value) beneath a value, in order."""
    if isinstance(value, dict):
        steps = [(member(path, key), child) for key, child in value.items()]
    elif isinstance(value, list):
        steps = [(path + ITEM, child) for child in value]
    else:
        return []
    return [found for step, child in steps for found in [(step, child), *walked(child, step)]]


class Number(str):
    """The spelling of a number."""


def parsed(line: bytes) -> Any:
    return json.loads(line, parse_int=Number, parse_float=Number)


def spelled(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None


def expected_values(lines: list[bytes], path: str) -> tuple[list[str | None], list[int]]:
    values, rows = [], []
    for row, line in enumerate(lines):
        found = [value for step, value in walked(parsed(line)) if step == path]
        if not in_list(path):
            found = found or [None]
        values += [spelled(value) for value in found]
        rows += [row] * len(found)
    return values, rows


def check_against_oracle(content: bytes) -> None:
    lines = lines_of(content)
    page = page_of(content)
    every = [found for line in lines for found in walked(parsed(line))]
    assert list(dict.fromkeys(path for path, _ in every)) == list(page.present)
    leaves = [path for path, value in every if value is not None and not isinstance(value, dict | list)]
    assert list(dict.fromkeys(path for path in page.present if path in leaves)) == list(page.columns)
    for path in page.columns:
        values, rows = expected_values(lines, path)
        assert values == page.values(path).to_pylist()
        page.values(path).validate(full=True)
        parents = page.parents(path)
        assert (rows if in_list(path) else None) == (None if parents is None else parents.tolist())


# -- documents with random white space, escapes, nesting and order of keys

SPACE = st.text(" \t\r", max_size=3)
TEXT = st.text(st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from('"\\,:{}[]é中😀')), max_size=8)
NUMBERS = st.sampled_from(["0", "-0", "1.10", "1e5", "12345678901234567890123", "-3.5E-7", "7"])


@st.composite
def string_tokens(draw: Any) -> str:
    return json.dumps(draw(TEXT), ensure_ascii=draw(st.booleans()))


KEYS = st.one_of(st.sampled_from(["a", "b", "c", "a.b", "", "x[*]", "é", 'q"']), TEXT)


@st.composite
def value_tokens(draw: Any, depth: int) -> str:
    kind = draw(st.sampled_from(["text", "number", "word"] + ["object", "list"] * (depth < 4)))
    if kind == "text":
        return draw(string_tokens())
    if kind == "number":
        return draw(NUMBERS)
    if kind == "word":
        return draw(st.sampled_from(["true", "false", "null"]))
    if kind == "object":
        return draw(object_tokens(depth + 1))
    items = [draw(SPACE) + draw(value_tokens(depth + 1)) + draw(SPACE) for _ in range(draw(st.integers(0, 3)))]
    return "[" + (",".join(items) or draw(SPACE)) + "]"


@st.composite
def object_tokens(draw: Any, depth: int = 0) -> str:
    members = []
    for key in draw(st.lists(KEYS, max_size=4, unique=True)):
        spelling = json.dumps(key, ensure_ascii=draw(st.booleans()))
        members.append(
            f"{draw(SPACE)}{spelling}{draw(SPACE)}:{draw(SPACE)}{draw(value_tokens(depth))}{draw(SPACE)}"
        )
    return "{" + (",".join(members) or draw(SPACE)) + "}"


@st.composite
def documents(draw: Any) -> bytes:
    count = draw(st.integers(min_value=1, max_value=5))
    lines = [draw(SPACE) + draw(object_tokens()) + draw(SPACE) for _ in range(count)]
    return ("\n".join(lines) + draw(st.sampled_from(["", "\n", "\r\n"]))).encode()


FLAT = st.dictionaries(st.sampled_from("abcdef"), st.one_of(TEXT, st.none(), st.integers(), st.booleans()))


# -- reading


def test_nasty_lines_are_read_as_json() -> None:
    """Values, paths and rows are those of Python's parser."""
    check_against_oracle(NASTY)


@given(documents())
@settings(max_examples=300, deadline=None)
def test_any_document_is_read_as_json_and_comes_out_unchanged(content: bytes) -> None:
    """Values equal the oracle's, and an empty edit changes no byte."""
    check_against_oracle(content)
    source = source_of(content)
    assert content == written([chunk() for chunk in source.chunks()], source)


@given(st.lists(FLAT, min_size=1, max_size=6), st.booleans())
@settings(max_examples=150, deadline=None)
def test_flat_records(records: list[dict[str, Any]], ascii_only: bool) -> None:
    """Flat lines, keys missing here and there, take the short way and give the same."""
    check_against_oracle("".join(json.dumps(r, ensure_ascii=ascii_only) + "\n" for r in records).encode())


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_result_does_not_depend_on_blocks(end: bytes) -> None:
    """Every block size cuts elsewhere; values and bytes stay."""
    content = NASTY.replace(b"\n", end or b"\n")
    content = content if end else content.rstrip(b"\n")
    whole = page_of(content)
    for size in range(1, len(content) + 2):
        found = pages(content, block_bytes=size)
        assert content == written(found, None)
        for path in whole.columns:
            assert whole.values(path).to_pylist() == [v for page in found for v in page.values(path).to_pylist()]


def test_byte_order_mark_is_kept() -> None:
    """It stays at the start of the file, is no part of the first line, and two files do not double it."""
    content = BOM + b'{"a":"x"}\n'
    assert content == written(pages(content), None)
    assert content == edited(content, {"a": pa.array(["x"])})
    assert content + b'{"a":"x"}\n' == written(pages(content) * 2, None)
    assert edited(content, {}, kept=pa.array([False]).to_numpy(zero_copy_only=False)) == BOM


def test_lines_of_two_files_do_not_run_together() -> None:
    """A file without final newline may be followed by another."""
    assert written(pages(b'{"a":1}') * 2, None) == b'{"a":1}\n{"a":1}'


def test_schema() -> None:
    """Leaf paths in order of appearance, as text, and the schema is open."""
    source = source_of(b'{"a":{"b":1},"c":null}\n{"d":["x"],"c":2}\n')

    assert source.schema.names == ["a.b", "c", "d[*]"]
    assert {pa.string()} == set(source.schema.types)
    assert source.open_schema
    assert list(source.containers) == ["a", "d"]


def test_values_of_containers_are_their_bytes() -> None:
    """For steps that never look at the value."""
    page = page_of(b'{"a":{"b": "\\u0041"}}\n{"a":null}\n{"a":[1, 2]}\n{}\n')

    assert page.values("a").to_pylist() == ['{"b": "\\u0041"}', None, "[1, 2]", None]
    assert page.values("zzz[*]").to_pylist() == []
    assert page.values("zzz").to_pylist() == [None] * 4


# -- refusing

BAD = {
    "not valid JSON": [
        b'{"a":01}', b'{"a":1.}', b'{"a":-}', b'{"a":1e}', b'{"a":+1}', b'{"a":.5}', b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}', b'{"a":0x1}', b'{"a":1_0}', b'{"a":tru}', b'{"a":True}', b'{"a":nullnull}', b'{"a":}',
        b'{"a"}', b'{"a":1,}', b'{,}', b'{"a" 1}', b"{a:1}", b"{'a':1}", b'{"a":1', b'{"a":"x}', b'{"a":"x', b"{",
        b'{"a":[1,]}', b'{"a":[,1]}', b'{"a":[1 2]}', b'{"a":[1}', b'{"a":1]', b'{"a":1 "b":2}', b'{"a":1}}',
        b'{"a":1}x', b'{"a":1},', b'{"a":"\\x41"}', b'{"a":"\\u00g0"}', b'{"a":"\\u12"}', b'{"a":"\\"}',
        b'{"a":"\\ud800"}', b'{"a":"\\udc00"}', b'{"a":"\\ud800\\u0041"}', b'{"\\ud800":1}', b'{"a":"\t"}',
        b'{"a":"\x00"}', b'{"a":"\r"}', b'{"a":"\x1f"}', b'{"a":1}\x00', b'{"a":\x0c1}', b'{"a":/*c*/1}', b"x",
        b"{}#", b'{"a":"b" "c"}', b'{"a":1:2}', b'{1:2}', b'{"a":[}]}', b'{"a":"\\', b'{"a\n":1}',
    ],
    "not one JSON object on a line": [b'{"a":1} {"b":2}', b'{"a":1}{"b":2}', b"{} 1", b"{}\r{}", b"1 {}"],
    "not a JSON object": [b"[1]", b"1", b'"x"', b"null", b"[{}]"],
    "a blank line": [b"", b" ", b"\r", b"\t "],
    "not UTF-8": [b'{"a":"\xff"}', b'{"\xff":1}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xc3"}', b'{"a":\xa01}'],
    "a key stands twice in one object": [
        b'{"a":1,"a":1}', b'{"a":1,"\\u0061":2}', b'{"x":[{"b":{"a":1,"c":[],"a":[]}}]}', b'{"a":{},"b":1,"a":{}}',
        b'{"":1,"":2}',
    ],
    "objects and lists are nested deeper than 64 levels": [
        b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' + b"[" * 100_000,
    ],
}
CASES = [pytest.param(line, why, id=f"{why[:12]}-{i}") for why in BAD for i, line in enumerate(BAD[why])]


@pytest.mark.parametrize(("line", "why"), CASES)
def test_bad_lines(line: bytes, why: str) -> None:
    """A bad line stops the run, with its number and nothing of its content; a tolerant source sets it aside."""
    good = b'{"secret":"Alice"}\n'
    content = good * 3 + line + b"\n" + good * 2
    with pytest.raises(DataError) as caught:
        pages(content)
    problem = caught.value.problems[0]
    assert problem.where.file == "people.jsonl"
    assert "Alice" not in str(caught.value)
    if b"\n" not in line:
        assert problem.where.line == 4
        assert why == problem.message

    page = page_tolerant(content)
    assert page.rows == 5
    assert good * 5 == written([page], None)
    assert [4 + i for i in range(line.count(b"\n") + 1)] == [reject.line for reject in page.rejects]
    assert line.split(b"\n")[0].rstrip(b"\r") == page.rejects[0].raw
    assert "Alice" not in repr(page.rejects)


def page_tolerant(content: bytes) -> JsonlPage:
    source = source_of(content, tolerant=True)
    (chunk,) = source.chunks()
    return chunk()


@pytest.mark.parametrize("line", [
    b'{"a":1e400}', b'{"a":-0}', b'{"a":12345678901234567890123}', b'{"a":"\x7f\xef\xbf\xbf"}', b'{"\\u0000":1}',
    b'{"a":"\\ud83d\\ude00"}', b" {} ", b'{"a":' + b"[" * 63 + b"]" * 63 + b"}", b'{"a":"\xe2\x80\xa8"}',
    b'{"a":[[],{},[[]]]}', b'{"a":1,"A":2}', b'{"x":[{"a":1},{"a":2}],"a":3}',
    b'{"a":' + b" " * 5000 + b"1" + b" " * 5000 + b"}",
])  # fmt: skip
def test_good_lines(line: bytes) -> None:
    """What RFC 8259 allows is read and comes out unchanged."""
    content = b"{}\n" + line + b'\n{"a":"x"}'
    assert content == written(pages(content), None)


def test_errors_that_cancel_out_across_lines() -> None:
    """Two halves of a record on two lines, with two records on a third, are not three records."""
    with pytest.raises(DataError) as caught:
        pages(b'{"a":\n1}\n{} {}\n')
    assert caught.value.problems[0].where.line == 1


def test_line_number_counts_all_blocks() -> None:
    """Also where blocks are shorter than lines."""
    for size in (1, 7, 50):
        with pytest.raises(DataError) as caught:
            list(pages(b'{"abc":1}\n' * 20 + b"{oops}\n" + b"{}\n" * 5, block_bytes=size))
        assert caught.value.problems[0].where.line == 21


@pytest.mark.parametrize("content", [b"", BOM])
def test_empty_file(content: bytes) -> None:
    """No rows and no columns: a rule file cannot be about that."""
    with pytest.raises(DataError, match="empty"):
        source_of(content)


def test_all_lines_bad() -> None:
    """A tolerant page may have no rows."""
    page = page_tolerant(b"x\ny\n")
    assert (page.rows, len(page.rejects)) == (0, 2)
    assert written([page], None) == b""


def test_long_lines() -> None:
    """A line of 20 MB passes; one over the limit is refused, however the blocks fall."""
    content = b'{"a":"' + b"x" * (20 << 20) + b'","b":"y"}\n{"a":"z"}\n'
    assert content == written(pages(content), None)
    for size in (10, 100, 1000, 5000):
        with pytest.raises(DataError, match="longer than 99 bytes") as caught:
            pages(b"{}\n{}\n" + b'{"a":"' + b"x" * 100 + b'"}\n{}\n', max_cell=99, block_bytes=size)
        assert caught.value.problems[0].where.line == 3


def test_many_keys() -> None:
    """100,000 keys in one object, others in the next line."""
    first = json.dumps({f"k{i}": i for i in range(100_000)})
    content = f'{first}\n{{"z":1}}\n'.encode()
    (page,) = pages(content)
    assert len(page.columns) == 100_001
    assert page.values("k99999").to_pylist() == ["99999", None]
    assert content == written([page], None)


# -- editing


def replaced(line: bytes, path: str, change: Any) -> Any:
    """The oracle: the parsed line with `change` applied to all values at a path."""

    def walk(value: Any, here: str) -> Any:
        if here == path and not isinstance(value, dict | list):
            return change(value)
        if isinstance(value, dict):
            return {key: walk(child, member(here, key)) for key, child in value.items()}
        return [walk(child, here + ITEM) for child in value] if isinstance(value, list) else value

    return walk(parsed(line), "")


@given(documents(), st.data())
@settings(max_examples=300, deadline=None)
def test_edits_equal_the_oracle(content: bytes, data: Any) -> None:
    """New values stand where the old stood, all else is unchanged."""
    page = page_of(content)
    lines = lines_of(content)
    mixed = {path for line in lines for path, value in walked(parsed(line)) if isinstance(value, dict | list)}
    paths = [path for path in page.columns if path not in mixed]
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    suffix = data.draw(TEXT)
    old = page.values(path)
    new = pa.array([None if v is None or len(v) == 2 else v + suffix for v in old.to_pylist()], pa.string())
    result = written([page], None, [Edit({path: new})], layout_of([path]))

    def change(value: Any) -> Any:
        text = spelled(value)
        if text is None or len(text) == 2:
            return None
        return value if not suffix else text + suffix

    assert [replaced(line, path, change) for line in lines] == [parsed(line) for line in lines_of(result)]


def lines_of(content: bytes) -> list[bytes]:
    return content.rstrip(b"\n").split(b"\n")


@given(documents(), st.data())
@settings(max_examples=300, deadline=None)
def test_dropping_any_paths(content: bytes, data: Any) -> None:
    """What is dropped is gone, what stays keeps its bytes, and the lines stay JSON."""
    page = page_of(content)
    if not page.present:
        return
    dropped = data.draw(st.sets(st.sampled_from(list(page.present)), min_size=1))
    result = written([page], None, [Edit()], layout_of(dropped=dropped))

    def pruned(value: Any, here: str) -> Any:
        if isinstance(value, dict):
            steps = {key: member(here, key) for key in value}
            return {key: pruned(value[key], step) for key, step in steps.items() if step not in dropped}
        if isinstance(value, list):
            return [pruned(child, here + ITEM) for child in value if here + ITEM not in dropped]
        return value

    before, after = lines_of(content), lines_of(result)
    assert [pruned(parsed(line), "") for line in before] == [parsed(line) for line in after]
    assert list(json_order(before, dropped)) == list(json_order(after, frozenset()))


def json_order(lines: list[bytes], dropped: Any) -> Any:
    for line in lines:
        gone: set[str] = set()
        for path, _ in walked(parsed(line)):
            if path in dropped or any(path.startswith((p + ".", p + "[")) for p in dropped):
                gone.add(path)
            else:
                yield path


@pytest.mark.parametrize(("dropped", "expect"), [
    (["a"], b'{ "b" : 2 , "c" : 3 }'),
    (["b"], b'{ "a" : 1 , "c" : 3 }'),
    (["c"], b'{ "a" : 1 , "b" : 2 }'),
    (["a", "b"], b'{ "c" : 3 }'),
    (["b", "c"], b'{ "a" : 1 }'),
    (["a", "c"], b'{ "b" : 2 }'),
    (["a", "b", "c"], b"{  }"),
])  # fmt: skip
def test_dropped_members_take_one_comma(dropped: list[str], expect: bytes) -> None:
    """The white space of those that stay is kept."""
    content = b'{ "a" : 1 , "b" : 2 , "c" : 3 }\n'
    assert expect + b"\n" == edited(content, {}, layout=layout_of(dropped=dropped))


def test_a_layout_without_rest_writes_only_what_it_lists() -> None:
    """What nobody named goes; a listed object stays whole, and the way to a listed value too."""
    content = b'{"a":1,"b":{"x":1,"y":[{"p":1,"q":2}]},"c":{"z":1},"n":null,"e":{}}\n'
    layout = layout_of(kept=["b.y[*].q", "c"], rest=False)

    assert edited(content, {}, layout=layout) == b'{"b":{"y":[{"q":2}]},"c":{"z":1}}\n'


def test_unchanged_values_keep_their_bytes() -> None:
    """Equal text is no change, whatever its spelling; other values are written anew."""
    content = b'{"a":"\\u0061","n":1.10}\n{"a":"b","n":2}\n{"n":null,"a":null}\n{}\n'
    texts = pa.array(["a", 'q"\\\n\x01\u00e9', None, "missing stays"])
    new = {"a": texts, "n": pa.array(["1.10", "3", "x", None])}

    expect = b'{"a":"\\u0061","n":1.10}\n{"a":"q\\"\\\\\\n\\u0001\xc3\xa9","n":"3"}\n{"n":"x","a":null}\n{}\n'
    assert expect == edited(content, new)


def test_bare_results() -> None:
    """Where a number or truth value stood, and the result reads as one, it is written as one."""
    content = b'{"n":1234}\n{"n":"12"}\n{"n":5}\n{"n":6}\n{"n":true}\n{"n":null}\n{"n":7}\n'
    new = pa.array(["1200", "10", "[0, 10)", None, "false", "1", "01"])
    layout = Layout((OutputColumn("n", pa.string(), True, bare=True),), rest=True)

    expect = [1200, "10", "[0, 10)", None, False, "1", "01"]
    result = edited(content, {"n": new}, layout=layout)
    assert expect == [json.loads(line)["n"] for line in result.splitlines()]
    assert b'"1200"' in edited(content, {"n": new})


def test_typed_results() -> None:
    """Numbers and truth values are bare, dates are text, NaN is refused."""
    content = b'{"v":"x"}\n{"v":2}\n{"v":null}\n'
    for array, expect in [
        (pa.array([1, 2, None]), [1, 2, None]),
        (pa.array([0.5, 2.0, None]), [0.5, 2, None]),
        (pa.array([True, False, None]), [True, False, None]),
        (pa.array([0, 1, None], pa.int32()).cast(pa.date32()), ["1970-01-01", "1970-01-02", None]),
        (pa.array(["x", "q", None]).dictionary_encode(), ["x", "q", None]),
        (pa.nulls(3), [None, None, None]),
        (pa.array(["a", "b", "c"], pa.large_string()), ["a", "b", "c"]),
    ]:
        result = edited(content, {"v": array})
        assert expect == [json.loads(line)["v"] for line in result.splitlines()]
    with pytest.raises(DataError, match="NaN"):
        edited(content, {"v": pa.array([math.nan, 1, 2])})


def test_list_items() -> None:
    """One new value per item, rows with any number of them."""
    content = b'{"p":[{"n":"1"},{"n":"2"}]}\n{"p":[]}\n{"p":[{"n":"3"},{}]}\n'
    assert edited(
        content, {"p[*].n": pa.array(["1", "X", "Y"])}
    ) == b'{"p":[{"n":"1"},{"n":"X"}]}\n{"p":[]}\n{"p":[{"n":"Y"},{}]}\n'


def test_whole_containers() -> None:
    """A replaced object goes with all in it, also where what is in it was replaced too."""
    content = b'{"a":{"b":"secret","c":[1]},"d":1}\n{"a":null}\n{"a":{}}\n'
    new = {"a": pa.array([None, None, "gone"]), "a.b": pa.array(["x", None, None])}

    assert edited(content, new) == b'{"a":null,"d":1}\n{"a":null}\n{"a":"gone"}\n'


def test_objects_among_values_never_pass() -> None:
    """A rule for values does not reach an object in their place: the run stops rather than let it through."""
    content = b'{"a":"x"}\n{"a":{"secret":1}}\n'
    assert page_of(content).values("a").to_pylist() == ["x", None]
    with pytest.raises(DataError, match="objects or lists in some rows"):
        edited(content, {"a": pa.array(["*", None])})
    assert edited(content, {"a": pa.array(["*", "*"])}) == b'{"a":"*"}\n{"a":"*"}\n'
    assert content == edited(content, {"a": pa.array(["*", None])}, layout=layout_of(kept=["a"]))


def test_a_changed_column_without_new_values_never_passes() -> None:
    """Unless it holds nothing on this page."""
    assert b'{"a":null}\n' == edited(b'{"a":null}\n', {}, layout=layout_of(["a"]))
    for content in (b'{"a":"x"}\n', b'{"a":{}}\n'):
        with pytest.raises(DataError, match="no new values"):
            edited(content, {}, layout=layout_of(["a"]))


def test_nothing_of_the_content_is_in_a_repr() -> None:
    """Not of blocks, pages or scans: they end up in tracebacks."""
    block = Block("people.jsonl", b'{"name":"Alice"}\n', 1, False, 100)
    shown = repr([block, block.page(), block.page().scan, block.page().scan.paths])

    assert "Alice" not in shown
    assert "[" not in shown[1:-1]


def test_dropped_rows() -> None:
    """Whole lines go, with their ends."""
    content = b'{"a":1}\r\n{"a":2}\r\n{"a":3}'
    keep = pa.array([True, False, True]).to_numpy(zero_copy_only=False)

    assert edited(content, {}, kept=keep) == b'{"a":1}\r\n{"a":3}'
    assert edited(content, {"a": pa.array(["1", "2", "9"])}, kept=~keep) == b'{"a":2}\r\n'


# -- other formats


def settled(content: bytes) -> JsonlSource:
    source = source_of(content, block_bytes=20)
    source.settle(typed=True)
    return source


def table_of(content: bytes, layout: Layout | None = None) -> pa.Table:
    source = settled(content)
    layout = layout or layout_of()
    schema = source.output_schema(layout)
    return pa.Table.from_batches([chunk().table(Edit(), layout) for chunk in source.chunks()], schema)


RECORDS: list[dict[str, Any]] = [
    {"i": 1, "f": 1, "s": "2024-01-02", "b": True, "o": {"x": [1, 2], "y": {"z": "é"}}, "l": [{"k": 1}, None, {}]},
    {"i": None, "f": 1.5, "s": None, "o": None, "l": []},
    {"i": -5, "f": 1e3, "o": {"y": None}, "l": None, "t": [["a"], [], None], "e": []},
    {},
]


def test_typed_table() -> None:
    """A settled source gives whole nested columns; dates stay text, a missing key is null."""
    table = table_of("".join(json.dumps(record) + "\n" for record in RECORDS).encode())

    struct = pa.struct([("x", pa.list_(pa.int64())), ("y", pa.struct([("z", pa.string())]))])
    assert pa.int64() == table.schema.field("i").type
    assert pa.float64() == table.schema.field("f").type
    assert pa.string() == table.schema.field("s").type
    assert pa.bool_() == table.schema.field("b").type
    assert struct == table.schema.field("o").type
    assert [
        {
            "i": record.get("i"), "f": record.get("f"), "s": record.get("s"), "b": record.get("b"),
            "o": {"x": record["o"].get("x"), "y": record["o"].get("y")} if record.get("o") else None,
            "l": [{"k": 1}, None, {"k": None}] if record.get("l") else record.get("l"),
            "t": record.get("t"), "e": record.get("e"),
        }
        for record in RECORDS
    ] == table.to_pylist()  # fmt: skip


def test_typed_table_with_edits() -> None:
    """New values, dropped paths and rows, in nested columns too."""
    content = b'{"a":1,"o":{"x":"s","y":2},"l":[{"k":1,"m":2},{"k":3}]}\n{"l":[{"m":9}]}\n{"a":3,"l":null}\n'
    columns = {"o.x": pa.array(["*", None, None]), "l[*].k": pa.array(["p", "q"])}
    layout = layout_of(columns, dropped=["l[*].m"], kept=["a", "o.y"])
    source = settled(content)
    (page,) = pages(content)
    page._schema = source.output_schema
    keep = pa.array([True, True, False]).to_numpy(zero_copy_only=False)

    batch = page.table(Edit(columns, keep), layout)
    assert source.output_schema(layout) == batch.schema
    assert batch.to_pylist() == [
        {"a": 1, "o": {"x": "*", "y": 2}, "l": [{"k": "p"}, {"k": "q"}]},
        {"a": None, "o": None, "l": [{"k": None}]},
    ]


def test_flat_table_of_an_unsettled_source() -> None:
    """Text as it is spelled, one column per path; lists, late columns and missing edits are refused."""
    page = page_of(b'{"a":{"b":1.10},"c":"x"}\n{"c":null}\n')
    table = page.table(Edit({"c": pa.array(["*", None])}), layout_of(["c"], kept=["a.b"]))
    assert table.to_pylist() == [{"c": "*", "a.b": "1.10"}, {"c": None, "a.b": None}]
    whole = page.table(Edit(), layout_of(kept=["a"], dropped=["c"]))
    assert whole.to_pylist() == [{"a": '{"b":1.10}'}, {"a": None}]
    for content, layout in [
        (b'{"a":[1]}\n', layout_of(kept=["a[*]"])),
        (b'{"a":1,"b":2}\n', layout_of(kept=["a"])),
        (b'{"a":1}\n', layout_of(["a"])),
    ]:
        with pytest.raises(DataError):
            page_of(content).table(Edit(), layout)


def test_dropped_items_do_not_reach_a_table() -> None:
    """A list whose items are dropped is empty."""
    layout = layout_of(dropped=["l[*]"])
    assert table_of(b'{"l":["secret"]}\n', layout=layout).to_pylist() == [{"l": []}]


@pytest.mark.parametrize("line", [
    b'{"a":"x"}', b'{"a":[1]}', b'{"a":{"b":1}}', b'{"a":true}', b'{"a":12345678901234567890123}', b'{"a":1e400}',
])  # fmt: skip
def test_columns_without_one_type_are_refused(line: bytes) -> None:
    """Mixed kinds and numbers out of range name the column, unless a rule makes text of it."""
    content = b'{"a":1}\n' + line + b"\n"
    source = settled(content)
    with pytest.raises(DataError) as caught:
        source.output_schema(layout_of(kept=["a"]))
    assert caught.value.problems[0].where.column == "a"
    assert pa.string() == source.output_schema(layout_of(["a"])).field("a").type


def test_integers_that_a_float_cannot_hold() -> None:
    """2**53 + 1 beside a fraction would lose its last digit."""
    with pytest.raises(DataError, match="too long"):
        settled(b'{"a":9007199254740993}\n{"a":0.5}\n').output_schema(layout_of(kept=["a"]))
    assert pa.int64() == settled(b'{"a":9007199254740993}\n').output_schema(layout_of(kept=["a"])).field("a").type
