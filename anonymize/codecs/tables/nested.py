"""Nested Arrow columns as flat leaves, and flat leaves as nested columns again.

A column is a tree: a struct's members are `a.b`, a list's items `tags[*]`, a map's `attrs[*].key` and
`attrs[*].value`. Everything else, dictionaries and extension types included, is a leaf. The values of a leaf are
all of its values in row order, without those inside null lists, which `rebuild` relies on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.errors import DataError, RuleError, Where, quoted
from anonymize.kernels.arrays import from_numpy, to_numpy, validity

FIELD_ID = b"PARQUET:field_id"  # says which column this is (Iceberg, Delta), nothing about its values


@dataclass(frozen=True)
class Node:
    """A column, a struct's member, or what a list holds."""

    path: str
    field: pa.Field
    children: tuple["Node", ...] = ()

    def walk(self) -> Iterator["Node"]:
        """This node and all beneath it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Choice:
    """What a layout makes of a tree: the paths that stay, those with new values, and those that go."""

    types: Mapping[str, pa.DataType]
    """Paths that stay, with their types afterwards."""
    changed: frozenset[str] = frozenset()
    """Those of them whose values are replaced."""
    dropped: frozenset[str] = frozenset()


Edits: TypeAlias = Mapping[str, pa.Array]
"""New values by path."""


def containers(nodes: Sequence[Node]) -> dict[str, pa.DataType]:
    """The paths of structs, lists and maps, and their types."""
    return {node.path: node.field.type for root in nodes for node in root.walk() if node.children}


def tree(schema: pa.Schema, name: str = "") -> tuple[Node, ...]:
    """The nodes of the columns. Raises DataError if two of them would have the same path."""
    try:
        nodes = tuple(_node(field.name, field) for field in schema)
    except UnicodeDecodeError:
        raise DataError("a column's name is not UTF-8", where=Where(name or None)) from None
    seen: set[str] = set()
    for node in (n for root in nodes for n in root.walk()):
        if node.path in seen:
            hint = "rename one of them; a rule could not tell them apart"
            raise DataError(f"two columns are called {quoted(node.path)}", hint=hint, where=Where(name or None))
        seen.add(node.path)
    return nodes


def leaves(nodes: Sequence[Node]) -> list[Node]:
    """The nodes that hold values, in order."""
    return [node for root in nodes for node in root.walk() if not node.children]


def _node(path: str, field: pa.Field) -> Node:
    return Node(path, field, tuple(_node(p, f) for p, f in _members(path, field.type)))


def _members(path: str, given: pa.DataType) -> list[tuple[str, pa.Field]]:
    if pa.types.is_struct(given):
        return [(f"{path}.{f.name}", f) for f in given]
    if pa.types.is_map(given):
        return [(f"{path}[*]", _entries(given))]
    return [(f"{path}[*]", given.value_field)] if is_list(given) else []


def _entries(given: pa.MapType) -> pa.Field:
    """The items of a map as a list would hold them, under the names that paths use."""
    pair = [given.key_field.with_name("key"), given.item_field.with_name("value")]
    return pa.field("entries", pa.struct(pair), nullable=False)


def is_list(given: pa.DataType) -> bool:
    """Any of the kinds of list, maps aside."""
    return bool(
        pa.types.is_list(given)
        or pa.types.is_large_list(given)
        or pa.types.is_fixed_size_list(given)
        or pa.types.is_list_view(given)
        or pa.types.is_large_list_view(given)
    )


def extract(array: pa.Array, root: Node, path: str) -> tuple[pa.Array, NDArray[np.int64] | None]:
    """The values at a path beneath a column, and the row of each (None: one per row)."""
    node, parents = root, None
    while node.path != path:
        index = next(i for i, child in enumerate(node.children) if _leads_to(child, path))
        if not pa.types.is_struct(node.field.type):
            rows = np.repeat(np.arange(len(array), dtype=np.int64), _lengths(array))
            parents = rows if parents is None else parents[rows]
        array, node = _child(array, index), node.children[index]
    return array, parents


def _leads_to(node: Node, path: str) -> bool:
    return any(found.path == path for found in node.walk())


def _child(array: pa.Array, index: int) -> pa.Array:
    """A struct's member, null where the struct is; or the items of all lists that are not null."""
    if pa.types.is_struct(array.type):
        return pc.struct_field(array, [index])
    return as_list(array).flatten()


