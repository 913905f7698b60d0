"""JSON records as typed, nested Arrow columns: which types they have, and how pages become batches."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.codecs.json.edit import check_shown, new_values, of_values
from anonymize.codecs.json.paths import ITEM, in_list, member, removed
from anonymize.codecs.json.scan import ARRAY, NULL, NUMBER, OBJECT, TEXT, TRUTH, Scan
from anonymize.codecs.json.text import gathered
from anonymize.codecs.json.tokens import Places
from anonymize.core.errors import DataError, Problem, Where
from anonymize.core.format import Edit, Layout
from anonymize.kernels.arrays import from_numpy

_REAL = r"[.eE]|^-0$"
_EXACT = 1 << 53
# What may stand at a path, as a set of bits. LONG: an integer that a float cannot hold exactly.
_TEXT, _TRUTH, _OBJECT, _ARRAY, _INTEGER, _REAL_NUMBER, _LONG, _HUGE = (1 << bit for bit in range(8))
_TYPES = {0: pa.string(), _TEXT: pa.string(), _TRUTH: pa.bool_(), _INTEGER: pa.int64(), _REAL_NUMBER: pa.float64()}
_TYPES |= {_INTEGER | _LONG: pa.int64(), _INTEGER | _REAL_NUMBER: pa.float64()}


class Shapes:
    """All paths of a file and what stands there, gathered page by page."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.parents: list[int] = []
        self.keys: list[str] = []
        self.found: list[int] = []
        self._place: dict[str, int] = {}

    def add(self, scan: Scan) -> None:
        """Learn from a page."""
        paths = scan.paths
        for path, (name, parent, key) in enumerate(zip(paths.names, paths.parents, paths.keys, strict=True)):
            if name not in self._place:
                self._place[name] = len(self.names)
                self.names.append(name)
                self.parents.append(-1 if parent < 0 else self._place[paths.names[parent]])
                self.keys.append(key)
                self.found.append(0)
            self.found[self._place[name]] |= _shape(scan, path)

    def columns(self) -> list[str]:
        """The paths at which values stand."""
        return [name for name, shape in zip(self.names, self.found, strict=True) if shape & ~(_OBJECT | _ARRAY)]

    def schema(self, layout: Layout) -> pa.Schema:
        """The types of whole records. Raises DataError that names every column without one type."""
        gone = removed(self.names, self.parents, layout)
        changed = {column.name: column.type for column in layout.columns if column.changed}
        problems: list[Problem] = []
        children: dict[int, list[int]] = {}
        for place, parent in enumerate(self.parents):
            if not gone[place]:
                children.setdefault(parent, []).append(place)

        def typed(place: int) -> pa.DataType:
            name, shape = self.names[place], self.found[place]
            if name in changed:
                return changed[name]
            if shape == _OBJECT and place in children:
                return pa.struct([pa.field(self.keys[child], typed(child)) for child in children[place]])
            if shape == _ARRAY:
                return pa.list_(typed(children[place][0]) if place in children else pa.null())
            if shape not in _TYPES:
                problems.append(_untyped(name, shape))
            return _TYPES.get(shape, pa.string())

        schema = pa.schema([pa.field(self.keys[place], typed(place)) for place in children.get(-1, [])])
        if problems:
            raise DataError.of(problems)
        return schema


def _shape(scan: Scan, path: int) -> int:
    kinds = scan.kinds[path]
    shape = sum(
        bit for kind, bit in ((TEXT, _TEXT), (TRUTH, _TRUTH), (OBJECT, _OBJECT), (ARRAY, _ARRAY)) if kinds[kind]
    )
    return shape | (_number_shape(scan, path) if kinds[NUMBER] else 0)


def _number_shape(scan: Scan, path: int) -> int:
    places = scan.places(path)
    places = places.take(np.flatnonzero(scan.kind.take(places) == NUMBER))
    start, end = scan.start.take(places), scan.end.take(places)
    text = gathered(scan.data, start, end, np.ones(len(places), np.bool_), escaped=False)
    real = pc.match_substring_regex(text, _REAL)
    shape = 0
    try:
        if pc.any(real).as_py():
            shape |= _REAL_NUMBER
            finite = pc.is_finite(pc.cast(text.filter(real), pa.float64()))
            shape |= 0 if pc.all(finite).as_py() else _HUGE
        integers = text.filter(pc.invert(real))
        if len(integers):
            extent = pc.min_max(pc.cast(integers, pa.int64()))
            long = extent["max"].as_py() > _EXACT or extent["min"].as_py() < -_EXACT
            shape |= _INTEGER | (_LONG if long else 0)
    except pa.ArrowInvalid:
        return shape | _HUGE
    return shape


def _untyped(name: str, shape: int) -> Problem:
    if shape & _HUGE:
        what = "has numbers that neither 64-bit integers nor 64-bit floats hold"
    elif shape == _OBJECT:
        what = "holds only empty objects, which a typed file cannot hold"
    elif shape & _LONG and not shape & ~(_INTEGER | _REAL_NUMBER | _LONG):
        what = "mixes fractions with integers too long for a 64-bit float"
    else:
        what = "mixes values of different kinds (text, numbers, true or false, objects, lists)"
    return Problem(what, "turn it into text by a rule, drop it, or write JSONL", Where(column=name))


