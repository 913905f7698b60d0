"""The parts of a rule file, each in its canonical spelling, and where they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from anonymize.core.calls import CallSyntaxError, respaced
from anonymize.core.component import spelled
from anonymize.kernels.text.yaml_text import scalar
from anonymize.rulefile.rules import rejoin_calls

ORDER = ("role", "steps", "when", "on_error", "optional")

_CHECK = re.compile(r"\s*(.+?)\s*(>=|<=|==|!=|>|<)\s*(\S+)\s*")


@dataclass(frozen=True)
class Comment:
    """A comment and where it stands."""

    start: int
    column: int
    text: str
    alone: bool
    """Nothing else stands on its line."""


@dataclass(frozen=True)
class Leaf:
    """A value without parts."""

    text: str
    start: int
    end: int

    def flow(self) -> str:
        return self.text


@dataclass(frozen=True)
class Entry:
    """A part with what leads to it: a key or a dash."""

    head: str
    tree: "Tree"
    start: int
    end: int
    """Where the head ends."""


@dataclass(frozen=True)
class Mapping:
    """Keys and what belongs to them."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    column: int
    mark: str = ""
    """The anchor in front."""

    def flow(self) -> str:
        return self.mark + "{" + ", ".join(f"{entry.head} {entry.tree.flow()}" for entry in self.entries) + "}"