def as_list(array: pa.Array) -> pa.Array:
    """A map as the list of pairs that it is. (`view` would do, but miscounts members of type null.)"""
    if not pa.types.is_map(array.type):
        return array
    entries = _entries(array.type)
    pairs = pa.Array.from_buffers(entries.type, len(array.keys), [None], children=[array.keys, array.items])
    buffers = array.buffers()[:2]
    return pa.Array.from_buffers(pa.list_(entries), len(array), buffers, offset=array.offset, children=[pairs])


def _lengths(array: pa.Array) -> NDArray[np.int64]:
    lengths = pc.list_value_length(as_list(array))
    return to_numpy(lengths.fill_null(0)).astype(np.int64)


@dataclass(frozen=True)
class Shape:
    """What becomes of a node: its field afterwards, and the parts of it that stay."""

    node: Node
    index: int
    """Its place in what holds it."""
    field: pa.Field
    replaced: bool = False
    parts: tuple["Shape", ...] = ()

    @property
    def whole(self) -> bool:
        """Nothing in it is replaced or removed."""
        return not self.replaced and self.field is self.node.field and all(part.whole for part in self.parts)


def shape(node: Node, choice: Choice, index: int = 0, inherited: bool = False) -> Shape | None:
    """The shape of a node afterwards; None if nothing of it stays.

    A replaced field may hold nulls afterwards, and of its metadata only the field id stays.
    """
    if node.path in choice.dropped:
        return None
    if node.path in choice.changed:
        kept = {key: value for key, value in (node.field.metadata or {}).items() if key == FIELD_ID}
        field = pa.field(node.field.name, choice.types[node.path], nullable=True, metadata=kept or None)
        return Shape(node, index, field, replaced=True)
    inherited = inherited or node.path in choice.types
    if not node.children:
        return Shape(node, index, node.field) if inherited else None
    shapes = [shape(child, choice, i, inherited) for i, child in enumerate(node.children)]
    parts = tuple(part for part in shapes if part is not None)
    if len(parts) == len(node.children) and all(part.field is part.node.field for part in parts):
        return Shape(node, index, node.field, parts=parts)
    return Shape(node, index, node.field.with_type(_container(node, parts)), parts=parts) if parts else None


def _container(node: Node, parts: Sequence[Shape]) -> pa.DataType:
    given, fields = node.field.type, [part.field for part in parts]
    if pa.types.is_struct(given):
        return pa.struct(fields)
    if pa.types.is_map(given):
        return _map_of(node, fields[0].type)
    if pa.types.is_fixed_size_list(given):
        return pa.list_(fields[0], given.list_size)
    return next(make for test, make in _LISTS if test(given))(fields[0])


_LISTS: list[tuple[Callable[[pa.DataType], bool], Callable[[pa.Field], pa.DataType]]] = [
    (pa.types.is_list, pa.list_),
    (pa.types.is_large_list, pa.large_list),
    (pa.types.is_list_view, pa.list_view),
    (pa.types.is_large_list_view, pa.large_list_view),
]


def _map_of(node: Node, pair: pa.DataType) -> pa.MapType:
    if not pa.types.is_struct(pair) or [f.name for f in pair] != ["key", "value"]:
        raise RuleError(
            "a map needs both its keys and its values",
            hint="drop the whole column, or redact what must go",
            where=Where(column=node.path),
        )
    given, (key, value) = node.field.type, pair
    sorted_still = given.keys_sorted and key == pair.field(0).with_type(given.key_type).with_nullable(False)
    key = key.with_name(given.key_field.name).with_nullable(False)
    return pa.map_(key, value.with_name(given.item_field.name), keys_sorted=sorted_still)


def rebuild(array: pa.Array, shape: Shape, edits: Edits) -> pa.Array:
    """The column with its replaced and removed parts.

    Raises KeyError rather than pass the old values of a path that was to be replaced.
    """
    if shape.replaced:
        return replacement(shape, edits, len(array))
    if shape.whole:
        return array
    if pa.types.is_struct(array.type):
        parts = [rebuild(_child(array, part.index), part, edits) for part in shape.parts]
        return _nested(shape.field.type, array, [], parts)
    items = rebuild(_child(array, 0), shape.parts[0], edits)
    if pa.types.is_map(array.type):
        items = _pairs(items, shape)
    return _listed(shape.field.type, array, items)


