"""The general way to the values of a block of JSON lines: token by token position and level by level of nesting,
never line by line."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.codecs.json.check import DEEPEST, MalformedError, too_deep
from anonymize.codecs.json.keys import check_keys, decoded_keys
from anonymize.codecs.json.paths import ITEM, member
from anonymize.codecs.json.scan import KINDS, Paths, Scan
from anonymize.codecs.json.tokens import (
    CLOSE,
    COLON,
    COMMA,
    FOLD,
    LIST,
    NEWLINE,
    OPEN,
    QUOTE,
    Bytes,
    Places,
    Tokens,
    tokens,
    trim,
)
from anonymize.kernels.arrays import from_numpy, to_numpy


def nested(data: Bytes, documents: int) -> Scan:
    """The values of that many valid JSON texts. Raises MalformedError if they are not one object a line."""
    found = tokens(data)
    line_starts = _lines(data, found, documents)
    slots = _slots(data, found)
    start, end = _bounds(data, found, slots)
    key, keys = _keys(data, found, slots, documents)
    key_start = np.where(key < 0, start, found.start.take(slots.place - 2))
    kind, (of, paths) = KINDS[data.take(start)], _paths(slots, key, keys)
    places = line_starts, start, end, kind, slots.row, key_start
    result = Scan(data, *places, slots.container, slots.holder, of, paths)
    check_keys(result, key)
    return result


@dataclass(frozen=True, repr=False)
class _Slots:
    """The tokens after which a value stands: colons, and in lists `[` and commas."""

    place: Places
    row: NDArray[np.int32]
    container: NDArray[np.int32]
    holder: NDArray[np.int32]
    level: NDArray[np.int32]
    closing: Places
    """Where the value ends if it is an object or list: its last bracket."""


def _lines(data: Bytes, found: Tokens, documents: int) -> Places:
    """The start of each line, checked to hold one object and nothing else."""
    breaks = np.flatnonzero(found.kind == NEWLINE)
    ends = found.start.take(breaks) + 1
    first = np.concatenate([[0], breaks + 1])
    if len(ends) and ends[-1] == len(data):
        first = first[:-1]
    else:
        ends = np.append(ends, len(data))
    line_starts = np.concatenate([[0], ends])
    opening = found.kind.take(first, mode="clip") if len(found.kind) else np.zeros(1, np.uint8)
    if (opening != OPEN).any():
        line = int(np.argmax(opening != OPEN))
        blank = not data[line_starts[line] : line_starts[line + 1]].tobytes().strip()
        raise MalformedError("a blank line" if blank else "not a JSON object")
    folded = found.kind | FOLD
    depth = np.cumsum((folded == OPEN).astype(np.int32) - (folded == CLOSE), dtype=np.int32)
    if depth.take(breaks).any() or documents != len(ends):
        raise MalformedError("not one JSON object on a line")
    if depth.max() > DEEPEST:
        raise too_deep()
    return line_starts


def _slots(data: Bytes, found: Tokens) -> _Slots:
    """The places of values, and for each the bracket pair around it."""
    marks = np.flatnonzero(found.kind != QUOTE)
    kind = found.kind.take(marks)
    opens, closes = kind | FOLD == OPEN, kind | FOLD == CLOSE
    depth = np.cumsum(opens.astype(np.int32) - closes, dtype=np.int32)
    level = depth + closes
    around = _brackets_around(opens, level)
    partner = np.zeros(len(found.kind), np.int64)
    closers = np.flatnonzero(closes)
    partner[marks.take(around.take(closers))] = found.start.take(marks.take(closers))
    in_list = kind.take(around) == LIST
    slots = np.flatnonzero((kind == COLON) | _filled_lists(data, found, marks) | ((kind == COMMA) & in_list))
    place = marks.take(slots)
    row = np.cumsum(kind == NEWLINE, dtype=np.int32).take(slots)
    number = np.cumsum(opens, dtype=np.int32) - 1
    container = number.take(around.take(slots))
    value_of = np.full(np.count_nonzero(opens) + 1, -1, np.int32)
    held = np.flatnonzero(found.kind.take(place + 1) | FOLD == OPEN)
    value_of[number.take(slots.take(held) + 1)] = held
    return _Slots(place, row, container, value_of.take(container), level.take(slots), partner.take(place + 1))


def _brackets_around(opens: NDArray[np.bool_], level: NDArray[np.int32]) -> Places:
    """For each mark the opening bracket that holds it: sorted by level, the last one before it."""
    order = np.argsort(level.astype(np.uint8), kind="stable")
    opening = np.arange(len(order), dtype=np.int32)
    opening *= opens.take(order)
    around = np.empty_like(order)
    around[order] = order.take(np.maximum.accumulate(opening))
    return around


def _filled_lists(data: Bytes, found: Tokens, marks: Places) -> NDArray[np.bool_]:
    """Which of the marks open a list that has an item."""
    answer: NDArray[np.bool_] = found.kind.take(marks) == LIST
    lists = np.flatnonzero(answer)
    after = marks.take(lists) + 1
    start, end = found.start.take(after - 1) + 1, found.start.take(after)
    trim(data, start, end)
    # Something stands before the next mark, or that mark begins an item.
    answer[lists] = (start != end) | (found.kind.take(after) | FOLD != CLOSE)
    return answer


def _bounds(data: Bytes, found: Tokens, slots: _Slots) -> tuple[Places, Places]:
    """The bytes of each value."""
    following = slots.place + 1
    kind = found.kind.take(following)
    strings = kind == QUOTE
    start = found.start.take(following)
    end = found.start.take(following + strings) + strings
    opens = kind | FOLD == OPEN
    nested, bare = np.flatnonzero(opens), np.flatnonzero(~(strings | opens))
    end[nested] = slots.closing.take(nested) + 1
    begin, finish = found.start.take(slots.place.take(bare)) + 1, end.take(bare)
    trim(data, begin, finish)
    start[bare], end[bare] = begin, finish
    return start, end


def _keys(data: Bytes, found: Tokens, slots: _Slots, rows: int) -> tuple[NDArray[np.int32], list[str]]:
    """A number for each value's key (-1 for items), and the keys in order of appearance, decoded."""
    keyed = np.flatnonzero(found.kind.take(slots.place) == COLON)
    token = slots.place.take(keyed)
    indices, keys = decoded_keys(data, found.start.take(token - 2) + 1, found.start.take(token - 1), rows)
    if len(keyed) == len(slots.place):
        return indices, keys
    key = np.full(len(slots.place), -1, np.int32)
    key[keyed] = indices
    return key, keys


