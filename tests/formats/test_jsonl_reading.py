"""JSON lines: values, paths and rows are those of a plain JSON parser, and what is only read keeps its bytes."""

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.codecs.json.page import BOM
from tests.formats.json_oracle import FLAT, NASTY, check_against_oracle, documents
from tests.formats.json_pages import edited, page_of, pages, source_of, written


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


@pytest.mark.matrix("J5")
def test_many_keys() -> None:
    """100,000 keys in one object, others in the next line."""
    first = json.dumps({f"k{i}": i for i in range(100_000)})
    content = f'{first}\n{{"z":1}}\n'.encode()
    (page,) = pages(content)
    assert len(page.columns) == 100_001
    assert page.values("k99999").to_pylist() == ["99999", None]
    assert content == written([page], None)