def replacement(shape: Shape, edits: Edits, length: int) -> pa.Array:
    """The new values of a path, checked, because nothing checks them later."""
    values = edits[shape.node.path]
    if len(values) != length or values.type != shape.field.type:
        promised = f"{length} values of type {shape.field.type}"
        raise ValueError(f"{shape.node.path}: {promised} expected, got {len(values)} of type {values.type}")
    return values


def _pairs(items: pa.Array, shape: Shape) -> pa.Array:
    """The items of a map as its type wants them."""
    keys, values = pc.struct_field(items, [0]), pc.struct_field(items, [1])
    if keys.null_count:
        hint = "use a step that never gives null, or drop the whole column"
        raise DataError("a map's key became null", hint=hint, where=Where(column=shape.node.path))
    pair = pa.struct([shape.field.type.key_field, shape.field.type.item_field])
    return pa.Array.from_buffers(pair, len(items), [None], children=[keys, values])


def _listed(given: pa.DataType, like: pa.Array, items: pa.Array) -> pa.Array:
    """A list of the items, each list as long as in `like`."""
    lengths = _lengths(like)
    if pa.types.is_fixed_size_list(given):
        if like.null_count:  # null lists have slots too
            slots = np.repeat(to_numpy(like.is_valid()), given.list_size)
            places = from_numpy(np.cumsum(slots) - 1)
            items = items.take(pc.if_else(from_numpy(slots), places, pa.scalar(None, pa.int64())))
        return _nested(given, like, [], [items])
    wide = pa.types.is_large_list(given) or pa.types.is_large_list_view(given)
    offsets = np.zeros(len(like) + 1, np.int64 if wide else np.int32)
    np.cumsum(lengths, out=offsets[1:])
    buffers = [pa.py_buffer(offsets)]
    if pa.types.is_list_view(given) or pa.types.is_large_list_view(given):
        buffers = [pa.py_buffer(offsets[:-1]), pa.py_buffer(lengths.astype(offsets.dtype))]
    return _nested(given, like, buffers, [items])


def _nested(given: pa.DataType, like: pa.Array, buffers: list[pa.Buffer], children: list[pa.Array]) -> pa.Array:
    """Assembled without the checks of `from_arrays`, which refuse a required member under a null struct."""
    return pa.Array.from_buffers(given, len(like), [validity(like), *buffers], children=children)


def compact(values: pa.Array) -> pa.Array:
    """A dictionary array without the dictionary's values that do not occur; their order stays."""
    dictionary = values.dictionary
    indices = values.indices.fill_null(0) if values.null_count else values.indices
    numbers = to_numpy(indices)
    used = np.unique(numbers[to_numpy(values.indices.is_valid())])
    if len(used) == len(dictionary):
        return values
    places = np.zeros(max(len(dictionary), 1), numbers.dtype)
    places[used] = np.arange(len(used), dtype=numbers.dtype)
    places = from_numpy(places[numbers], values.indices)
    kept = dictionary.take(from_numpy(used.astype(np.int64)))
    return pa.DictionaryArray.from_arrays(places, kept, ordered=values.type.ordered)


Function: TypeAlias = Callable[[str, pa.Array], pa.Array]


def map_leaves(array: pa.Array, root: Node, wanted: Callable[[pa.DataType], bool], function: Function) -> pa.Array:
    """The column with every leaf of a wanted type replaced by what the function makes of it, of the same type."""
    paths = [node.path for node in leaves([root]) if wanted(node.field.type)]
    if not paths:
        return array
    edits = {path: function(path, extract(array, root, path)[0]) for path in paths}
    return rebuild(array, _in_place(root, frozenset(paths)), edits)


def _in_place(node: Node, paths: frozenset[str], index: int = 0) -> Shape:
    """The shape that replaces the paths and keeps every field."""
    parts = tuple(_in_place(child, paths, i) for i, child in enumerate(node.children))
    return Shape(node, index, node.field, node.path in paths, parts)
