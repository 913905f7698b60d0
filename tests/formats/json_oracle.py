"""An oracle for JSON lines: values by path, from Python's own parser, and documents to try it on."""

import json
from typing import Any

from hypothesis import strategies as st

from anonymize.codecs.json.paths import ITEM, in_list, member
from tests.formats.json_pages import page_of

NASTY = rb"""{"a":1,"b":"x\"y,{[:","c":null}
{ "a" : 1.10 , "b":"\u00e9\\" , "d" : [ ] }
{"d":[1, [2,3] ,{"e":"\ud83d\ude00","f":{}}, null,"z"],"\u0061":100000000000000000000000000000}
{}
	{"":{"x.y":true,"q\"]":[false]},"b":""}
{"b":"\/\b\f\n\r\t","a":-0,"c":{"a":1e5,"b":{"c":"\u4e2d"}}}
"""


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
    """The line as Python's parser reads it, with numbers as they are spelled."""
    return json.loads(line, parse_int=Number, parse_float=Number)


def spelled(value: Any) -> str | None:
    """The text that stands for a value in a column; null for objects and lists."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None


def expected_values(lines: list[bytes], path: str) -> tuple[list[str | None], list[int]]:
    """The values at a path and the row of each."""
    values, rows = [], []
    for row, line in enumerate(lines):
        found = [value for step, value in walked(parsed(line)) if step == path]
        if not in_list(path):
            found = found or [None]
        values += [spelled(value) for value in found]
        rows += [row] * len(found)
    return values, rows


def lines_of(content: bytes) -> list[bytes]:
    """The lines without their line feeds."""
    return content.rstrip(b"\n").split(b"\n")


def check_against_oracle(content: bytes) -> None:
    """A page has the paths, values and rows that the oracle finds."""
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
    """A few lines, the last of them ended or not."""
    count = draw(st.integers(min_value=1, max_value=5))
    lines = [draw(SPACE) + draw(object_tokens()) + draw(SPACE) for _ in range(count)]
    return ("\n".join(lines) + draw(st.sampled_from(["", "\n", "\r\n"]))).encode()


FLAT = st.dictionaries(st.sampled_from("abcdef"), st.one_of(TEXT, st.none(), st.integers(), st.booleans()))
