"""Writes docs/reliability.md: what may go wrong, what then happens, and the tests that prove it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.matrix.rows import FAMILIES, ROWS

ROOT = Path(__file__).parent.parent

HEAD = """# Reliability

Exit 0 means that the whole input was anonymized and that the output is complete. Everything else ends in an
error, with the old output as it was and nothing beside it. The tables say what may go wrong, what then happens,
and which tests prove it: they are made from the tests, which are marked with the row that they prove (`make
docs`). A case is one run of the command, after which its exit code, its messages and every file in its folder
are compared; the data holds values that must turn up in no message.

`pytest -m matrix` runs all of them, `make fuzz` looks for more, and `make mutate` breaks the code on purpose to
see whether the tests notice ([how](../tests/mutation/README.md)). What is promised, and against whom, stands in
[SECURITY.md](../SECURITY.md).
"""


def text() -> str:
    """The whole page."""
    proofs = found()
    lines = [HEAD]
    for letter, family in FAMILIES.items():
        lines += [
            f"## {family}",
            "",
            "| | what happens | what the program does | exit | proved by |",
            "|---|---|---|---|---|",
        ]
        for name, row in ROWS.items():
            if name.startswith(letter):
                shown = "<br>".join(_proof(*proof) for proof in sorted(proofs[name]))
                lines.append(f"| {name} | {row.case} | {row.outcome} | {row.code} | {shown} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _proof(path: str, name: str, cases: tuple[str, ...]) -> str:
    said = f": {', '.join(cases)}" if cases else ""
    return f"[{name}](../{path}){said}".replace("|", "\\|")


def found() -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """For each row the tests that are marked with it: file, name, and the cases of those that have several."""
    rows: defaultdict[str, list[tuple[str, str, tuple[str, ...]]]] = defaultdict(list)
    for file in sorted(ROOT.glob("tests/**/test_*.py")):
        source = file.read_text()
        if "matrix" not in source:
            continue
        path, tree = str(file.relative_to(ROOT)), ast.parse(source)
        for row, name in _marked(tree):
            rows[row].append((path, name, ()))
        for row, cases in _scenes(tree).items():
            rows[row].append((path, "test_scene", tuple(dict.fromkeys(cases))))
    return rows


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Rows in the marks of functions."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        marks = (part for decorator in function.decorator_list for part in ast.walk(decorator))
        for mark in marks:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.matrix":
                yield from ((str(ast.literal_eval(row)), function.name) for row in mark.args)


def _scenes(tree: ast.Module) -> dict[str, list[str]]:
    """Rows and names of the cases in a table of them."""
    scenes: defaultdict[str, list[str]] = defaultdict(list)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        row = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if row in ROWS and len(call.args) > 1 and ast.unparse(call.func) != "pytest.mark.matrix":
            scenes[str(row)].append(_name(call.args[1]))
    return scenes


def _name(node: ast.expr) -> str:
    """The text of a name; `…` for the part that differs from case to case."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return str(ast.literal_eval(node)) if isinstance(node, ast.Constant) else "…"
