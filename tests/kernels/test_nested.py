"""Nested tables come apart into leaves and go together again; the plain Python lists are the oracle."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymize.codecs.tables.nested import compact, leaves, tree
from anonymize.codecs.tables.page import TablePage, output_schema
from anonymize.core.errors import DataError, RuleError
from anonymize.core.format import Edit, Layout, OutputColumn

NAMES = ["a", "b", "c", "d"]
LEAVES = [pa.int64(), pa.string(), pa.large_string(), pa.bool_(), pa.dictionary(pa.int8(), pa.string()), pa.null()]


def noted(name, kind):
    return pa.field(name, kind, metadata={"note": name})


def containers(inner):
    members = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        inner.map(lambda t: pa.list_(pa.field("element", t, metadata={"of": "list"}))),
        inner.map(pa.large_list),
        inner.map(pa.list_view),
        inner.map(lambda t: pa.list_(t, 2)),
        inner.map(lambda t: pa.map_(pa.string(), t)),
        members.map(lambda ts: pa.struct(list(zip(NAMES, ts, strict=False)))),
        members.map(lambda ts: pa.struct([noted(n, t) for n, t in zip(NAMES, ts, strict=False)])),
    )


def value_of(kind):
    if pa.types.is_struct(kind):
        some = st.fixed_dictionaries({f.name: value_of(f.type) for f in kind})
    elif pa.types.is_map(kind):
        some = st.lists(st.tuples(st.text("xyz", max_size=2), value_of(kind.item_type)), max_size=3)
    elif pa.types.is_fixed_size_list(kind):
        some = st.lists(value_of(kind.value_type), min_size=2, max_size=2)
    elif pa.types.is_nested(kind):
        some = st.lists(value_of(kind.value_type), max_size=3)
    elif pa.types.is_null(kind):
        return st.none()
    elif pa.types.is_int64(kind):
        some = st.integers(-5, 5)
    elif pa.types.is_boolean(kind):
        some = st.booleans()
    else:
        some = st.sampled_from(["", "é", "secret", "other"])
    return st.none() | some


@st.composite
def batches(draw):
    kinds = draw(st.lists(st.recursive(st.sampled_from(LEAVES), containers, max_leaves=4), min_size=1, max_size=3))
    rows = draw(st.integers(0, 6))
    columns = [pa.array(draw(st.lists(value_of(k), min_size=rows, max_size=rows)), k) for k in kinds]
    fields = [pa.field(n, k, metadata={"column": n}) for n, k in zip(NAMES, kinds, strict=False)]
    batch = pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, metadata={"title": "people"}))
    start = draw(st.integers(0, rows))
    return batch.slice(start, draw(st.integers(0, rows - start)))


def layout_of(batch, changed=(), dropped=()):
    nodes = [node for node in leaves(tree(batch.schema)) if node.path not in dropped]
    types = [pa.string() if node.path in changed else node.field.type for node in nodes]
    columns = [OutputColumn(n.path, t, n.path in changed) for n, t in zip(nodes, types, strict=True)]
    return Layout(tuple(columns), frozenset(dropped))


def marked(values, path):
    """A new value that shows where it belongs."""
    return pa.array([None if v is None else f"{path}={v}" for v in values.to_pylist()], pa.string())


def expected(value, node, changed, dropped):
    """What becomes of one plain value; `...` if nothing stays."""
    if node.path in dropped:
        return ...
    if not node.children:
        return f"{node.path}={value}" if node.path in changed and value is not None else value
    if pa.types.is_struct(node.field.type):
        members = [(c.field.name, c) for c in node.children]
        parts = {name: expected((value or {}).get(name), c, changed, dropped) for name, c in members}
        parts = {name: part for name, part in parts.items() if part is not ...}
        return ... if not parts else None if value is None else parts
    return expected_items(value, node, changed, dropped)


def expected_items(value, node, changed, dropped):
    (item,) = node.children
    if value is None or expected(None, item, changed, dropped) is ...:
        return ... if expected(None, item, changed, dropped) is ... else None
    if pa.types.is_map(node.field.type):
        pairs = [expected(dict(zip(("key", "value"), v, strict=True)), item, changed, dropped) for v in value]
        return [(pair["key"], pair["value"]) for pair in pairs]
    return [expected(v, item, changed, dropped) for v in value]


def whole_maps(batch, dropped):
    """The paths without those that would leave half a map."""
    inside = [n.path for root in tree(batch.schema) for n in root.walk() if pa.types.is_map(n.field.type)]
    return {path for path in dropped if not any(path.startswith(f"{m}[*]") for m in inside)}


fast = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@fast
@given(batches())
def test_an_edit_of_nothing_changes_nothing(batch):
    """Values, types and metadata are those of the input, whatever the nesting."""
    page = TablePage.of(batch)
    result = page.table(Edit(), layout_of(batch))
    assert result.schema.equals(batch.schema, check_metadata=True)
    assert result.equals(batch)


@fast
@given(batches(), st.data())
def test_replaced_dropped_and_filtered_parts(batch, data):
    """Any parts of any table, at once, give what the same does to plain Python rows."""
    page = TablePage.of(batch)
    nodes = tree(batch.schema)
    every = [n.path for root in nodes for n in root.walk()]
    dropped = whole_maps(batch, data.draw(st.sets(st.sampled_from(every), max_size=2)))
    changed = data.draw(st.sets(st.sampled_from(page.columns)))
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=page.rows, max_size=page.rows)), bool)
    layout = layout_of(batch, changed, dropped)
    edit = Edit({path: marked(page.values(path), path) for path in changed}, kept)
    result = page.table(edit, layout)
    result.validate(full=True)
    assert result.schema.equals(output_schema(batch.schema, nodes, layout), check_metadata=True)
    rows = [row for row, stays in zip(batch.to_pylist(), kept, strict=True) if stays]
    wanted = [{n.path: expected(row[n.path], n, changed, dropped) for n in nodes} for row in rows]
    wanted = [{name: value for name, value in row.items() if value is not ...} for row in wanted]
    assert result.to_pylist() == (wanted if result.num_columns else [])
    for node in leaves(tree(result.schema)):
        if pa.types.is_dictionary(node.field.type):
            values = TablePage.of(result).values(node.path)
            assert set(values.dictionary.to_pylist()) == {v for v in values.to_pylist() if v is not None}


@fast
@given(batches())
def test_parents_tell_the_row_of_each_value(batch):
    """Values in lists come in the order of their rows; elsewhere each row has one."""
    page = TablePage.of(batch)
    for path in page.columns:
        parents = page.parents(path)
        values = page.values(path)
        if "[*]" not in path:
            assert parents is None
            assert len(values) == batch.num_rows
            continue
        rows = [TablePage.of(batch.slice(row, 1)).values(path).to_pylist() for row in range(batch.num_rows)]
        assert values.to_pylist() == [value for row in rows for value in row]
        assert parents.tolist() == [number for number, row in enumerate(rows) for _ in row]


PHONES = pa.record_batch(
    {
        "id": pa.array([1, 2, 3]),
        "contact": pa.array(
            [
                {"city": "Köln", "phones": [{"number": "1", "kind": "home"}, {"number": None, "kind": "work"}]},
                None,
                {"city": None, "phones": None},
            ]
        ),
    }
)


def test_a_container_may_be_replaced_as_a_whole():
    """An object becomes plain text, and nothing beneath it stays."""
    layout = Layout((OutputColumn("id", pa.int64(), False), OutputColumn("contact", pa.string(), True)))
    result = TablePage.of(PHONES).table(Edit({"contact": pa.array(["x", None, "z"])}), layout)
    assert result.to_pydict() == {"id": [1, 2, 3], "contact": ["x", None, "z"]}


def test_a_list_of_objects_may_be_replaced_as_a_whole():
    """Each object becomes one value; lengths and nulls of the lists stay."""
    columns = ("contact.city", pa.string(), False), ("contact.phones[*]", pa.int64(), True)
    layout = Layout(tuple(OutputColumn(*c) for c in columns))
    result = TablePage.of(PHONES).table(Edit({"contact.phones[*]": pa.array([7, None])}), layout)
    assert result.to_pydict() == {
        "contact": [{"city": "Köln", "phones": [7, None]}, None, {"city": None, "phones": None}]
    }


def test_a_kept_container_keeps_what_is_beneath_but_not_what_is_dropped():
    """To keep an object does not bring back what a rule dropped in it."""
    whole = OutputColumn("contact", PHONES.schema.field("contact").type, False)
    layout = Layout((whole,), frozenset({"contact.city"}))
    result = TablePage.of(PHONES).table(Edit(), layout)
    assert result.column("contact").to_pylist()[1:] == [None, {"phones": None}]
    assert result.schema.names == ["contact"]


def test_what_the_layout_does_not_list_is_gone():
    """Columns and members that nobody named are not written."""
    result = TablePage.of(PHONES).table(Edit(), Layout((OutputColumn("contact.city", pa.string(), False),)))
    assert result.to_pydict() == {"contact": [{"city": "Köln"}, None, {"city": None}]}


@pytest.mark.parametrize("edit", [{}, {"contact.city": pa.array(["x"])}, {"contact.city": pa.array([1, 2, 3])}])
def test_a_promised_change_that_is_missing_or_does_not_fit_is_never_the_old_value(edit):
    """Missing, too short or of another type: an error that quotes nothing."""
    layout = Layout((OutputColumn("contact.city", pa.string(), True),))
    with pytest.raises((KeyError, ValueError)) as caught:
        TablePage.of(PHONES).table(Edit(edit), layout)
    assert "Köln" not in str(caught.value)


def test_a_required_member_stays_required_under_a_null_object():
    """The null is the object's, so the member's promise holds."""
    kind = pa.struct([pa.field("a", pa.string(), nullable=False), pa.field("b", pa.string())])
    batch = pa.record_batch({"s": pa.array([{"a": "x", "b": "y"}, None, {"a": "z", "b": None}], kind)})
    layout = Layout((OutputColumn("s.a", pa.string(), False), OutputColumn("s.b", pa.string(), True)))
    result = TablePage.of(batch).table(Edit({"s.b": pa.array(["q", None, None])}), layout)
    assert not result.schema.field("s").type.field("a").nullable
    assert result.column("s").to_pylist() == [{"a": "x", "b": "q"}, None, {"a": "z", "b": None}]


def test_half_a_map_and_a_null_key_are_refused():
    """A map keeps keys and values, and its keys are never null."""
    batch = pa.record_batch({"m": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64()))})
    page = TablePage.of(batch)
    with pytest.raises(RuleError, match="a map needs both"):
        page.table(Edit(), layout_of(batch, dropped={"m[*].value"}))
    with pytest.raises(DataError, match="key became null"):
        page.table(Edit({"m[*].key": pa.array([None], pa.string())}), layout_of(batch, changed={"m[*].key"}))


def test_two_columns_of_one_path_are_refused():
    """A dot in a name may not make two columns one."""
    with pytest.raises(DataError, match=r"two columns are called 'a\.b'"):
        tree(pa.schema([("a", pa.struct([("b", pa.int64())])), ("a.b", pa.int64())]))


def test_a_dictionary_loses_what_does_not_occur_and_keeps_its_order():
    """The values left stand in the order they had, in the same type."""
    indices = pa.array([3, None, 1, 3], pa.int8())
    given = pa.DictionaryArray.from_arrays(indices, ["a", "b", "c", "d"], ordered=True)
    result = compact(given)
    assert result.type == given.type
    assert (result.dictionary.to_pylist(), result.to_pylist()) == (["b", "d"], ["d", None, "b", "d"])
    assert compact(given.slice(1, 1)).dictionary.to_pylist() == []


def test_types_that_cannot_be_filtered_are_refused_by_name():
    """Such a column passes whole, or the error names its type and quotes nothing."""
    batch = pa.record_batch({"r": pa.RunEndEncodedArray.from_arrays([2, 3], ["secret", "b"])})
    layout = layout_of(batch)
    assert TablePage.of(batch).table(Edit(), layout).equals(batch)
    with pytest.raises(DataError, match="run_end_encoded") as caught:
        TablePage.of(batch).table(Edit(kept=np.array([True, False, True])), layout)
    assert "secret" not in str(caught.value)


def test_view_types_are_filtered():
    """Short and long texts alike."""
    batch = pa.record_batch({"v": pa.array(["a", None, "much longer than twelve bytes"], pa.string_view())})
    result = TablePage.of(batch).table(Edit(kept=np.array([False, True, True])), layout_of(batch))
    assert result.equals(batch.slice(1))
