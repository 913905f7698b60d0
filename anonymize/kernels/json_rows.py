"""Arrow columns as JSON: one token per value, and whole batches as JSON lines."""

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.errors import DataError, Where
from anonymize.kernels.json_text import quoted_strings

_ENCODER = msgspec.json.Encoder(decimal_format="number")
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
    parts: list[Any] = []
    for place, name in enumerate(batch.schema.names):
        key = msgspec.json.encode(name).decode()
        parts += [f"{',' if place else '{'}{key}:", tokens_of(batch.column(place), name)]
    if not parts:
        return pa.py_buffer(b"{}\n" * batch.num_rows)
    lines = pc.binary_join_element_wise(*parts, "}\n", "")
    offsets = np.frombuffer(lines.buffers()[1], np.int32)
    return lines.buffers()[2].slice(0, int(offsets[len(lines)]))


def _floats(values: pa.Array, column: str) -> pa.Array:
    if not pc.all(pc.is_finite(values), min_count=0).as_py():
        raise _without_json("NaN or infinity", column)
    found = pc.cast(values, pa.string())
    whole = pc.match_substring_regex(found, r"^-?\d+$")
    return pc.if_else(whole, pc.binary_join_element_wise(found, ".0", ""), found)


def _nested(values: pa.Array, column: str) -> pa.Array:
    _check_leaves(values, column)
    rows = values.to_pylist(maps_as_pydicts="strict")
    return pa.array([_ENCODER.encode(row).decode() for row in rows], pa.string())


def _check_leaves(values: pa.Array, column: str) -> None:
    """Refuses what JSON cannot hold, at any depth."""
    if pa.types.is_struct(values.type):
        for child in values.flatten():
            _check_leaves(child, column)
    elif pa.types.is_nested(values.type):
        _check_leaves(values.flatten(), column)
    elif pa.types.is_floating(values.type):
        _floats(values, column)
    elif _is_binary(values.type):
        raise _without_json("bytes", column)


def _is_binary(kind: pa.DataType) -> bool:
    names = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
    return any(is_kind(kind) for is_kind in names)


def _without_json(what: str, column: str) -> DataError:
    return DataError(
        f"JSON cannot hold {what}",
        hint="change the column by a rule, drop it, or write Parquet",
        where=Where(column=column),
    )