@dataclass(frozen=True)
class Items:
    """One after another."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    column: int
    mark: str = ""

    def flow(self) -> str:
        return self.mark + "[" + ", ".join(entry.tree.flow() for entry in self.entries) + "]"


Tree: TypeAlias = Leaf | Mapping | Items


def scalars_of(node: Any) -> list[Any]:
    """The scalars in a node, keys included."""
    if is_scalar(node):
        return [node]
    parts = [part for pair in node.value for part in pair] if is_mapping(node) else node.value
    return [scalar for part in parts for scalar in scalars_of(part)]


def is_scalar(node: Any) -> bool:
    """Whether a node has no parts."""
    return isinstance(node.value, str)


def is_mapping(node: Any) -> bool:
    """Whether a node is made of keys and values."""
    return not is_scalar(node) and str(node.tag).endswith(":map")


def end_of(node: Any) -> int:
    """Where a node ends: in lines of its own, with its last part, and not where the next node begins."""
    if is_scalar(node) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return end_of(last[1] if is_mapping(node) else last)


def build(root: Any, comments: Sequence[Comment]) -> Mapping:
    """The tree of a rule file."""
    return _Builder(comments).mapping(root, ())


@dataclass(frozen=True)
class _Builder:
    """Turns composed nodes into trees. What holds comments keeps its shape, so that each stays at its place."""

    comments: Sequence[Comment]
    seen: set[int] = field(default_factory=set)
    """Nodes with an anchor: the next time they are aliases."""

    def tree(self, node: Any, path: tuple[str, ...], place: int) -> Tree:
        """A node; `place` is where it may stand at the earliest."""
        if node.anchor is None:
            return self._tree(node, path)
        if id(node) in self.seen:
            return Leaf(f"*{node.anchor}", place, place)
        self.seen.add(id(node))
        made = self._tree(node, path)
        mark = f"&{node.anchor} "
        return replace(made, text=mark + made.text) if isinstance(made, Leaf) else replace(made, mark=mark)

    def _tree(self, node: Any, path: tuple[str, ...]) -> Tree:
        match path:
            case ("columns", _):
                return self.rule(node, path)
            case ("columns", _, "steps"):
                return self.steps(node, path)
            case ("rows", "-") | ("columns", _, "-") | ("columns", _, "steps", "-"):
                return self.step(node, path)
            case ("rows",):
                return self.steps(node, path, alone=True)
            case ("checks", "-") if is_scalar(node):
                return _leaf(node, _check(node.value))
        return self.any(node, path)

    def any(self, node: Any, path: tuple[str, ...]) -> Tree:
        if is_scalar(node):
            return _leaf(node, _scalar(node))
        return self.mapping(node, path) if is_mapping(node) else self.items(node, path)

    def mapping(self, node: Any, path: tuple[str, ...]) -> Mapping:
        entries = tuple(
            Entry(
                f"{_scalar(k)}:",
                self.tree(v, (*path, k.value), k.end_mark.index),
                k.start_mark.index,
                k.end_mark.index,
            )
            for k, v in node.value
        )
        return Mapping(entries, node.start_mark.index, end_of(node), node.start_mark.column)

    def items(self, node: Any, path: tuple[str, ...]) -> Items:
        trees: list[Tree] = []
        for item in node.value:
            place = trees[-1].end if trees else node.start_mark.index
            trees.append(self.tree(item, (*path, "-"), place))
        return _items(node, trees)

    def rule(self, node: Any, path: tuple[str, ...]) -> Tree:
        """The rule of a column, as short as it can be."""
        if not is_mapping(node) or _has(node, "use"):
            return self.steps(node, path)
        made = self.mapping(node, path)
        if self.holds_comments(node):
            return made
        if len(made.entries) == 1 and _has(node, "steps") and node.value[0][1].anchor is None:
            return self.steps(node.value[0][1], path)
        places = {f"{name}:": place for place, name in enumerate(ORDER)}
        entries = sorted(made.entries, key=lambda entry: places.get(entry.head, len(ORDER)))
        listed = (_as_list(entry) if entry.head == "steps:" else entry for entry in entries)
        return Mapping(tuple(listed), made.start, made.end, made.column)

    def steps(self, node: Any, path: tuple[str, ...], alone: bool = False) -> Tree:
        """Steps: a single one without brackets, unless it is to stand alone."""
        if is_scalar(node) or is_mapping(node):
            return self.step(node, path) if is_mapping(node) or _is_text(node) else self.any(node, path)
        if not all(is_scalar(item) and item.anchor is None for item in node.value):
            return self.items(node, path)
        trees: list[Tree] = []
        rest = list(node.value)
        for call in rejoin_calls([item.value for item in node.value]):
            pieces = [rest.pop(0)]
            while rest and ", ".join(piece.value for piece in pieces) != call:
                pieces.append(rest.pop(0))
            trees.append(Leaf(scalar(_call(call)), pieces[0].start_mark.index, pieces[-1].end_mark.index))
        is_short = len(trees) == 1 and len(path) == 2 and not alone and not self.holds_comments(node)
        return trees[0] if is_short else _items(node, trees)

    def step(self, node: Any, path: tuple[str, ...]) -> Tree:
        """A step as a call, if a call can say it."""
        if is_scalar(node):
            return _leaf(node, scalar(_call(node.value)))
        call = None if self.holds_comments(node) else _called(node)
        return self.any(node, path) if call is None else _leaf(node, scalar(call))

    def holds_comments(self, node: Any) -> bool:
        return any(node.start_mark.index <= c.start < end_of(node) for c in self.comments)


def _leaf(node: Any, text: str) -> Leaf:
    return Leaf(text, node.start_mark.index, node.end_mark.index)


def _items(node: Any, trees: Sequence[Tree]) -> Items:
    entries = tuple(Entry("-", tree, tree.start, tree.start) for tree in trees)
    return Items(entries, node.start_mark.index, end_of(node), node.start_mark.column)


def _as_list(entry: Entry) -> Entry:
    """In a mapping, steps are always a list."""
    tree = entry.tree
    if isinstance(tree, Items) or (isinstance(tree, Leaf) and tree.text.startswith("*")):
        return entry
    made = Items((Entry("-", tree, tree.start, tree.start),), tree.start, tree.end, 0)
    return Entry(entry.head, made, entry.start, entry.end)


def _has(node: Any, name: str) -> bool:
    return any(key.value == name for key, _ in node.value)


def _is_text(node: Any) -> bool:
    return str(node.tag).endswith((":str", ":timestamp"))


def _scalar(node: Any) -> str:
    """Text in its canonical quotes; numbers as they are."""
    if _is_text(node):
        return scalar(node.value)
    kind = str(node.tag).rpartition(":")[2]
    return "null" if kind == "null" else node.value.lower() if kind == "bool" else str(node.value)


def _call(text: str) -> str:
    try:
        return respaced(text)
    except CallSyntaxError:
        return text


def _called(node: Any) -> str | None:
    """The call that stands for a mapping with `use`."""
    given = {key.value: value for key, value in node.value}
    if "use" not in given or not all(is_scalar(v) and v.anchor is None for v in given.values()):
        return None
    name = given.pop("use").value
    arguments = [f"{key}={_argument(value)}" for key, value in given.items()]
    call = f"{name}({', '.join(arguments)})" if arguments else str(name)
    return None if set(call) & set("\"'\\") else call  # quotes within quotes: the mapping reads better


def _argument(node: Any) -> str:
    return spelled(node.value) if _is_text(node) else _scalar(node)


def _check(text: str) -> str:
    """A check with its spaces as they should be."""
    match = _CHECK.fullmatch(text)
    return scalar(f"{_call(match[1])} {match[2]} {match[3]}" if match else text)
