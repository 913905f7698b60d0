"""Writes the edit of a page of JSON lines back into its bytes; whatever did not change stays as it is."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.json.paths import in_list, removed
from anonymize.codecs.json.regular import Regular
from anonymize.codecs.json.rows import spelled
from anonymize.codecs.json.scan import ARRAY, NULL, NUMBER, OBJECT, TEXT, TRUTH, Lines, Scan, Values
from anonymize.codecs.json.splice import Spans, in_order, splice, splice_rows
from anonymize.codecs.json.text import escaped, quoted_strings, reads_as_bare
from anonymize.codecs.json.tokens import Places
from anonymize.core.errors import DataError, Where
from anonymize.core.format import Edit, Layout, OutputColumn
from anonymize.kernels.arrays import from_numpy, text_buffers, to_numpy

_CONTAINERS = np.isin(np.arange(256), [OBJECT, ARRAY])


def holds_values(lines: Lines, path: int) -> bool:
    """Whether any value of the path is text, a number or a truth value."""
    return bool(lines.kinds[path, [TEXT, NUMBER, TRUTH]].any())


def new_values(lines: Lines, edit: Edit, layout: Layout) -> dict[str, pa.Array]:
    """The new values of the changed columns. Raises DataError rather than pass a page's old values."""
    found = {column.name: edit.columns.get(column.name) for column in layout.columns if column.changed}
    for name, values in found.items():
        path = lines.paths.place.get(name)
        if values is None and path is not None and lines.kinds[path, NULL + 1 :].any():
            raise DataError("was to be changed, but has no new values", where=Where(column=name))
    return {name: values for name, values in found.items() if values is not None}


def edited(lines: Lines, edit: Edit, layout: Layout, old: Callable[[str], pa.Array]) -> pa.Buffer:
    """The bytes of the page after the edit. `old` gives the values that a column had."""
    gone = np.array(removed(lines.paths.names, lines.paths.parents, layout), np.bool_)
    spans = _removals(lines, gone) if gone.any() else []
    new = new_values(lines, edit, layout)
    for column in layout.columns:
        path = lines.paths.place.get(column.name)
        if column.name in new and path is not None and not gone[path]:
            spans.append(_rewritten(lines, path, column, old(column.name), new[column.name]))
    return _spliced(lines, spans, edit.kept if edit.kept is not None and not edit.kept.all() else None)


def _spliced(lines: Lines, spans: list[Spans], kept: NDArray[np.bool_] | None) -> pa.Buffer:
    ordered = in_order(spans) if isinstance(lines, Regular) else None
    if ordered is not None and (spans or kept is not None):
        return splice_rows(lines.data, lines.line_starts, ordered, kept)
    if kept is not None:
        rows = np.flatnonzero(~kept)
        spans = [*spans, Spans.cut(lines.line_starts.take(rows), lines.line_starts.take(rows + 1))]
    return splice(lines.data, spans) if any(len(found.start) for found in spans) else pa.py_buffer(lines.data)


def of_values(found: Values, path: str, values: pa.Array) -> pa.Array:
    """One entry per value that stands in the bytes, from one per row."""
    if in_list(path) or len(found.row) == len(values):
        return values
    return values.take(from_numpy(found.row))


def _rewritten(lines: Lines, path: int, column: OutputColumn, old: pa.Array, new: pa.Array) -> Spans:
    if len(old) != len(new):
        raise DataError("a step gave another number of values than it was given", where=Where(column=column.name))
    found = lines.values(path)
    old, new = (of_values(found, column.name, values) for values in (old, new))
    text, bare = spelled(new, column.name)
    bare = bare or (column.unquoted and bool(pc.all(reads_as_bare(text), min_count=0).as_py()))
    quotes = found.kind == TEXT
    inside = None if bare else escaped(text)
    if inside is text and _is_plain(found, quotes, old, text):
        same = None if quotes.all() else ~quotes
    else:
        same = _same(old, text) & ~check_shown(lines, path, text)
        if inside is None or not (same | quotes & to_numpy(text.is_valid())).all():
            tokens = _tokens(text, bare, column.bare, found.kind)
            return Spans.written(found.start, found.end, tokens, same)
    return Spans.written(found.start + quotes, found.end - quotes, inside, same)  # the quotes are there already


def _is_plain(found: Values, quotes: NDArray[np.bool_], old: pa.Array, new: pa.Array) -> bool:
    """Whether each value is text before and after or null before and after, and no old text held an escape: then
    equal values have equal bytes, and nothing need be compared. A new text needs no escape, by assumption."""
    nulls = len(quotes) - np.count_nonzero(quotes)
    if old.null_count != nulls or new.null_count != nulls:
        return False
    if nulls and not ((found.kind == NULL) | quotes & to_numpy(new.is_valid())).all():
        return False
    offsets, _ = text_buffers(old)
    spelled_out = int((found.end - found.start)[quotes].sum()) - 2 * (len(quotes) - nulls)
    return bool(offsets[-1] - offsets[0] == spelled_out)


def check_shown(lines: Lines, path: int, new: pa.Array) -> NDArray[np.bool_]:
    """Which values are objects or lists among plain values. Raises DataError if a new value there is null.

    They were not shown to the step, so its null says nothing: they must not pass, and not vanish unsaid.
    """
    hidden = _CONTAINERS[lines.values(path).kind]
    if not hidden.any() or not holds_values(lines, path):
        return np.zeros(len(hidden), np.bool_)
    if (hidden & ~to_numpy(new.is_valid())).any():
        message = "holds objects or lists in some rows, and values in others"
        where = Where(column=lines.paths.names[path])
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


def _removals(lines: Lines, gone: NDArray[np.bool_]) -> list[Spans]:
    """The bytes that go with removed paths; one element per range where each line loses the same ones."""
    if not isinstance(lines, Regular):
        return [_removed_members(lines.scan, gone)]
    spans = _removed_members(lines.pattern.line, gone)
    return [Spans.cut(*bounds) for bounds in zip(lines.along(spans.start), lines.along(spans.end), strict=True)]


def _removed_members(scan: Scan, gone: NDArray[np.bool_]) -> Spans:
    """The bytes of the members and items of removed paths, with one comma each."""
    leaving = gone.take(scan.of)
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
