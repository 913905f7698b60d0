"""Paths into nested records: `contact.phones[*].number`, and `["a.b"]` for keys that would be misread."""

import json
import re
from collections.abc import Sequence

from anonymize.core.format import Layout

ITEM = "[*]"
_MARKS = frozenset('.[]"')
_QUOTED = re.compile(r'\["(?:[^"\\]|\\.)*"\]', re.DOTALL)


def member(parent: str, key: str) -> str:
    """The path of a member of the object at `parent` (the empty path is the record)."""
    if not key or not _MARKS.isdisjoint(key):
        return f"{parent}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{parent}.{key}" if parent else key


def in_list(path: str) -> bool:
    """Whether a path goes through a list, so that a row has any number of values there."""
    return ITEM in path and ITEM in _QUOTED.sub("", path)


def removed(paths: Sequence[str], parents: Sequence[int], layout: Layout) -> list[bool]:
    """Which paths go from the output. `parents` gives the place of each path's parent, -1 for the record.

    A path goes if it or a path above it is dropped. In a layout without rest it also goes unless it, one
    above it or one beneath it is listed: what nobody named is not written.
    """
    listed = frozenset(column.name for column in layout.columns)
    named = [path in listed for path in paths]
    leads = list(named)
    for place in reversed(range(len(paths))):
        if leads[place] and parents[place] >= 0:
            leads[parents[place]] = True
    gone: list[bool] = []
    for place, parent in enumerate(parents):
        named[place] = named[place] or (parent >= 0 and named[parent])
        out = paths[place] in layout.dropped or (parent >= 0 and gone[parent])
        gone.append(out or not (layout.rest or named[place] or leads[place]))
    return gone
