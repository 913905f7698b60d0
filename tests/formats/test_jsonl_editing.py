"""JSON lines: what is changed or dropped equals a plain JSON oracle; all else comes out byte for byte."""

import json
import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.codecs.json.page import Block
from anonymize.codecs.json.paths import ITEM, member
from anonymize.core.errors import DataError
from anonymize.core.format import Edit, Layout, OutputColumn
from tests.formats.json_oracle import TEXT, documents, lines_of, parsed, spelled, walked
from tests.formats.json_pages import edited, layout_of, page_of, written


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
    assert (
        edited(content, {"p[*].n": pa.array(["1", "X", "Y"])})
        == b'{"p":[{"n":"1"},{"n":"X"}]}\n{"p":[]}\n{"p":[{"n":"Y"},{}]}\n'
    )


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
