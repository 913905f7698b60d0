"""Small faults in a module: what a slip of the hand would change."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.Pow: ast.Mult,
}


@dataclass(frozen=True)
class Mutant:
    """A module with one fault: the `variant`-th that a node can have."""

    module: str
    line: int
    change: str
    place: int
    variant: int

    @property
    def name(self) -> str:
        return f"{self.module}:{self.line} {self.change}"

    def tree(self, source: str) -> ast.Module:
        """The module's code with the fault."""
        tree = ast.parse(source)
        node = _at(tree, self.place)
        _, attribute, value = list(_faults(node))[self.variant]
        setattr(node, attribute, value)
        return ast.fix_missing_locations(tree)


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every fault, one at a time. What people read is left alone: docstrings, messages, annotations, examples."""
    tree = ast.parse(source)
    code = _code(tree)
    for place, node in enumerate(ast.walk(tree)):
        for variant, (change, _, _) in enumerate(_faults(node) if id(node) in code else ()):
            yield Mutant(module, getattr(node, "lineno", 0), change, place, variant)


def _at(tree: ast.AST, place: int) -> ast.AST:
    return next(node for index, node in enumerate(ast.walk(tree)) if index == place)


def _code(tree: ast.Module) -> set[int]:
    """The nodes that run when the module does its work."""
    kept: set[int] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom) or _is_for_people(node):
            continue
        kept.add(id(node))
        skipped = {id(part) for part in _annotations(node)}
        waiting += [part for part in ast.iter_child_nodes(node) if id(part) not in skipped]
    return kept


def _is_for_people(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in {"EXAMPLES", "__all__"}
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"context.reject", "Field", "cast", "Properties"}:
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns", "decorator_list", "bases"):
        part = getattr(node, name, None)
        yield from part if isinstance(part, list) else [part] if part is not None else []


def _faults(node: ast.AST) -> Iterator[tuple[str, str, Any]]:
    """What may be wrong with a node: in words, and the attribute with the value that makes it so."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARED:
            other = COMPARED[type(operator)]
            yield f"{ast.unparse(node)}: {type(operator).__name__} to {other.__name__}", "ops", [other()]
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in COMPUTED:
            new = COMPUTED[type(operator)]
            yield f"{ast.unparse(node)}: {type(operator).__name__} to {new.__name__}", "op", new()
        case ast.BoolOp(op=operator):
            exchanged = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield f"{ast.unparse(node)}: and, or exchanged", "op", exchanged
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield f"if {ast.unparse(test)}: turned round", "test", ast.UnaryOp(ast.Not(), test)
        case ast.Constant(value=bool(value)):
            yield f"{value} to {not value}", "value", not value
        case ast.Constant(value=int(value)):
            yield f"{value} to {value + 1}", "value", value + 1
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            yield f"{ast.unparse(node)}: nothing", "value", ast.Constant(None)