def table(scan: Scan, edit: Edit, layout: Layout, schema: pa.Schema) -> pa.RecordBatch:
    """The edited rows of a page as columns of the schema. Raises DataError where a value does not fit it."""
    builder = _Builder(scan, new_values(scan, edit, layout))
    arrays = []
    for field in schema:
        path = member("", field.name)
        arrays.append(builder.build(path, field.type, _by_row(scan, path)))
    batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
    return batch if edit.kept is None else batch.filter(from_numpy(edit.kept))


def _by_row(scan: Scan, path: str) -> Places:
    """The value of each row, -1 where there is none."""
    entries = np.full(scan.rows, -1, np.int64)
    place = scan.paths.place.get(path)
    if place is not None:
        values = scan.places(place)
        entries[scan.row.take(values)] = values
    return entries


class _Builder:
    def __init__(self, scan: Scan, new: dict[str, pa.Array]) -> None:
        self.scan = scan
        self.new = new

    def build(self, path: str, kind: pa.DataType, entries: Places) -> pa.Array:
        """The values at the entries (places of values, -1 for none) as an Arrow array of the type."""
        if path in self.new:
            return self._edited(path, entries)
        if pa.types.is_struct(kind):
            return self._objects(path, kind, entries)
        if pa.types.is_list(kind):
            return self._lists(path, kind, entries)
        expected = NUMBER if pa.types.is_integer(kind) or pa.types.is_floating(kind) else TEXT
        text = self._text(path, entries, TRUTH if pa.types.is_boolean(kind) else expected)
        try:
            return text if pa.types.is_string(kind) else pc.cast(text, kind)
        except pa.ArrowInvalid:
            raise _unfit(path) from None

    def _standing(self, path: str, entries: Places, kind: int) -> NDArray[np.bool_]:
        """Which entries hold a value that is not null; all of those must be of the kind."""
        kinds = np.append(self.scan.kind, np.uint8(NULL))  # entry -1 is the last
        found = kinds.take(entries)
        standing: NDArray[np.bool_] = found != NULL
        if (standing & (found != kind)).any():
            raise _unfit(path)
        return standing

    def _text(self, path: str, entries: Places, kind: int) -> pa.Array:
        valid = self._standing(path, entries, kind)
        quotes = int(kind == TEXT)
        start, end = np.zeros(len(entries), np.int64), np.zeros(len(entries), np.int64)
        chosen = np.flatnonzero(valid)
        start[chosen] = self.scan.start.take(entries.take(chosen)) + quotes
        end[chosen] = self.scan.end.take(entries.take(chosen)) - quotes
        return gathered(self.scan.data, start, end, valid, escaped=kind == TEXT)

    def _edited(self, path: str, entries: Places) -> pa.Array:
        new, place = self.new[path], self.scan.paths.place.get(path)
        if place is not None:
            check_shown(self.scan, place, of_values(self.scan.values(place), path, new))
        if place is None or not len(new):
            return pa.nulls(len(entries), new.type)
        if in_list(path):
            rows = np.searchsorted(self.scan.places(place), entries).astype(np.int32)
        else:
            rows = np.append(self.scan.row, np.int32(-1)).take(entries)
        missing = from_numpy(entries < 0)
        return new.take(pc.if_else(missing, pa.scalar(None, pa.int32()), from_numpy(rows)))

    def _objects(self, path: str, kind: pa.StructType, entries: Places) -> pa.Array:
        valid = self._standing(path, entries, OBJECT)
        fields: list[Any] = []
        for field in kind:
            child = member(path, field.name)
            of_holder = np.full(len(self.scan.start) + 1, -1, np.int64)
            values = self._values(child)
            of_holder[self.scan.holder.take(values)] = values
            fields.append(self.build(child, field.type, of_holder.take(np.where(valid, entries, -1))))
        return pa.StructArray.from_arrays(fields, fields=list(kind), mask=from_numpy(~valid))

    def _lists(self, path: str, kind: pa.ListType, entries: Places) -> pa.Array:
        valid = self._standing(path, entries, ARRAY)
        if pa.types.is_null(kind.value_type):  # all lists are empty, or their items are dropped
            nothing = from_numpy(np.zeros(len(entries) + 1, np.int32))
            return pa.ListArray.from_arrays(nothing, pa.nulls(0), type=kind, mask=from_numpy(~valid))
        items = self._values(path + ITEM)
        counts = np.bincount(self.scan.holder.take(items), minlength=len(self.scan.start) + 1)
        offsets = np.zeros(len(entries) + 1, np.int32)
        np.cumsum(np.where(valid, counts.take(entries), 0), out=offsets[1:])
        child = self.build(path + ITEM, kind.value_type, items)
        return pa.ListArray.from_arrays(from_numpy(offsets), child, type=kind, mask=from_numpy(~valid))

    def _values(self, path: str) -> Places:
        place = self.scan.paths.place.get(path)
        return self.scan.places(place) if place is not None else np.zeros(0, np.int64)


def _unfit(path: str) -> DataError:
    hint = "has the file changed while it was read?"
    return DataError("a value is not of the column's type", hint=hint, where=Where(column=path))
