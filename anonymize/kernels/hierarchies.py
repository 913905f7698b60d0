"""Generalization hierarchies: each value with its ancestors, read from a file or a tree."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

DEEPEST = 100


@dataclass(frozen=True)
class Hierarchy:
    """The values (level 0) and, for each further level, the label of each value on it."""

    levels: tuple[pa.Array, ...]

    @property
    def height(self) -> int:
        """The highest level."""
        return len(self.levels) - 1

    def recode(self, values: pa.Array, level: int) -> pa.Array:
        """The label of each text value on a level; null for values that the hierarchy lacks."""
        return self.levels[level].take(pc.index_in(values, value_set=self.levels[0]))


def read_hierarchy(path: Path) -> Hierarchy:
    """A hierarchy as ARX writes it: one line per value, the value and its label on each level from 1 on.

    UTF-8, separated by `;` if the first line holds one and by `,` otherwise, quoted by `"`; no header. Raises
    ValueError, which names lines and never values.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            rows = list(csv.reader(file, delimiter=";" if ";" in first else ",", strict=True))
    except OSError:
        raise ValueError("the hierarchy file cannot be read") from None
    except UnicodeDecodeError:
        raise ValueError("the hierarchy file is not UTF-8") from None
    except csv.Error:
        raise ValueError("the hierarchy file is not well-formed CSV") from None
    return make_hierarchy([row for row in rows if row])


def tree_hierarchy(tree: Mapping[Any, Any]) -> Hierarchy:
    """A hierarchy as a tree: `{Europe: {Germany: [Berlin, Bonn]}}` has the levels city, country, continent."""
    return make_hierarchy([list(reversed(path)) for path in _leaves(tree, ())])


def make_hierarchy(rows: Sequence[Sequence[str]]) -> Hierarchy:
    """A hierarchy from rows of a value and its labels. Raises ValueError if they contradict each other."""
    if not rows:
        raise ValueError("the hierarchy is empty")
    width = len(rows[0])
    if width < 2:
        raise ValueError("the hierarchy has no level above the values")
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise ValueError(f"line {number} of the hierarchy has {len(row)} levels where the first has {width}")
    _check_values(rows)
    _check_monotone(rows, width)
    return Hierarchy(tuple(pa.array(level, pa.string()) for level in zip(*rows, strict=True)))


def _check_values(rows: Sequence[Sequence[str]]) -> None:
    lines: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        if row[0] in lines:
            raise ValueError(f"lines {lines[row[0]]} and {number} of the hierarchy have the same value")
        lines[row[0]] = number


def _check_monotone(rows: Sequence[Sequence[str]], width: int) -> None:
    """Two values that share a label must share all labels above it, or coarser would not mean coarser."""
    for level in range(1, width - 1):
        above: dict[str, tuple[str, int]] = {}
        for number, row in enumerate(rows, 1):
            parent, line = above.setdefault(row[level], (row[level + 1], number))
            if parent != row[level + 1]:
                message = (
                    f"lines {line} and {number} of the hierarchy share level {level} but not level {level + 1}"
                )
                raise ValueError(message)


def _leaves(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if len(path) > DEEPEST:
        raise ValueError(f"the hierarchy is deeper than {DEEPEST} levels")
    if isinstance(tree, Mapping):
        for name, below in tree.items():
            yield from _leaves(below, (*path, _scalar(name)))
    elif isinstance(tree, list | tuple):
        for name in tree:
            yield (*path, _scalar(name))
    elif tree is None:
        yield path
    else:
        yield (*path, _scalar(tree))


def _scalar(name: Any) -> str:
    if isinstance(name, str):
        return name
    if isinstance(name, int) and not isinstance(name, bool):
        return str(name)
    raise ValueError("the names in a hierarchy are text or integers; quote others")
