"""What a run notes in the schema metadata of typed files: which key made a column, and its old type."""

import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from anonymize.core.format import MARK, Source
from anonymize.keys import NEW
from anonymize.planning.plan import ColumnPlan, Plan
from anonymize.planning.undoing import Undo

VERSION = 1


@dataclass(frozen=True)
class Mark:
    """What is known about one column that keys have changed."""

    keys: Mapping[str, str]
    """The id of each key, by its name in the rules."""
    type: pa.DataType | None = None
    """The type of the column before, if it has another one now."""


def read_marks(source: Source) -> dict[str, Mark]:
    """The marks of a file, by column. What is no note of ours says nothing."""
    try:
        found = json.loads(source.metadata[MARK])
        columns = found["columns"].items() if found["version"] == VERSION else ()
        return {name: _read(mark) for name, mark in columns}
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError, pa.ArrowException):
        return {}


def common_marks(sources: Sequence[Source]) -> dict[str, Mark]:
    """What several files say alike: a column that they know different things about has no mark."""
    first, *others = map(read_marks, sources)
    return {name: mark for name, mark in first.items() if all(other.get(name) == mark for other in others)}


def write_marks(marks: Mapping[str, Mark]) -> bytes | None:
    """The marks as a note; None if there are none."""
    if not marks:
        return None
    columns = {name: _written(mark) for name, mark in marks.items()}
    return json.dumps({"version": VERSION, "columns": columns}, ensure_ascii=False).encode()


def marks_after(plan: Plan, ids: Mapping[str, str], before: Mapping[str, Mark]) -> dict[str, Mark]:
    """The marks of a plan's output: columns that a key changes have a new one, the others keep theirs."""
    columns = [column for column in plan.columns if not column.dropped]
    found = {c.name: _marked(c, ids) if c.changed else before.get(c.name) for c in columns}
    return {name: mark for name, mark in found.items() if mark is not None}


def _marked(column: ColumnPlan, ids: Mapping[str, str]) -> Mark | None:
    steps = [step.transform for step in column.steps if not isinstance(step.transform, Undo)]
    names = [name for step in steps for name in step.key_names()]
    if not names:
        return None
    keys = {name.removeprefix(NEW): ids[name] for name in names}
    return Mark(keys, column.given if column.type != column.given else None)


def _written(mark: Mark) -> dict[str, Any]:
    return {"keys": dict(mark.keys)} | ({"type": _spelled(mark.type)} if mark.type is not None else {})


def _read(mark: Any) -> Mark:
    keys = {str(name): str(mark_id) for name, mark_id in mark["keys"].items()}
    return Mark(keys, _type(mark["type"]) if "type" in mark else None)


def _spelled(given: pa.DataType) -> str:
    """A type by its name, or, for types whose name does not say all, as the schema of Arrow."""
    try:
        if pa.type_for_alias(str(given)) == given:
            return str(given)
    except ValueError:
        pass
    return binascii.b2a_base64(pa.schema([pa.field("", given)]).serialize(), newline=False).decode()


def _type(text: str) -> pa.DataType:
    try:
        return pa.type_for_alias(text)
    except ValueError:
        return pa.ipc.read_schema(pa.py_buffer(binascii.a2b_base64(text))).field(0).type