def _paths(slots: _Slots, key: NDArray[np.int32], keys: list[str]) -> tuple[NDArray[np.int32], Paths]:
    """Paths composed level by level, from the parent's path and the key."""
    width = len(keys) + 1
    of = np.empty(len(key), np.int32)
    names: list[str] = []
    parents: list[int] = []
    steps: list[str] = []
    for level in range(1, int(slots.level.max(initial=0)) + 1):
        here = np.flatnonzero(slots.level == level)
        above = of.take(slots.holder.take(here)).astype(np.int64) if level > 1 else np.full(len(here), -1)
        encoded = from_numpy((above + 1) * width + key.take(here) + 1).dictionary_encode()
        of[here] = to_numpy(encoded.indices) + len(names)
        for code in encoded.dictionary.to_pylist():
            parent, step = code // width - 1, code % width - 1
            name = names[parent] if parent >= 0 else ""
            parents.append(parent)
            names.append(name + ITEM if step < 0 else member(name, keys[step]))
            steps.append("" if step < 0 else keys[step])
    return _by_appearance(names, parents, steps, of)


def _by_appearance(
    names: list[str], parents: list[int], keys: list[str], of: NDArray[np.int32]
) -> tuple[NDArray[np.int32], Paths]:
    """The paths renumbered in the order in which their first values stand in the bytes."""
    first = np.full(len(names), len(of), np.int64)
    first[of[::-1]] = np.arange(len(of))[::-1]  # of equal places the last assignment stays: the first value
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(names), np.int32)
    rank[order] = np.arange(len(names), dtype=np.int32)
    moved = [-1 if parents[place] < 0 else int(rank[parents[place]]) for place in order]
    return rank.take(of), Paths([names[place] for place in order], moved, [keys[place] for place in order])
