"""JSON lines that are all alike take a short way; whatever the lines, it leads where the general way leads."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from unittest import mock

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.codecs.json import lines as json_lines
from anonymize.codecs.json.check import MalformedError, count_documents
from anonymize.codecs.json.flat import flat
from anonymize.codecs.json.nested import nested
from anonymize.codecs.json.regular import Memory, Regular, regular
from anonymize.core.errors import DataError
from anonymize.core.format import Edit
from tests.formats.json_oracle import KEYS, NUMBERS, check_against_oracle, object_tokens, string_tokens
from tests.formats.json_pages import layout_of, pages, source_of, written

PLAIN_KEYS = st.sampled_from(["a", "b", "ab", "", "é", "x.y", "a_key_of_some_length"])
SHAPES = st.recursive(
    st.none(),
    lambda inner: st.dictionaries(
        st.one_of(PLAIN_KEYS, PLAIN_KEYS, PLAIN_KEYS, KEYS), inner, min_size=1, max_size=4
    ),
    max_leaves=8,
).filter(bool)
LEAVES = st.one_of(string_tokens(), string_tokens(), NUMBERS, st.sampled_from(["true", "false", "null"]))
DAMAGE = [*'"\\{}[:,\n\r 0-\t\x00', "null", '"a":1,', "\\u00", "\\ud800"]
ODDITIES = ["regular"] * 9 + ["other", "damaged", "lacking", "blank"]


@st.composite
def styles(draw: Any) -> tuple[str, ...]:
    """What stands around members: after `{`, between, after a key, before `}`."""
    space = st.sampled_from(["", "", " ", "  ", "\t"])
    comma, colon = (
        draw(st.sampled_from([",", ", ", ",  ", " ,"])),
        draw(st.sampled_from([":", ": ", ": ", ":\t ", " :"])),
    )
    return draw(space), comma, colon, draw(space)


def rendered(draw: Any, shape: dict[str, Any], style: tuple[str, ...], lacking: bool = False) -> str:
    """An object of the shape, with values drawn; it may lack its last key."""
    before, comma, colon, after = style
    members = [
        json.dumps(key, ensure_ascii=False)
        + colon
        + (draw(LEAVES) if inner is None else rendered(draw, inner, style))
        for key, inner in list(shape.items())[: -1 if lacking else None]
    ]
    return "{" + before + comma.join(members) + after + "}"


@st.composite
def files(draw: Any, oddities: Sequence[str] = ODDITIES) -> bytes:
    """Lines of one shape and style, with odd ones among them."""
    shape, style = draw(SHAPES), draw(styles())
    lines = []
    for oddity in draw(st.lists(st.sampled_from(oddities), min_size=2, max_size=10)):
        line = rendered(draw, shape, style, oddity == "lacking")
        if oddity == "damaged":
            place = draw(st.integers(0, len(line)))
            line = line[:place] + draw(st.sampled_from(DAMAGE)) + line[place + draw(st.integers(0, 2)) :]
        if oddity in ("other", "blank"):
            line = draw(object_tokens()) if oddity == "other" else ""
        lines.append(line)
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return (end.join(lines) + draw(st.sampled_from([end] * 5 + [""]))).encode()


def outcome(content: bytes, roles: Sequence[str], size: int) -> Any:
    """What a reader sees and what is written after an edit; or the refusal."""
    try:
        found = pages(content, block_bytes=size)
        read = [{name: page.values(name).to_pylist() for name in page.present} for page in found]
        return read, [page.columns for page in found], written(found, None), _edited(found, roles)
    except DataError as error:
        return str(error)


def _edited(found: Any, roles: Sequence[str]) -> Any:
    """The pages after some columns changed, some went and some rows went."""
    names = list(dict.fromkeys(name for page in found for name in page.present))
    parts: dict[str, list[str]] = {role: [] for role in roles}
    for place, name in enumerate(names):
        parts[roles[place % len(roles)]].append(name)
    layout = layout_of(parts.get("changed", []), parts.get("dropped", []))
    edits = []
    for page in found:
        columns = {name: pa.array(map(changed, page.values(name).to_pylist()), pa.string())
                   for name in parts.get("changed", []) if name in page.present}  # fmt: skip
        edits.append(Edit(columns, np.arange(page.rows) % 4 != 3 if "some rows" in roles else None))
    try:
        return written(found, None, edits, layout)
    except DataError as error:
        return str(error)


def changed(value: str | None) -> str | None:
    """Some values stay, some become null, some need escapes."""
    if value is None or len(value) % 4 == 0:
        return value
    return None if len(value) % 4 == 1 else value[1:] + ('"\\\n\x01é' if len(value) % 4 == 2 else "x")


ROLES = st.lists(st.sampled_from(["changed", "changed", "dropped", "kept", "some rows"]), min_size=1, max_size=6)


@given(st.one_of(files(), files(["regular"])), ROLES, st.sampled_from([1, 40, 200, 1 << 20]))
@settings(max_examples=300, deadline=None)
def test_the_short_way_leads_where_the_general_way_leads(content: bytes, roles: list[str], size: int) -> None:
    """Values, bytes, edits and refusals are the same, whatever the lines and the blocks."""
    with mock.patch.object(json_lines, "regular", return_value=None):
        expected = outcome(content, roles, size)
        with mock.patch.object(json_lines, "flat", return_value=None):
            assert expected == outcome(content, roles, size)
    assert expected == outcome(content, roles, size)
    if isinstance(expected, str):
        assert expected == outcome(content, roles, len(content))


def table_of(content: bytes) -> Any:
    """The content as typed columns, or the refusal."""
    try:
        source = source_of(content)
        source.settle(typed=True)
        return [chunk().table(Edit(), layout_of()) for chunk in source.chunks()]
    except DataError as error:
        return str(error)


@given(files(["regular", "regular", "other"]))
@settings(max_examples=200, deadline=None)
def test_typed_tables_are_the_same(content: bytes) -> None:
    """Nested or not."""
    with mock.patch.object(json_lines, "regular", return_value=None):
        expected = table_of(content)
    assert expected == table_of(content)


@given(files(["regular"]))
@settings(max_examples=300, deadline=None)
def test_every_place_is_the_same(content: bytes) -> None:
    """All that a scan says, for lines that do take the short way."""
    data = np.frombuffer(content, np.uint8)
    found = regular(data, Memory())
    if found is None:
        return
    short, general = found.scan, nested(data, count_documents(data))
    order = np.lexsort([short.of, short.start])
    assert general.paths == short.paths
    assert general.line_starts.tolist() == short.line_starts.tolist()
    for name in ("start", "end", "kind", "row", "key_start", "of"):
        assert getattr(general, name).tolist() == getattr(short, name)[order].tolist()
    held = short.holder[order]
    assert general.start[general.holder][general.holder >= 0].tolist() == short.start[held][held >= 0].tolist()
    assert same_groups(general.container, short.container[order])
    assert general.kinds.tolist() == short.kinds.tolist() == found.kinds.tolist()


def same_groups(one: Any, other: Any) -> bool:
    """Whether two numberings put the same things together."""
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len(set(one.tolist())) == len(set(other.tolist()))


REGULAR = b"""{"id": "1", "name": "J\xc3\xb6rg \\"x\\" \\\\", "of": {"city": null, "zip": 12.5e3}, "e": {}}
{"id": "", "name": "\\\\", "of": {"city": "\\u00e9", "zip": true}, "e": {}}
{"id": "33333333333333333333333", "name": null, "of": {"city": "{\\"id\\": ", "zip": -0}, "e": {}}
"""


@pytest.mark.parametrize("content", [
    REGULAR, REGULAR.replace(b"\n", b"\r\n"), REGULAR.replace(b'": ', b'":\t').replace(b'\\":\t', b""),
    b'{"":1}\n{"":2}\n',
    b'{"a":1}\n{"a":"}\xe2\x80\xa8{"}\n', b' {"a":1, "b":{"a":2}} \n {"a":3, "b":{"a":4}} \n',
])  # fmt: skip
def test_lines_that_are_alike_take_the_short_way(content: bytes) -> None:
    """Nested or not, with any kinds of plain values, escapes and white space."""
    assert isinstance(regular(np.frombuffer(content, np.uint8), Memory()), Regular)
    check_against_oracle(content)


@pytest.mark.parametrize("line", [
    '{"b":"x","a":"y"}', '{"a":"x"}', '{"a":"x","c":"y"}', '{"a": "x","b":"y"}', '{"a":"x","b":"y" }', "", "{}",
    '{"a":"x","b":["y"]}', '{"a":{"a":1,"b":2}}', '{"a":"x","b":{}}', '{"a":"x","\\u0062":"y"}', '{"a":1,"b":2}\r',
    '{"a":"x","b":"y","a":"z","b":""}', '{"a":"x","b":"y"}{"a":"x","b":"y"}', '{"a":"x","b":"y\t"}',
    '{"a":"x","b":"\\y"}', '{"a":"x","b":"\\ud800"}', '{"a":"x\\","b":"y"}', '{"a":"x","b":01}',
    '{"a":"","b":nul}',
    '{"a":"x","b":1 2}', '{"a":"x","b":}', '{"a":,"b":""}', '{"a":"","b":"}', '{"a":"x"x","b":"y"}',
    '{"a":"x""x","b":"y"}', '{"a":1"","b":"y"}', '{"a":"x\n","b":"y"}', '{"a":"x","b":NaN}', '{"a":"x","b":1e}',
    '{"a":"x","b":tru}', '{"a":"x","b":"y",}', '{"a":"x","b":\\n}', '{"a":"x","b":1\n}', '{"a":"x","b":nullx}',
])  # fmt: skip
def test_lines_that_are_not_alike_do_not(line: str) -> None:
    """Other keys, order, white space or nesting; and nothing that is not valid passes as a value."""
    first = '{"a":"","b":"\\n"}\n'
    for content in (f"{first}{line}\n", f'{{"a":2,"b":""}}\n{first}{line}\n{first}'):
        with suppress(MalformedError):
            assert regular(np.frombuffer(content.encode(), np.uint8), Memory()) is None


def test_a_pattern_is_only_remembered() -> None:
    """Blocks that follow another pattern, or are one line, are read as they are."""
    memory = Memory()
    for content in (
        REGULAR,
        b'{"a":1}\n{"a":2}\n',
        b'{"a":3}\n',
        b'{"b":3}\n',
        b'{"key of length":1}\n' * 2,
        REGULAR,
    ):
        found = regular(np.frombuffer(content, np.uint8), memory)
        assert (content == b'{"b":3}\n') == (found is None)
        if found is not None:
            assert nested(found.data, count_documents(found.data)).paths == found.paths
    assert regular(np.frombuffer(b'{"i":1}\n', np.uint8), memory) is None


def test_flat_lines_with_keys_missing_still_take_the_second_best_way() -> None:
    """Tables with optional keys."""
    data = np.frombuffer(b'{"a": 1, "b": "x"}\n{"b": "y"}\n', np.uint8)
    assert regular(data, Memory()) is None
    assert flat(data, 2) is not None
