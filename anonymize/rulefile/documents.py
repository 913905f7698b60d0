"""Reads YAML as plain data that remembers where everything stands: YAML 1.2, no tags, bounded size."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anonymize.core.errors import Problem, RuleError, Where, quoted

MAX_BYTES = 1 << 20
MAX_DEPTH = 50
MAX_NODES = 100_000  # aliases are written out, so this bounds what they can multiply to

_SCALARS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")}
_CONTAINERS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


@dataclass
class Document:
    """Plain data and the line and column of each of its parts, by path."""

    file: str
    data: Any
    marks: dict[tuple[Any, ...], tuple[int, int]] = field(default_factory=dict)

    def where(self, path: Sequence[Any]) -> Where:
        """The place of a path, or of its nearest part that stands in the file.

        Parts that validation put in (the `steps` of a column given as one line) are passed over.
        """
        known: tuple[Any, ...] = ()
        for part in path:
            if (*known, part) in self.marks:
                known = (*known, part)
        line, column = self.marks.get(known, (1, 1))
        return Where(self.file, line, column, path=".".join(map(str, path)) or None)


def read_document(path: Path, name: str | None = None) -> Document:
    """The document in a file; `name` stands for the path in messages.

    Raises RuleError with every problem of form: syntax, duplicate keys, tags.
    """
    name = name or str(path)
    return parse_document(read_text(path, name), name)


def read_text(path: Path, name: str | None = None) -> str:
    """The text of a rule file. Raises RuleError."""
    name = name or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RuleError(f"cannot read the rule file: {error.strerror}", where=Where(name)) from None
    if len(raw) > MAX_BYTES:
        raise RuleError(f"the rule file is larger than {MAX_BYTES:,} bytes", where=Where(name))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RuleError("the rule file is not UTF-8", where=Where(name, line)) from None


def parse_document(text: str, file: str) -> Document:
    """The document in a text; `file` names it in messages."""
    node, constructor = compose(text, file)
    builder = _Builder(file, constructor)
    data = builder.build(node, ()) if node is not None else {}
    if builder.problems:
        raise RuleError.of(builder.problems)
    return Document(file, data, builder.marks)


def compose(text: str, file: str) -> tuple[Any, Any]:
    """The root node of a text, which knows where it begins and ends, and what makes values of nodes."""
    from ruamel.yaml import YAML  # noqa: PLC0415  (14 ms, not needed by every command)
    from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415

    yaml = YAML(typ="safe", pure=True)
    try:
        return yaml.compose(text), yaml.constructor
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = Where(file, mark.line + 1, mark.column + 1) if mark else Where(file)
        hint = "quote a value that holds `: `, `#`, `[` or `{`, and indent with spaces"
        raise RuleError(f"not valid YAML: {error.problem or 'syntax error'}", hint=hint, where=where) from None
    except RecursionError:
        raise RuleError(f"nested deeper than {MAX_DEPTH} levels", where=Where(file)) from None
    except Exception as error:  # ruamel raises ValueError and others on control characters
        raise RuleError(f"not valid YAML ({type(error).__name__})", where=Where(file)) from None


class _Builder:
    """Turns composed nodes into plain data, collecting marks and problems."""

    def __init__(self, file: str, constructor: Any) -> None:
        self.file = file
        self.constructor = constructor
        self.marks: dict[tuple[Any, ...], tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self.nodes = 0

    def build(self, node: Any, path: tuple[Any, ...]) -> Any:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self.marks.setdefault(path, place)
        self.nodes += 1
        if len(path) > MAX_DEPTH or self.nodes > MAX_NODES:
            raise RuleError(
                "the rule file is too deep or its aliases are too many", where=Where(self.file, *place)
            )
        tag = str(node.tag)
        if tag not in _SCALARS | _CONTAINERS:
            self._problem("tags are not allowed", place, hint="write the value as plain text")
            return None
        if isinstance(node.value, str):
            return self._scalar(node, tag, place)
        if tag.endswith(":seq"):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: Any, path: tuple[Any, ...]) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node.value, str):
                self._problem("a key must be plain text", place)
                continue
            key = key_node.value
            if key in mapping:
                self._problem(f"the key {quoted(key)} stands twice", place, hint="keep one of the two lines")
            self.marks[(*path, key)] = place
            mapping[key] = self.build(value_node, (*path, key))
        return mapping

    def _scalar(self, node: Any, tag: str, place: tuple[int, int]) -> Any:
        if tag.endswith((":str", ":timestamp")):
            return node.value
        try:
            return self.constructor.construct_object(node)
        except Exception:
            self._problem(f"not a valid {tag.rpartition(':')[2]}", place)
            return None

    def _problem(self, message: str, place: tuple[int, int], hint: str | None = None) -> None:
        self.problems.append(Problem(message, hint, Where(self.file, *place)))
