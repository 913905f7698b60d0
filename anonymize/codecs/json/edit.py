"""Writes the edit of a page of JSON lines back into its bytes; whatever did not change stays as it is."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.json.paths import in_list, removed
from anonymize.codecs.json.rows import spelled
from anonymize.codecs.json.scan import ARRAY, NULL, NUMBER, OBJECT, TEXT, TRUTH, Scan
from anonymize.codecs.json.splice import Spans, splice
from anonymize.codecs.json.text import escaped, quoted_strings, reads_as_bare
from anonymize.codecs.json.tokens import Places
from anonymize.core.errors import DataError, Where
from anonymize.core.format import Edit, Layout, OutputColumn
from anonymize.kernels.arrays import from_numpy, to_numpy

_CONTAINERS = np.isin(np.arange(256), [OBJECT, ARRAY])


def holds_values(scan: Scan, path: int) -> bool:
    """Whether any value of the path is text, a number or a truth value."""
    return bool(scan.kinds[path, [TEXT, NUMBER, TRUTH]].any())


def new_values(scan: Scan, edit: Edit, layout: Layout) -> dict[str, pa.Array]:
    """The new values of the changed columns. Raises DataError rather than pass a page's old values."""
    found = {column.name: edit.columns.get(column.name) for column in layout.columns if column.changed}
    for name, values in found.items():
        path = scan.paths.place.get(name)
        if values is None and path is not None and scan.kinds[path, NULL + 1 :].any():
            raise DataError("was to be changed, but has no new values", where=Where(column=name))
    return {name: values for name, values in found.items() if values is not None}


def edited(scan: Scan, edit: Edit, layout: Layout, old: Callable[[str], pa.Array]) -> pa.Buffer:
    """The bytes of the page after the edit. `old` gives the values that a column had."""
    gone = removed(scan.paths.names, scan.paths.parents, layout)
    spans = [_removals(scan, np.array(gone))] if any(gone) else []
    if edit.kept is not None and not edit.kept.all():
        rows = np.flatnonzero(~edit.kept)
        spans.append(Spans.cut(scan.line_starts.take(rows), scan.line_starts.take(rows + 1)))
    new = new_values(scan, edit, layout)
    for column in layout.columns:
        path = scan.paths.place.get(column.name)
        if column.name in new and path is not None and not gone[path]:
            spans.append(_rewritten(scan, path, column, old(column.name), new[column.name]))
    return splice(scan.data, spans) if any(len(found.start) for found in spans) else pa.py_buffer(scan.data)


def of_values(scan: Scan, path: int, values: pa.Array) -> pa.Array:
    """One entry per value that stands in the bytes, from one per row."""
    places = scan.places(path)
    if in_list(scan.paths.names[path]) or len(places) == len(values):
        return values
    return values.take(from_numpy(scan.row.take(places)))


def _rewritten(scan: Scan, path: int, column: OutputColumn, old: pa.Array, new: pa.Array) -> Spans:
    if len(old) != len(new):
        raise DataError("a step gave another number of values than it was given", where=Where(column=column.name))
    places = scan.places(path)
    text, bare = spelled(of_values(scan, path, new), column.name)
    kind = scan.kind.take(places)
    same = _same(of_values(scan, path, old), text)
    same &= ~check_shown(scan, path, text)
    chosen = np.flatnonzero(~same)
    values = text.take(from_numpy(chosen)) if len(chosen) != len(text) else text
    kind, found = kind.take(chosen), places.take(chosen)
    start, end = scan.start.take(found), scan.end.take(found)
    if not bare and not values.null_count and (kind == TEXT).all():
        return Spans.written(start + 1, end - 1, escaped(values))  # the quotes are there already
    return Spans.written(start, end, _tokens(values, bare, column.bare, kind))


def check_shown(scan: Scan, path: int, new: pa.Array) -> NDArray[np.bool_]:
    """Which values are objects or lists among plain values. Raises DataError if a new value there is null.

    They were not shown to the step, so its null says nothing: they must not pass, and not vanish unsaid.
    """
    kind = scan.kind.take(scan.places(path))
    if not holds_values(scan, path):
        return np.zeros(len(kind), np.bool_)
    hidden = _CONTAINERS[kind]
    if (hidden & ~to_numpy(new.is_valid())).any():
        message = "holds objects or lists in some rows, and values in others"
        where = Where(column=scan.paths.names[path])
        raise DataError(message, hint="drop the column, or split such rows off", where=where)
    return hidden


def _same(old: pa.Array, new: pa.Array) -> NDArray[np.bool_]:
    """Where both are null, or equal."""
    equal = pc.fill_null(pc.equal(old, new), False)
    return to_numpy(pc.or_(equal, pc.and_(old.is_null(), new.is_null())))


def _tokens(values: pa.Array, bare: bool, may_be_bare: bool, kind: NDArray[np.uint8]) -> pa.Array:
    """The values as JSON: in quotes, but for typed results and numbers that replace numbers."""
    if bare:
        return pc.fill_null(values, "null")
    found = quoted_strings(values)
    if may_be_bare:
        was_bare = from_numpy((kind == NUMBER) | (kind == TRUTH))
        found = pc.if_else(pc.and_(was_bare, reads_as_bare(values)), values, found)
    return pc.fill_null(found, "null")


def _removals(scan: Scan, gone: NDArray[np.bool_]) -> Spans:
    """The bytes of the members and items of removed paths, with one comma each."""
    leaving = gone.take(scan.paths.of)
    places = _siblings(scan, leaving)
    if not len(places):
        return Spans.cut(places, places)
    container, leaves = scan.container.take(places), leaving.take(places)
    first = np.concatenate([[True], container[1:] != container[:-1]])
    heads = np.flatnonzero(first)
    tails = np.append(heads[1:], len(places)) - 1
    group = np.cumsum(first) - 1
    order = np.arange(len(places))
    last_staying = np.maximum.reduceat(np.where(leaves, -1, order), heads)
    # One that has a staying sibling behind it goes up to its next sibling.
    ahead = np.flatnonzero(leaves & (order < last_staying.take(group)))
    start, end = scan.key_start.take(places.take(ahead)), scan.key_start.take(places.take(ahead + 1))
    # Those at the end go in one piece, from the end of the last that stays.
    ends = np.flatnonzero(last_staying < tails)
    staying = last_staying.take(ends)
    after = scan.end.take(places.take(np.maximum(staying, 0)))
    begin = np.where(staying < 0, scan.key_start.take(places.take(heads.take(ends))), after)
    finish = scan.end.take(places.take(tails.take(ends)))
    return Spans.cut(np.concatenate([start, begin]), np.concatenate([end, finish]))


def _siblings(scan: Scan, leaving: NDArray[np.bool_]) -> Places:
    """The values of all objects and lists that lose one, together and in order."""
    losing = np.zeros(int(scan.container.max(initial=-1)) + 1, np.bool_)
    losing[scan.container.take(np.flatnonzero(leaving))] = True
    places = np.flatnonzero(losing.take(scan.container))
    return places.take(np.argsort(scan.container.take(places), kind="stable"))
