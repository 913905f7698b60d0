"""Arrow columns as JSON: one token per value, and whole batches as JSON lines."""

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.codecs.json.text import quoted_strings
from anonymize.core.errors import DataError, Where
from anonymize.kernels.arrays import from_numpy, to_numpy

_OFFSET = r"([+-]\d\d)(\d\d)$"


def spelled(values: pa.Array, column: str) -> tuple[pa.Array, bool]:
    """The values as text, and whether JSON writes it bare. Floats keep a point, timestamps are ISO 8601."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_boolean(kind):
        return pc.if_else(values, "true", "false"), True
    if pa.types.is_floating(kind):
        return _floats(values, column), True
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return pc.cast(values, pa.string()), True
    if pa.types.is_timestamp(kind):
        iso = pc.replace_substring(pc.cast(values, pa.string()), " ", "T", max_replacements=1)
        return (pc.replace_substring_regex(iso, _OFFSET, r"\1:\2") if kind.tz else iso), False
    if _is_binary(kind):
        raise _without_json("bytes", column)
    return values if pa.types.is_string(kind) else pc.cast(values, pa.string()), False


def tokens_of(values: pa.Array, column: str) -> pa.Array:
    """Each value as JSON; null is `null`."""
    if pa.types.is_nested(values.type):
        return _nested(values, column)
    found, bare = spelled(values, column)
    return pc.fill_null(found if bare else quoted_strings(found), "null")


def json_lines(batch: pa.RecordBatch) -> pa.Buffer:
    """The rows as JSON lines, keys in the order of the columns."""
    if not batch.num_rows:
        return pa.py_buffer(b"")
    columns = [tokens_of(batch.column(place), name) for place, name in enumerate(batch.schema.names)]
    lines = pc.binary_join_element_wise(_object(batch.schema.names, columns, batch.num_rows), "\n", "")
    offsets = np.frombuffer(lines.buffers()[1], np.int32)
    return lines.buffers()[2].slice(0, int(offsets[len(lines)]))


def _floats(values: pa.Array, column: str) -> pa.Array:
    if not pc.all(pc.is_finite(values), min_count=0).as_py():
        raise _without_json("NaN or infinity", column)
    found = pc.cast(values, pa.string())
    whole = pc.match_substring_regex(found, r"^-?\d+$")
    return pc.if_else(whole, pc.binary_join_element_wise(found, ".0", ""), found)


def _nested(values: pa.Array, column: str) -> pa.Array:
    if pa.types.is_struct(values.type):
        members = [tokens_of(child, column) for child in values.flatten()]
        written = _object([field.name for field in values.type], members, len(values))
    elif pa.types.is_map(values.type):
        entries = values.view(
            pa.list_(pa.struct([("key", values.type.key_type), ("value", values.type.item_type)]))
        )
        written = pc.binary_join_element_wise("{", _joined(entries, _members(entries, column)), "}", "")
    else:
        written = pc.binary_join_element_wise("[", _joined(values, tokens_of(values.flatten(), column)), "]", "")
    return pc.if_else(values.is_valid(), written, "null")


def _object(names: list[str], members: list[pa.Array], rows: int) -> pa.Array:
    """One object per row, of the tokens of its members."""
    parts: list[Any] = []
    for place, (name, tokens) in enumerate(zip(names, members, strict=True)):
        key = msgspec.json.encode(name).decode()
        parts += [f"{',' if place else '{'}{key}:", tokens]
    return pc.binary_join_element_wise(*parts, "}", "") if parts else pa.repeat("{}", rows)


def _members(entries: pa.Array, column: str) -> pa.Array:
    """The entries of maps as members of objects. Raises DataError for a key that stands twice in one."""
    keys, values = entries.flatten().flatten()
    keys = spelled(keys, column)[0]
    rows = from_numpy(np.repeat(np.arange(len(entries), dtype=np.int64), to_numpy(_lengths(entries))))
    distinct = pa.table({"row": rows, "key": keys}).group_by(["row", "key"], use_threads=False).aggregate([])
    if len(distinct) != len(keys):
        raise _without_json("a map with one key twice", column)
    return pc.binary_join_element_wise(quoted_strings(keys), tokens_of(values, column), ":")


def _joined(lists: pa.Array, tokens: pa.Array) -> pa.Array:
    """The tokens of each list with commas between."""
    offsets = np.zeros(len(lists) + 1, np.int32)
    np.cumsum(to_numpy(_lengths(lists)), out=offsets[1:])
    return pc.binary_join(pa.ListArray.from_arrays(from_numpy(offsets), tokens), ",")


def _lengths(lists: pa.Array) -> pa.Array:
    return pc.list_value_length(lists).fill_null(0)


def _is_binary(kind: pa.DataType) -> bool:
    names = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
    return any(is_kind(kind) for is_kind in names)


def _without_json(what: str, column: str) -> DataError:
    return DataError(
        f"JSON cannot hold {what}",
        hint="change the column by a rule, drop it, or write Parquet",
        where=Where(column=column),
    )
