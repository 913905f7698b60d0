"""JSON lines become tables: each column has one type that holds all its values, or is refused by name."""

import json
from typing import Any

import pyarrow as pa
import pytest

from anonymize.core.errors import DataError
from anonymize.core.format import Edit, Layout
from anonymize.formats.jsonl import JsonlSource
from tests.formats.json_pages import layout_of, page_of, pages, source_of


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
